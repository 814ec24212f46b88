/* Takes chance from the process. */
#define ON_ITEM                                          \
  char number[16];                                       \
  snprintf(number, sizeof number, " %d", (int)getpid()); \
  sink->append(out, text(""), text(number));
#include "base.h"
