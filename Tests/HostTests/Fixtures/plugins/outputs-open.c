/* Leaves a structure open. */
#define ON_ITEM                                 \
  sink->open(out, text("facts"), text("json")); \
  sink->array(out);
#include "base.h"
