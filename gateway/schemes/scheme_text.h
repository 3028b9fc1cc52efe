#pragma once

#include <string>
#include <vector>

#include "engine/core/scheme.h"

// A scheme's rules as people read and compare them.
namespace origo::gateway {

// What one key of the file states, by the key's dotted path: "cancellation.last_day".
struct SchemeLine {
  std::string key;
  std::string value;

  bool operator==(const SchemeLine&) const = default;
};

// All that the scheme states, in the order of a file; its rules in words come last, as
// "rules.<id>".
[[nodiscard]] std::vector<SchemeLine> lines_of(const Scheme& scheme);

// A page: each rule with its words, source and confidence, then fields, members and notes.
[[nodiscard]] std::string page_of(const Scheme& scheme);

// Where `a` and `b` differ, in their order; a value that one of them lacks is empty.
struct SchemeDifference {
  std::string key;
  std::string a;
  std::string b;

  bool operator==(const SchemeDifference&) const = default;
};
[[nodiscard]] std::vector<SchemeDifference> differences(const Scheme& a, const Scheme& b);

}  // namespace origo::gateway
