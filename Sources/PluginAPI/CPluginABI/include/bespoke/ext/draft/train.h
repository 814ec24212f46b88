/* DRAFT. bespoke.train/1, of the plugin: makes a file, such as a model, out of other files.
   A draft may still change, and then gets another revision in its id; it moves to ext/ unchanged once two plugins use it. */
#ifndef BESPOKE_EXT_DRAFT_TRAIN_H
#define BESPOKE_EXT_DRAFT_TRAIN_H

#include "../../host.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BESPOKE_TRAIN "bespoke.train/1"

/* One training run. Borrowed: valid until `train` returns. */
typedef struct bespoke_train_request_v1 {
  const bespoke_host_v1 *host;
  bespoke_value config;      /* an object that fits the schema below */
  const bespoke_str *inputs; /* paths of files to learn from, in the order given */
  uint32_t input_count;
  uint32_t threads;          /* how many threads may be used, the calling one included; at least 1 */
  /* Path of the file to make. It does not exist yet. It is the host's temporary name: the host renames it when `train`
     has succeeded and removes it when not, so a reader never sees half a file. */
  bespoke_str output;
  uint64_t seed; /* the only source of chance: same inputs, config and seed, same bytes, on any number of threads */
  void *progress_ctx;
  /* How far it is: `step` of `total` (0: not known), and a measure by name ("loss"), or an empty name. [any-thread] */
  void (*progress)(void *progress_ctx, uint64_t step, uint64_t total, bespoke_str metric, double value);
  /* 1 once the host wants the file no longer. Poll it at least every 100 ms. [any-thread] */
  int32_t (*cancelled)(void *progress_ctx);
  bespoke_out *report; /* for `fail` and `note` */
} bespoke_train_request_v1;

typedef struct bespoke_train_v1 {
  const char *config; /* JSON Schema of the options of training. Static. */
  /* Makes the file. `ctx` is the plugin's. Answers BESPOKE_OK, or a reason after sink->fail. No instance is needed.
     [process-thread] */
  bespoke_status (*train)(void *ctx, const bespoke_train_request_v1 *request);
} bespoke_train_v1;

#ifdef __cplusplus
}
#endif
#endif
