#pragma once

#include <vector>

#include "engine/core/command.h"
#include "engine/core/scheme.h"

namespace origo::scenario {

// Adds values for the fields that `rules` require and `fields` lack.
void add_samples(const Scheme& scheme,
                 const std::vector<FieldRule>& rules,
                 std::vector<Field>& fields);

}  // namespace origo::scenario
