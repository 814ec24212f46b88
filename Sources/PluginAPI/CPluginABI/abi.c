/* Compiles every header, so that its assertions are checked in each build. */
#include "bespoke/ext/catalogue.h"
#include "bespoke/ext/concurrent.h"
#include "bespoke/ext/draft/inspect.h"
#include "bespoke/ext/draft/train.h"
#include "bespoke/ext/resources.h"
#include "bespoke/ext/self_test.h"
#include "bespoke/ext/warm_up.h"
#include "bespoke/plugin.h"

_Static_assert(sizeof(bespoke_concurrent_v1) == 8, "frozen");
_Static_assert(sizeof(bespoke_warm_up_v1) == 8, "frozen");
_Static_assert(sizeof(bespoke_self_test_v1) == 16, "frozen");
_Static_assert(sizeof(bespoke_resource_v1) == 56, "frozen");
_Static_assert(sizeof(bespoke_resources_v1) == 16, "frozen");
_Static_assert(sizeof(bespoke_catalogue_v1) == 24, "frozen");
_Static_assert(sizeof(bespoke_self_test_case_v1) == 72, "frozen");
