#include "engine/market/filter.h"

#include <algorithm>

#include "engine/core/text.h"

namespace origo {
namespace {

bool clause_implies(const Clause& narrow, const Clause& wide) {
  if (narrow.attribute != wide.attribute) return false;
  if (wide.any_of.empty() != narrow.any_of.empty()) return false;
  if (wide.any_of.empty()) return wide.min <= narrow.min && narrow.max <= wide.max;
  return std::includes(
      wide.any_of.begin(), wide.any_of.end(), narrow.any_of.begin(), narrow.any_of.end());
}

bool clause_accepts(const Clause& clause, std::int64_t value) {
  if (clause.any_of.empty()) return clause.min <= value && value <= clause.max;
  return std::binary_search(clause.any_of.begin(), clause.any_of.end(), value);
}

}  // namespace

Filter::Filter(std::vector<Clause> clauses) {
  std::sort(clauses.begin(), clauses.end());
  clauses.erase(std::unique(clauses.begin(), clauses.end()), clauses.end());
  for (const Clause& clause : clauses) {
    const bool redundant = std::any_of(clauses.begin(), clauses.end(), [&](const Clause& other) {
      return &other != &clause && clause_implies(other, clause);
    });
    if (!redundant) clauses_.push_back(clause);
  }
}

bool Filter::matches(const AttributeValues& attributes) const {
  return std::all_of(clauses_.begin(), clauses_.end(), [&](const Clause& clause) {
    auto value =
        std::lower_bound(attributes.begin(),
                         attributes.end(),
                         clause.attribute,
                         [](const AttributeValue& a, AttributeId id) { return a.attribute < id; });
    for (; value != attributes.end() && value->attribute == clause.attribute; ++value) {
      if (clause_accepts(clause, value->value)) return true;
    }
    return false;
  });
}

bool Filter::implies(const Filter& wider) const {
  return std::all_of(wider.clauses_.begin(), wider.clauses_.end(), [&](const Clause& wide) {
    return std::any_of(clauses_.begin(), clauses_.end(), [&](const Clause& narrow) {
      return clause_implies(narrow, wide);
    });
  });
}

Result<Filter> make_filter(const std::vector<ClauseSpec>& spec, Vocabulary& vocabulary) {
  for (const ClauseSpec& clause : spec) {  // all is checked before the first word is interned
    const AttributeId attribute = vocabulary.find_attribute(clause.attribute);
    if (!attribute.is_set()) return Refusal(Reject::attribute_unknown, clause.attribute);
    const AttributeKind kind = vocabulary.get_attribute(attribute).kind;
    if (kind == AttributeKind::symbol) {
      if (clause.any_of.empty()) return Refusal(Reject::filter_empty, clause.attribute);
      for (const std::string& word : clause.any_of) {
        if (check_name(word)) return Refusal(Reject::attribute_value_invalid, clause.attribute);
      }
      if (clause.min != 0 || clause.max != 0)
        return Refusal(Reject::attribute_value_invalid, clause.attribute);
      continue;
    }
    if (!clause.any_of.empty()) return Refusal(Reject::attribute_value_invalid, clause.attribute);
    if (clause.min > clause.max) return Refusal(Reject::filter_range_empty, clause.attribute);
    if (kind == AttributeKind::flag && (clause.min < 0 || clause.max > 1))
      return Refusal(Reject::attribute_value_invalid, clause.attribute);
  }
  std::vector<Clause> clauses;
  for (const ClauseSpec& from : spec) {
    Clause& clause = clauses.emplace_back();
    clause.attribute = vocabulary.find_attribute(from.attribute);
    clause.min = from.min;
    clause.max = from.max;
    for (const std::string& word : from.any_of)
      clause.any_of.push_back(vocabulary.intern(word).value());
    std::sort(clause.any_of.begin(), clause.any_of.end());
    clause.any_of.erase(std::unique(clause.any_of.begin(), clause.any_of.end()),
                        clause.any_of.end());
  }
  return Filter(std::move(clauses));
}

}  // namespace origo
