/* Uses what the host offers, and offers what the host may use: resources, catalogue, log; warm-up, concurrency. */
#include <bespoke/ext/catalogue.h>
#include <bespoke/ext/concurrent.h>
#include <bespoke/ext/resources.h>
#include <bespoke/ext/warm_up.h>
#include <bespoke/plugin.h>
#include <stdlib.h>
#include <string.h>

typedef struct services {
  const bespoke_host_v1 *host;
  bespoke_resource_v1 file;
  int warm;
} services;

static bespoke_str text(const char *literal) {
  bespoke_str text = {literal, strlen(literal)};
  return text;
}

static bespoke_status create(void *ctx, const bespoke_create_v1 *with, void **instance) {
  const bespoke_host_v1 *host = with->host;
  const bespoke_resources_v1 *resources = host->extension(host->ctx, BESPOKE_RESOURCES);
  services *made = calloc(1, sizeof *made);
  bespoke_status status = BESPOKE_UNSUPPORTED;
  (void)ctx;
  if (!made || with->threads < 1) return BESPOKE_RESOURCE;
  made->host = host;
  if (resources) status = resources->open(host->ctx, text("template"), resources->name_at(host->ctx, text("template"), 0), &made->file);
  if (status != BESPOKE_OK || resources->name_at(host->ctx, text("template"), 1).len != 0) {
    host->sink->fail(with->errors, BESPOKE_RESOURCE, text(""), text("expected exactly one template"));
    free(made);
    return BESPOKE_RESOURCE;
  }
  host->log(host->ctx, BESPOKE_LOG_INFO, with->stage);
  *instance = made;
  return BESPOKE_OK;
}

static void destroy(void *instance) { free(instance); }

static bespoke_status warm_up(void *instance, bespoke_out *errors) {
  (void)errors;
  ((services *)instance)->warm = 1;
  return BESPOKE_OK;
}

static bespoke_status process(void *instance, const bespoke_request_v1 *requests, bespoke_out *const *outs,
                              bespoke_status *statuses, uint32_t n) {
  services *self = instance;
  const bespoke_host_v1 *host = self->host;
  const bespoke_access_v1 *access = host->access;
  const bespoke_catalogue_v1 *catalogue = host->extension(host->ctx, BESPOKE_CATALOGUE);
  if (!self->warm || !catalogue) return BESPOKE_UNAVAILABLE;
  for (uint32_t i = 0; i < n; i++) {
    bespoke_value id = access->get(requests[i].brief, text("id"));
    bespoke_value product = catalogue->by_id(host->ctx, access->str(id));
    bespoke_value last = catalogue->at(host->ctx, catalogue->count(host->ctx) - 1);
    bespoke_str file = {(const char *)self->file.bytes, self->file.length};
    host->sink->write(outs[i], text(""), file);
    host->sink->append(outs[i], text(""), access->str(access->get(product, text("name"))));
    host->sink->append(outs[i], text(""), text(", "));
    host->sink->append(outs[i], text(""), access->str(access->get(last, text("name"))));
    statuses[i] = access->type(product) == BESPOKE_TYPE_MISSING ? 99 : BESPOKE_OK; /* 99 counts as internal */
  }
  return BESPOKE_OK;
}

static const bespoke_warm_up_v1 warm_up_table = {warm_up};
static const bespoke_concurrent_v1 concurrent_table = {4, 0};

static const void *extension(void *ctx, const char *id) {
  (void)ctx;
  if (strcmp(id, BESPOKE_WARM_UP) == 0) return &warm_up_table;
  if (strcmp(id, BESPOKE_CONCURRENT) == 0) return &concurrent_table;
  return NULL;
}

static const bespoke_plugin_v1 plugin = {
    BESPOKE_ABI_MINOR, 0, NULL, "org.bespoke.museum.services", "1.0.0",
    "{\"config\":{\"type\":\"object\"},\"reads\":[],\"writes\":[{\"kind\":\"text\"}],\"deterministic\":true,\"batch\":{\"preferred\":16},"
    "\"needs\":{\"memory_mb\":1,\"libraries\":[]}}",
    create, destroy, process, extension,
};

const bespoke_plugin_v1 *bespoke_plugin_main_v1(const bespoke_host_v1 *host) { return host ? &plugin : NULL; }
