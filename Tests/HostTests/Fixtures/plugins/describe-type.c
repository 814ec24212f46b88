/* Names a type that JSON does not have. */
#define CONFIG "{\"type\":\"object\",\"properties\":{\"word\":{\"type\":\"strnig\"}}}"
#include "base.h"
