/* Says why an item fails, and then that it does not. */
#define ON_ITEM                                                                \
  if (status != BESPOKE_OK) {                                                  \
    status = BESPOKE_OK;                                                       \
  }
#include "base.h"
