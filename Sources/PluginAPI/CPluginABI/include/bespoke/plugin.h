/* The Bespoke plugin ABI, major version 1. Include this file; it is all a plugin needs.

   Rules that hold throughout:
   - Structs are frozen for ever. What comes later comes as an extension, found by its id "NAME/REV".
   - All strings are UTF-8. Nobody frees the other side's memory. Nothing is unwound across the boundary: no exception,
     panic or longjmp leaves a function of the other side.
   - A plugin does not change the process: no chdir, setenv, signal handlers, exit, fork, and nothing on stdout.
   - Thread tags: [any-thread] at any time from any thread; [process-thread] from the thread on which the host called
     `create`, `process` or `destroy`; the host never overlaps those calls on one instance unless the plugin offers
     "bespoke.concurrent/1". An instance may move between threads from one call to the next. */
#ifndef BESPOKE_PLUGIN_H
#define BESPOKE_PLUGIN_H

#include "host.h"
#include "sink.h"
#include "status.h"
#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define BESPOKE_EXPORT __attribute__((visibility("default")))
#else
#define BESPOKE_EXPORT
#endif

#define BESPOKE_ABI_MAJOR 1
#define BESPOKE_ABI_MINOR 0

/* What `create` is told. Valid until `create` returns, but for `host` and `config`: those live until `destroy` returns. */
typedef struct bespoke_create_v1 {
  const bespoke_host_v1 *host;
  bespoke_value config; /* the stage's options, already validated against the plugin's schema; an object */
  bespoke_str stage;    /* id of the stage, for messages */
  bespoke_str slot;     /* the slot that the empty port name stands for */
  uint32_t threads;     /* how many threads this instance may use, those that the host calls it on included; at least 1 */
  uint32_t reserved;
  uint64_t memory_limit_bytes; /* 0: no limit stated */
  bespoke_out *errors;         /* for `fail` and `note` */
} bespoke_create_v1;

/* One brief to work on. */
typedef struct bespoke_request_v1 {
  /* An object with the keys profile, product, products, slots, params (the stage's options, with those that hold Liquid
     rendered for this brief), locale, channel, campaign, variant, site, asset, run_time (seconds since 1970: the run's "now"), stage,
     attempt; any of them may be missing. docs/specs/plugin-abi.md says what each holds. */
  bespoke_value brief;
  uint64_t seed;        /* the only source of chance */
  uint64_t deadline_ns; /* CLOCK_MONOTONIC; 0: none */
} bespoke_request_v1;

/* What a plugin is. Static: lives as long as the process and never changes. */
typedef struct bespoke_plugin_v1 {
  uint32_t abi_minor; /* BESPOKE_ABI_MINOR it was built against; for messages only */
  uint32_t reserved;
  void *ctx;            /* first argument of `create` and `extension`; may be NULL */
  const char *id;       /* reverse DNS, e.g. "org.bespoke.template-filler"; the last part is its short name */
  const char *version;  /* semantic version */
  const char *describe; /* JSON: see docs/specs/plugin-abi.md */

  /* Makes an instance. On success BESPOKE_OK and `*instance`; otherwise a reason, after sink->fail on `errors`.
     Called at once on several threads for several instances. [process-thread] */
  bespoke_status (*create)(void *ctx, const bespoke_create_v1 *with, void **instance);
  /* Ends an instance. No call of it is in flight. [process-thread] */
  void (*destroy)(void *instance);
  /* Works on n requests (n may be 0), writing through outs[i] and setting statuses[i] for each, after sink->fail for
     those that failed. Answers BESPOKE_OK, or a reason why the whole batch failed (the statuses are then ignored).
     The same request gives the same bytes whatever else is in the batch, unless `describe` says otherwise.
     [process-thread] */
  bespoke_status (*process)(void *instance, const bespoke_request_v1 *requests, bespoke_out *const *outs,
                            bespoke_status *statuses, uint32_t n);
  /* An optional interface of the plugin by its id ("bespoke.warm-up/1"), or NULL. Static. [any-thread] */
  const void *(*extension)(void *ctx, const char *id);
} bespoke_plugin_v1;

/* The one symbol that a plugin exports. Called once or more, always with the same answer; NULL refuses the host.
   `host` lives as long as the process. [any-thread] */
BESPOKE_EXPORT const bespoke_plugin_v1 *bespoke_plugin_main_v1(const bespoke_host_v1 *host);

#if defined(__LP64__) && defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
_Static_assert(sizeof(bespoke_str) == 16, "frozen");
_Static_assert(sizeof(bespoke_value) == 16, "frozen");
_Static_assert(sizeof(bespoke_access_v1) == 64, "frozen");
_Static_assert(sizeof(bespoke_sink_v1) == 136, "frozen");
_Static_assert(sizeof(bespoke_host_v1) == 80, "frozen");
_Static_assert(sizeof(bespoke_create_v1) == 80, "frozen");
_Static_assert(sizeof(bespoke_request_v1) == 32, "frozen");
_Static_assert(sizeof(bespoke_plugin_v1) == 72, "frozen");
#endif

#ifdef __cplusplus
}
#endif
#endif
