#define _GNU_SOURCE
#include "decoder_kernels.h"
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

extern const decoder_kernels decoder_plain;
#if defined(__x86_64__)
extern const decoder_kernels decoder_avx2, decoder_avx512;
static const decoder_kernels *const with_avx512[] = {&decoder_avx512, &decoder_avx2, &decoder_plain, NULL};
static const decoder_kernels *const with_avx2[] = {&decoder_avx2, &decoder_plain, NULL};
#endif
static const decoder_kernels *const plain[] = {&decoder_plain, NULL};

const decoder_kernels *const *decoder_levels(void) {
#if defined(__x86_64__)
  int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
  if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vnni"))
    return with_avx512;
  if (avx2) return with_avx2;
#endif
  return plain;
}

size_t decoder_group_bytes(decoder_layout layout, size_t columns) {
  return layout == DECODER_INT8 ? (columns * 17 + 63) / 64 * 64 : columns * 64;
}

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

void decoder_meet(decoder_barrier *barrier) {
  if (barrier->count < 2) return;
  uint32_t generation = __atomic_load_n(&barrier->generation, __ATOMIC_ACQUIRE);
  if (__atomic_add_fetch(&barrier->arrived, 1, __ATOMIC_ACQ_REL) == barrier->count) {
    barrier->arrived = 0;
    __atomic_add_fetch(&barrier->generation, 1, __ATOMIC_SEQ_CST);
    /* Who counts itself among the sleepers after this finds the generation changed and does not sleep. */
    if (__atomic_load_n(&barrier->sleepers, __ATOMIC_SEQ_CST) > 0)
      syscall(SYS_futex, &barrier->generation, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
    return;
  }
  /* Some microseconds: longer than a phase is uneven, shorter than a time slice. */
  for (int spin = 0; spin < 400; spin++) {
    if (__atomic_load_n(&barrier->generation, __ATOMIC_ACQUIRE) != generation) return;
    relax();
  }
  __atomic_add_fetch(&barrier->sleepers, 1, __ATOMIC_SEQ_CST);
  while (__atomic_load_n(&barrier->generation, __ATOMIC_SEQ_CST) == generation)
    syscall(SYS_futex, &barrier->generation, FUTEX_WAIT_PRIVATE, generation, NULL, NULL, 0);
  __atomic_sub_fetch(&barrier->sleepers, 1, __ATOMIC_SEQ_CST);
}
