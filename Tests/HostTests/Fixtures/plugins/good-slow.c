/* Takes its time to make an instance, as one does that reads a model. */
#define ON_CREATE(with, host) nap(150);
#include "base.h"
