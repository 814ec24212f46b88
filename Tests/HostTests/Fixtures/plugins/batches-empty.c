/* Dislikes empty batches. */
#define ON_BATCH if (n == 0) return BESPOKE_INPUT;
#include "base.h"
