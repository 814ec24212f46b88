#include "decoder_kernels.h"
int decoder_levels(void) { return 1; }
