#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

namespace origo::scenario {

using Json = nlohmann::ordered_json;

// The scenario file is wrong, in words. Ends the scenario, not the run.
class FileMistake : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Reads one JSON object: wrong types are mistakes, and `finish` names keys that nobody asked for.
class StrictObject {
 public:
  StrictObject(const Json& object, std::string where);

  [[nodiscard]] bool has(std::string_view key) const { return object_.contains(key); }
  // The value, or nullptr; marks the key as known.
  const Json* find(std::string_view key);
  // The same where null says something: that there is none of it.
  const Json* find_or_null(std::string_view key);
  const Json& get(std::string_view key);
  std::string text(std::string_view key);
  std::optional<std::string> text_if_any(std::string_view key);
  std::int64_t number(std::string_view key);
  std::optional<std::int64_t> number_if_any(std::string_view key);
  bool flag_or(std::string_view key, bool fallback);

  void finish() const;
  [[noreturn]] void fail(const std::string& what) const;
  [[nodiscard]] const std::string& where() const { return where_; }

 private:
  const Json& object_;
  std::string where_;
  std::set<std::string, std::less<>> known_;
};

// A number that fits 64 bits; fractions and larger ones are mistakes.
[[nodiscard]] std::int64_t as_number(const Json& value, const std::string& where);

}  // namespace origo::scenario
