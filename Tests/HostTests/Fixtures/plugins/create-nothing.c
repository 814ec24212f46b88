/* Says that it made an instance, and made none. */
#define ON_CREATE(with, host) \
  free(self);                 \
  *instance = NULL;           \
  return BESPOKE_OK;
#include "base.h"
