#pragma once

#include <filesystem>
#include <string>
#include <variant>

#include "gateway/node/installer.h"

namespace origo::gateway {

// The schemes and attributes of a folder: attributes.toml and every other *.toml, by name. Or what
// is wrong, with file and line.
[[nodiscard]] std::variant<Installation, std::string> read_installation(
    const std::filesystem::path& folder);

}  // namespace origo::gateway
