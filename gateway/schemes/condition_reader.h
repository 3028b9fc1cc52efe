#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/command.h"
#include "gateway/schemes/toml_reader.h"

namespace origo::gateway {

// What fields can become and conditions can speak of, beside what the core says of every lot:
// attributes by name. Unknown: nothing is said of them.
using KnownAttributes = std::optional<std::map<std::string, AttributeKind, std::less<>>>;

// The conditions under `key`, all of which must be met: of each attribute a word, several words,
// true or false, a number, a date, or {min, max} of these. None if the key is absent.
[[nodiscard]] std::vector<ClauseSpec> read_conditions(TomlReader& parent,
                                                      std::string_view key,
                                                      const KnownAttributes& attributes,
                                                      std::optional<FileError>& error);

}  // namespace origo::gateway
