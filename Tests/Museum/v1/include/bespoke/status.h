/* Statuses. The numbers are part of the ABI; a number that is not listed counts as INTERNAL. */
#ifndef BESPOKE_STATUS_H
#define BESPOKE_STATUS_H

#include <stdint.h>

typedef int32_t bespoke_status;

enum bespoke_status_code {
  BESPOKE_OK = 0,
  BESPOKE_SKIP = 1,          /* nothing to write for this brief; the slot stays empty */
  BESPOKE_CONFIG = 2,        /* the stage's options are wrong */
  BESPOKE_INPUT = 3,         /* this brief lacks something, or has it in a form that cannot be used */
  BESPOKE_REFUSED = 4,       /* a rule forbids it: a check that turns a text down, unsafe markup */
  BESPOKE_UNAVAILABLE = 5,   /* may work when tried again */
  BESPOKE_CANCELLED = 6,     /* the host asked to stop */
  BESPOKE_DEADLINE = 7,      /* the request's deadline passed */
  BESPOKE_RESOURCE = 8,      /* out of memory, a file, a quota */
  BESPOKE_UNSUPPORTED = 9,   /* not offered by this side */
  BESPOKE_INTERNAL = 10      /* a bug in the plugin */
};

#endif
