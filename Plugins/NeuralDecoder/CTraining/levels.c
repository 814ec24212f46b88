#include "training_kernels.h"
#include <string.h>

extern const training_kernels training_plain;
#if defined(__x86_64__)
extern const training_kernels training_avx2, training_avx512;
#endif

/* The widest level's packed blocks of b and a, with room for a last panel. */
const size_t training_scratch = 256 * (1024 + 32) + 256 * (12 * 16 + 16);

const training_kernels *training_level(const char *level) {
#if defined(__x86_64__)
  int any = !level || !*level;
  if ((any || strcmp(level, "avx512") == 0) && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
    return &training_avx512;
  if ((any || strcmp(level, "plain") != 0) && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return &training_avx2;
#endif
  return &training_plain;
}
