#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "engine/core/command.h"
#include "gateway/schemes/toml_reader.h"

// What all kinds of TOML files have in common that become commands.
namespace origo::gateway {

[[nodiscard]] Hash256 sha256(std::string_view text);
// Nothing: it cannot be read.
[[nodiscard]] std::optional<std::string> read_whole(const std::filesystem::path& path);
[[nodiscard]] FileError unreadable(const std::filesystem::path& path);

// Parses the file called `name` and hands the table to `read(table, error)`; its value, or the
// first error.
template <class T, class Read>
std::variant<T, FileError> parse_file(std::string_view text, std::string_view name, Read&& read) {
  std::optional<FileError> error;
  try {
    toml::table table = toml::parse(text, name);
    T value = read(table, error);
    if (!error) return value;
  } catch (const toml::parse_error& bad) {
    error = FileError{.file = bad.source().path ? *bad.source().path : std::string(),
                      .line = bad.source().begin.line,
                      .key = {},
                      .rule = std::string(bad.description())};
  }
  if (error->file.empty()) error->file = std::string(name);
  return *error;
}

}  // namespace origo::gateway
