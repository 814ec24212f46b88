/* AVX-512. */
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512vl,avx512dq"))), apply_to = function)
#define LEVEL_NAME "avx512"
#define LEVEL_TABLE training_avx512
#define LANES 16
#define TILE_ROWS 12
#define FUSED 1
#include "level.h"
#pragma clang attribute pop
#endif
