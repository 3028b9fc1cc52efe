#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "engine/core/text.h"
#include "gateway/cli/base/delimited.h"
#include "gateway/cli/base/demo_data.h"
#include "gateway/cli/base/parse.h"
#include "gateway/cli/base/register_file.h"
#include "gateway/cli/base/site_device.h"

namespace origo::gateway {
namespace {

// What the register's rows share: a row is a plant, no plant in service, or wrong.
class PlantReader {
 public:
  PlantReader(const std::string& text, char separator, const std::vector<std::string_view>& wanted)
      : table_(text, separator, wanted) {
    plants_.error = table_.error();
  }

  template <class Read>
  Plants read(Read&& row) {
    if (!plants_.error.empty()) return std::move(plants_);
    for (const DelimitedRow& cells : table_.rows()) {
      row_ = &cells;
      row(*this);
    }
    return std::move(plants_);
  }

  [[nodiscard]] const std::string& cell(std::string_view column) const {
    return table_.cell(*row_, column);
  }
  void refuse(std::string rule) { plants_.refused.push_back({row_->line, std::move(rule)}); }
  void pass_over(const std::string& why) { ++plants_.passed_over[why]; }
  void add(Plant plant) {
    plant.line = row_->line;
    if (check_name(plant.device.name)) return refuse("the name must be 1 to 200 bytes of text");
    if (check_name(plant.producer))
      return refuse("the owner's name must be 1 to 200 bytes of text");
    for (const Field& field : plant.device.fields) {
      if (check_text(field.value))
        return refuse(field.name + " must be at most 2,000 bytes of text");
    }
    if (!keys_.insert(plant.key).second) return refuse(plant.key + " must stand in the file once");
    plants_.rows.push_back(std::move(plant));
  }

 private:
  DelimitedTable table_;
  const DelimitedRow* row_ = nullptr;
  Plants plants_;
  std::set<std::string> keys_;
};

// Spellings of one thing in the source, and the one kept.
std::string one_spelling(const std::string& text) {
  static const std::map<std::string, std::string> kept = {
      {"STEP", "Station d'épuration"},
      {"Aricole Territoriale", "Agricole territorial"},
      {"GRTGaz", "GRTgaz"},
      {"Terega", "Teréga"}};
  const auto found = kept.find(text);
  return found == kept.end() ? text : found->second;
}

void read_odre(PlantReader& row) {
  Site site{.name = row.cell("Nom du site"),
            .kind = one_spelling(row.cell("Type de site")),
            .commune = row.cell("Commune"),
            .departement = row.cell("Departement"),
            .region = row.cell("Region"),
            .grid_operator = one_spelling(row.cell("Reseau")),
            .grid_level = row.cell("Type de Réseau"),
            .injection_point = row.cell("N° de PITD/PITP")};
  // Two sites name their region by its code only.
  if (site.region.empty() && row.cell("Code Region") == "52") site.region = "Pays de la Loire";
  const auto id = parse_count(row.cell("ID unique projet"));
  if (!id || *id == 0 || *id > UINT32_MAX) return row.refuse("ID unique projet must be a number");
  site.id = static_cast<std::uint32_t>(*id);
  const auto in_service = parse_date(row.cell("Date de mise en service"));
  if (!in_service) return row.refuse("Date de mise en service must be a date");
  site.in_service = *in_service;
  if (const std::string& closed = row.cell("Date de fermeture du site"); !closed.empty()) {
    const auto date = parse_date(closed);
    if (!date || *date < *in_service)
      return row.refuse("Date de fermeture du site must be a date in its life");
    site.closed = *date;
  }
  const auto capacity = parse_decimal(row.cell("Capacite de production (GWh/an)"), 9);
  if (!capacity || *capacity <= 0)
    return row.refuse("Capacite de production must be a positive number of GWh/a");
  site.capacity = Measured(*capacity);
  auto device = device_of(site);
  if (!device) return row.refuse("Type de site must be a known kind, not '" + site.kind + "'");
  row.add({.key = site_key(site),
           .producer = site.name,
           .device = *std::move(device),
           .capacity = site.capacity,
           .last_day = site.closed});
}

void read_repd(PlantReader& row) {
  const std::string& status = row.cell("Development Status (short)");
  if (status != "Operational")
    return row.pass_over("development status " + (status.empty() ? "none" : status));
  const std::string& reference = row.cell("Ref ID");
  if (!parse_count(reference)) return row.refuse("Ref ID must be a number");
  const auto start = parse_slashed_date(row.cell("Operational"));
  if (!start) return row.refuse("Operational must be a date dd/mm/yyyy");
  const auto capacity = parse_decimal(row.cell("Installed Capacity (MWelec)"), 6);
  if (!capacity || *capacity <= 0)
    return row.refuse("Installed Capacity must be a positive number of MW");
  if (*capacity % 1'000 != 0) return row.refuse("Installed Capacity must be whole kW");
  const std::string& technology = row.cell("Technology Type");
  if (technology.empty()) return row.refuse("Technology Type must be given");
  std::string place;
  for (const char* column : {"Address", "County", "Region", "Country", "Post Code"}) {
    const std::string& part = row.cell(column);
    if (!part.empty()) place += (place.empty() ? "" : ", ") + part;
  }
  if (place.empty())
    return row.refuse("Address, County, Region, Country or Post Code must be given");
  const std::string& owner = row.cell("Operator (or Applicant)");
  const std::string key = "REPD " + reference;
  row.add(
      {.key = key,
       .producer = owner,
       .device = {.producer = {},
                  .name = row.cell("Site Name") + " (" + key + ")",
                  .country = "GB",
                  .carriers = {"electricity"},
                  .start = *start,
                  .fields = {{.name = "place", .value = place},
                             {.name = "device_type", .value = technology},
                             {.name = "capacity_kw", .value = std::to_string(*capacity / 1'000)}}},
       .capacity = Measured(*capacity)});
}

void read_station(PlantReader& row) {
  if (row.cell("SchemeName") != "REGO") return row.pass_over("scheme " + row.cell("SchemeName"));
  if (row.cell("StatusName") != "Live") return row.pass_over("status " + row.cell("StatusName"));
  if (row.cell("OutputType") != "General") return row.pass_over("output " + row.cell("OutputType"));
  const std::string& accreditation = row.cell("GeneratorID");
  if (accreditation.size() != 10) return row.refuse("GeneratorID must be 10 characters");
  const auto start = parse_slashed_date(row.cell("CommissionDate"));
  if (!start) return row.refuse("CommissionDate must be a date dd/mm/yyyy");
  const auto capacity = parse_decimal(row.cell("Capacity"), 3);  // kW, to W
  if (!capacity || *capacity <= 0) return row.refuse("Capacity must be a positive number of kW");
  row.add(
      {.key = "REGO " + accreditation,
       .producer = row.cell("textbox6"),
       .device = {.producer = {},
                  .name = row.cell("GeneratorName") + " (REGO " + accreditation + ")",
                  .country = "GB",
                  .carriers = {"electricity"},
                  .start = *start,
                  .fields = {{.name = "accreditation", .value = accreditation},
                             {.name = "capacity_kw", .value = std::to_string(*capacity / 1'000)},
                             {.name = "technology", .value = row.cell("TechnologyName")},
                             {.name = "region", .value = row.cell("Country")},
                             {.name = "generation_class", .value = "GEN"}}},
       .capacity = Measured(*capacity)});
}

}  // namespace

Plants read_odre_plants(const std::string& text) {
  return PlantReader(text,
                     ';',
                     {"Nom du site",
                      "Type de site",
                      "Commune",
                      "Departement",
                      "Region",
                      "Code Region",
                      "Date de mise en service",
                      "Reseau",
                      "Type de Réseau",
                      "Capacite de production (GWh/an)",
                      "N° de PITD/PITP",
                      "ID unique projet",
                      "Date de fermeture du site"})
      .read(read_odre);
}

Plants read_repd_plants(const std::string& text) {
  return PlantReader(text,
                     ',',
                     {"Ref ID",
                      "Operator (or Applicant)",
                      "Site Name",
                      "Technology Type",
                      "Installed Capacity (MWelec)",
                      "Development Status (short)",
                      "Address",
                      "County",
                      "Region",
                      "Country",
                      "Post Code",
                      "Operational"})
      .read(read_repd);
}

Plants read_rego_stations(const std::string& text) {
  return PlantReader(text,
                     ',',
                     {"GeneratorID",
                      "StatusName",
                      "GeneratorName",
                      "SchemeName",
                      "Capacity",
                      "Country",
                      "TechnologyName",
                      "OutputType",
                      "CommissionDate",
                      "textbox6"})
      .read(read_station);
}

}  // namespace origo::gateway
