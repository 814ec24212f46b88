/* Takes chance from the clock. */
#define ON_CREATE(with, host) self->number = (int64_t)now();
#define ON_ITEM                                                      \
  char number[24];                                                   \
  snprintf(number, sizeof number, " %lld", (long long)self->number); \
  sink->append(out, text(""), text(number));
#include "base.h"
