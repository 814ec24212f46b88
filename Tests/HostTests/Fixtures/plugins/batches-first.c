/* Treats the first of a batch in another way. */
#define ON_ITEM if (i == 0 && n > 1) sink->append(out, text(""), text(" (first)"));
#include "base.h"
