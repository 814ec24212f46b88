/* Writes to stdout. */
#define ON_BATCH printf("at work\n");
#include "base.h"
