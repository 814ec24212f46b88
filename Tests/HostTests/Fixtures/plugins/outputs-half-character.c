/* Cuts a character in two. */
#define ON_ITEM sink->append(out, text(""), (bespoke_str){"\xC3\xA9", 1});
#include "base.h"
