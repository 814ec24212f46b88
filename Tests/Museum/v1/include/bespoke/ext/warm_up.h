/* bespoke.warm-up/1, of the plugin: work that is better done before the first request. */
#ifndef BESPOKE_EXT_WARM_UP_H
#define BESPOKE_EXT_WARM_UP_H

#include "../sink.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BESPOKE_WARM_UP "bespoke.warm-up/1"

typedef struct bespoke_warm_up_v1 {
  /* Called once after `create` and before the first `process`. A failure ends the run before any output. [process-thread] */
  bespoke_status (*warm_up)(void *instance, bespoke_out *errors);
} bespoke_warm_up_v1;

#ifdef __cplusplus
}
#endif
#endif
