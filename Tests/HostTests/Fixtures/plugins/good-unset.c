/* Forgets its statuses where a word tells it to, or answers what is none. */
#define ON_STATUS (void)status; if (self->number) statuses[i] = (bespoke_status)self->number;
#define ON_CREATE(with, host) self->number = host->access->i64(host->access->get(with->config, text("status")), 0);
#include "base.h"
