#ifndef DECODER_KERNELS_H
#define DECODER_KERNELS_H
int decoder_levels(void);
#endif
