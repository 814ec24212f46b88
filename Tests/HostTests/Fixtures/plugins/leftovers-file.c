/* Leaves a file open. */
#include <fcntl.h>
static int opened;
#define ON_CREATE(with, host) if (!opened) opened = open("/dev/null", O_RDONLY);
#include "base.h"
