/* Refuses options without a word. */
#define ON_CREATE(with, host)                                                                                   \
  if (host->access->type(with->config) != BESPOKE_TYPE_OBJECT) {                                                 \
    free(self);                                                                                                  \
    return BESPOKE_CONFIG;                                                                                       \
  }
#include "base.h"
