#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/command.h"
#include "engine/core/encoding.h"
#include "engine/core/id.h"
#include "engine/core/result.h"

// What can be said of a certificate, and the words it is said in.
namespace origo {

// One fixed fact about a lot: a symbol's id, a number, a date's days or a flag's 0 or 1. An
// attribute may occur more than once (two sustainability schemes).
struct AttributeValue {
  AttributeId attribute;
  std::int64_t value = 0;
  auto operator<=>(const AttributeValue&) const = default;
};
BOOST_DESCRIBE_STRUCT(AttributeValue, (), (attribute, value))

using AttributeValues = std::vector<AttributeValue>;  // sorted, unique

// Attributes that the core itself derives for every lot, defined from the start in this order.
struct CoreAttributes {
  static constexpr AttributeId registry{1};          // symbol: the registry's code
  static constexpr AttributeId scheme{2};            // symbol: the scheme's code
  static constexpr AttributeId carrier{3};           // symbol
  static constexpr AttributeId country{4};           // symbol: of the device
  static constexpr AttributeId device{5};            // number: its id
  static constexpr AttributeId vintage{6};           // number: year of the production's last day
  static constexpr AttributeId production_start{7};  // date
  static constexpr AttributeId production_end{8};    // date
  static constexpr AttributeId issued{9};            // date
  static constexpr AttributeId expiry{10};           // date: last day of cancellation
};

struct AttributeDefinition {
  std::string name;
  AttributeKind kind = AttributeKind::symbol;
};
BOOST_DESCRIBE_STRUCT(AttributeDefinition, (), (name, kind))

// The attribute names and symbol words known so far, numbered in order of first use.
class Vocabulary {
 public:
  Vocabulary();

  // Rejects: attribute_redefined. Defining the same again is harmless.
  Result<AttributeId> define(const DefineAttribute& definition);
  [[nodiscard]] AttributeId find_attribute(std::string_view name) const;  // unset: none
  [[nodiscard]] const AttributeDefinition& get_attribute(AttributeId id) const;
  [[nodiscard]] const std::vector<AttributeDefinition>& attributes() const { return attributes_; }

  SymbolId intern(std::string_view word);
  [[nodiscard]] SymbolId find_symbol(std::string_view word) const;  // unset: never used
  [[nodiscard]] const std::string& word(SymbolId symbol) const;

  void encode(Encoder& out) const;
  void decode(Decoder& in);

 private:
  void define_unchecked(std::string name, AttributeKind kind);

  std::vector<AttributeDefinition> attributes_;  // by id - 1
  std::vector<std::string> words_;               // by id - 1
  std::map<std::string, AttributeId, std::less<>> attribute_ids_;
  std::map<std::string, SymbolId, std::less<>> symbol_ids_;
};

// The value as people read it: a word, a number, "2026-01-31", "true" or "false".
[[nodiscard]] std::string print_value(const Vocabulary& vocabulary, const AttributeValue& value);

}  // namespace origo
