#pragma once

// What Swift cannot express: prefetches, vector conversions, a spin-wait hint, the CPU's instruction
// set and the affinity mask.

/// Asks for the cache line at `address`, which need not be mapped, to be brought to the L1 cache.
static inline __attribute__((always_inline)) void kernel_prefetch(const void *address) {
  __builtin_prefetch(address, 0, 3);
}

/// The same as far as the L2 cache: for what is wanted only after more than the L1 cache holds.
static inline __attribute__((always_inline)) void kernel_prefetch_l2(const void *address) {
  __builtin_prefetch(address, 0, 2);
}

// Vector operations that are one instruction with AVX-512. Swift has them as loops over lanes, which the
// optimisers turn into that instruction only in the end: the kernels took a minute to compile
// (docs/decisions/0070).
typedef float kernel_float16 __attribute__((ext_vector_type(16)));
typedef int kernel_int16 __attribute__((ext_vector_type(16)));
typedef unsigned kernel_uint16 __attribute__((ext_vector_type(16)));
typedef signed char kernel_byte16 __attribute__((ext_vector_type(16)));
typedef unsigned short kernel_half16 __attribute__((ext_vector_type(16)));

static inline __attribute__((always_inline)) kernel_float16 kernel_floats(kernel_int16 integers) {
  return __builtin_convertvector(integers, kernel_float16);
}

/// `sum + a · b`, each lane rounded once.
static inline __attribute__((always_inline)) kernel_float16 kernel_fma(
    kernel_float16 sum, kernel_float16 a, kernel_float16 b) {
  return __builtin_elementwise_fma(a, b, sum);
}

static inline __attribute__((always_inline)) kernel_float16 kernel_add(
    kernel_float16 a, kernel_float16 b) {
  return a + b;
}

static inline __attribute__((always_inline)) kernel_float16 kernel_multiply(
    kernel_float16 a, kernel_float16 b) {
  return a * b;
}

static inline __attribute__((always_inline)) kernel_float16 kernel_splat(float value) {
  return (kernel_float16)value;
}

static inline __attribute__((always_inline)) kernel_uint16 kernel_and(
    kernel_uint16 a, unsigned mask) {
  return a & mask;
}

static inline __attribute__((always_inline)) kernel_uint16 kernel_or(
    kernel_uint16 a, kernel_uint16 b) {
  return a | b;
}

static inline __attribute__((always_inline)) kernel_uint16 kernel_shift_left(
    kernel_uint16 a, unsigned bits) {
  return a << (bits & 31);
}

static inline __attribute__((always_inline)) kernel_uint16 kernel_shift_right(
    kernel_uint16 a, unsigned bits) {
  return a >> (bits & 31);
}

/// Copies the sign.
static inline __attribute__((always_inline)) kernel_int16 kernel_signed_shift_right(
    kernel_int16 a, unsigned bits) {
  return a >> (bits & 31);
}

static inline __attribute__((always_inline)) kernel_int16 kernel_widened(kernel_byte16 bytes) {
  return __builtin_convertvector(bytes, kernel_int16);
}

static inline __attribute__((always_inline)) kernel_uint16 kernel_widened_halves(
    kernel_half16 halves) {
  return __builtin_convertvector(halves, kernel_uint16);
}

/// The numbers that sixteen IEEE binary16 stand for, exactly; NaN stays NaN, though its payload may
/// depend on the branch. The integer steps are those of `float16` in PanelScales.swift.
static inline __attribute__((always_inline)) kernel_float16 kernel_floats_of_halves(
    kernel_half16 halves) {
#if defined(__F16C__)
  typedef _Float16 numbers __attribute__((ext_vector_type(16)));
  return __builtin_convertvector((numbers)halves, kernel_float16);
#else
  kernel_uint16 bits = __builtin_convertvector(halves, kernel_uint16);
  kernel_float16 scaled = (kernel_float16)((bits & 0x7FFF) << 13) * 0x1p112f;
  // From 65,536 on it is infinity or NaN, with all bits of the exponent.
  kernel_uint16 special = (kernel_uint16)(scaled >= 65536.0f) & 0x7F800000;
  return (kernel_float16)((kernel_uint16)scaled | special | (bits & 0x8000) << 16);
#endif
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

/// Processors that the calling thread may run on; 0 if the system does not tell.
int kernel_affinity_count(void);
