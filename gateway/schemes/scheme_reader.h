#pragma once

#include <toml++/toml.h>

#include <map>
#include <optional>
#include <string>

#include "engine/core/command.h"
#include "gateway/schemes/toml_reader.h"

namespace origo::gateway {

// What fields can become: attributes by name. Unknown: nothing is said of them.
using KnownAttributes = std::optional<std::map<std::string, AttributeKind, std::less<>>>;

// The scheme that `table` states, strictly; `error` gets the first thing that is wrong.
[[nodiscard]] Scheme read_scheme(const toml::table& table,
                                 const KnownAttributes& attributes,
                                 std::optional<FileError>& error);

}  // namespace origo::gateway
