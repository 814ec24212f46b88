/* What back-propagation needs, in 32-bit floats, for the CPU at hand. All matrices are row-major; a row range lets threads share a
   function. One order of accumulation, whatever the number of threads: every output element is made by one thread. */
#ifndef BESPOKE_TRAINING_KERNELS_H
#define BESPOKE_TRAINING_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* A matrix by its strides, in floats: element (i, j) lies at start[i * row + j * column]. */
typedef struct training_matrix {
  const float *start;
  size_t row, column;
} training_matrix;

typedef struct training_kernels {
  const char *name;
  /* c[m][n] = a[m][k] * b[k][n], or += where `adds`; `scratch` holds `training_scratch` floats. */
  void (*multiply)(size_t m, size_t n, size_t k, training_matrix a, training_matrix b, float *c, size_t stride, int adds,
                   float *scratch);
  /* out = x / rms(x) * weight (Zhang and Sennrich 2019); `inverse` keeps 1 / rms of each row. */
  void (*normalise)(const float *x, const float *weight, float *out, float *inverse, size_t rows, size_t columns, float epsilon);
  /* dx += the gradient of x, given that of out. */
  void (*normalise_back)(const float *dout, const float *x, const float *weight, const float *inverse, float *dx, size_t rows,
                         size_t columns);
  /* dweight += the gradient of the weights, columns from..<to. */
  void (*normalise_weight)(const float *dout, const float *x, const float *inverse, float *dweight, size_t rows, size_t columns,
                           size_t from, size_t to);
  /* Turns neighbouring pairs by position (Su et al. 2021); `direction` -1 turns back. `table` holds cosine and sine by turns. */
  void (*rotate)(float *x, const float *table, size_t rows, size_t stride, size_t heads, size_t size, size_t length, float direction);
  /* Causal softmax of scores[length][length], scaled, in place. */
  void (*attend)(float *scores, size_t length, float scale);
  /* dscores becomes the gradient before the softmax. */
  void (*attend_back)(const float *probabilities, float *dscores, size_t length, float scale);
  /* out = silu(gate) * up (Shazeer 2020). */
  void (*gate)(const float *gate, const float *up, float *out, size_t count);
  void (*gate_back)(const float *dout, const float *gate, const float *up, float *dgate, float *dup, size_t count);
  /* Loss of each row in nats; logits become the gradient, times `scale`. A negative target counts for nothing. */
  void (*cross_entropy)(float *logits, const int32_t *targets, float *losses, size_t rows, size_t columns, float scale);
  /* x *= 0, or 1 / (1 - rate), by the hash of (key, index); `first` is the index of x[0]. */
  void (*drop)(float *x, size_t count, uint64_t key, uint64_t first, float rate);
  void (*add)(const float *x, float *to, size_t count);
  double (*square_sum)(const float *x, size_t count);
  /* AdamW (Loshchilov and Hutter 2019); the corrections are 1 - beta^step. */
  void (*adamw)(float *weights, const float *gradients, float *first, float *second, size_t count, float rate, float beta1, float beta2,
                float correction1, float correction2, float epsilon, float decay, float clip);
} training_kernels;

/* Floats that `multiply` needs as scratch, aligned to 64 bytes. */
extern const size_t training_scratch;

/* The best table that this CPU can run; `level` "avx2" or "plain" asks for less. */
const training_kernels *training_level(const char *level);

#endif
