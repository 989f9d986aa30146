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
#pragma clang diagnostic push
// All of them are inlined, so no vector is passed.
#pragma clang diagnostic ignored "-Wpsabi"
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

static inline __attribute__((always_inline)) kernel_uint16 kernel_widened_halves(
    kernel_half16 halves) {
  return __builtin_convertvector(halves, kernel_uint16);
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

/// Where the CPU converts binary16 numbers, in one instruction.
#if defined(__F16C__)
#define KERNEL_CONVERTS_HALVES 1
#else
#define KERNEL_CONVERTS_HALVES 0
#endif

static inline __attribute__((always_inline)) kernel_float16 kernel_floats_of_halves(
    kernel_half16 halves) {
#if KERNEL_CONVERTS_HALVES
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

/// Whether `kernel_dot4` is one instruction for all unsigned bytes.
#if defined(__AVX512VNNI__) || defined(__AVXVNNI__)
#define KERNEL_HAS_DOT 1
#else
#define KERNEL_HAS_DOT 0
#endif

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
