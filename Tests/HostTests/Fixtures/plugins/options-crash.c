/* Trusts that an option is what its schema says. */
#define ON_CREATE(with, host)                                                  \
  bespoke_value word = host->access->get(with->config, text("word"));          \
  if (host->access->type(word) != BESPOKE_TYPE_MISSING && !host->access->str(word).ptr) __builtin_trap();
#include "base.h"
