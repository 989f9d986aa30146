#pragma once

#pragma clang diagnostic push
// All functions are inlined, so no vector is passed.
#pragma clang diagnostic ignored "-Wpsabi"

// Vector operations that are one instruction with AVX-512. Swift has them as loops over lanes, which the
// optimisers turn into that instruction only in the end: the kernels took a minute to compile
// (docs/decisions/0070).
typedef float kernel_float16 __attribute__((ext_vector_type(16)));
typedef int kernel_int16 __attribute__((ext_vector_type(16)));
typedef unsigned kernel_uint16 __attribute__((ext_vector_type(16)));
typedef signed char kernel_byte16 __attribute__((ext_vector_type(16)));
typedef unsigned char kernel_ubyte16 __attribute__((ext_vector_type(16)));
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

static inline __attribute__((always_inline)) kernel_int16 kernel_integers_add(
    kernel_int16 a, kernel_int16 b) {
  return a + b;
}

static inline __attribute__((always_inline)) kernel_int16 kernel_integers_splat(int value) {
  return (kernel_int16)value;
}

static inline __attribute__((always_inline)) kernel_int16 kernel_integers_shift_left(
    kernel_int16 a, unsigned bits) {
  return a << (int)(bits & 31);
}

static inline __attribute__((always_inline)) kernel_uint16 kernel_larger(
    kernel_uint16 a, kernel_uint16 b) {
  return __builtin_elementwise_max(a, b);
}

static inline __attribute__((always_inline)) int kernel_integers_sum(kernel_int16 a) {
  return __builtin_reduce_add(a);
}

static inline __attribute__((always_inline)) unsigned kernel_largest(kernel_uint16 a) {
  return __builtin_reduce_max(a);
}

/// The low bytes.
static inline __attribute__((always_inline)) kernel_byte16 kernel_low_bytes(kernel_int16 a) {
  return __builtin_convertvector(a, kernel_byte16);
}

/// The numbers that sixteen IEEE binary16 stand for, exactly; NaN stays NaN, though its payload may
/// depend on the branch.
static inline __attribute__((always_inline)) kernel_float16 kernel_floats_of_halves(
    kernel_half16 halves) {
#if defined(__F16C__)
  typedef _Float16 half16 __attribute__((ext_vector_type(16)));
  return __builtin_convertvector((half16)halves, kernel_float16);
#else
  // Read as binary32, the exponent is too small by 127 - 15; the product with a power of two is exact.
  kernel_uint16 bits = __builtin_convertvector(halves, kernel_uint16);
  kernel_uint16 magnitude = (bits & 0x7FFF) << 13;
  kernel_uint16 scaled = (kernel_uint16)((kernel_float16)magnitude * 0x1p112f);
  // What would be 65,536 or more is infinity or NaN.
  kernel_uint16 special = (kernel_uint16)((kernel_int16)magnitude >= 0x0F800000);
  kernel_uint16 result = (special & (magnitude | 0x7F800000)) | (~special & scaled);
  return (kernel_float16)(result | ((bits & 0x8000) << 16));
#endif
}

#pragma clang diagnostic pop
