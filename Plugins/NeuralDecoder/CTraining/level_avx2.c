/* AVX2 with FMA. */
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LEVEL_NAME "avx2"
#define LEVEL_TABLE training_avx2
#define LANES 8
#define TILE_ROWS 6
#define FUSED 1
#include "level.h"
#pragma clang attribute pop
#endif
