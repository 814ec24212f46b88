/* Lists a port twice. */
#define WRITES "[{\"kind\":\"text\"},{\"name\":\"facts\",\"kind\":\"json\"},{\"name\":\"facts\",\"kind\":\"json\"}]"
#include "base.h"
