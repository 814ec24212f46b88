/* Misspells the kind of a port. */
#define WRITES "[{\"kind\":\"txt\"}]"
#include "base.h"
