/* Stored rows into the layouts that `multiply` reads. Included at each level. */

/* One block of 32 values as integers and a scale: taken over where the format has just that, else rounded anew. */
static inline uint16_t pack_block(uint32_t type, const uint8_t *row, size_t block, const float *values, int8_t *q) {
  switch (type) {
  case 2: {
    const uint8_t *b = row + block * 18;
    for (int j = 0; j < 16; j++) {
      q[j] = (int8_t)((int)(b[2 + j] & 15) - 8);
      q[j + 16] = (int8_t)((int)(b[2 + j] >> 4) - 8);
    }
    return read_half(b);
  }
  case 6: {
    const uint8_t *b = row + block * 22;
    five_bits(b + 2, b + 6, q);
    for (int j = 0; j < 32; j++) q[j] = (int8_t)(q[j] - 16);
    return read_half(b);
  }
  case 8: memcpy(q, row + block * 34 + 2, 32); return read_half(row + block * 34);
  default: {
    const float *x = values + block * 32;
    float most = 0;
    for (int j = 0; j < 32; j++) {
      float size = __builtin_fabsf(x[j]);
      most = size > most ? size : most;
    }
    uint16_t scale = half_at_least(most / 127.0f);
    float inverse = scale == 0 ? 0 : 1.0f / half_to_float(scale);
    for (int j = 0; j < 32; j++) {
      float level = x[j] * inverse;
      level = level > 127.0f ? 127.0f : level < -127.0f ? -127.0f : level;
      q[j] = (int8_t)(int)(level + (level < 0 ? -0.5f : 0.5f));
    }
    return scale;
  }
  }
}

static void pack_int8(
  uint32_t type, const uint8_t *stored, size_t row_bytes, size_t rows, size_t columns, size_t group, uint8_t *out) {
  uint8_t *scales = out + columns * 16;
  size_t blocks = columns / 32;
  int direct = type == 2 || type == 6 || type == 8;
  for (size_t r = 0; r < 16; r++) {
    const uint8_t *row = stored + (group * 16 + r) * row_bytes;
    float values[256];
    int is_row = group * 16 + r < rows;
    for (size_t block = 0; block < blocks; block++) {
      int8_t q[32] = {0};
      uint16_t scale = 0;
      if (is_row && direct) {
        scale = pack_block(type, row, block, values, q);
      } else if (is_row) {
        /* 256 columns at a time; the last part of a row may be shorter. */
        if (block % 8 == 0) {
          size_t left = columns - block * 32;
          dequantise(type, row + block * row_bytes / blocks, left < 256 ? left : 256, values);
        }
        scale = pack_block(type, row, block % 8, values, q);
      }
      uint8_t *to = out + block * 512 + r * 4;
      for (int j = 0; j < 8; j++) {
        uint32_t four;
        memcpy(&four, q + 4 * j, 4);
        four ^= 0x80808080u;
        memcpy(to + 64 * j, &four, 4);
      }
      memcpy(scales + block * 32 + r * 2, &scale, 2);
    }
  }
}

static void pack_float(
  uint32_t type, const uint8_t *stored, size_t row_bytes, size_t rows, size_t columns, size_t group, uint8_t *out) {
  size_t block = type >= 12 && type <= 14 ? 256 : type >= 2 && type <= 8 ? 32 : 16;
  size_t block_bytes = row_bytes / (columns / block);
  float *to = (float *)(void *)out;
  for (size_t r = 0; r < 16; r++)
    for (size_t k = 0; k < columns; k += block) {
      float values[256] = {0};
      if (group * 16 + r < rows) {
        dequantise(type, stored + (group * 16 + r) * row_bytes + k / block * block_bytes, block, values);
      }
      for (size_t j = 0; j < block; j++) to[(k + j) * 16 + r] = values[j];
    }
}

static void pack(
  decoder_layout layout, uint32_t type, const uint8_t *stored, size_t row_bytes, size_t rows, size_t columns,
  size_t first, size_t last, uint8_t *groups) {
  size_t bytes = decoder_group_bytes(layout, columns);
  for (size_t group = first; group < last; group++) {
    uint8_t *out = groups + (group - first) * bytes;
    if (layout == DECODER_INT8) pack_int8(type, stored, row_bytes, rows, columns, group, out);
    else pack_float(type, stored, row_bytes, rows, columns, group, out);
  }
}
