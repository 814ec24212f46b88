/* Reads a brief with every accessor and writes what it read with every call of the sink. */
#include <bespoke/plugin.h>
#include <stdlib.h>
#include <string.h>

typedef struct mirror {
  const bespoke_access_v1 *access;
  const bespoke_sink_v1 *sink;
} mirror;

static bespoke_str text(const char *literal) {
  bespoke_str text = {literal, strlen(literal)};
  return text;
}

static bespoke_status create(void *ctx, const bespoke_create_v1 *with, void **instance) {
  mirror *made = malloc(sizeof *made);
  (void)ctx;
  if (!made) return BESPOKE_RESOURCE;
  made->access = with->host->access;
  made->sink = with->host->sink;
  *instance = made;
  return BESPOKE_OK;
}

static void destroy(void *instance) { free(instance); }

static void copy(const mirror *self, bespoke_value value, bespoke_out *out) {
  const bespoke_access_v1 *access = self->access;
  const bespoke_sink_v1 *sink = self->sink;
  uint32_t n = access->count(value);
  switch (access->type(value)) {
    case BESPOKE_TYPE_MISSING: sink->str(out, text("missing")); break;
    case BESPOKE_TYPE_NULL: sink->null(out); break;
    case BESPOKE_TYPE_BOOLEAN: sink->boolean(out, access->i64(value, 2) == 1); break;
    case BESPOKE_TYPE_INTEGER: sink->i64(out, access->i64(value, -1)); break;
    case BESPOKE_TYPE_DOUBLE: sink->f64(out, access->f64(value, -1)); break;
    case BESPOKE_TYPE_STRING: sink->str(out, access->str(value)); break;
    case BESPOKE_TYPE_ARRAY:
      sink->array(out);
      for (uint32_t i = 0; i < n; i++) copy(self, access->at(value, i), out);
      sink->end(out);
      break;
    case BESPOKE_TYPE_OBJECT:
      sink->object(out);
      for (uint32_t i = 0; i < n; i++) {
        sink->key(out, access->key_at(value, i));
        copy(self, access->at(value, i), out);
      }
      sink->end(out);
      break;
  }
}

static bespoke_status mirror_one(const mirror *self, const bespoke_request_v1 *request, bespoke_out *out) {
  const bespoke_sink_v1 *sink = self->sink;
  bespoke_value profile = self->access->get(request->brief, text("profile"));
  bespoke_str price = self->access->str(self->access->get(profile, text("price")));
  if (sink->cancelled(out)) return BESPOKE_CANCELLED;
  if (self->access->type(profile) != BESPOKE_TYPE_OBJECT) {
    sink->fail(out, BESPOKE_INPUT, text("profile"), text("is missing"));
    return BESPOKE_INPUT;
  }
  if (self->access->count(profile) == 0) return BESPOKE_SKIP;
  sink->write(out, text(""), text("forgotten"));
  sink->write(out, text(""), text("price "));
  sink->append(out, text(""), price);
  sink->note(out, text(""), text("model"), text("mirror"));
  sink->bytes(out, text("picture"), text("image/gif"), (const uint8_t *)"GIF", 3);
  sink->open(out, text("copy"), text("json"));
  copy(self, profile, out);
  sink->open(out, text("whole"), text("json"));
  sink->value(out, profile);
  return BESPOKE_OK;
}

static bespoke_status process(void *instance, const bespoke_request_v1 *requests, bespoke_out *const *outs,
                              bespoke_status *statuses, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) statuses[i] = mirror_one(instance, &requests[i], outs[i]);
  return BESPOKE_OK;
}

static const void *extension(void *ctx, const char *id) { return (void)ctx, (void)id, NULL; }

static const bespoke_plugin_v1 plugin = {
    BESPOKE_ABI_MINOR, 0, NULL, "org.bespoke.museum.mirror", "1.0.0",
    "{\"config\":{\"type\":\"object\"},\"reads\":[\"profile\"],\"writes\":[{\"kind\":\"text\"},{\"name\":\"picture\",\"kind\":\"media\"},"
    "{\"name\":\"copy\",\"kind\":\"json\"},{\"name\":\"whole\",\"kind\":\"json\"}]}",
    create, destroy, process, extension,
};

const bespoke_plugin_v1 *bespoke_plugin_main_v1(const bespoke_host_v1 *host) { return host ? &plugin : NULL; }
