/* Greets the recipient: a whole plugin in one file, with nothing but the headers. */
#include <bespoke/ext/resources.h>
#include <bespoke/plugin.h>
#include <stdlib.h>
#include <string.h>

typedef struct hello {
  const bespoke_host_v1 *host;
  bespoke_str greeting; /* of the host, until destroy returns */
} hello;

static bespoke_str text(const char *literal) {
  bespoke_str text = {literal, strlen(literal)};
  return text;
}

static bespoke_status create(void *ctx, const bespoke_create_v1 *with, void **instance) {
  const bespoke_host_v1 *host = with->host;
  bespoke_value option = host->access->get(with->config, text("greeting"));
  hello *made = malloc(sizeof *made);
  (void)ctx;
  if (!made) return BESPOKE_RESOURCE;
  made->host = host;
  made->greeting = text("Hello");
  if (host->access->type(option) == BESPOKE_TYPE_STRING) {
    const bespoke_resources_v1 *resources = host->extension(host->ctx, BESPOKE_RESOURCES);
    bespoke_resource_v1 file;
    bespoke_status status = BESPOKE_UNSUPPORTED;
    if (resources) status = resources->open(host->ctx, text("template"), host->access->str(option), &file);
    if (status != BESPOKE_OK) {
      host->sink->fail(with->errors, status, text("greeting"), text("there is no such template"));
      free(made);
      return status;
    }
    made->greeting.ptr = (const char *)file.bytes;
    made->greeting.len = file.length;
  }
  *instance = made;
  return BESPOKE_OK;
}

static void destroy(void *instance) { free(instance); }

static bespoke_status greet(const hello *self, bespoke_value brief, bespoke_out *out) {
  const bespoke_access_v1 *access = self->host->access;
  const bespoke_sink_v1 *sink = self->host->sink;
  bespoke_value value = access->get(access->get(brief, text("profile")), text("first_name"));
  if (access->type(value) != BESPOKE_TYPE_STRING) {
    sink->fail(out, BESPOKE_INPUT, text("profile.first_name"), text("is missing or not a string"));
    return BESPOKE_INPUT;
  }
  bespoke_str name = access->str(value);
  sink->write(out, text(""), self->greeting);
  sink->append(out, text(""), text(", "));
  sink->append(out, text(""), name);
  sink->append(out, text(""), text("!"));
  sink->open(out, text("facts"), text("json"));
  sink->object(out);
  sink->key(out, text("bytes"));
  sink->i64(out, (int64_t)name.len);
  sink->end(out);
  return BESPOKE_OK;
}

static bespoke_status process(void *instance, const bespoke_request_v1 *requests, bespoke_out *const *outs,
                              bespoke_status *statuses, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) statuses[i] = greet(instance, requests[i].brief, outs[i]);
  return BESPOKE_OK;
}

static const void *extension(void *ctx, const char *id) {
  (void)ctx;
  (void)id;
  return NULL;
}

static const bespoke_plugin_v1 plugin = {
    .abi_minor = BESPOKE_ABI_MINOR,
    .id = "com.example.hello-c",
    .version = "1.0.0",
    .describe = "{\"summary\":\"Greets the recipient.\","
                "\"config\":{\"type\":\"object\",\"additionalProperties\":false,"
                "\"properties\":{\"greeting\":{\"type\":\"string\"}}},"
                "\"reads\":[\"profile.first_name\"],"
                "\"writes\":[{\"kind\":\"text\"},{\"name\":\"facts\",\"kind\":\"json\"}]}",
    .create = create,
    .destroy = destroy,
    .process = process,
    .extension = extension,
};

const bespoke_plugin_v1 *bespoke_plugin_main_v1(const bespoke_host_v1 *host) { return host ? &plugin : NULL; }
