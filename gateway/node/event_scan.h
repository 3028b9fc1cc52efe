#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gateway/node/command_sink.h"

namespace origo::gateway {

// Appends a Fill for each trade among `events`, which are one command's; returns how many.
std::uint32_t append_fills(std::span<const std::uint8_t> events, std::vector<Fill>& fills);

}  // namespace origo::gateway
