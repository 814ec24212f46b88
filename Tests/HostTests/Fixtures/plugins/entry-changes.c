/* Answers another table each time. */
#define ENTRY another()
static const struct bespoke_plugin_v1 *another(void);
#include "base.h"
static const bespoke_plugin_v1 *another(void) {
  bespoke_plugin_v1 *copy = malloc(sizeof *copy);
  *copy = table;
  return copy;
}
