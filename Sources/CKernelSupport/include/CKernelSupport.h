#pragma once

#include "KernelDotProducts.h"
#include "KernelVectors.h"

// What Swift cannot express: prefetches, a spin-wait hint, the CPU's instruction set and the affinity
// mask; vectors are in the headers above.

/// Asks for the cache line at `address`, which need not be mapped, to be brought to the L1 cache.
static inline __attribute__((always_inline)) void kernel_prefetch(const void *address) {
  __builtin_prefetch(address, 0, 3);
}

/// The same as far as the L2 cache: for what is wanted only after more than the L1 cache holds.
static inline __attribute__((always_inline)) void kernel_prefetch_l2(const void *address) {
  __builtin_prefetch(address, 0, 2);
}

/// Tells the core that it is in a spin-wait loop.
static inline __attribute__((always_inline)) void kernel_spin_hint(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// The x86-64 level (psABI) of this CPU: 4 (AVX-512), 3 (AVX2 and FMA), 1 for less; 0 elsewhere.
static inline int kernel_x86_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return 4;
  if (__builtin_cpu_supports("x86-64-v3")) return 3;
  return 1;
#else
  return 0;
#endif
}

/// Whether this CPU multiplies and adds bytes in one instruction: 1 with vectors of 256 bits (AVX-VNNI),
/// 2 of 512 (AVX-512 VNNI), 3 both, 0 neither.
static inline int kernel_x86_dot_products(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return (__builtin_cpu_supports("avxvnni") ? 1 : 0) | (__builtin_cpu_supports("avx512vnni") ? 2 : 0);
#else
  return 0;
#endif
}

/// Processors that the calling thread may run on; 0 if the system does not tell.
int kernel_affinity_count(void);
