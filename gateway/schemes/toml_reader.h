#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/date.h"

namespace origo::gateway {

// What is wrong in a file, and where. Prints as "file:line: key: rule".
struct FileError {
  std::string file;
  std::uint32_t line = 0;  // from 1; 0: the file as a whole
  std::string key;         // dotted path; empty: none in particular
  std::string rule;        // what must hold
};
[[nodiscard]] std::string to_string(const FileError& error);

struct FilePlace {
  std::string file;
  std::uint32_t line = 0;
};

// Reads one table strictly: a wrong type, a missing key and, at `finish`, an unknown key are
// errors. The first error of a file is kept, later reads return defaults; so callers read on
// without branches.
class TomlReader {
 public:
  // `path` is the table's own dotted path, empty for the file's root.
  TomlReader(const toml::table& table, std::string path, std::optional<FileError>& error)
      : table_(table), path_(std::move(path)), error_(error) {}

  [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }
  // Where the key stands; a table's own place if it doesn't.
  [[nodiscard]] FilePlace place_of(std::string_view key) const;
  [[nodiscard]] std::string path_of(std::string_view key) const;

  std::string text(std::string_view key);  // not empty
  std::string text_or_empty(std::string_view key);
  std::int64_t number(std::string_view key, std::int64_t min, std::int64_t max);
  std::int64_t number_or(std::string_view key,
                         std::int64_t min,
                         std::int64_t max,
                         std::int64_t fallback);
  bool flag(std::string_view key);
  bool flag_or(std::string_view key, bool fallback);
  Date date(std::string_view key);
  Date date_or(std::string_view key, Date fallback);
  std::int32_t time_of_day(std::string_view key);        // whole seconds since midnight
  std::vector<std::string> words(std::string_view key);  // at least one, each once
  std::vector<std::string> words_or_none(std::string_view key);

  // The sub-table, or nothing; a required one that is missing is an error.
  const toml::table* table(std::string_view key);
  const toml::table* table_if_any(std::string_view key);
  // The tables of an array of tables; none if absent.
  std::vector<const toml::table*> tables(std::string_view key);

  // The value under a key that is there.
  [[nodiscard]] const toml::node& get(std::string_view key);

  // Keys that nobody asked for are errors.
  void finish();

  void fail(std::string_view key, std::string rule);

 private:
  const toml::node* find(std::string_view key, bool required);
  std::optional<std::vector<std::string>> read_words(const toml::node& node, std::string_view key);

  const toml::table& table_;
  std::string path_;
  std::optional<FileError>& error_;
  std::set<std::string, std::less<>> used_;
};

}  // namespace origo::gateway
