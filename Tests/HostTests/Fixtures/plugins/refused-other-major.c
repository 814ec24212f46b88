/* Offers another major version of the ABI alone. */
const void *bespoke_plugin_main_v2(const void *host) { return host; }
