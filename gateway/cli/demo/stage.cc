#include <fstream>
#include <iterator>

#include "gateway/cli/base/parse.h"
#include "gateway/cli/demo/demo.h"

namespace origo::gateway {
namespace {

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw Failure(
        Exit::usage,
        "cannot read " + path,
        "run from the repository's folder, or say where with --sites, --months, --scheme");
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

Date month_of(const std::string& text) {
  const auto month = text.size() == 7 ? parse_period(text) : std::nullopt;
  if (!month) throw Failure(Exit::usage, "'" + text + "' is not a month such as 2023-03");
  return month->first;
}

}  // namespace

Stage load_stage(const DemoOptions& options) {
  Stage stage;
  stage.options = options;
  Sites sites = parse_sites(read(options.sites));
  if (!sites.error.empty()) throw Failure(Exit::usage, options.sites + ": " + sites.error);
  stage.sites = std::move(sites.rows);
  const MonthTotals months = parse_months(read(options.months));
  if (!months.error.empty()) throw Failure(Exit::usage, options.months + ": " + months.error);
  const Date first = month_of(options.first);
  const Date last = month_of(options.last);
  for (const MonthTotal& month : months.rows) {
    if (month.month.first < first || last < month.month.first) continue;
    stage.months.push_back(month);
    stage.published += month.total;
  }
  if (stage.months.empty())
    throw Failure(Exit::usage,
                  "the data has no month from " + options.first + " to " + options.last);
  stage.instruments = demo_instruments();
  return stage;
}

std::optional<RegistryId> find_registry(Session& session) {
  const auto list =
      session.ask_all(&v1::Registry::Stub::ListRegistries, v1::ListRegistriesRequest(), 10'000);
  for (const v1::RegistryDomain& registry : list.registries()) {
    if (registry.code() == kRegistryCode)
      return RegistryId(static_cast<std::uint32_t>(registry.registry()));
  }
  return std::nullopt;
}

std::vector<DemoInstrument> demo_instruments() {
  const ClauseSpec registry{.attribute = "registry", .any_of = {kRegistryCode}, .min = 0, .max = 0};
  const auto vintage = [](std::int64_t year) {
    return ClauseSpec{.attribute = "vintage", .any_of = {}, .min = year, .max = year};
  };
  const auto words = [](const char* attribute, std::vector<std::string> any_of) {
    return ClauseSpec{.attribute = attribute, .any_of = std::move(any_of), .min = 0, .max = 0};
  };
  const ClauseSpec farm =
      words("device_type", {"agricultural_autonomous", "agricultural_territorial"});
  const auto make = [](const char* code,
                       const char* name,
                       std::vector<ClauseSpec> filter,
                       std::int64_t mid,
                       const char* region) {
    return DemoInstrument{.code = code,
                          .name = name,
                          .filter = std::move(filter),
                          .region = region,
                          .mid = Price(mid),
                          .id = {}};
  };
  return {
      make("FR-BM", "French biomethane, any vintage", {registry}, 1180, ""),
      make("FR-BM-2022", "French biomethane, vintage 2022", {registry, vintage(2022)}, 1120, ""),
      make("FR-BM-2023", "French biomethane, vintage 2023", {registry, vintage(2023)}, 1250, ""),
      make("FR-BM-2023-FARM",
           "French farm biomethane, vintage 2023",
           {registry, vintage(2023), farm},
           1320,
           ""),
      make("FR-BM-2023-SEWAGE",
           "French sewage works biomethane, vintage 2023",
           {registry, vintage(2023), words("device_type", {"wastewater"})},
           1290,
           ""),
      make("FR-BM-2023-GRAND-EST",
           "Biomethane of Grand Est, vintage 2023",
           {registry, vintage(2023), words("region", {"Grand Est"})},
           1270,
           "Grand Est"),
      make("FR-BM-2023-BRETAGNE",
           "Biomethane of Bretagne, vintage 2023",
           {registry, vintage(2023), words("region", {"Bretagne"})},
           1265,
           "Bretagne"),
  };
}

void find_instruments(Stage& stage, Session& session) {
  for (DemoInstrument& instrument : stage.instruments) {
    instrument.id =
        InstrumentId(static_cast<std::uint32_t>(session.instrument(instrument.code).instrument()));
  }
}

}  // namespace origo::gateway
