#pragma once

#include <string>
#include <string_view>

#include "engine/core/command.h"

namespace origo::gateway {

// A new credential: 256 random bits as 64 hex digits. Ends the process if there is no randomness.
[[nodiscard]] std::string draw_token();

// What is kept of a credential: SHA-256 of its text.
[[nodiscard]] Hash256 digest_of_token(std::string_view token);

}  // namespace origo::gateway
