// The formats of numbers and words that the story also uses.
#pragma once

#include "sim/story/text.h"

namespace dkv::cli {

using story::clock_time;
using story::columns_of;
using story::counted;
using story::duration;
using story::grouped;
using story::harmless;
using story::joined;
using story::listed;
using story::node_name;
using story::node_names;
using story::percent;
using story::rate;
using story::shown;
using story::wrapped;

}  // namespace dkv::cli
