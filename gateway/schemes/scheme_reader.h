#pragma once

#include <toml++/toml.h>

#include <optional>

#include "engine/core/command.h"
#include "gateway/schemes/condition_reader.h"
#include "gateway/schemes/toml_reader.h"

namespace origo::gateway {

// The scheme that `table` states, strictly; `error` gets the first thing that is wrong.
[[nodiscard]] Scheme read_scheme(const toml::table& table,
                                 const KnownAttributes& attributes,
                                 std::optional<FileError>& error);

}  // namespace origo::gateway
