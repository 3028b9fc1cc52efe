#pragma once

#include <cstddef>
#include <vector>

#include "engine/registry/registry.h"

// What certificates were made from, and what was made from them, through all conversions.
namespace origo {

struct LineageStep {
  ConversionInput input;
  DeclarationId declaration;  // of the output
};

struct Lineage {
  std::vector<LineageStep> upstream;    // the nearest first
  std::vector<LineageStep> downstream;  // likewise
  bool complete = true;  // false: `most` steps were found one way, and there are more
};

// Both ways from a lot, at most `most` steps each. Requires: there is such a lot.
[[nodiscard]] Lineage trace(const Registry& registry, LotId lot, std::size_t most);

// Which serials of a cancellation, or of a claim, were withdrawn since, ascending.
[[nodiscard]] std::vector<SerialRange> voided_of(const Lot& lot, CancellationId cancellation);
[[nodiscard]] std::vector<SerialRange> voided_of(const Lot& lot, ClaimId claim);

}  // namespace origo
