#include <algorithm>
#include <functional>
#include <map>

#include "engine/registry/captured_co2.h"
#include "engine/registry/lineage.h"

// Where the carbon of a lot came from at first. Inputs are issued before what is made from them, so
// the latest lot that still has CO2 to be explained is explained by earlier ones only.
namespace origo {
namespace {

struct Part {
  LotId lot;  // the lot that this CO2 came in
  Int128 mass;
};

// The lots that a declaration's CO2 came in, as far as they are recorded.
std::vector<Part> parts_of(const Declaration& declaration) {
  std::vector<Part> parts;
  for (const ConversionInput& input : declaration.inputs) {
    if (input.captured.is_positive())
      parts.push_back({.lot = input.lot, .mass = input.captured.value()});
  }
  for (const CarbonSource& source : declaration.sources)
    parts.push_back({.lot = source.lot, .mass = source.mass.value()});
  return parts;
}

}  // namespace

std::vector<CarbonOrigin> origins_of(const Registry& registry,
                                     const Vocabulary& vocabulary,
                                     LotId start,
                                     std::size_t most,
                                     bool& complete) {
  std::map<LotId, Int128, std::greater<>> open;  // to be explained, the latest lot first
  const Lot& lot = registry.get(start);
  const Int128 all = co2_in(lot, lot.issued);
  if (all > 0) open.emplace(start, all);
  std::map<std::vector<Co2Source>, Int128> found;
  for (std::size_t looked_at = 0; !open.empty(); ++looked_at) {
    const auto [id, mass] = *open.begin();
    open.erase(open.begin());
    const Lot& next = registry.get(id);
    const Declaration& declaration = *registry.find(next.declaration);
    std::vector<Co2Source> said = co2_sources(vocabulary, next.attributes);
    if (looked_at == most) {
      complete = false;
      found[{Co2Source::recycled}] += mass;
      for (const auto& [other, more] : open) found[{Co2Source::recycled}] += more;
      break;
    }
    const std::vector<Part> parts = parts_of(declaration);
    Int128 known = 0;
    for (const Part& part : parts) known += part.mass;
    // Certificates come in whole units, so their mass may exceed what they compensate.
    const Int128 whole =
        std::max(known,
                 next.dimension == Dimension::energy_wh ? co2_in(registry, declaration)
                                                        : Int128{declaration.counted.value()});
    Int128 passed = 0;
    Int128 shared = 0;
    for (const Part& part : parts) {
      passed += part.mass;
      const Int128 upto = mass * passed / whole;
      open[part.lot] += upto - shared;
      shared = upto;
    }
    if (shared == mass) continue;
    // What is not recorded is of another source than the burnt fuel that is.
    if (!declaration.sources.empty() && said.size() > 1) std::erase(said, Co2Source::recycled);
    found[said] += mass - shared;
  }
  std::vector<CarbonOrigin> origins;
  for (const auto& [sources, mass] : found)
    origins.push_back({.sources = sources, .mass = Measured(static_cast<std::int64_t>(mass))});
  return origins;
}

}  // namespace origo
