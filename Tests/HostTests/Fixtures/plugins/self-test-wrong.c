/* Ships a case that it does not pass. */
static const void *tests(const char *id);
#define EXTENSION tests(id)
#include "base.h"
static uint32_t count(void *ctx) {
  (void)ctx;
  return 1;
}
static bespoke_self_test_case_v1 at(void *ctx, uint32_t index) {
  (void)ctx;
  (void)index;
  return (bespoke_self_test_case_v1){text("greets"), text("{}"), text("{\"profile\":{\"first_name\":\"Ada\"}}"),
                                     text("{\"\":\"Goodbye, Ada\"}"), 0};
}
static const void *tests(const char *id) {
  static const bespoke_self_test_v1 table = {count, at};
  return strcmp(id, BESPOKE_SELF_TEST) ? NULL : &table;
}
