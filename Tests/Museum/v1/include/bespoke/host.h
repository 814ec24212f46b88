/* The host, as a plugin sees it. */
#ifndef BESPOKE_HOST_H
#define BESPOKE_HOST_H

#include "sink.h"
#include "status.h"
#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

enum bespoke_log_level {
  BESPOKE_LOG_DEBUG = 0,
  BESPOKE_LOG_INFO = 1,
  BESPOKE_LOG_WARNING = 2,
  BESPOKE_LOG_ERROR = 3
};

/* What the host hands in. The one given to the entry function lives as long as the process; the one in
   bespoke_create_v1 belongs to that instance and lives until its `destroy` has returned. */
typedef struct bespoke_host_v1 {
  uint32_t abi_minor; /* for messages only: features are found by extension id */
  uint32_t reserved;
  void *ctx; /* first argument of the functions below and of the host's extensions */
  bespoke_str name;
  bespoke_str version;
  const bespoke_access_v1 *access;
  const bespoke_sink_v1 *sink;
  /* One line for the operator. Never put a profile's content into it. [any-thread] */
  void (*log)(void *ctx, int32_t level, bespoke_str message);
  /* An optional interface of the host by its id ("bespoke.resources/1"), or NULL. `id` is NUL-terminated.
     The answer lives as long as this struct. [any-thread] */
  const void *(*extension)(void *ctx, const char *id);
} bespoke_host_v1;

#ifdef __cplusplus
}
#endif
#endif
