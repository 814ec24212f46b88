/* The arithmetic of the decoder, at several levels of the CPU.

   Every level gives the same bits: integer sums are exact, and floating-point sums are made in one fixed order with
   fused multiply-add. The order does not depend on how many rows are multiplied at once, nor on the number of threads.

   Rows of floats have a multiple of 16 elements (quantised ones of 32) unless a function says otherwise. Nothing here
   allocates or checks: the callers hold the sizes. */
#ifndef DECODER_KERNELS_H
#define DECODER_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* How weights lie in memory, in groups of 16 rows; a group that is not full is padded with zeros. */
typedef enum decoder_layout {
  /* A group is [columns][16] floats. */
  DECODER_FLOAT = 0,
  /* A group is [columns / 32] blocks of [8][16 rows][4] bytes (value + 128), then [columns / 32][16] half-precision
     scales, then padding up to a multiple of 64 bytes. */
  DECODER_INT8 = 1,
} decoder_layout;

/* A matrix of `rows` x `columns` in one of the layouts, aligned to 64 bytes. */
typedef struct decoder_matrix {
  const uint8_t *groups;
  size_t rows, columns;
  decoder_layout layout;
} decoder_matrix;

/* `count` rows to multiply a matrix with. `levels`, `scales` and `biases` are what `quantise` makes of `values`. */
typedef struct decoder_rows {
  size_t count, columns;
  const float *values;
  const int8_t *levels;
  const float *scales;
  const int32_t *biases;
} decoder_rows;

/* Keys and values of some positions of one layer and one key-value head.
   Keys: [ceil(capacity / 16)][head size][16 positions]; values: [capacity][head size]. */
typedef struct decoder_segment {
  const float *keys, *values;
  size_t count;
} decoder_segment;

/* One query position against the keys and values that it sees. */
typedef struct decoder_attention {
  const float *queries; /* [heads][head_size] */
  float *output;        /* [heads][head_size] */
  float *scores;        /* scratch: [heads][stride] */
  size_t heads, head_size, stride;
  const decoder_segment *segments;
  size_t segment_count;
  size_t first; /* positions before this one are not seen */
  float scale;
} decoder_attention;

typedef struct decoder_kernels {
  const char *name;
  /* out[m][row] = sum of matrix[row][k] * x[m][k], for the groups first..<last, or those of the list `groups`
     at first..<last where that is not NULL. A row of `out` is `stride` floats apart. */
  void (*multiply)(
    const decoder_matrix *matrix, const uint32_t *groups, size_t first, size_t last, const decoder_rows *x, float *out,
    size_t stride);
  /* Rounds a row to 8 bits with a scale every 32 values; `biases` are -128 times the sums of these. */
  void (*quantise)(const float *x, size_t n, int8_t *levels, float *scales, int32_t *biases);
  void (*rms_norm)(const float *x, const float *weight, size_t n, float epsilon, float *out);
  void (*layer_norm)(const float *x, const float *weight, const float *bias, size_t n, float epsilon, float *out);
  /* out = activation(gate) * up; `up` may be NULL for 1. */
  void (*gelu)(const float *gate, const float *up, size_t n, float *out);
  void (*silu)(const float *gate, const float *up, size_t n, float *out);
  void (*add)(float *x, const float *y, size_t n);
  void (*attend)(const decoder_attention *attention);
  /* The place of the largest of n values, n of any size; the first of equals. */
  size_t (*largest)(const float *x, size_t n);
  /* The sum of exp((x - shift) * factor), n of any size. */
  double (*sum_exp)(const float *x, size_t n, float shift, float factor);
  /* Turns a stored row into floats. `type` is a ggml type that is supported. */
  void (*dequantise)(uint32_t type, const uint8_t *row, size_t columns, float *out);
  /* Lays out the groups first..<last of stored rows. */
  void (*pack)(
    decoder_layout layout, uint32_t type, const uint8_t *stored, size_t row_bytes, size_t rows, size_t columns,
    size_t first, size_t last, uint8_t *groups);
} decoder_kernels;

/* The levels that this CPU has, the best first; ends with NULL. The last is plain C. */
const decoder_kernels *const *decoder_levels(void);

/* How many bytes a group of 16 rows takes. */
size_t decoder_group_bytes(decoder_layout layout, size_t columns);

/* A meeting point of `count` threads, who spin a little and then sleep. All zero at first but for `count`. */
typedef struct decoder_barrier {
  uint32_t count, arrived, generation, sleepers;
} decoder_barrier;

/* Returns once all threads have come. */
void decoder_meet(decoder_barrier *barrier);

/* Adds to a counter that threads share and returns what it held. */
static inline uint32_t decoder_claim(uint32_t *counter, uint32_t amount) {
  return __atomic_fetch_add(counter, amount, __ATOMIC_RELAXED);
}

#endif
