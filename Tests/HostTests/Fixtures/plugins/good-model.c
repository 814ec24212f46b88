/* Trains and inspects: its model is the number of bytes of the inputs. */
#include <bespoke/ext/draft/inspect.h>
#include <bespoke/ext/draft/train.h>
#include <stdio.h>
#include <string.h>

static bespoke_str word(const char *literal) { return (bespoke_str){literal, strlen(literal)}; }

static bespoke_status train(void *ctx, const bespoke_train_request_v1 *request) {
  const bespoke_host_v1 *host = request->host;
  char path[4096];
  unsigned long count = 0;
  (void)ctx;
  for (uint32_t i = 0; i < request->input_count; i++) {
    snprintf(path, sizeof path, "%.*s", (int)request->inputs[i].len, request->inputs[i].ptr);
    FILE *file = fopen(path, "rb");
    while (file && fgetc(file) != EOF) count++;
    if (file) fclose(file);
  }
  int64_t turns = host->access->i64(host->access->get(request->config, word("turns")), 1);
  snprintf(path, sizeof path, "%.*s", (int)request->output.len, request->output.ptr);
  FILE *file = fopen(path, "wb");
  if (!file) return BESPOKE_RESOURCE;
  fprintf(file, "COUNT %lu\n", count);
  fclose(file);
  for (int64_t turn = 0; turn < turns; turn++) {
    request->progress(request->progress_ctx, (uint64_t)turn + 1, (uint64_t)turns, word("loss"), 1.0 / (double)(turn + 1));
    if (request->cancelled(request->progress_ctx)) return BESPOKE_CANCELLED;
  }
  if (count == 0) {
    host->sink->fail(request->report, BESPOKE_INPUT, word(""), word("there is nothing to learn from"));
    return BESPOKE_INPUT;
  }
  host->sink->note(request->report, word(""), word("bytes read"), word(count > 9 ? "many" : "few"));
  return BESPOKE_OK;
}

static bespoke_status inspect(void *ctx, const bespoke_inspect_request_v1 *request, bespoke_out *out) {
  const bespoke_sink_v1 *sink = request->host->sink;
  int64_t count = 0;
  (void)ctx;
  if (request->length < 7 || memcmp(request->bytes, "COUNT ", 6) != 0) {
    sink->fail(out, BESPOKE_INPUT, word(""), word("does not begin with 'COUNT'"));
    return BESPOKE_INPUT;
  }
  for (size_t i = 6; i < request->length && request->bytes[i] != '\n'; i++) count = 10 * count + request->bytes[i] - '0';
  sink->open(out, word(""), word("json"));
  sink->object(out);
  sink->key(out, word("format"));
  sink->str(out, word("count"));
  sink->key(out, word("bytes"));
  sink->i64(out, count);
  sink->key(out, word("asked"));
  sink->value(out, request->host->access->get(request->config, word("about")));
  sink->end(out);
  return BESPOKE_OK;
}

static const bespoke_train_v1 training = {
    "{\"type\":\"object\",\"additionalProperties\":false,"
    "\"properties\":{\"turns\":{\"type\":\"integer\",\"minimum\":1,\"default\":1}}}",
    train};
static const bespoke_inspect_v1 inspection = {
    "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"about\":{\"type\":\"string\"}}}", inspect};

#define EXTENSION                                        \
  (strcmp(id, BESPOKE_TRAIN) == 0     ? (const void *)&training   \
   : strcmp(id, BESPOKE_INSPECT) == 0 ? (const void *)&inspection \
                                      : NULL)
#include "base.h"
