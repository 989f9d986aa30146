#pragma once

// Sums of products of bytes: one instruction with VNNI, a few with AVX2, a loop elsewhere. The sums are
// integers, so all give the same.

#include "KernelVectors.h"

#pragma clang diagnostic push
// All functions are inlined, so no vector is passed.
#pragma clang diagnostic ignored "-Wpsabi"

#if defined(__AVX2__)
typedef int kernel_int8 __attribute__((ext_vector_type(8)));
typedef short kernel_short16 __attribute__((ext_vector_type(16)));
typedef signed char kernel_byte32 __attribute__((ext_vector_type(32)));

/// The lower or upper eight lanes.
#define KERNEL_LOWER(a) __builtin_shufflevector(a, a, 0, 1, 2, 3, 4, 5, 6, 7)
#define KERNEL_UPPER(a) __builtin_shufflevector(a, a, 8, 9, 10, 11, 12, 13, 14, 15)
#define KERNEL_JOINED(a, b) \
  __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)

static inline __attribute__((always_inline)) kernel_int8 kernel_madd(kernel_int8 a, kernel_int8 b) {
  return (kernel_int8)__builtin_ia32_pmaddwd256((kernel_short16)a, (kernel_short16)b);
}

static inline __attribute__((always_inline)) kernel_int8 kernel_dot4_half(
    kernel_int8 sum, kernel_int8 codes, kernel_int8 x) {
#if defined(__AVXVNNI__)
  return (kernel_int8)__builtin_ia32_vpdpbusd256(sum, codes, x);
#else
  // Bytes 0 and 2, then 1 and 3, of each lane as 16-bit numbers, which madd multiplies exactly.
  kernel_int8 even = (kernel_int8)(((kernel_short16)x << 8) >> 8);
  kernel_int8 odd = (kernel_int8)((kernel_short16)x >> 8);
  kernel_int8 evenCodes = codes & 0x00FF00FF;
  kernel_int8 oddCodes = (codes >> 8) & 0x00FF00FF;
  return sum + kernel_madd(evenCodes, even) + kernel_madd(oddCodes, odd);
#endif
}

static inline __attribute__((always_inline)) kernel_int8 kernel_small_dot4_half(
    kernel_int8 sum, kernel_int8 codes, kernel_int8 x) {
#if defined(__AVXVNNI__)
  return kernel_dot4_half(sum, codes, x);
#else
  // Sums of two products of at most 127 · 128 do not saturate 16 bits.
  kernel_short16 pairs =
      (kernel_short16)__builtin_ia32_pmaddubsw256((kernel_byte32)codes, (kernel_byte32)x);
  return sum + kernel_madd((kernel_int8)pairs, (kernel_int8)0x00010001);
#endif
}
#endif

/// `sum + Σ code · x` over the four bytes of each lane: codes unsigned, x signed and the same for all
/// lanes.
static inline __attribute__((always_inline)) kernel_int16 kernel_dot4(
    kernel_int16 sum, kernel_uint16 codes, int x) {
#if defined(__AVX512VNNI__)
  return (kernel_int16)__builtin_ia32_vpdpbusd512(sum, (kernel_int16)codes, (kernel_int16)x);
#elif defined(__AVX2__)
  kernel_int8 all = (kernel_int8)x;
  kernel_int8 lower = kernel_dot4_half(KERNEL_LOWER(sum), (kernel_int8)KERNEL_LOWER(codes), all);
  kernel_int8 upper = kernel_dot4_half(KERNEL_UPPER(sum), (kernel_int8)KERNEL_UPPER(codes), all);
  return KERNEL_JOINED(lower, upper);
#else
  for (int byte = 0; byte < 32; byte += 8)
    sum += (kernel_int16)((codes >> byte) & 255) * (int)(signed char)(x >> byte);
  return sum;
#endif
}

/// The same for codes of at most 127.
static inline __attribute__((always_inline)) kernel_int16 kernel_small_dot4(
    kernel_int16 sum, kernel_uint16 codes, int x) {
#if defined(__AVX2__) && !defined(__AVX512VNNI__)
  kernel_int8 all = (kernel_int8)x;
  kernel_int8 lower =
      kernel_small_dot4_half(KERNEL_LOWER(sum), (kernel_int8)KERNEL_LOWER(codes), all);
  kernel_int8 upper =
      kernel_small_dot4_half(KERNEL_UPPER(sum), (kernel_int8)KERNEL_UPPER(codes), all);
  return KERNEL_JOINED(lower, upper);
#else
  return kernel_dot4(sum, codes, x);
#endif
}

/// Every byte, 0 … 15, replaced by an entry of a table of sixteen bytes.
static inline __attribute__((always_inline)) kernel_uint16 kernel_looked_up(
    kernel_uint16 bytes, kernel_ubyte16 entries) {
#if defined(__AVX512BW__)
  typedef unsigned char byte64 __attribute__((ext_vector_type(64)));
  byte64 all = __builtin_shufflevector(
      entries, entries, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7,
      8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3,
      4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return (kernel_uint16)__builtin_ia32_pshufb512(all, (byte64)bytes);
#elif defined(__AVX2__)
  typedef unsigned char byte32 __attribute__((ext_vector_type(32)));
  byte32 all = __builtin_shufflevector(
      entries, entries, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7,
      8, 9, 10, 11, 12, 13, 14, 15);
  kernel_int8 lower =
      (kernel_int8)__builtin_ia32_pshufb256((kernel_byte32)all, (kernel_byte32)KERNEL_LOWER(bytes));
  kernel_int8 upper =
      (kernel_int8)__builtin_ia32_pshufb256((kernel_byte32)all, (kernel_byte32)KERNEL_UPPER(bytes));
  return (kernel_uint16)KERNEL_JOINED(lower, upper);
#else
  typedef unsigned char byte64 __attribute__((ext_vector_type(64)));
  byte64 indexes = (byte64)bytes;
  byte64 result;
  for (int i = 0; i < 64; i++) result[i] = entries[indexes[i] & 15];
  return (kernel_uint16)result;
#endif
}

#pragma clang diagnostic pop
