#pragma once

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
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

// The enumerator called `word`, or `fallback` after naming what is allowed.
template <class E>
E choose(TomlReader& reader, std::string_view key, const std::string& word, E fallback) {
  E found = fallback;
  bool known = false;
  std::string allowed;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
    allowed += (allowed.empty() ? "" : ", ") + std::string(d.name);
    if (word == d.name) {
      found = d.value;
      known = true;
    }
  });
  if (!known) reader.fail(key, "\"" + word + "\" must be one of " + allowed);
  return found;
}

template <class E>
E choice(TomlReader& reader, std::string_view key, E fallback) {
  const std::string word = reader.text(key);  // names a key that is missing
  return word.empty() ? fallback : choose(reader, key, word, fallback);
}

// Parses `text` and hands the table to `read(table, error)`; its value, or the file's first error.
template <class T, class Read>
std::variant<T, FileError> parse_file(std::string_view text, std::string_view name, Read&& read) {
  std::optional<FileError> error;
  try {
    const toml::table table = toml::parse(text, name);
    T value = read(table, error);
    if (!error) return value;
  } catch (const toml::parse_error& bad) {
    error = FileError{.file = {},
                      .line = bad.source().begin.line,
                      .key = {},
                      .rule = std::string(bad.description())};
  }
  error->file = std::string(name);
  return *error;
}

}  // namespace origo::gateway
