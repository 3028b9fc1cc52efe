#pragma once

#include <array>
#include <cstdint>

namespace origo {

using Hash256 = std::array<std::uint8_t, 32>;  // SHA-256
using Hash128 = std::array<std::uint8_t, 16>;  // first half of a SHA-256

}  // namespace origo
