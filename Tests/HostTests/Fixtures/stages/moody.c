/* Answers that it is not available for the first two calls, then works. */
#define ON_BATCH self->number++;
#define ON_ITEM                                                                 \
  if (self->number <= 2) {                                                      \
    sink->fail(out, BESPOKE_UNAVAILABLE, text(""), text("the server is away")); \
    status = BESPOKE_UNAVAILABLE;                                               \
  }
#include "../plugins/base.h"
