/* Calls options that it cannot use its own bug. */
#define ON_CREATE(with, host)                                                          \
  if (host->access->type(with->config) != BESPOKE_TYPE_OBJECT) {                       \
    host->sink->fail(with->errors, BESPOKE_INTERNAL, text(""), text("no options"));    \
    free(self);                                                                        \
    return BESPOKE_INTERNAL;                                                           \
  }
#include "base.h"
