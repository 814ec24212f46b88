/* DRAFT. bespoke.inspect/1, of the plugin: tells people what one of its files, such as a model, holds.
   A draft may still change, and then gets another revision in its id; it moves to ext/ unchanged once two plugins use it. */
#ifndef BESPOKE_EXT_DRAFT_INSPECT_H
#define BESPOKE_EXT_DRAFT_INSPECT_H

#include "../../host.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BESPOKE_INSPECT "bespoke.inspect/1"

/* A file to look into. Borrowed: valid until `inspect` returns. */
typedef struct bespoke_inspect_request_v1 {
  const bespoke_host_v1 *host;
  bespoke_value config; /* what is asked: an object that fits the schema below */
  bespoke_str name; /* of the file, for messages */
  const uint8_t *bytes;
  size_t length;
} bespoke_inspect_request_v1;

typedef struct bespoke_inspect_v1 {
  const char *config; /* JSON Schema of what can be asked, such as a context to continue. Static. */
  /* Writes what the file holds to the unnamed port of `out`, opened with kind "json": an object with at least "format",
     a text. Answers BESPOKE_OK, BESPOKE_INPUT for a file that is not the plugin's or is damaged, or another reason,
     after sink->fail. `ctx` is the plugin's. No instance is needed. [process-thread] */
  bespoke_status (*inspect)(void *ctx, const bespoke_inspect_request_v1 *request, bespoke_out *out);
} bespoke_inspect_v1;

#ifdef __cplusplus
}
#endif
#endif
