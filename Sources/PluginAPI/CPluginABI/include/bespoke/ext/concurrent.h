/* bespoke.concurrent/1, of the plugin: offering it says that `process` may be called on one instance from several
   threads at once. The host then makes one instance a stage instead of one a thread, and `threads` of bespoke_create_v1
   counts for all its calls together. */
#ifndef BESPOKE_EXT_CONCURRENT_H
#define BESPOKE_EXT_CONCURRENT_H

#include <stdint.h>

#define BESPOKE_CONCURRENT "bespoke.concurrent/1"

typedef struct bespoke_concurrent_v1 {
  uint32_t most_calls; /* more calls at once than this wait in the host; 0: no limit */
  uint32_t reserved;
} bespoke_concurrent_v1;

#endif
