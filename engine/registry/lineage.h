#pragma once

#include <cstddef>
#include <vector>

#include "engine/registry/registry.h"

// What certificates were made from, and what was made from them, through all conversions and all
// rounds of captured carbon.
namespace origo {

// converted: energy certificates were used up for what was made from them. compensated:
// certificates of captured CO2 were, for the fuel that it went into. captured: burnt fuel's carbon
// was captured.
enum class LineageKind : std::uint8_t { converted = 1, compensated = 2, captured = 3 };
BOOST_DESCRIBE_ENUM(LineageKind, converted, compensated, captured)

struct LineageStep {
  LineageKind kind = LineageKind::converted;
  ConversionInput input;      // captured: without efficiency and yield
  DeclarationId declaration;  // of the output
};

// CO2 by where it came from at first. Sources: what is declared of it; several: which of them is
// not known; recycled: of what burnt fuel is not recorded; none: nothing is known.
struct CarbonOrigin {
  std::vector<Co2Source> sources;  // ascending
  Measured mass;                   // g
  auto operator<=>(const CarbonOrigin&) const = default;
};

struct Lineage {
  std::vector<LineageStep> upstream;    // the nearest first
  std::vector<LineageStep> downstream;  // likewise
  bool complete = true;  // false: `most` steps were found one way, and there are more
  // The captured CO2 that the lot holds, or was issued for. The masses sum to all of it: they are
  // shared out by the mass that came from each side, rounded so that nothing is lost.
  std::vector<CarbonOrigin> origins;  // by sources
};

// Both ways from a lot, at most `most` steps each; as many lots are looked at for its carbon.
// Requires: there is such a lot.
[[nodiscard]] Lineage trace(const Registry& registry,
                            const Vocabulary& vocabulary,
                            LotId lot,
                            std::size_t most);

// Where the CO2 of a lot came from at first. What lies beyond `most` lots counts as recycled;
// `complete` is false then.
[[nodiscard]] std::vector<CarbonOrigin> origins_of(const Registry& registry,
                                                   const Vocabulary& vocabulary,
                                                   LotId lot,
                                                   std::size_t most,
                                                   bool& complete);

// Which serials of a cancellation, or of a claim, were withdrawn since, ascending.
[[nodiscard]] std::vector<SerialRange> voided_of(const Lot& lot, CancellationId cancellation);
[[nodiscard]] std::vector<SerialRange> voided_of(const Lot& lot, ClaimId claim);

}  // namespace origo
