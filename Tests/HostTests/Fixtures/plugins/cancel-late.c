/* Takes its time to stop. */
#define ON_BATCH if (n > 0 && sink->cancelled(outs[0])) nap(200);
#include "base.h"
