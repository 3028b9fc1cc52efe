#include "tests/scenario/strict_object.h"

#include <limits>
#include <utility>

namespace origo::scenario {

std::int64_t as_number(const Json& value, const std::string& where) {
  if (value.is_number_unsigned() &&
      value.get<std::uint64_t>() >
          static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    throw FileMistake(where + " must fit 64 bits");
  }
  if (!value.is_number_integer()) throw FileMistake(where + " must be a whole number");
  return value.get<std::int64_t>();
}

StrictObject::StrictObject(const Json& object, std::string where)
    : object_(object), where_(std::move(where)) {
  if (!object.is_object()) throw FileMistake(where_ + " must be an object");
}

const Json* StrictObject::find(std::string_view key) {
  const Json* value = find_or_null(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

const Json* StrictObject::find_or_null(std::string_view key) {
  known_.emplace(key);
  const auto found = object_.find(std::string(key));
  return found == object_.end() ? nullptr : &*found;
}

const Json& StrictObject::get(std::string_view key) {
  const Json* value = find(key);
  if (value == nullptr) fail("needs \"" + std::string(key) + "\"");
  return *value;
}

std::string StrictObject::text(std::string_view key) {
  const Json& value = get(key);
  if (!value.is_string()) fail("\"" + std::string(key) + "\" must be a text");
  return value.get<std::string>();
}

std::optional<std::string> StrictObject::text_if_any(std::string_view key) {
  if (find(key) == nullptr) return std::nullopt;
  return text(key);
}

std::int64_t StrictObject::number(std::string_view key) {
  return as_number(get(key), where_ + ": \"" + std::string(key) + "\"");
}

std::optional<std::int64_t> StrictObject::number_if_any(std::string_view key) {
  if (find(key) == nullptr) return std::nullopt;
  return number(key);
}

bool StrictObject::flag_or(std::string_view key, bool fallback) {
  const Json* value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) fail("\"" + std::string(key) + "\" must be true or false");
  return value->get<bool>();
}

void StrictObject::finish() const {
  for (const auto& [key, value] : object_.items()) {
    if (!known_.contains(key)) fail("unknown key \"" + key + "\"");
  }
}

void StrictObject::fail(const std::string& what) const {
  throw FileMistake(where_ + ": " + what);
}

}  // namespace origo::scenario
