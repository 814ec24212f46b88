/* The plugins in C that ABIBench compares. */
#ifndef ABIBENCH_PLUGINS_H
#define ABIBENCH_PLUGINS_H

#include <bespoke/plugin.h>

/* Reads 8 fields of the brief's profile through the accessors and writes two slots. */
const bespoke_plugin_v1 *abibench_accessors(void);

/* The peer: finds the same 8 fields in a JSON text of the profile, which crosses the boundary as one blob, and writes the same two
   slots. Returns 0, or -1 where a field is not found. No escapes are decoded, which is in the peer's favour. */
int abibench_blob(const bespoke_sink_v1 *sink, bespoke_out *out, const char *json, size_t length);

#endif
