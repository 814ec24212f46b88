/* Trusts that a name is short. */
#define ON_ITEM if (access->str(name).len > 1000) __builtin_trap();
#include "base.h"
