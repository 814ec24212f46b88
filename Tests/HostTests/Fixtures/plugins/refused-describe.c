/* Describes itself in something other than JSON. */
#define DESCRIBE "{'config': {}}"
#include "base.h"
