/* Offers every extension that it does not know. */
#define EXTENSION \
  (strcmp(id, BESPOKE_CONCURRENT) && strcmp(id, BESPOKE_WARM_UP) && strcmp(id, BESPOKE_SELF_TEST) ? "" : NULL)
#include "base.h"
