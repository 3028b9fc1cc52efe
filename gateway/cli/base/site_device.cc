#include "gateway/cli/base/site_device.h"

#include <map>

namespace origo::gateway {
namespace {

// The source's kinds in the words of the attribute catalogue.
const std::map<std::string, std::string>& device_types() {
  static const std::map<std::string, std::string> words = {
      {"Agricole autonome", "agricultural_autonomous"},
      {"Agricole territorial", "agricultural_territorial"},
      {"Station d'épuration", "wastewater"},
      {"Industriel territorial", "industrial"},
      {"ISDND", "landfill"},
      {"Déchets ménagers", "household_waste"},
  };
  return words;
}

std::string address_of(const Site& site) {
  std::string text = site.commune;
  if (!site.departement.empty()) text += (text.empty() ? "" : ", ") + site.departement;
  text += (text.empty() ? "" : ", ") + site.region;
  return text + ", injection point " + site.injection_point + " (" + site.grid_level + ")";
}

}  // namespace

std::string site_key(const Site& site) {
  return "ODRE " + std::to_string(site.id);
}

std::optional<RegisterDevice> device_of(const Site& site) {
  const auto type = device_types().find(site.kind);
  if (type == device_types().end()) return std::nullopt;
  RegisterDevice device{.producer = {},
                        .name = site.name + " (" + site_key(site) + ")",
                        .country = "FR",
                        .carriers = {"biomethane"},
                        .start = site.in_service,
                        .fields = {}};
  device.fields = {
      {.name = "producer_address", .value = site.region},
      {.name = "address", .value = address_of(site)},
      {.name = "region", .value = site.region},
      {.name = "device_type", .value = type->second},
      {.name = "capacity_mwh_year", .value = std::to_string(site.capacity.value() / 1'000'000)},
      {.name = "grid_operator", .value = site.grid_operator},
      {.name = "injection_start", .value = to_string(site.in_service)}};
  if (site.closed != kNever)
    device.fields.push_back({.name = "injection_end", .value = to_string(site.closed)});
  return device;
}

}  // namespace origo::gateway
