/* The loop over groups of 16 rows. Included at each level, after `int8_tile`. */

INLINE void tile(
  const decoder_matrix *matrix, const uint8_t *group, const decoder_rows *x, size_t m, const int count, float *out,
  size_t stride, size_t rows) {
  if (matrix->layout == DECODER_INT8) int8_tile(group, x, m, count, out, stride, rows);
  else float_tile((const float *)(const void *)group, x, m, count, out, stride, rows);
}

static void multiply(
  const decoder_matrix *matrix, const uint32_t *groups, size_t first, size_t last, const decoder_rows *x, float *out,
  size_t stride) {
  size_t bytes = decoder_group_bytes(matrix->layout, matrix->columns);
  for (size_t index = first; index < last; index++) {
    size_t group = groups ? groups[index] : index;
    const uint8_t *at = matrix->groups + group * bytes;
    float *to = out + group * 16;
    size_t rows = matrix->rows - group * 16;
    size_t m = 0;
    for (; m + 8 <= x->count; m += 8) tile(matrix, at, x, m, 8, to, stride, rows);
    switch (x->count - m) {
    case 7: tile(matrix, at, x, m, 7, to, stride, rows); break;
    case 6: tile(matrix, at, x, m, 6, to, stride, rows); break;
    case 5: tile(matrix, at, x, m, 5, to, stride, rows); break;
    case 4: tile(matrix, at, x, m, 4, to, stride, rows); break;
    case 3: tile(matrix, at, x, m, 3, to, stride, rows); break;
    case 2: tile(matrix, at, x, m, 2, to, stride, rows); break;
    case 1: tile(matrix, at, x, m, 1, to, stride, rows); break;
    default: break;
    }
  }
}

const decoder_kernels LEVEL_TABLE = {
  .name = LEVEL_NAME, .multiply = multiply, .quantise = quantise, .rms_norm = rms_norm, .layer_norm = layer_norm,
  .gelu = gelu, .silu = silu, .add = add, .attend = attend, .largest = largest, .sum_exp = sum_exp,
  .dequantise = dequantise, .pack = pack,
};
