/* The kernels of one level. LEVEL_TABLE and LEVEL_NAME name it; LANES is the width of a vector, TILE_ROWS the rows of a tile of the
   product, FUSED whether a multiply-add is one instruction. */
#include "training_kernels.h"
#include <math.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
#define TILE_COLUMNS (2 * LANES)
#define BLOCK_DEPTH 256
#define BLOCK_ROWS (TILE_ROWS * 16)
#define BLOCK_COLUMNS 1024

typedef float lanes __attribute__((ext_vector_type(LANES), aligned(4)));

INLINE lanes multiply_add(lanes x, lanes y, lanes sum) {
#if FUSED
  return __builtin_elementwise_fma(x, y, sum);
#else
  return x * y + sum;
#endif
}

/* One tile: packed a is [depth][TILE_ROWS], packed b is [depth][TILE_COLUMNS]. */
static void tile(size_t depth, const float *a, const float *b, float *c, size_t stride, int adds) {
  lanes sum[TILE_ROWS][2];
  for (int i = 0; i < TILE_ROWS; i++) sum[i][0] = sum[i][1] = (lanes)0;
  for (size_t k = 0; k < depth; k++) {
    lanes left = *(const lanes *)(b + k * TILE_COLUMNS), right = *(const lanes *)(b + k * TILE_COLUMNS + LANES);
#pragma clang loop unroll(full)
    for (int i = 0; i < TILE_ROWS; i++) {
      lanes each = (lanes)a[k * TILE_ROWS + i];
      sum[i][0] = multiply_add(each, left, sum[i][0]);
      sum[i][1] = multiply_add(each, right, sum[i][1]);
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < TILE_ROWS; i++) {
    lanes *left = (lanes *)(c + i * stride), *right = (lanes *)(c + i * stride + LANES);
    *left = adds ? *left + sum[i][0] : sum[i][0];
    *right = adds ? *right + sum[i][1] : sum[i][1];
  }
}

/* Panels of `wide` lines, short ones filled with zeros: to[panel][k][line] = x(line, k). */
INLINE void pack(const float *x, size_t line, size_t deep, size_t lines, size_t depth, const int wide, float *to) {
  for (size_t first = 0; first < lines; first += wide) {
    size_t count = lines - first < (size_t)wide ? lines - first : wide;
    const float *from = x + first * line;
    if (line == 1 && count == (size_t)wide) {
      for (size_t k = 0; k < depth; k++) memcpy(to + k * wide, from + k * deep, wide * sizeof(float));
    } else {
      if (count < (size_t)wide) memset(to, 0, depth * wide * sizeof(float));
      for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < depth; k++) to[k * wide + i] = from[i * line + k * deep];
    }
    to += depth * wide;
  }
}

/* Blocks for the caches, after Goto and van de Geijn 2008. */
static void multiply(size_t m, size_t n, size_t k, training_matrix a, training_matrix b, float *c, size_t stride, int adds,
                     float *scratch) {
  float *packed_b = scratch, *packed_a = scratch + BLOCK_DEPTH * (BLOCK_COLUMNS + TILE_COLUMNS);
  float edge[TILE_ROWS * TILE_COLUMNS];
  for (size_t jc = 0; jc < n; jc += BLOCK_COLUMNS) {
    size_t columns = n - jc < BLOCK_COLUMNS ? n - jc : BLOCK_COLUMNS;
    for (size_t pc = 0; pc < k; pc += BLOCK_DEPTH) {
      size_t depth = k - pc < BLOCK_DEPTH ? k - pc : BLOCK_DEPTH;
      int more = adds || pc > 0;
      pack(b.start + pc * b.row + jc * b.column, b.column, b.row, columns, depth, TILE_COLUMNS, packed_b);
      for (size_t ic = 0; ic < m; ic += BLOCK_ROWS) {
        size_t rows = m - ic < BLOCK_ROWS ? m - ic : BLOCK_ROWS;
        pack(a.start + ic * a.row + pc * a.column, a.row, a.column, rows, depth, TILE_ROWS, packed_a);
        for (size_t j = 0; j < columns; j += TILE_COLUMNS)
          for (size_t i = 0; i < rows; i += TILE_ROWS) {
            float *to = c + (ic + i) * stride + jc + j;
            const float *left = packed_a + i * depth, *right = packed_b + j * depth;
            if (rows - i >= TILE_ROWS && columns - j >= TILE_COLUMNS) {
              tile(depth, left, right, to, stride, more);
              continue;
            }
            tile(depth, left, right, edge, TILE_COLUMNS, 0);
            size_t high = rows - i < TILE_ROWS ? rows - i : TILE_ROWS;
            size_t wide = columns - j < TILE_COLUMNS ? columns - j : TILE_COLUMNS;
            for (size_t y = 0; y < high; y++)
              for (size_t x = 0; x < wide; x++) {
                float value = edge[y * TILE_COLUMNS + x];
                to[y * stride + x] = more ? to[y * stride + x] + value : value;
              }
          }
      }
    }
  }
}

/* Sums in LANES partial sums, so that the order does not depend on the compiler. */
INLINE float dot(const float *x, const float *y, size_t count) {
  lanes sum = (lanes)0;
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) sum = multiply_add(*(const lanes *)(x + i), *(const lanes *)(y + i), sum);
  float total = 0;
  for (int lane = 0; lane < LANES; lane++) total += sum[lane];
  for (; i < count; i++) total += x[i] * y[i];
  return total;
}

static void normalise(const float *x, const float *weight, float *out, float *inverse, size_t rows, size_t columns, float epsilon) {
  for (size_t r = 0; r < rows; r++, x += columns, out += columns) {
    float scale = 1 / sqrtf(dot(x, x, columns) / (float)columns + epsilon);
    inverse[r] = scale;
    for (size_t i = 0; i < columns; i++) out[i] = x[i] * scale * weight[i];
  }
}

static void normalise_back(const float *dout, const float *x, const float *weight, const float *inverse, float *dx, size_t rows,
                           size_t columns) {
  for (size_t r = 0; r < rows; r++, x += columns, dout += columns, dx += columns) {
    lanes sum = (lanes)0;
    size_t i = 0;
    float total = 0;
    for (; i + LANES <= columns; i += LANES)
      sum += *(const lanes *)(dout + i) * *(const lanes *)(weight + i) * *(const lanes *)(x + i);
    for (int lane = 0; lane < LANES; lane++) total += sum[lane];
    for (; i < columns; i++) total += dout[i] * weight[i] * x[i];
    float scale = inverse[r], common = total * scale * scale * scale / (float)columns;
    for (i = 0; i < columns; i++) dx[i] += dout[i] * weight[i] * scale - x[i] * common;
  }
}

static void normalise_weight(const float *dout, const float *x, const float *inverse, float *dweight, size_t rows, size_t columns,
                             size_t from, size_t to) {
  for (size_t r = 0; r < rows; r++, x += columns, dout += columns)
    for (size_t i = from; i < to; i++) dweight[i] += dout[i] * x[i] * inverse[r];
}

static void rotate(float *x, const float *table, size_t rows, size_t stride, size_t heads, size_t size, size_t length,
                   float direction) {
  for (size_t r = 0; r < rows; r++, x += stride) {
    const float *turn = table + r % length * size;
    for (size_t h = 0; h < heads; h++)
      for (size_t i = 0; i < size; i += 2) {
        float even = x[h * size + i], odd = x[h * size + i + 1], c = turn[i], s = turn[i + 1] * direction;
        x[h * size + i] = even * c - odd * s;
        x[h * size + i + 1] = even * s + odd * c;
      }
  }
}

/* e^x by a polynomial on half an octave around 0 (after Cephes); to 2 units in the last place; 0 below -87. */
INLINE float exponential(float x) {
  float bounded = x < -87.0f ? -87.0f : x > 88.0f ? 88.0f : x;
  float octave = (bounded * 1.44269504f + 12582912.0f) - 12582912.0f;
  float rest = bounded - octave * 0.693359375f + octave * 2.12194440e-4f;
  float sum = 1.9875691500e-4f;
  sum = sum * rest + 1.3981999507e-3f;
  sum = sum * rest + 8.3334519073e-3f;
  sum = sum * rest + 4.1665795894e-2f;
  sum = sum * rest + 1.6666665459e-1f;
  sum = sum * rest + 5.0000001201e-1f;
  sum = sum * rest * rest + rest + 1.0f;
  union {
    int32_t bits;
    float value;
  } power = {((int32_t)octave + 127) << 23};
  return x < -87.0f ? 0.0f : sum * power.value;
}

/* Softmax of a row in place; the sum is taken in LANES parts. */
INLINE float softmax(float *x, size_t count, float scale) {
  float most = x[0];
  for (size_t i = 1; i < count; i++) most = x[i] > most ? x[i] : most;
  for (size_t i = 0; i < count; i++) x[i] = exponential((x[i] - most) * scale);
  lanes sum = (lanes)0;
  size_t i = 0;
  float total = 0;
  for (; i + LANES <= count; i += LANES) sum += *(const lanes *)(x + i);
  for (int lane = 0; lane < LANES; lane++) total += sum[lane];
  for (; i < count; i++) total += x[i];
  float inverse = 1 / total;
  for (i = 0; i < count; i++) x[i] *= inverse;
  return most * scale + logf(total);
}

static void attend(float *scores, size_t length, float scale) {
  for (size_t r = 0; r < length; r++, scores += length) {
    softmax(scores, r + 1, scale);
    memset(scores + r + 1, 0, (length - r - 1) * sizeof(float));
  }
}

static void attend_back(const float *probabilities, float *dscores, size_t length, float scale) {
  for (size_t r = 0; r < length; r++, probabilities += length, dscores += length) {
    float sum = dot(probabilities, dscores, r + 1);
    for (size_t i = 0; i <= r; i++) dscores[i] = probabilities[i] * (dscores[i] - sum) * scale;
    memset(dscores + r + 1, 0, (length - r - 1) * sizeof(float));
  }
}

static void gate(const float *gates, const float *up, float *out, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = gates[i] / (1 + exponential(-gates[i])) * up[i];
}

static void gate_back(const float *dout, const float *gates, const float *up, float *dgate, float *dup, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float sigmoid = 1 / (1 + exponential(-gates[i]));
    dup[i] = dout[i] * gates[i] * sigmoid;
    dgate[i] = dout[i] * up[i] * sigmoid * (1 + gates[i] * (1 - sigmoid));
  }
}

static void cross_entropy(float *logits, const int32_t *targets, float *losses, size_t rows, size_t columns, float scale) {
  for (size_t r = 0; r < rows; r++, logits += columns) {
    if (targets[r] < 0) {
      losses[r] = 0;
      memset(logits, 0, columns * sizeof(float));
      continue;
    }
    float wanted = logits[targets[r]];
    losses[r] = softmax(logits, columns, 1) - wanted;
    for (size_t i = 0; i < columns; i++) logits[i] *= scale;
    logits[targets[r]] -= scale;
  }
}

/* The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
INLINE uint64_t hash(uint64_t x) {
  x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
  x = (x ^ x >> 27) * 0x94D049BB133111EBu;
  return x ^ x >> 31;
}

static void drop(float *x, size_t count, uint64_t key, uint64_t first, float rate) {
  uint32_t limit = (uint32_t)((double)rate * 4294967296.0);
  float keep = 1 / (1 - rate);
  for (size_t i = 0; i < count; i++) {
    uint32_t drawn = (uint32_t)(hash(key + (first + i) * 0x9E3779B97F4A7C15u) >> 32);
    x[i] = drawn < limit ? 0 : x[i] * keep;
  }
}

static void add(const float *x, float *to, size_t count) {
  for (size_t i = 0; i < count; i++) to[i] += x[i];
}

static double square_sum(const float *x, size_t count) {
  double total = 0;
  for (size_t i = 0; i < count; i += 4096) {
    size_t part = count - i < 4096 ? count - i : 4096;
    total += (double)dot(x + i, x + i, part);
  }
  return total;
}

static void adamw(float *weights, const float *gradients, float *first, float *second, size_t count, float rate, float beta1,
                  float beta2, float correction1, float correction2, float epsilon, float decay, float clip) {
  for (size_t i = 0; i < count; i++) {
    float gradient = gradients[i] * clip;
    first[i] = beta1 * first[i] + (1 - beta1) * gradient;
    second[i] = beta2 * second[i] + (1 - beta2) * gradient * gradient;
    float step = first[i] / correction1 / (sqrtf(second[i] / correction2) + epsilon);
    weights[i] -= rate * (step + decay * weights[i]);
  }
}

const training_kernels LEVEL_TABLE = {
  LEVEL_NAME, multiply, normalise, normalise_back, normalise_weight, rotate, attend, attend_back, gate, gate_back, cross_entropy,
  drop, add, square_sum, adamw,
};
