#pragma once

#include <toml++/toml.h>

namespace origo::gateway {

// Adds to `file` what `base` states and it does not: keys, also within sections; entries of lists
// of tables by their "name", rules by their "id". A rule of the base is left out where the file
// states the key that the rule explains: who states a key cites its source. Places in the files are
// kept.
void merge_base(toml::table& file, toml::table&& base);

}  // namespace origo::gateway
