/* Leaves the statuses as they were. */
#define ON_STATUS (void)status; (void)statuses;
#include "base.h"
