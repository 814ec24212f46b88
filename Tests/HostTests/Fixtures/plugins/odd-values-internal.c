/* Calls a brief that it cannot use its own bug. */
#define ON_ITEM                                             \
  if (access->type(requests[i].brief) != BESPOKE_TYPE_OBJECT) \
    status = BESPOKE_INTERNAL;
#include "base.h"
