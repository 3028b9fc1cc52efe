#pragma once

#include <optional>

#include "gateway/schemes/condition_reader.h"
#include "gateway/schemes/toml_reader.h"

namespace origo::gateway {

// Reads the lists `claims` and `claims_barred` of a file into the scheme, whose purposes are read
// already.
void read_claims(TomlReader& root,
                 const KnownAttributes& attributes,
                 Scheme& scheme,
                 std::optional<FileError>& error);

}  // namespace origo::gateway
