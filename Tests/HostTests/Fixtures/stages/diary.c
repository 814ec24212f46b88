/* Writes what no other call writes again, says so, and logs each brief. */
#define DESCRIBE                                                               \
  "{\"config\":{\"type\":\"object\"},\"reads\":[\"profile.first_name\"]," \
  "\"writes\":[{\"kind\":\"text\"}],\"deterministic\":false}"
#define ON_CREATE(with, host) self->number = (int64_t)now();
#define ON_ITEM                                                        \
  char number[24];                                                     \
  snprintf(number, sizeof number, " %lld", (long long)self->number++); \
  sink->append(out, text(""), text(number));                           \
  self->host->log(self->host->ctx, BESPOKE_LOG_INFO, text("wrote"));
#include "../plugins/base.h"
