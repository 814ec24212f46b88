/* Notes more than the host takes. */
#define ON_ITEM \
  for (int note = 0; note < 65; note++) sink->note(out, text(""), text("k"), text("v"));
#include "base.h"
