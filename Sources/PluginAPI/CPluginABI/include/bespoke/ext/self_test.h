/* bespoke.self-test/1, of the plugin: cases that it ships with itself, run by `bespoke plugins validate`. */
#ifndef BESPOKE_EXT_SELF_TEST_H
#define BESPOKE_EXT_SELF_TEST_H

#include "../value.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BESPOKE_SELF_TEST "bespoke.self-test/1"

/* JSON texts; static. `expect` maps ports, as `describe` lists them, to their exact text: "" is the stage's own slot, and
   the text of a structured port is its compact JSON. */
typedef struct bespoke_self_test_case_v1 {
  bespoke_str name;
  bespoke_str config;
  bespoke_str brief;
  bespoke_str expect;
  uint64_t seed;
} bespoke_self_test_case_v1;

typedef struct bespoke_self_test_v1 {
  /* How many cases there are. `ctx` is the plugin's. [any-thread] */
  uint32_t (*count)(void *ctx);
  /* The case at `index`; all zero past the end. [any-thread] */
  bespoke_self_test_case_v1 (*at)(void *ctx, uint32_t index);
} bespoke_self_test_v1;

#ifdef __cplusplus
}
#endif
#endif
