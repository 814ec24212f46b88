/* Kernels in clang's vector extensions: sixteen lanes, whatever the CPU's registers are. Included at each level. */

/* The types never cross a function that is not inlined, so that no calling convention is concerned. */
#pragma clang diagnostic ignored "-Wpsabi"

typedef float v16 __attribute__((vector_size(64), aligned(4)));
typedef int32_t i16 __attribute__((vector_size(64), aligned(4)));
typedef int8_t b16 __attribute__((vector_size(16), aligned(1)));

/* How far before their use weights are asked for: measured, where one stream of them comes from memory. */
#define PREFETCH_AHEAD 16384

#define INLINE static inline __attribute__((always_inline))

INLINE v16 load(const float *p) { return *(const v16 *)(const void *)p; }
INLINE void store(float *p, v16 v) { *(v16 *)(void *)p = v; }
INLINE v16 all(float x) { return (v16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }
INLINE v16 fused(v16 a, v16 b, v16 c) { return __builtin_elementwise_fma(a, b, c); }
INLINE v16 at_most(v16 a, v16 b) { i16 m = a < b; return (v16)(((i16)a & m) | ((i16)b & ~m)); }
INLINE v16 at_least(v16 a, v16 b) { i16 m = a > b; return (v16)(((i16)a & m) | ((i16)b & ~m)); }

/* Stores the first `rows` of 16 lanes, all of them where there are more. */
INLINE void store_rows(float *to, v16 lanes, size_t rows) {
  if (rows >= 16) {
    store(to, lanes);
  } else {
    float values[16];
    store(values, lanes);
    memcpy(to, values, rows * sizeof(float));
  }
}

INLINE float sum(v16 v) {
  float s[16];
  store(s, v);
  for (int width = 8; width > 0; width /= 2)
    for (int i = 0; i < width; i++) s[i] += s[i + width];
  return s[0];
}

INLINE float most(v16 v) {
  float s[16];
  store(s, v);
  for (int width = 8; width > 0; width /= 2)
    for (int i = 0; i < width; i++) s[i] = s[i] > s[i + width] ? s[i] : s[i + width];
  return s[0];
}

/* e^x to about 2 ulp; 0 far below. Source: Cephes, expf (argument reduction and polynomial). */
INLINE v16 exponential(v16 x) {
  const float magic = 12582912.0f;
  v16 low = all(-87.0f);
  i16 vanishes = x < low;
  x = at_least(at_most(x, all(88.0f)), low);
  v16 n = fused(x, all(1.44269504f), all(magic)) - all(magic);
  v16 r = fused(n, all(-0.693359375f), x);
  r = fused(n, all(2.12194440e-4f), r);
  v16 p = all(1.9875691500e-4f);
  p = fused(p, r, all(1.3981999507e-3f));
  p = fused(p, r, all(8.3334519073e-3f));
  p = fused(p, r, all(4.1665795894e-2f));
  p = fused(p, r, all(1.6666665459e-1f));
  p = fused(p, r, all(5.0000001201e-1f));
  p = fused(p, r * r, r + all(1.0f));
  i16 power = (__builtin_convertvector(n, i16) + 127) << 23;
  return (v16)((i16)(p * (v16)power) & ~vanishes);
}

static void rms_norm(const float *x, const float *weight, size_t n, float epsilon, float *out) {
  v16 squares = all(0);
  for (size_t k = 0; k < n; k += 16) squares = fused(load(x + k), load(x + k), squares);
  v16 factor = all(1.0f / __builtin_sqrtf(sum(squares) / (float)n + epsilon));
  for (size_t k = 0; k < n; k += 16) store(out + k, load(x + k) * factor * load(weight + k));
}

static void layer_norm(
  const float *x, const float *weight, const float *bias, size_t n, float epsilon, float *out) {
  v16 total = all(0), squares = all(0);
  for (size_t k = 0; k < n; k += 16) total += load(x + k);
  v16 mean = all(sum(total) / (float)n);
  for (size_t k = 0; k < n; k += 16) squares = fused(load(x + k) - mean, load(x + k) - mean, squares);
  v16 factor = all(1.0f / __builtin_sqrtf(sum(squares) / (float)n + epsilon));
  for (size_t k = 0; k < n; k += 16) store(out + k, fused((load(x + k) - mean) * factor, load(weight + k), load(bias + k)));
}

/* The tanh form: x / (1 + e^(-2u)) with u = sqrt(2 / pi) (x + 0.044715 x^3). Source: Hendrycks and Gimpel 2016. */
static void gelu(const float *gate, const float *up, size_t n, float *out) {
  for (size_t k = 0; k < n; k += 16) {
    v16 x = load(gate + k);
    v16 u = x * fused(x * x, all(0.044715f), all(1.0f)) * all(-2 * 0.79788456f);
    v16 y = x / (exponential(u) + all(1.0f));
    store(out + k, up ? y * load(up + k) : y);
  }
}

static void silu(const float *gate, const float *up, size_t n, float *out) {
  for (size_t k = 0; k < n; k += 16) {
    v16 x = load(gate + k);
    v16 y = x / (exponential(-x) + all(1.0f));
    store(out + k, up ? y * load(up + k) : y);
  }
}

static void add(float *x, const float *y, size_t n) {
  for (size_t k = 0; k < n; k += 16) store(x + k, load(x + k) + load(y + k));
}

static void quantise(const float *x, size_t n, int8_t *levels, float *scales, int32_t *biases) {
  const float magic = 12582912.0f;
  for (size_t block = 0; block < n / 32; block++) {
    v16 a = load(x + block * 32), b = load(x + block * 32 + 16);
    float size = most(at_least(at_least(a, -a), at_least(b, -b)));
    float scale = size / 127.0f;
    v16 inverse = all(scale > 0 ? 127.0f / size : 0);
    /* Adding the magic number rounds to the nearest integer, ties to even, and leaves it in the low bits. */
    i16 qa = (i16)fused(a, inverse, all(magic)) - (i16)all(magic);
    i16 qb = (i16)fused(b, inverse, all(magic)) - (i16)all(magic);
    *(b16 *)(void *)(levels + block * 32) = __builtin_convertvector(qa, b16);
    *(b16 *)(void *)(levels + block * 32 + 16) = __builtin_convertvector(qb, b16);
    i16 both = qa + qb;
    int32_t total = 0;
    for (int i = 0; i < 16; i++) total += both[i];
    scales[block] = scale;
    biases[block] = -128 * total;
  }
}

INLINE void float_tile(
  const float *w, const decoder_rows *x, size_t m, const int count, float *out, size_t stride, size_t rows) {
  v16 acc[8];
  for (int i = 0; i < count; i++) acc[i] = all(0);
  for (size_t k = 0; k < x->columns; k++) {
    v16 weight = load(w + k * 16);
    for (int i = 0; i < count; i++) acc[i] = fused(weight, all(x->values[(m + i) * x->columns + k]), acc[i]);
  }
  for (int i = 0; i < count; i++) store_rows(out + (m + i) * stride, acc[i], rows);
}

/* Scores of 2 x 16 positions for `count` heads, or of 16 where `blocks` is 1. */
INLINE void score_tile(
  const decoder_attention *a, const float *keys, size_t head, const int count, const int blocks, v16 *result) {
  v16 acc[8];
  for (int i = 0; i < count * blocks; i++) acc[i] = all(0);
  for (size_t d = 0; d < a->head_size; d++) {
    v16 k0 = load(keys + d * 16);
    v16 k1 = blocks > 1 ? load(keys + (a->head_size + d) * 16) : k0;
    for (int i = 0; i < count; i++) {
      v16 q = all(a->queries[(head + i) * a->head_size + d]);
      acc[i] = fused(k0, q, acc[i]);
      if (blocks > 1) acc[count + i] = fused(k1, q, acc[count + i]);
    }
  }
  for (int i = 0; i < count * blocks; i++) result[i] = acc[i] * all(a->scale);
}

/* Puts the scores of positions block..<block + 16 of a segment that are seen into their places. */
INLINE void place_scores(const decoder_attention *a, size_t head, size_t start, size_t block, size_t count, v16 scores) {
  float s[16];
  store(s, scores);
  for (size_t i = 0; i < 16 && block + i < count; i++)
    if (start + block + i >= a->first) a->scores[head * a->stride + start + block + i - a->first] = s[i];
}

INLINE void score_heads(const decoder_attention *a, size_t head, const int count) {
  size_t start = 0;
  for (size_t s = 0; s < a->segment_count; s++) {
    const decoder_segment *segment = &a->segments[s];
    size_t block = start + segment->count <= a->first ? segment->count : a->first > start ? (a->first - start) / 16 * 16 : 0;
    while (block < segment->count) {
      const float *keys = segment->keys + block * a->head_size;
      v16 result[8];
      if (block + 16 < segment->count) {
        score_tile(a, keys, head, count, 2, result);
        for (int i = 0; i < count; i++) {
          place_scores(a, head + i, start, block, segment->count, result[i]);
          place_scores(a, head + i, start, block + 16, segment->count, result[count + i]);
        }
        block += 32;
      } else {
        score_tile(a, keys, head, count, 1, result);
        for (int i = 0; i < count; i++) place_scores(a, head + i, start, block, segment->count, result[i]);
        block += 16;
      }
    }
    start += segment->count;
  }
}

/* Adds up the values of the positions that are seen: 64 elements of `count` heads at a time. */
INLINE void mix_heads(const decoder_attention *a, size_t head, const int count, size_t d, const int parts) {
  v16 acc[16];
  for (int i = 0; i < count * parts; i++) acc[i] = all(0);
  size_t start = 0;
  for (size_t s = 0; s < a->segment_count; s++) {
    const decoder_segment *segment = &a->segments[s];
    for (size_t p = a->first > start ? a->first - start : 0; p < segment->count; p++) {
      const float *value = segment->values + p * a->head_size + d;
      v16 v[4];
      for (int j = 0; j < parts; j++) v[j] = load(value + j * 16);
      for (int i = 0; i < count; i++) {
        v16 weight = all(a->scores[(head + i) * a->stride + start + p - a->first]);
        for (int j = 0; j < parts; j++) acc[i * parts + j] = fused(v[j], weight, acc[i * parts + j]);
      }
    }
    start += segment->count;
  }
  for (int i = 0; i < count; i++)
    for (int j = 0; j < parts; j++) store(a->output + (head + i) * a->head_size + d + j * 16, acc[i * parts + j]);
}

INLINE void soften(float *scores, size_t count) {
  size_t padded = (count + 15) / 16 * 16;
  for (size_t p = count; p < padded; p++) scores[p] = -1e30f;
  v16 best = load(scores);
  for (size_t p = 16; p < padded; p += 16) best = at_least(load(scores + p), best);
  v16 shift = all(most(best)), total = all(0);
  for (size_t p = 0; p < padded; p += 16) {
    v16 e = exponential(load(scores + p) - shift);
    store(scores + p, e);
    total += e;
  }
  v16 factor = all(1.0f / sum(total));
  for (size_t p = 0; p < padded; p += 16) store(scores + p, load(scores + p) * factor);
}

INLINE void attend_heads(const decoder_attention *a, size_t head, const int count, size_t seen) {
  score_heads(a, head, count);
  for (int i = 0; i < count; i++) soften(a->scores + (head + i) * a->stride, seen);
  size_t d = 0;
  for (; d + 64 <= a->head_size; d += 64) mix_heads(a, head, count, d, 4);
  for (; d < a->head_size; d += 16) mix_heads(a, head, count, d, 1);
}

static void attend(const decoder_attention *a) {
  size_t seen = 0, head = 0;
  for (size_t s = 0; s < a->segment_count; s++) seen += a->segments[s].count;
  seen -= a->first;
  for (; head + 4 <= a->heads; head += 4) attend_heads(a, head, 4, seen);
  for (; head + 2 <= a->heads; head += 2) attend_heads(a, head, 2, seen);
  for (; head < a->heads; head++) attend_heads(a, head, 1, seen);
}

static size_t largest(const float *x, size_t n) {
  float best = n > 0 ? x[0] : 0;
  size_t k = 0;
  if (n >= 16) {
    v16 lanes = load(x);
    for (k = 16; k + 16 <= n; k += 16) lanes = at_least(load(x + k), lanes);
    best = most(lanes);
  }
  for (; k < n; k++) best = x[k] > best ? x[k] : best;
  for (k = 0; k < n; k++)
    if (x[k] == best) return k;
  return 0;
}

static double sum_exp(const float *x, size_t n, float shift, float factor) {
  double total = 0;
  size_t k = 0;
  while (k + 16 <= n) {
    v16 part = all(0);
    size_t end = k + 4096 < n ? k + 4096 : n;
    for (; k + 16 <= end; k += 16) part += exponential((load(x + k) - all(shift)) * all(factor));
    total += (double)sum(part);
  }
  if (k < n) {
    float rest[16];
    for (int i = 0; i < 16; i++) rest[i] = k + i < n ? (x[k + i] - shift) * factor : -1e30f;
    total += (double)sum(exponential(load(rest)));
  }
  return total;
}
