/* AVX2 with FMA and F16C. */
#pragma STDC FP_CONTRACT OFF
#include "decoder_kernels.h"
#include "half.h"
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define LEVEL_NAME "avx2"
#define LEVEL_TABLE decoder_avx2
#include "dequantise.h"
#include "pack.h"
#include "vector.h"

/* Four rows at a time: more would not fit the registers. */
INLINE void int8_part(
  const uint8_t *group, const decoder_rows *x, size_t m, const int count, float *out, size_t stride, size_t rows) {
  size_t blocks = x->columns / 32;
  const uint8_t *scales = group + x->columns * 16;
  const __m256i flip = _mm256_set1_epi8((char)0x80), ones = _mm256_set1_epi16(1);
  for (int side = 0; side < 2; side++) {
    __m256 acc[4];
    for (int i = 0; i < count; i++) acc[i] = _mm256_setzero_ps();
    for (size_t b = 0; b < blocks; b++) {
      const uint8_t *w = group + b * 512 + side * 32;
      if (m == 0) {
        const char *ahead = (const char *)group + b * 544 + side * 272 + PREFETCH_AHEAD;
        for (int line = 0; line < 5; line++) _mm_prefetch(ahead + line * 64, _MM_HINT_T0);
      }
      __m256i total[4];
      for (int i = 0; i < count; i++) total[i] = _mm256_setzero_si256();
      for (int j = 0; j < 8; j++) {
        __m256i weight = _mm256_xor_si256(_mm256_load_si256((const __m256i *)(const void *)(w + j * 64)), flip);
        __m256i size = _mm256_abs_epi8(weight);
        for (int i = 0; i < count; i++) {
          int32_t four;
          memcpy(&four, x->levels + (m + i) * x->columns + b * 32 + j * 4, 4);
          /* |w| * (x with the sign of w): 128 * 127 * 2 stays within 16 bits. */
          __m256i product = _mm256_maddubs_epi16(size, _mm256_sign_epi8(_mm256_set1_epi32(four), weight));
          total[i] = _mm256_add_epi32(total[i], _mm256_madd_epi16(product, ones));
        }
      }
      __m256 scale =
        _mm256_cvtph_ps(_mm_load_si128((const __m128i *)(const void *)(scales + b * 32 + side * 16)));
      for (int i = 0; i < count; i++) {
        __m256 both = _mm256_mul_ps(scale, _mm256_set1_ps(x->scales[(m + i) * blocks + b]));
        acc[i] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(total[i]), both, acc[i]);
      }
    }
    for (int i = 0; i < count; i++) {
      float *to = out + (m + i) * stride + side * 8;
      float lanes[8];
      _mm256_storeu_ps(lanes, acc[i]);
      size_t left = rows > (size_t)side * 8 ? rows - side * 8 : 0;
      memcpy(to, lanes, (left < 8 ? left : 8) * sizeof(float));
    }
  }
}

INLINE void int8_tile(
  const uint8_t *group, const decoder_rows *x, size_t m, const int count, float *out, size_t stride, size_t rows) {
  if (count > 4) {
    int8_part(group, x, m, 4, out, stride, rows);
    int8_part(group, x, m + 4, count - 4, out, stride, rows);
  } else {
    int8_part(group, x, m, count, out, stride, rows);
  }
}

#include "multiply.h"
#pragma clang attribute pop
#endif
