#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/core/command.h"
#include "gateway/schemes/toml_reader.h"

// Scheme files and the attribute catalogue, read into the commands that journal them. A file is
// refused whole: unknown and missing keys, wrong types and words, and rules without a source. A
// file may name a `base`: another in its folder or below, whose keys and rules hold where it has
// none. Where attributes.toml lies beside a file, its fields become only attributes of that.
namespace origo::gateway {

// The scheme in the file, with the SHA-256 of the file, after its bases' texts if it has any.
[[nodiscard]] std::variant<LoadScheme, FileError> load_scheme_file(
    const std::filesystem::path& path);
// `text` as if it were the content of a file called `name` in `folder`; no folder: it has no base.
[[nodiscard]] std::variant<LoadScheme, FileError> parse_scheme(
    std::string_view text, std::string_view name, const std::filesystem::path& folder = {});

using AttributeCatalogue = std::vector<DefineAttribute>;
[[nodiscard]] std::variant<AttributeCatalogue, FileError> load_attribute_file(
    const std::filesystem::path& path);
[[nodiscard]] std::variant<AttributeCatalogue, FileError> parse_attributes(std::string_view text,
                                                                           std::string_view name);

// What is wrong with a file of a folder of schemes, be it a scheme or the catalogue; nothing: it
// can be used.
[[nodiscard]] std::optional<FileError> lint_file(const std::filesystem::path& path);

}  // namespace origo::gateway
