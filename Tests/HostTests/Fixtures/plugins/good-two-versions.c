/* Speaks a later version of the ABI as well. */
#include "base.h"
__attribute__((visibility("default"))) const void *bespoke_plugin_main_v2(const void *host) {
  (void)host;
  return NULL;
}
