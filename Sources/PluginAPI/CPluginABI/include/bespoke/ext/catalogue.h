/* bespoke.catalogue/1, of the host: the products of the run. */
#ifndef BESPOKE_EXT_CATALOGUE_H
#define BESPOKE_EXT_CATALOGUE_H

#include "../value.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BESPOKE_CATALOGUE "bespoke.catalogue/1"

/* Products as the catalogue gives them, in no locale: those of a brief are the ones in the recipient's. Values live until `destroy` returns. `ctx` is the ctx of the host struct in bespoke_create_v1. [any-thread] */
typedef struct bespoke_catalogue_v1 {
  /* How many products there are. */
  uint64_t (*count)(void *ctx);
  /* The product at `index`, in catalogue order; missing past the end. O(1). */
  bespoke_value (*at)(void *ctx, uint64_t index);
  /* The product with this id; missing where there is none. O(1). */
  bespoke_value (*by_id)(void *ctx, bespoke_str id);
} bespoke_catalogue_v1;

#ifdef __cplusplus
}
#endif
#endif
