#include "gateway/schemes/condition_reader.h"

#include <cstdint>
#include <limits>

#include "engine/core/attributes.h"

namespace origo::gateway {
namespace {

ClauseSpec read_clause(TomlReader& reader, std::string_view attribute) {
  ClauseSpec clause;
  clause.attribute = attribute;
  const auto number = [&](const toml::node& node) -> std::optional<std::int64_t> {
    if (const auto* value = node.as_integer()) return value->get();
    if (const auto* value = node.as_boolean()) return value->get() ? 1 : 0;
    if (const auto* value = node.as_date()) {
      const auto date = make_date(value->get().year, value->get().month, value->get().day);
      if (date) return date->days();
    }
    return std::nullopt;
  };
  const toml::node& node = reader.get(attribute);
  if (const auto* word = node.as_string()) {
    clause.any_of = {word->get()};
  } else if (node.is_array()) {
    clause.any_of = reader.words(attribute);
  } else if (const toml::table* range = node.as_table()) {
    clause.min = std::numeric_limits<std::int64_t>::min();
    clause.max = std::numeric_limits<std::int64_t>::max();
    for (const auto& [key, bound] : *range) {
      const std::optional<std::int64_t> value = number(bound);
      if ((key.str() != "min" && key.str() != "max") || !value) {
        reader.fail(attribute, "must be {min, max} of numbers or dates");
      } else {
        (key.str() == "min" ? clause.min : clause.max) = *value;
      }
    }
  } else if (const std::optional<std::int64_t> value = number(node)) {
    clause.min = *value;
    clause.max = *value;
  } else {
    reader.fail(attribute, "must be a word, words, true, false, a number, a date or {min, max}");
  }
  return clause;
}

// The kind of an attribute that lots can have.
std::optional<AttributeKind> kind_of(const std::string& attribute,
                                     const KnownAttributes& attributes) {
  const Vocabulary core;
  if (const AttributeId id = core.find_attribute(attribute); id.is_set())
    return core.get_attribute(id).kind;
  const auto known = attributes->find(attribute);
  if (known == attributes->end()) return std::nullopt;
  return known->second;
}

void check_clause(TomlReader& reader, const ClauseSpec& clause, const KnownAttributes& attributes) {
  if (!attributes) return;
  const std::optional<AttributeKind> kind = kind_of(clause.attribute, attributes);
  if (!kind) {
    reader.fail(clause.attribute, "\"" + clause.attribute + "\" is not in attributes.toml");
  } else if ((*kind == AttributeKind::symbol) == clause.any_of.empty()) {
    reader.fail(clause.attribute,
                *kind == AttributeKind::symbol ? "must be a word or words" : "must not be a word");
  }
}

}  // namespace

std::vector<ClauseSpec> read_conditions(TomlReader& parent,
                                        std::string_view key,
                                        const KnownAttributes& attributes,
                                        std::optional<FileError>& error) {
  std::vector<ClauseSpec> conditions;
  const toml::table* table = parent.table_if_any(key);
  if (table == nullptr) return conditions;
  TomlReader reader(*table, parent.path_of(key), error);
  for (const auto& [attribute, value] : *table) {
    conditions.push_back(read_clause(reader, attribute.str()));
    check_clause(reader, conditions.back(), attributes);
  }
  return conditions;
}

}  // namespace origo::gateway
