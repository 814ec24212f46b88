/* Linked with -lz, which 'describe' does not list. */
extern const char *zlibVersion(void);
#define ON_BATCH (void)zlibVersion();
#include "base.h"
