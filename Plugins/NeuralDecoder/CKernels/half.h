/* Half-precision numbers without the help of the CPU. */
#ifndef DECODER_HALF_H
#define DECODER_HALF_H

#include <stdint.h>
#include <string.h>

static inline float bits_to_float(uint32_t bits) {
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

static inline uint32_t float_to_bits(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  return bits;
}

/* Exact, subnormal numbers included: the exponent is moved by a multiplication. */
static inline float half_to_float(uint16_t half) {
  uint32_t magnitude = half & 0x7FFF;
  uint32_t bits = magnitude >= 0x7C00 ? (magnitude << 13) | 0x7F800000 : float_to_bits(bits_to_float(magnitude << 13) * 0x1p112f);
  return bits_to_float(bits | (uint32_t)(half & 0x8000) << 16);
}

/* The smallest half-precision number that is not below a value >= 0. */
static inline uint16_t half_at_least(float value) {
  if (!(value < 65504.0f)) return 0x7BFF;
  /* 2^-112 brings the exponent to that of a half; truncation is then a shift. */
  uint16_t half = (uint16_t)(float_to_bits(value * 0x1p-112f) >> 13);
  while (half_to_float(half) < value) half++;
  return half;
}

static inline uint16_t read_half(const uint8_t *bytes) {
  uint16_t half;
  memcpy(&half, bytes, 2);
  return half;
}

#endif
