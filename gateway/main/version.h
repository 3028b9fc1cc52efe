#pragma once

namespace origo::gateway {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace origo::gateway
