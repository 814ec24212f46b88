/* AVX-512 with VNNI. */
#pragma STDC FP_CONTRACT OFF
#include "decoder_kernels.h"
#include "half.h"
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push( \
  __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"))), apply_to = function)
#define LEVEL_NAME "avx512-vnni"
#define LEVEL_TABLE decoder_avx512
#include "dequantise.h"
#include "pack.h"
#include "vector.h"

INLINE void int8_tile(
  const uint8_t *group, const decoder_rows *x, size_t m, const int count, float *out, size_t stride, size_t rows) {
  size_t blocks = x->columns / 32;
  const uint8_t *scales = group + x->columns * 16;
  const int8_t *levels = x->levels + m * x->columns;
  const float *xs = x->scales + m * blocks;
  const int32_t *biases = x->biases + m * blocks;
  __m512 acc[8];
  for (int i = 0; i < count; i++) acc[i] = _mm512_setzero_ps();
  for (size_t b = 0; b < blocks; b++) {
    const uint8_t *w = group + b * 512;
    __m512i total[8];
    for (int i = 0; i < count; i++) total[i] = _mm512_set1_epi32(biases[i * blocks + b]);
    if (m == 0) {
      const char *ahead = (const char *)group + b * 544 + PREFETCH_AHEAD;
      for (int line = 0; line < 9; line++) _mm_prefetch(ahead + line * 64, _MM_HINT_T0);
    }
    for (int j = 0; j < 8; j++) {
      __m512i weight = _mm512_load_si512(w + j * 64);
      for (int i = 0; i < count; i++) {
        int32_t four;
        memcpy(&four, levels + i * x->columns + b * 32 + j * 4, 4);
        total[i] = _mm512_dpbusd_epi32(total[i], weight, _mm512_set1_epi32(four));
      }
    }
    __m512 scale = _mm512_cvtph_ps(_mm256_load_si256((const __m256i *)(const void *)(scales + b * 32)));
    for (int i = 0; i < count; i++) {
      __m512 both = _mm512_mul_ps(scale, _mm512_set1_ps(xs[i * blocks + b]));
      acc[i] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(total[i]), both, acc[i]);
    }
  }
  for (int i = 0; i < count; i++) store_rows(out + (m + i) * stride, (v16)acc[i], rows);
}

#include "multiply.h"
#pragma clang attribute pop
#endif
