#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/core/command.h"
#include "gateway/schemes/toml_reader.h"

// Scheme files and the attribute catalogue, read into the commands that journal them. A file is
// refused whole: unknown and missing keys, wrong types and words, and rules without a source.
namespace origo::gateway {

// The scheme in the file, with the file's SHA-256.
[[nodiscard]] std::variant<LoadScheme, FileError> load_scheme_file(const std::filesystem::path& path);
// `text` as if it were the content of a file called `name`.
[[nodiscard]] std::variant<LoadScheme, FileError> parse_scheme(std::string_view text,
                                                               std::string_view name);

using AttributeCatalogue = std::vector<DefineAttribute>;
[[nodiscard]] std::variant<AttributeCatalogue, FileError> load_attribute_file(
    const std::filesystem::path& path);
[[nodiscard]] std::variant<AttributeCatalogue, FileError> parse_attributes(std::string_view text,
                                                                           std::string_view name);

}  // namespace origo::gateway
