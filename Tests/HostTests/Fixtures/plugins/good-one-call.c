/* One instance for all threads, but one call at a time: a second one would be told of. */
static const struct {
  unsigned most_calls, reserved;
} one_call = {1, 0};
static int calls;
#define EXTENSION (strcmp(id, BESPOKE_CONCURRENT) ? NULL : &one_call)
#define ON_BATCH int others = __atomic_fetch_add(&calls, 1, __ATOMIC_SEQ_CST); nap(2);
#define ON_ITEM                                                                          \
  if (others > 0) {                                                                      \
    sink->fail(out, BESPOKE_INTERNAL, text(""), text("another call is in flight"));      \
    status = BESPOKE_INTERNAL;                                                           \
  }                                                                                      \
  if (i + 1 == n) __atomic_fetch_sub(&calls, 1, __ATOMIC_SEQ_CST);
#include "base.h"
