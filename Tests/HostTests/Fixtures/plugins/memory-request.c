/* Keeps something of each batch. */
static void *kept;
#define ON_BATCH kept = malloc(100);
#include "base.h"
