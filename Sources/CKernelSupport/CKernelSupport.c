#define _GNU_SOURCE
#include "CKernelSupport.h"

#if defined(__linux__)
#include <sched.h>
#endif

int kernel_affinity_count(void) {
#if defined(__linux__)
  cpu_set_t processors;
  if (sched_getaffinity(0, sizeof processors, &processors) == 0) return CPU_COUNT(&processors);
#endif
  return 0;
}
