/* Every public header, drafts too, for the check that each language mode takes them. */
#include <bespoke/ext/catalogue.h>
#include <bespoke/ext/concurrent.h>
#include <bespoke/ext/draft/inspect.h>
#include <bespoke/ext/draft/train.h>
#include <bespoke/ext/resources.h>
#include <bespoke/ext/self_test.h>
#include <bespoke/ext/warm_up.h>
#include <bespoke/plugin.h>
