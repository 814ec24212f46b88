#include "plugins.h"
#include <string.h>

enum { FIELDS = 8 };
#define NAME(literal) {literal, sizeof literal - 1}
static const bespoke_str names[FIELDS] = {NAME("first_name"), NAME("city"),        NAME("segment"),  NAME("last_product"),
                                          NAME("last_price"), NAME("loyalty_tier"), NAME("language"), NAME("points")};
static const bespoke_str headline = NAME("headline"), body = NAME("body");

typedef struct text {
  char bytes[512];
  size_t length;
} text;

static void add(text *to, const char *bytes, size_t length) {
  if (length > sizeof to->bytes - to->length) length = sizeof to->bytes - to->length;
  memcpy(to->bytes + to->length, bytes, length);
  to->length += length;
}
#define ADD(to, literal) add(to, literal, sizeof literal - 1)

static void put(const bespoke_sink_v1 *sink, bespoke_out *out, const bespoke_str *v) {
  text first, second;
  first.length = second.length = 0;
  add(&first, v[0].ptr, v[0].len);
  ADD(&first, ", ");
  add(&first, v[3].ptr, v[3].len);
  ADD(&first, " for ");
  add(&first, v[4].ptr, v[4].len);
  add(&second, v[1].ptr, v[1].len);
  ADD(&second, " / ");
  add(&second, v[2].ptr, v[2].len);
  ADD(&second, " / ");
  add(&second, v[5].ptr, v[5].len);
  ADD(&second, " / ");
  add(&second, v[6].ptr, v[6].len);
  ADD(&second, " / ");
  add(&second, v[7].ptr, v[7].len);
  bespoke_str one = {first.bytes, first.length}, two = {second.bytes, second.length};
  sink->write(out, headline, one);
  sink->write(out, body, two);
}

static const bespoke_host_v1 *host;

static bespoke_status create(void *ctx, const bespoke_create_v1 *with, void **instance) {
  (void)ctx;
  host = with->host;
  *instance = (void *)host;
  return BESPOKE_OK;
}

static void destroy(void *instance) { (void)instance; }

static bespoke_status process(void *instance, const bespoke_request_v1 *requests, bespoke_out *const *outs,
                              bespoke_status *statuses, uint32_t n) {
  const bespoke_access_v1 *access = ((const bespoke_host_v1 *)instance)->access;
  const bespoke_sink_v1 *sink = ((const bespoke_host_v1 *)instance)->sink;
  const bespoke_str profile_key = NAME("profile");
  for (uint32_t i = 0; i < n; i++) {
    bespoke_value profile = access->get(requests[i].brief, profile_key);
    bespoke_str values[FIELDS];
    for (int field = 0; field < FIELDS; field++) values[field] = access->str(access->get(profile, names[field]));
    put(sink, outs[i], values);
    statuses[i] = BESPOKE_OK;
  }
  return BESPOKE_OK;
}

static const void *extension(void *ctx, const char *id) { return (void)ctx, (void)id, NULL; }

static const bespoke_plugin_v1 plugin = {0, 0, NULL, "org.bespoke.bench", "1.0.0", "{}", create, destroy, process, extension};

const bespoke_plugin_v1 *abibench_accessors(void) { return &plugin; }

/* Past the string that begins at `at`, which is the byte after its opening quote: the index of its closing quote. */
static size_t string_end(const char *json, size_t at, size_t length) {
  while (at < length && json[at] != '"') at += json[at] == '\\' ? 2 : 1;
  return at;
}

int abibench_blob(const bespoke_sink_v1 *sink, bespoke_out *out, const char *json, size_t length) {
  bespoke_str values[FIELDS];
  int found = 0;
  memset(values, 0, sizeof values);
  for (size_t at = 1; at < length && json[at] == '"';) {
    size_t key = at + 1, key_end = string_end(json, key, length);
    size_t value = key_end + 2, value_end;
    bespoke_str content;
    if (value >= length) return -1;
    if (json[value] == '"') {
      value_end = string_end(json, value + 1, length);
      content.ptr = json + value + 1;
      content.len = value_end - value - 1;
      value_end++;
    } else {
      value_end = value;
      while (value_end < length && json[value_end] != ',' && json[value_end] != '}') value_end++;
      content.ptr = json + value;
      content.len = value_end - value;
    }
    for (int field = 0; field < FIELDS; field++) {
      if (names[field].len == key_end - key && memcmp(names[field].ptr, json + key, names[field].len) == 0) {
        values[field] = content;
        found++;
      }
    }
    at = value_end + 1;
  }
  if (found != FIELDS) return -1;
  put(sink, out, values);
  return 0;
}
