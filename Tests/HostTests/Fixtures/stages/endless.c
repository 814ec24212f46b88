/* Works until its deadline passes or the host asks it to stop, and says when it begins. */
#define ON_BATCH self->host->log(self->host->ctx, 2, text("begun"));
#define ON_ITEM                                                                \
  while (status == BESPOKE_OK) {                                               \
    nap(1);                                                                    \
    if (sink->cancelled(out)) {                                                \
      status = BESPOKE_CANCELLED;                                              \
    } else if (requests[i].deadline_ns && now() > requests[i].deadline_ns) {   \
      sink->fail(out, BESPOKE_DEADLINE, text(""), text("the deadline passed")); \
      status = BESPOKE_DEADLINE;                                               \
    }                                                                          \
  }
#include "../plugins/base.h"
