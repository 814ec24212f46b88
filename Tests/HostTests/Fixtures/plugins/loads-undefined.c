/* Calls a function that no library has. */
extern void bespoke_fixture_absent(void);
#define ON_BATCH bespoke_fixture_absent();
#include "base.h"
