#include "tests/scenario/from_json.h"

#include <openssl/evp.h>

#include <map>

namespace origo::scenario {
namespace {

std::map<Hash256, std::string>& known_texts() {
  static std::map<Hash256, std::string> texts;
  return texts;
}

}  // namespace

std::string text_of(const Hash256& digest) {
  const auto found = known_texts().find(digest);
  return found == known_texts().end() ? "" : found->second;
}

Hash256 hash_of(const std::string& text) {
  Hash256 digest{};
  unsigned size = 0;
  ENSURE(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  if (text.size() <= 100) known_texts().emplace(digest, text);
  return digest;
}

Date as_date(const Json& value, const std::string& where) {
  const std::optional<Date> date =
      value.is_string() ? parse_date(value.get<std::string>()) : std::nullopt;
  if (!date) throw FileMistake(where + " must be a date, \"2026-01-31\"");
  return *date;
}

void FromJson::read(const Json& json, bool& value, const std::string& where) {
  if (!json.is_boolean()) throw FileMistake(where + " must be true or false");
  value = json.get<bool>();
}

// {"repeat": "x", "times": 2001} stands for a long text, {"bytes": [255]} for one that is not
// UTF-8.
void FromJson::read(const Json& json, std::string& value, const std::string& where) {
  if (json.is_string()) {
    value = json.get<std::string>();
    return;
  }
  if (!json.is_object()) throw FileMistake(where + " must be a text");
  StrictObject object(json, where);
  value.clear();
  if (const Json* bytes = object.find("bytes")) {
    for (const Json& byte : *bytes) value.push_back(static_cast<char>(as_number(byte, where)));
  } else {
    const std::string piece = object.text("repeat");
    for (std::int64_t left = object.number("times"); left > 0; --left) value += piece;
  }
  object.finish();
}

void FromJson::read(const Json& json, Currency& value, const std::string& where) {
  std::string code;
  read(json, code, where);
  value = currency_of(code);
}

void FromJson::read(const Json& json, Hash256& value, const std::string& where) {
  std::string text;
  read(json, text, where);
  value = text.empty() ? Hash256{} : hash_of(text);
}

void FromJson::read(const Json& json, Period& value, const std::string& where) {
  if (!json.is_array() || json.size() != 2)
    throw FileMistake(where + " must be [\"first\", \"last\"]");
  value = {.first = as_date(json[0], where), .last = as_date(json[1], where)};
}

// "node", or {"participant": "ann"}, or {"registry": "FR"}.
void FromJson::read(const Json& json, Scope& value, const std::string& where) {
  value = Scope{};
  if (json.is_string() && json.get<std::string>() == "node") return;
  StrictObject object(json, where);
  if (const Json* participant = object.find("participant")) {
    ParticipantId id;
    read(*participant, id, where);
    value = {.kind = ScopeKind::participant, .id = id.value()};
  } else if (const Json* registry = object.find("registry")) {
    RegistryId id;
    read(*registry, id, where);
    value = {.kind = ScopeKind::registry, .id = id.value()};
  } else {
    members(object, value);
  }
  object.finish();
}

void FromJson::read(const Json& json, std::vector<Field>& value, const std::string& where) {
  value.clear();
  if (json.is_array()) {
    for (const Json& item : json) {
      StrictObject object(item, where);
      members(object, value.emplace_back());
      object.finish();
    }
    return;
  }
  if (!json.is_object()) throw FileMistake(where + " must be {\"name\": \"value\"}");
  for (const auto& [name, field] : json.items()) {
    value.push_back(
        {.name = name, .value = field.is_string() ? field.get<std::string>() : field.dump()});
  }
}

void FromJson::read(const Json& json, std::vector<Deduction>& value, const std::string& where) {
  value.clear();
  if (json.is_array()) {
    for (const Json& item : json) {
      StrictObject object(item, where);
      members(object, value.emplace_back());
      object.finish();
    }
    return;
  }
  if (!json.is_object()) throw FileMistake(where + " must be {\"kind\": amount}");
  for (const auto& [kind, amount] : json.items()) {
    value.push_back({.kind = kind, .amount = Measured(as_number(amount, where + "." + kind))});
  }
}

void FromJson::read(const Json& json, std::vector<ClauseSpec>& value, const std::string& where) {
  value.clear();
  if (json.is_array()) {
    for (const Json& item : json) {
      StrictObject object(item, where);
      members(object, value.emplace_back());
      object.finish();
    }
    return;
  }
  if (!json.is_object()) throw FileMistake(where + " must be {\"attribute\": values}");
  const auto bound = [&](const Json& limit) {
    return limit.is_string() ? as_date(limit, where).days() : as_number(limit, where);
  };
  for (const auto& [attribute, values] : json.items()) {
    ClauseSpec& clause = value.emplace_back();
    clause.attribute = attribute;
    if (values.is_object()) {
      StrictObject range(values, where + "." + attribute);
      clause.min = bound(range.get("min"));
      clause.max = bound(range.get("max"));
      range.finish();
    } else if (values.is_boolean()) {
      clause.min = clause.max = values.get<bool>() ? 1 : 0;
    } else if (values.is_number_integer()) {
      clause.min = clause.max = as_number(values, where);
    } else if (values.is_string()) {
      clause.any_of = {values.get<std::string>()};
    } else {
      read(values, clause.any_of, where + "." + attribute);
    }
  }
}

}  // namespace origo::scenario
