/* Plain C: what every CPU can do. */
#pragma STDC FP_CONTRACT OFF
#include "decoder_kernels.h"
#include "half.h"
#define LEVEL_NAME "plain"
#define LEVEL_TABLE decoder_plain
#include "dequantise.h"
#include "pack.h"
#include "vector.h"

INLINE void int8_tile(
  const uint8_t *group, const decoder_rows *x, size_t m, const int count, float *out, size_t stride, size_t rows) {
  size_t blocks = x->columns / 32;
  const uint8_t *scales = group + x->columns * 16;
  for (int i = 0; i < count; i++) {
    v16 acc = all(0);
    for (size_t b = 0; b < blocks; b++) {
      const int8_t *q = x->levels + (m + i) * x->columns + b * 32;
      const uint8_t *w = group + b * 512;
      float xs = x->scales[(m + i) * blocks + b];
      v16 total, scale;
      for (int r = 0; r < 16; r++) {
        int32_t s = x->biases[(m + i) * blocks + b];
        for (int j = 0; j < 8; j++)
          for (int l = 0; l < 4; l++) s += (int32_t)w[j * 64 + r * 4 + l] * q[j * 4 + l];
        total[r] = (float)s;
        scale[r] = half_to_float(read_half(scales + b * 32 + r * 2)) * xs;
      }
      acc = fused(total, scale, acc);
    }
    store_rows(out + (m + i) * stride, acc, rows);
  }
}

#include "multiply.h"
