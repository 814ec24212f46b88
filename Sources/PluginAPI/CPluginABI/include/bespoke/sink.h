/* The sink: what a plugin writes. It copies, so the plugin keeps ownership of all it passes. */
#ifndef BESPOKE_SINK_H
#define BESPOKE_SINK_H

#include "status.h"
#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where one request's output goes. The host owns it; valid until the call that lent it returns. */
typedef struct bespoke_out bespoke_out;

/* Every function: [process-thread], that is the thread that called `create` or `process`, during that call.

   `slot` names a port of the stage as `describe` lists them under "writes". The empty string is the stage's own slot;
   the port `name` of stage `id` becomes the slot `id.name`.

   Answers: BESPOKE_OK, or the reason why the host did not take it (BESPOKE_UNSUPPORTED: no such port or kind;
   BESPOKE_INPUT: a structured call out of order; BESPOKE_RESOURCE: over a limit). A plugin may ignore the
   answer: the host remembers it and the item fails with it. */
typedef struct bespoke_sink_v1 {
  /* The whole text of a slot, in place of what it held. Kind text, html, url or xml, as declared. */
  bespoke_status (*write)(bespoke_out *out, bespoke_str slot, bespoke_str text);
  /* More text for a slot. */
  bespoke_status (*append)(bespoke_out *out, bespoke_str slot, bespoke_str text);
  /* The whole content of a media slot; `media_type` as in RFC 6838. */
  bespoke_status (*bytes)(bespoke_out *out, bespoke_str slot, bespoke_str media_type, const uint8_t *bytes, size_t len);

  /* Structured slots (json, number, products, candidates). `open` begins the slot, then exactly one value follows:
     a scalar, or `object` or `array` up to its `end`. Inside an object, `key` comes before each value.
       candidates: array of { text, score, source }; score is a natural-log probability unless "unit" says otherwise
       products:   array of { id, score, reason } */
  bespoke_status (*open)(bespoke_out *out, bespoke_str slot, bespoke_str kind);
  bespoke_status (*object)(bespoke_out *out);
  bespoke_status (*array)(bespoke_out *out);
  bespoke_status (*key)(bespoke_out *out, bespoke_str key);
  bespoke_status (*end)(bespoke_out *out);
  bespoke_status (*str)(bespoke_out *out, bespoke_str text);
  bespoke_status (*i64)(bespoke_out *out, int64_t number);
  bespoke_status (*f64)(bespoke_out *out, double number);
  bespoke_status (*boolean)(bespoke_out *out, int32_t truth);
  bespoke_status (*null)(bespoke_out *out);
  /* A copy of a borrowed value, whole. */
  bespoke_status (*value)(bespoke_out *out, bespoke_value value);

  /* Provenance: one fact of how the slot came to be ("template", "model", "seed", "score"). */
  bespoke_status (*note)(bespoke_out *out, bespoke_str slot, bespoke_str key, bespoke_str value);
  /* Why this item fails, for people. `field` is a path in the brief or the config ("product.price"), or empty.
     `message` is lower case, without a full stop, names what was found and what was expected. */
  void (*fail)(bespoke_out *out, bespoke_status code, bespoke_str field, bespoke_str message);
  /* 1 once the host wants this item no longer. Poll it at least every 10 ms of work. */
  int32_t (*cancelled)(bespoke_out *out);
} bespoke_sink_v1;

#ifdef __cplusplus
}
#endif
#endif
