/* Works while it is loaded. */
#include "base.h"
__attribute__((constructor)) static void load(void) { nap(150); }
