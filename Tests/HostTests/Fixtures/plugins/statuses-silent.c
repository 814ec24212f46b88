/* Fails without a word. */
#define ON_ITEM status = BESPOKE_REFUSED;
#include "base.h"
