/* Keeps in a global which instance was last at work. */
static void *last;
#define ON_DESTROY last = NULL;
#define ON_BATCH                                   \
  const char *tail = last && last != self ? "!" : ""; \
  last = self;
#define ON_ITEM sink->append(out, text(""), text(tail));
#include "base.h"
