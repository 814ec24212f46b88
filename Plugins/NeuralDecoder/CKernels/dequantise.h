/* Stored rows to floats: the block formats of ggml. Included at each level. Source: the GGUF specification and ggml's
   definition of its block types. */

static inline void q4_0(const uint8_t *b, float *y) {
  float d = half_to_float(read_half(b));
  for (int j = 0; j < 16; j++) {
    y[j] = (float)((int)(b[2 + j] & 15) - 8) * d;
    y[j + 16] = (float)((int)(b[2 + j] >> 4) - 8) * d;
  }
}

static inline void q4_1(const uint8_t *b, float *y) {
  float d = half_to_float(read_half(b)), m = half_to_float(read_half(b + 2));
  for (int j = 0; j < 16; j++) {
    y[j] = (float)(b[4 + j] & 15) * d + m;
    y[j + 16] = (float)(b[4 + j] >> 4) * d + m;
  }
}

/* 32 five-bit numbers, 0...31. */
static inline void five_bits(const uint8_t *high, const uint8_t *low, int8_t *q) {
  uint32_t h;
  memcpy(&h, high, 4);
  for (int j = 0; j < 16; j++) {
    q[j] = (int8_t)((low[j] & 15) | ((h >> j & 1) << 4));
    q[j + 16] = (int8_t)((low[j] >> 4) | ((h >> (j + 16) & 1) << 4));
  }
}

static inline void q5_0(const uint8_t *b, float *y) {
  float d = half_to_float(read_half(b));
  int8_t q[32];
  five_bits(b + 2, b + 6, q);
  for (int j = 0; j < 32; j++) y[j] = (float)(q[j] - 16) * d;
}

static inline void q5_1(const uint8_t *b, float *y) {
  float d = half_to_float(read_half(b)), m = half_to_float(read_half(b + 2));
  int8_t q[32];
  five_bits(b + 4, b + 8, q);
  for (int j = 0; j < 32; j++) y[j] = (float)q[j] * d + m;
}

static inline void q8_0(const uint8_t *b, float *y) {
  float d = half_to_float(read_half(b));
  for (int j = 0; j < 32; j++) y[j] = (float)(int8_t)b[2 + j] * d;
}

/* The six-bit scale and minimum of sub-block j of a Q4_K or Q5_K block. */
static inline void scale_and_minimum(const uint8_t *s, int j, float *scale, float *minimum) {
  if (j < 4) {
    *scale = (float)(s[j] & 63);
    *minimum = (float)(s[j + 4] & 63);
  } else {
    *scale = (float)((s[j + 4] & 15) | (s[j - 4] >> 6) << 4);
    *minimum = (float)((s[j + 4] >> 4) | (s[j] >> 6) << 4);
  }
}

static inline void q4_k(const uint8_t *b, float *y) {
  float d = half_to_float(read_half(b)), dmin = half_to_float(read_half(b + 2));
  for (int j = 0; j < 8; j++) {
    float scale, minimum;
    scale_and_minimum(b + 4, j, &scale, &minimum);
    float factor = d * scale, offset = dmin * minimum;
    const uint8_t *q = b + 16 + j / 2 * 32;
    int shift = j % 2 * 4;
    for (int l = 0; l < 32; l++) y[j * 32 + l] = factor * (float)(q[l] >> shift & 15) - offset;
  }
}

static inline void q5_k(const uint8_t *b, float *y) {
  float d = half_to_float(read_half(b)), dmin = half_to_float(read_half(b + 2));
  const uint8_t *high = b + 16;
  for (int j = 0; j < 8; j++) {
    float scale, minimum;
    scale_and_minimum(b + 4, j, &scale, &minimum);
    float factor = d * scale, offset = dmin * minimum;
    const uint8_t *q = b + 48 + j / 2 * 32;
    int shift = j % 2 * 4;
    for (int l = 0; l < 32; l++)
      y[j * 32 + l] = factor * (float)((q[l] >> shift & 15) | (high[l] >> j & 1) << 4) - offset;
  }
}

static inline void q6_k(const uint8_t *b, float *y) {
  float d = half_to_float(read_half(b + 208));
  for (int half = 0; half < 2; half++) {
    const uint8_t *low = b + half * 64, *high = b + 128 + half * 32;
    const int8_t *scales = (const int8_t *)b + 192 + half * 8;
    for (int part = 0; part < 4; part++) {
      const uint8_t *q = low + part % 2 * 32;
      int shift = part / 2 * 4;
      for (int l = 0; l < 32; l++) {
        int value = (int)((q[l] >> shift & 15) | (high[l] >> (part * 2) & 3) << 4) - 32;
        y[half * 128 + part * 32 + l] = d * (float)scales[part * 2 + l / 16] * (float)value;
      }
    }
  }
}

static void dequantise(uint32_t type, const uint8_t *row, size_t columns, float *out) {
  switch (type) {
  case 0: memcpy(out, row, columns * 4); break;
  case 1:
    for (size_t k = 0; k < columns; k++) out[k] = half_to_float(read_half(row + 2 * k));
    break;
  case 30:
    for (size_t k = 0; k < columns; k++) out[k] = bits_to_float((uint32_t)read_half(row + 2 * k) << 16);
    break;
  case 2: for (size_t k = 0; k < columns; k += 32) q4_0(row + k / 32 * 18, out + k); break;
  case 3: for (size_t k = 0; k < columns; k += 32) q4_1(row + k / 32 * 20, out + k); break;
  case 6: for (size_t k = 0; k < columns; k += 32) q5_0(row + k / 32 * 22, out + k); break;
  case 7: for (size_t k = 0; k < columns; k += 32) q5_1(row + k / 32 * 24, out + k); break;
  case 8: for (size_t k = 0; k < columns; k += 32) q8_0(row + k / 32 * 34, out + k); break;
  case 12: for (size_t k = 0; k < columns; k += 256) q4_k(row + k / 256 * 144, out + k); break;
  case 13: for (size_t k = 0; k < columns; k += 256) q5_k(row + k / 256 * 176, out + k); break;
  case 14: for (size_t k = 0; k < columns; k += 256) q6_k(row + k / 256 * 210, out + k); break;
  default: __builtin_trap();
  }
}
