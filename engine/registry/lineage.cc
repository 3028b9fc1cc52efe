#include "engine/registry/lineage.h"

#include <algorithm>
#include <set>
#include <utility>

namespace origo {
namespace {

// A step, and the declaration from which the walk goes on.
struct Found {
  LineageStep step;
  DeclarationId onward;
};

LineageStep captured(const CarbonSource& source, DeclarationId declaration) {
  return {.kind = LineageKind::captured,
          .input = {.cancellation = source.cancellation,
                    .lot = source.lot,
                    .units = source.units,
                    .efficiency_ppm = 0,
                    .yields = {},
                    .co2 = {},
                    .captured = source.mass},
          .declaration = declaration};
}

// Walks declarations breadth first; `steps_of(declaration)` tells the steps that begin or end
// there.
template <class StepsOf>
std::vector<LineageStep> walk(DeclarationId start,
                              std::size_t most,
                              bool& complete,
                              StepsOf&& steps_of) {
  std::vector<LineageStep> steps;
  std::vector<DeclarationId> queue{start};
  std::set<DeclarationId> seen{start};
  for (std::size_t i = 0; i < queue.size(); ++i) {
    for (const Found& found : steps_of(queue[i])) {
      if (steps.size() == most) {
        complete = false;
        return steps;
      }
      steps.push_back(found.step);
      if (seen.insert(found.onward).second) queue.push_back(found.onward);
    }
  }
  return steps;
}

template <class Wanted>
std::vector<SerialRange> voided_if(const Lot& lot, Wanted&& is_wanted) {
  std::vector<SerialRange> voided;
  for (const EndedRange& ended : lot.ended) {
    if (ended.voided.is_set() && is_wanted(ended)) voided.push_back(ended.range);
  }
  std::sort(voided.begin(), voided.end());
  return voided;
}

}  // namespace

Lineage trace(const Registry& registry,
              const Vocabulary& vocabulary,
              LotId start,
              std::size_t most) {
  Lineage lineage;
  const auto kind_of = [&](const ConversionInput& input) {
    return registry.get(input.lot).dimension == Dimension::energy_wh ? LineageKind::converted
                                                                     : LineageKind::compensated;
  };
  lineage.upstream =
      walk(registry.get(start).declaration, most, lineage.complete, [&](DeclarationId id) {
        std::vector<Found> found;
        for (const ConversionInput& input : registry.find(id)->inputs)
          found.push_back({.step = {.kind = kind_of(input), .input = input, .declaration = id},
                           .onward = registry.get(input.lot).declaration});
        for (const CarbonSource& source : registry.find(id)->sources)
          found.push_back(
              {.step = captured(source, id), .onward = registry.get(source.lot).declaration});
        return found;
      });
  // Downstream of the lot itself, not of others that its declaration got by corrections.
  const auto uses_of = [&](LotId id) {
    std::vector<Found> found;
    std::set<std::pair<CancellationId, DeclarationId>> told;
    for (const EndedRange& ended : registry.get(id).ended) {
      const CancellationId cancellation(ended.reference);
      for (const DeclarationId into : {ended.converted_into, ended.captured_into}) {
        if (!into.is_set() || !told.emplace(cancellation, into).second) continue;
        for (const ConversionInput& input : registry.find(into)->inputs) {
          if (input.cancellation == cancellation)
            found.push_back({.step = {.kind = kind_of(input), .input = input, .declaration = into},
                             .onward = into});
        }
        for (const CarbonSource& source : registry.find(into)->sources) {
          if (source.lot == id && source.cancellation == cancellation)
            found.push_back({.step = captured(source, into), .onward = into});
        }
      }
    }
    return found;
  };
  bool at_start = true;
  lineage.downstream =
      walk(registry.get(start).declaration, most, lineage.complete, [&](DeclarationId id) {
        if (std::exchange(at_start, false)) return uses_of(start);
        std::vector<Found> found;
        const Declaration& declaration = *registry.find(id);
        std::vector<LotId> lots = declaration.later_lots;
        if (declaration.lot.is_set()) lots.insert(lots.begin(), declaration.lot);
        for (const LotId lot : lots) {
          const std::vector<Found> more = uses_of(lot);
          found.insert(found.end(), more.begin(), more.end());
        }
        return found;
      });
  lineage.origins = origins_of(registry, vocabulary, start, most, lineage.complete);
  return lineage;
}

std::vector<SerialRange> voided_of(const Lot& lot, CancellationId cancellation) {
  return voided_if(lot, [&](const EndedRange& ended) {
    return ended.reason == MoveReason::cancellation && ended.reference == cancellation.value();
  });
}

std::vector<SerialRange> voided_of(const Lot& lot, ClaimId claim) {
  return voided_if(lot, [&](const EndedRange& ended) { return ended.claim == claim; });
}

}  // namespace origo
