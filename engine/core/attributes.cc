#include "engine/core/attributes.h"

namespace origo {

Vocabulary::Vocabulary() {
  define_unchecked("registry", AttributeKind::symbol);
  define_unchecked("scheme", AttributeKind::symbol);
  define_unchecked("carrier", AttributeKind::symbol);
  define_unchecked("country", AttributeKind::symbol);
  define_unchecked("device", AttributeKind::number);
  define_unchecked("vintage", AttributeKind::number);
  define_unchecked("production_start", AttributeKind::date);
  define_unchecked("production_end", AttributeKind::date);
  define_unchecked("issued", AttributeKind::date);
  define_unchecked("expiry", AttributeKind::date);
  ENSURE(find_attribute("expiry") == CoreAttributes::expiry);
}

void Vocabulary::define_unchecked(std::string name, AttributeKind kind) {
  const AttributeId id(static_cast<std::uint32_t>(attributes_.size() + 1));
  attribute_ids_.emplace(name, id);
  attributes_.push_back({std::move(name), kind});
}

Result<AttributeId> Vocabulary::define(const DefineAttribute& definition) {
  const AttributeId known = find_attribute(definition.name);
  if (known.is_set()) {
    if (get_attribute(known).kind != definition.kind) return Reject::attribute_redefined;
    return known;
  }
  define_unchecked(definition.name, definition.kind);
  return AttributeId(static_cast<std::uint32_t>(attributes_.size()));
}

AttributeId Vocabulary::find_attribute(std::string_view name) const {
  const auto found = attribute_ids_.find(name);
  return found == attribute_ids_.end() ? AttributeId() : found->second;
}

const AttributeDefinition& Vocabulary::get_attribute(AttributeId id) const {
  ENSURE(id.is_set() && id.value() <= attributes_.size());
  return attributes_[id.value() - 1];
}

SymbolId Vocabulary::intern(std::string_view word) {
  const SymbolId known = find_symbol(word);
  if (known.is_set()) return known;
  words_.emplace_back(word);
  const SymbolId id(static_cast<std::uint32_t>(words_.size()));
  symbol_ids_.emplace(words_.back(), id);
  return id;
}

SymbolId Vocabulary::find_symbol(std::string_view word) const {
  const auto found = symbol_ids_.find(word);
  return found == symbol_ids_.end() ? SymbolId() : found->second;
}

const std::string& Vocabulary::word(SymbolId symbol) const {
  ENSURE(symbol.is_set() && symbol.value() <= words_.size());
  return words_[symbol.value() - 1];
}

std::string print_value(const Vocabulary& vocabulary, const AttributeValue& value) {
  switch (vocabulary.get_attribute(value.attribute).kind) {
    case AttributeKind::symbol:
      return vocabulary.word(SymbolId(static_cast<std::uint32_t>(value.value)));
    case AttributeKind::date:
      return to_string(Date(static_cast<std::int32_t>(value.value)));
    case AttributeKind::flag:
      return value.value != 0 ? "true" : "false";
    case AttributeKind::number:
      break;
  }
  return std::to_string(value.value);
}

void Vocabulary::encode(Encoder& out) const {
  out.put(attributes_);
  out.put(words_);
}

void Vocabulary::decode(Decoder& in) {
  in.get(attributes_);
  in.get(words_);
  attribute_ids_.clear();
  symbol_ids_.clear();
  for (std::uint32_t i = 0; i < attributes_.size(); ++i)
    attribute_ids_.emplace(attributes_[i].name, AttributeId(i + 1));
  for (std::uint32_t i = 0; i < words_.size(); ++i) symbol_ids_.emplace(words_[i], SymbolId(i + 1));
}

}  // namespace origo
