/* Leaves out a function. */
#include <bespoke/plugin.h>
static const bespoke_plugin_v1 lacking;
#define ENTRY ((void)&table, &lacking)
#include "base.h"
static const bespoke_plugin_v1 lacking = {BESPOKE_ABI_MINOR, 0, NULL, ID, "1.0.0", DESCRIBE, create, destroy, process, NULL};
