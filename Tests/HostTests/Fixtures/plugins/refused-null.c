/* Refuses every host. */
#define ENTRY NULL
#include "base.h"
