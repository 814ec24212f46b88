/* Any CPU. */
#define LEVEL_NAME "plain"
#define LEVEL_TABLE training_plain
#define LANES 4
#define TILE_ROWS 4
#define FUSED 0
#include "level.h"
