#pragma once

#include <string>
#include <vector>

#include "engine/state.h"

namespace origo {

// Adds, in words, what does not hold of the mass balances: each is the sum of its bookings, never
// negative, goes on where the one before ended, is closed with nothing held, and will be closed.
void check_balances(const State& state, std::vector<std::string>& broken);

}  // namespace origo
