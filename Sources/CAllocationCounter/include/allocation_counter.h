/* Counts the allocations of a process into which it is preloaded. */
#ifndef BESPOKE_ALLOCATION_COUNTER_H
#define BESPOKE_ALLOCATION_COUNTER_H

#include <stdint.h>

/* Allocations so far, on all threads. */
uint64_t bespoke_allocations(void);

#endif
