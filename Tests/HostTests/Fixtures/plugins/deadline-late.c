/* Looks at the deadline, and goes on. */
#define ON_BATCH if (n > 0 && requests[0].deadline_ns) nap(200);
#include "base.h"
