/* Keeps something of each instance. */
static void *kept;
#define ON_CREATE(with, host) kept = malloc(100);
#include "base.h"
