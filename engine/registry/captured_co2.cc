#include "engine/registry/captured_co2.h"

#include <algorithm>
#include <boost/mp11.hpp>

namespace origo {
namespace {

bool says(const AttributeValues& values, AttributeId attribute, std::int64_t value) {
  return attribute.is_set() &&
         std::any_of(values.begin(), values.end(), [&](const AttributeValue& said) {
           return said.attribute == attribute && said.value == value;
         });
}

}  // namespace

std::vector<Co2Source> co2_sources(const Vocabulary& vocabulary, const AttributeValues& values) {
  std::vector<Co2Source> sources;
  const AttributeId attribute = vocabulary.find_attribute(kCo2Source);
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Co2Source>>([&](auto source) {
    const SymbolId word = vocabulary.find_symbol(source.name);
    if (word.is_set() && says(values, attribute, word.value())) sources.push_back(source.value);
  });
  return sources;
}

std::vector<CapturedCo2> captured_co2(const Vocabulary& vocabulary, const AttributeValues& values) {
  const auto flag = [&](const char* name) {
    return says(values, vocabulary.find_attribute(name), 1);
  };
  std::vector<CapturedCo2> all;
  for (const Co2Source source : co2_sources(vocabulary, values))
    all.push_back({.source = source,
                   .carbon_priced = flag("co2_priced"),
                   .criteria_met = flag("co2_criteria_met"),
                   .released_naturally_before = flag("co2_released_naturally"),
                   .credited = flag("co2_credited"),
                   .burnt_for_itself = flag("co2_burnt_for_itself")});
  return all;
}

Int128 co2_in(const Lot& lot, Units units) {
  if (lot.dimension == Dimension::mass_gco2e) return Int128{units.value()} * lot.unit_size;
  return Int128{lot.co2.value()} * units.value() / lot.issued.value();
}

Int128 co2_in(const Registry& registry, const Declaration& declaration) {
  Int128 sum = declaration.co2.empty() ? 0 : declaration.co2.front().captured.value();
  for (const ConversionInput& input : declaration.inputs) {
    if (registry.get(input.lot).dimension == Dimension::energy_wh) sum += input.captured.value();
  }
  return sum;
}

Int128 co2_compensated(const Registry& registry, const Declaration& declaration) {
  Int128 sum = 0;
  for (const ConversionInput& input : declaration.inputs) {
    if (registry.get(input.lot).dimension == Dimension::mass_gco2e) sum += input.captured.value();
  }
  return sum;
}

std::int64_t co2_given_up(const Declaration& declaration) {
  if (declaration.co2.empty()) return 0;
  const auto& [programme, captured] = declaration.co2.front();
  if (programme.capture_schemes.empty()) return 0;
  const Int128 parts = Int128{captured.value()} * (kWholePpm - programme.user_share_ppm);
  return divide_floor(parts + kWholePpm - 1, kWholePpm);
}

}  // namespace origo
