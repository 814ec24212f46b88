/* Writes to a port that it does not list. */
#define ON_ITEM sink->write(out, text("extra"), text("more"));
#include "base.h"
