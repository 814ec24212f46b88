/* The least that a plugin may be: no options, no state, one text, and a self-test. */
#include <bespoke/ext/self_test.h>
#include <bespoke/plugin.h>
#include <string.h>

static const bespoke_host_v1 *host;

static bespoke_status create(void *ctx, const bespoke_create_v1 *with, void **instance) {
  (void)with;
  *instance = ctx;
  return BESPOKE_OK;
}

static void destroy(void *instance) { (void)instance; }

static bespoke_status process(void *instance, const bespoke_request_v1 *requests, bespoke_out *const *outs,
                              bespoke_status *statuses, uint32_t n) {
  bespoke_str slot = {NULL, 0}, text = {"minimal", 7};
  (void)instance, (void)requests;
  for (uint32_t i = 0; i < n; i++) statuses[i] = host->sink->write(outs[i], slot, text);
  return BESPOKE_OK;
}

static uint32_t count(void *ctx) { return ctx ? 1 : 0; }

static bespoke_self_test_case_v1 at(void *ctx, uint32_t index) {
  bespoke_self_test_case_v1 test = {{"writes its text", 15}, {"{}", 2}, {"{}", 2}, {"{\"\":\"minimal\"}", 14}, 0};
  if (!ctx || index) memset(&test, 0, sizeof test);
  return test;
}

static const bespoke_self_test_v1 self_test = {count, at};

static const void *extension(void *ctx, const char *id) {
  return ctx && strcmp(id, BESPOKE_SELF_TEST) == 0 ? &self_test : NULL;
}

static char context;
static const bespoke_plugin_v1 plugin = {
    BESPOKE_ABI_MINOR, 0, &context, "org.bespoke.museum.minimal", "1.0.0",
    "{\"config\":{\"type\":\"object\"},\"reads\":[],\"writes\":[{\"kind\":\"text\"}]}", create, destroy, process, extension,
};

const bespoke_plugin_v1 *bespoke_plugin_main_v1(const bespoke_host_v1 *offered) {
  if (!offered) return NULL;
  host = offered; /* lives as long as the process */
  return &plugin;
}
