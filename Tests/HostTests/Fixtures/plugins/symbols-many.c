/* Exports a second symbol. */
#include "base.h"
__attribute__((visibility("default"))) int fixture_helper(void) { return 1; }
