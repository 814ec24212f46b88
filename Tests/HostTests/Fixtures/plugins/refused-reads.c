/* Gives one path where a list of paths is due. */
#define DESCRIBE "{\"config\":" CONFIG ",\"reads\":\"profile\",\"writes\":" WRITES "}"
#include "base.h"
