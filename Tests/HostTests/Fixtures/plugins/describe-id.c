/* Has an id that could be anyone's. */
#define ID "fixture"
#include "base.h"
