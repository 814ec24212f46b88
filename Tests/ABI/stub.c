/* Uses every struct and enum of the ABI, so that debug information describes them all to Scripts/abi-lock.sh. */
#include <bespoke/ext/catalogue.h>
#include <bespoke/ext/concurrent.h>
#include <bespoke/ext/resources.h>
#include <bespoke/ext/self_test.h>
#include <bespoke/ext/warm_up.h>
#include <bespoke/plugin.h>

enum bespoke_type bespoke_stub_type;
enum bespoke_status_code bespoke_stub_status;
enum bespoke_log_level bespoke_stub_level;

bespoke_str bespoke_stub_str;
bespoke_value bespoke_stub_value;
bespoke_access_v1 bespoke_stub_access;
bespoke_sink_v1 bespoke_stub_sink;
bespoke_host_v1 bespoke_stub_host;
bespoke_create_v1 bespoke_stub_create;
bespoke_request_v1 bespoke_stub_request;
bespoke_plugin_v1 bespoke_stub_plugin;

bespoke_resource_v1 bespoke_stub_resource;
bespoke_resources_v1 bespoke_stub_resources;
bespoke_catalogue_v1 bespoke_stub_catalogue;
bespoke_concurrent_v1 bespoke_stub_concurrent;
bespoke_self_test_case_v1 bespoke_stub_self_test_case;
bespoke_self_test_v1 bespoke_stub_self_test;
bespoke_warm_up_v1 bespoke_stub_warm_up;

const bespoke_plugin_v1 *bespoke_plugin_main_v1(const bespoke_host_v1 *host) {
  bespoke_stub_host = *host;
  return &bespoke_stub_plugin;
}
