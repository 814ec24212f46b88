/* Lists nothing that it writes. */
#define WRITES "[]"
#include "base.h"
