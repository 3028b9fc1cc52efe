#include "gateway/schemes/toml_reader.h"

#include <algorithm>
#include <utility>

#include "engine/core/ensure.h"

namespace origo::gateway {

std::string to_string(const FileError& error) {
  std::string out = error.file;
  if (error.line != 0) out += ":" + std::to_string(error.line);
  if (!error.key.empty()) out += ": " + error.key;
  return out + ": " + error.rule;
}

FilePlace TomlReader::place_of(std::string_view key) const {
  const toml::source_region* at = &table_.source();
  for (const auto& [name, node] : table_) {
    if (name.str() == key) at = &name.source();
  }
  return {.file = at->path ? *at->path : std::string(), .line = at->begin.line};
}

std::string TomlReader::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

void TomlReader::fail(std::string_view key, std::string rule) {
  if (error_) return;
  FilePlace at = place_of(key);
  error_ = FileError{
      .file = std::move(at.file), .line = at.line, .key = path_of(key), .rule = std::move(rule)};
}

const toml::node* TomlReader::find(std::string_view key, bool required) {
  used_.emplace(key);
  const toml::node* node = table_.get(key);
  if (node == nullptr && required) fail(key, "is missing");
  return node;
}

std::string TomlReader::text(std::string_view key) {
  const toml::node* node = find(key, true);
  if (node == nullptr) return {};
  const auto* value = node->as_string();
  if (value == nullptr) {
    fail(key, "must be a text");
    return {};
  }
  if (value->get().empty()) fail(key, "must not be empty");
  return value->get();
}

std::string TomlReader::text_or_empty(std::string_view key) {
  return find(key, false) == nullptr ? std::string() : text(key);
}

std::int64_t TomlReader::number(std::string_view key, std::int64_t min, std::int64_t max) {
  const toml::node* node = find(key, true);
  if (node == nullptr) return min;
  const auto* value = node->as_integer();
  if (value == nullptr) {
    fail(key, "must be a whole number");
    return min;
  }
  if (value->get() < min || value->get() > max) {
    fail(key, "must lie between " + std::to_string(min) + " and " + std::to_string(max));
    return min;
  }
  return value->get();
}

std::int64_t TomlReader::number_or(std::string_view key,
                                   std::int64_t min,
                                   std::int64_t max,
                                   std::int64_t fallback) {
  return find(key, false) == nullptr ? fallback : number(key, min, max);
}

bool TomlReader::flag(std::string_view key) {
  const toml::node* node = find(key, true);
  if (node == nullptr) return false;
  const auto* value = node->as_boolean();
  if (value == nullptr) {
    fail(key, "must be true or false");
    return false;
  }
  return value->get();
}

bool TomlReader::flag_or(std::string_view key, bool fallback) {
  return find(key, false) == nullptr ? fallback : flag(key);
}

Date TomlReader::date(std::string_view key) {
  const toml::node* node = find(key, true);
  if (node == nullptr) return {};
  const auto* value = node->as_date();
  if (value == nullptr) {
    fail(key, "must be a date, written 2026-01-31 without quotes");
    return {};
  }
  const std::optional<Date> date =
      make_date(value->get().year, value->get().month, value->get().day);
  if (!date) {
    fail(key, "must be a date between 1900 and 9999");
    return {};
  }
  return *date;
}

Date TomlReader::date_or(std::string_view key, Date fallback) {
  return find(key, false) == nullptr ? fallback : date(key);
}

std::int32_t TomlReader::time_of_day(std::string_view key) {
  const toml::node* node = find(key, true);
  if (node == nullptr) return 0;
  const auto* value = node->as_time();
  if (value == nullptr || value->get().nanosecond != 0) {
    fail(key, "must be a time of day in whole seconds, written 09:30:00 without quotes");
    return 0;
  }
  return value->get().hour * 3600 + value->get().minute * 60 + value->get().second;
}

std::optional<std::vector<std::string>> TomlReader::read_words(const toml::node& node,
                                                               std::string_view key) {
  const toml::array* array = node.as_array();
  std::vector<std::string> words;
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    const auto* word = array->get(i)->as_string();
    if (word == nullptr || word->get().empty()) {
      array = nullptr;
      break;
    }
    words.push_back(word->get());
  }
  if (array == nullptr) {
    fail(key, "must be a list of texts");
    return std::nullopt;
  }
  std::vector<std::string> sorted = words;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end()) fail(key, "names \"" + *twice + "\" twice");
  return words;
}

std::vector<std::string> TomlReader::words(std::string_view key) {
  const toml::node* node = find(key, true);
  if (node == nullptr) return {};
  const auto words = read_words(*node, key);
  if (!words) return {};
  if (words->empty()) fail(key, "must not be empty");
  return *words;
}

std::vector<std::string> TomlReader::words_or_none(std::string_view key) {
  const toml::node* node = find(key, false);
  if (node == nullptr) return {};
  return read_words(*node, key).value_or(std::vector<std::string>());
}

const toml::table* TomlReader::table_if_any(std::string_view key) {
  const toml::node* node = find(key, false);
  if (node == nullptr) return nullptr;
  if (!node->is_table()) fail(key, "must be a table");
  return node->as_table();
}

const toml::table* TomlReader::table(std::string_view key) {
  if (find(key, true) == nullptr) return nullptr;
  return table_if_any(key);
}

std::vector<const toml::table*> TomlReader::tables(std::string_view key) {
  const toml::node* node = find(key, false);
  if (node == nullptr) return {};
  const toml::array* array = node->as_array();
  std::vector<const toml::table*> tables;
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    tables.push_back(array->get(i)->as_table());
    if (tables.back() == nullptr) array = nullptr;
  }
  if (array == nullptr) {
    fail(key, "must be a list of tables, each written under [[" + path_of(key) + "]]");
    return {};
  }
  return tables;
}

const toml::node& TomlReader::get(std::string_view key) {
  const toml::node* node = find(key, true);
  ENSURE(node != nullptr);
  return *node;
}

void TomlReader::finish() {
  // In the order of the file, so that the first unknown key is the one that is named.
  const toml::key* first = nullptr;
  for (const auto& [name, node] : table_) {
    if (used_.contains(name.str())) continue;
    if (first == nullptr || name.source().begin < first->source().begin) first = &name;
  }
  if (first != nullptr) fail(first->str(), "is not a key of this file");
}

}  // namespace origo::gateway
