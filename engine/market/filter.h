#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <vector>

#include "engine/core/attributes.h"
#include "engine/core/result.h"

namespace origo {

// One conjunct: the attribute has a value among `any_of` (symbols), or one within [min, max].
struct Clause {
  AttributeId attribute;
  std::vector<std::int64_t> any_of;  // ascending; empty for a range
  std::int64_t min = 0;
  std::int64_t max = 0;
  auto operator<=>(const Clause&) const = default;
  bool operator==(const Clause&) const = default;
};
BOOST_DESCRIBE_STRUCT(Clause, (), (attribute, any_of, min, max))

// A conjunction of clauses, in a normal form: sorted, no clause implied by another.
// It is decidable that one filter implies another, which is what the lattice rests on.
class Filter {
 public:
  Filter() = default;
  explicit Filter(std::vector<Clause> clauses);

  // Whether certificates with these attributes fit: every clause is met by some value.
  [[nodiscard]] bool matches(const AttributeValues& attributes) const;
  // Whether everything that fits this also fits `wider`. Never wrongly true.
  [[nodiscard]] bool implies(const Filter& wider) const;
  [[nodiscard]] const std::vector<Clause>& clauses() const { return clauses_; }
  bool operator==(const Filter&) const = default;

 private:
  std::vector<Clause> clauses_;
  BOOST_DESCRIBE_CLASS(Filter, (), (), (), (clauses_))
};

// The filter that `spec` describes. New symbol words are interned.
// Rejects: filter_empty, attribute_unknown, attribute_value_invalid, filter_range_empty.
Result<Filter> make_filter(const std::vector<ClauseSpec>& spec, Vocabulary& vocabulary);

}  // namespace origo
