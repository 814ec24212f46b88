/* Keeps the contract. */
#include "base.h"
