/* A plugin that keeps the contract. A fixture defines one of the macros to break it in one place, and includes this. */
#include <bespoke/ext/concurrent.h>
#include <bespoke/ext/self_test.h>
#include <bespoke/ext/warm_up.h>
#include <bespoke/plugin.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef ID
#define ID "com.example.fixture"
#endif
#ifndef CONFIG
#define CONFIG "{\"type\":\"object\",\"properties\":{\"word\":{\"type\":\"string\"}}}"
#endif
#ifndef WRITES
#define WRITES "[{\"kind\":\"text\"},{\"name\":\"facts\",\"kind\":\"json\"}]"
#endif
#ifndef DESCRIBE
#define DESCRIBE "{\"config\":" CONFIG ",\"reads\":[\"profile.first_name\"],\"writes\":" WRITES "}"
#endif
#ifndef ON_CREATE
#define ON_CREATE(with, host)
#endif
#ifndef ON_DESTROY
#define ON_DESTROY
#endif
#ifndef ON_BATCH
#define ON_BATCH
#endif
#ifndef ON_ITEM
#define ON_ITEM
#endif
#ifndef ON_STATUS
#define ON_STATUS statuses[i] = status;
#endif
#ifndef EXTENSION
#define EXTENSION NULL
#endif
#ifndef ENTRY
#define ENTRY &table
#endif

typedef struct fixture {
  const bespoke_host_v1 *host;
  int64_t number;
} fixture;

static inline bespoke_str text(const char *literal) { return (bespoke_str){literal, strlen(literal)}; }

static inline void nap(int milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  nanosleep(&time, NULL);
}

static inline uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static bespoke_status create(void *ctx, const bespoke_create_v1 *with, void **instance) {
  fixture *self = calloc(1, sizeof *self);
  (void)ctx;
  self->host = with->host;
  ON_CREATE(with, with->host)
  *instance = self;
  return BESPOKE_OK;
}

static void destroy(void *instance) {
  fixture *self = instance;
  ON_DESTROY
  free(self);
}

static bespoke_status process(void *instance, const bespoke_request_v1 *requests, bespoke_out *const *outs,
                              bespoke_status *statuses, uint32_t n) {
  fixture *self = instance;
  const bespoke_access_v1 *access = self->host->access;
  const bespoke_sink_v1 *sink = self->host->sink;
  ON_BATCH
  for (uint32_t i = 0; i < n; i++) {
    bespoke_out *out = outs[i];
    bespoke_value name = access->get(access->get(requests[i].brief, text("profile")), text("first_name"));
    bespoke_status status = BESPOKE_OK;
    if (access->type(name) == BESPOKE_TYPE_STRING) {
      sink->write(out, text(""), text("Hello, "));
      sink->append(out, text(""), access->str(name));
    } else {
      sink->fail(out, BESPOKE_INPUT, text("profile.first_name"), text("is missing or not a string"));
      status = BESPOKE_INPUT;
    }
    ON_ITEM
    ON_STATUS
  }
  return BESPOKE_OK;
}

static const void *extension(void *ctx, const char *id) {
  (void)ctx;
  (void)id;
  return EXTENSION;
}

static const bespoke_plugin_v1 table = {
    BESPOKE_ABI_MINOR, 0, NULL, ID, "1.0.0", DESCRIBE, create, destroy, process, extension};

__attribute__((visibility("default"))) const bespoke_plugin_v1 *bespoke_plugin_main_v1(const bespoke_host_v1 *host) {
  return host ? ENTRY : NULL;
}
