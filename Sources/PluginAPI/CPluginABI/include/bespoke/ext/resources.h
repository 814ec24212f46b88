/* bespoke.resources/1, of the host: files by name, so that hashes, resume, sandboxes and provenance know every file
   that a plugin reads. */
#ifndef BESPOKE_EXT_RESOURCES_H
#define BESPOKE_EXT_RESOURCES_H

#include "../sink.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BESPOKE_RESOURCES "bespoke.resources/1"

/* A file's content, mapped read-only and shared by all who ask for it. The host owns it. */
typedef struct bespoke_resource_v1 {
  const uint8_t *bytes;
  size_t length;
  int32_t fd; /* open for reading, for those who map it themselves; never closed by the plugin; negative: none */
  uint32_t reserved;
  uint8_t sha256[32];
} bespoke_resource_v1;

typedef struct bespoke_resources_v1 {
  /* The resource called `name` ("headline.liquid", "models/shop.ngram"): a path relative to the folders that the
     manifest allows. `kind` is "template", "locale" or "model" and decides which folders are searched.
     BESPOKE_OK and `*resource`, valid until `destroy` has returned; BESPOKE_RESOURCE where there is none, or it cannot be
     read; BESPOKE_INPUT for a name that leaves the folders; BESPOKE_UNSUPPORTED for a kind that the host does not know.
     `ctx` is the ctx of the host struct in bespoke_create_v1. [any-thread] */
  bespoke_status (*open)(void *ctx, bespoke_str kind, bespoke_str name, bespoke_resource_v1 *resource);
  /* The name at `index` of all resources of a kind, sorted; len 0 past the end. [any-thread] */
  bespoke_str (*name_at)(void *ctx, bespoke_str kind, uint32_t index);
} bespoke_resources_v1;

#ifdef __cplusplus
}
#endif
#endif
