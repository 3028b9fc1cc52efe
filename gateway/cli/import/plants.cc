#include <set>

#include "gateway/cli/base/format.h"
#include "gateway/cli/import/importer.h"

namespace origo::gateway {

Exit import_plants(Importer& importer) {
  const ImportOptions& options = importer.options();
  const bool french = options.format == "odre";
  const std::string text = read_whole(options.file);
  Plants plants = french ? read_odre_plants(text) : read_repd_plants(text);
  if (!plants.error.empty()) throw Failure(Exit::usage, options.file + ": " + plants.error);

  ImportReport report{.format = options.format,
                      .file = options.file,
                      .registry = options.registry,
                      .dry_run = options.dry_run,
                      .rows = plants.rows.size(),
                      .passed_over = std::move(plants.passed_over)};
  report.refuse(options.file, plants.refused);
  std::vector<const Plant*> missing;
  std::set<std::string> producers;
  Measured capacity;
  bool unapproved = false;
  for (const Plant& plant : plants.rows) {
    capacity += plant.capacity;
    const auto known = importer.devices().find(plant.key);
    if (known != importer.devices().end()) {
      ++report.already_there;
      unapproved = unapproved || !known->second.approved();
      continue;
    }
    missing.push_back(&plant);
    producers.insert(plant.producer);
  }
  report.imported = missing.size();
  report.totals = {{"sites", group_digits(static_cast<std::int64_t>(plants.rows.size()))}};
  if (french)
    report.totals.emplace_back("GWh a year", format_decimal(capacity.value(), 9));
  else
    report.totals.emplace_back("MW", format_decimal(capacity.value(), 6));
  if (const auto exit = settle(report, importer)) return *exit;
  if (!missing.empty() || unapproved) {
    const std::string country = french ? "FR" : "GB";
    importer.open(french ? "FR-GO" : "RED-GO", country);
    importer.admit(producers, {ParticipantKind::producer}, country);
    importer.register_plants(missing);
  }
  print(report, importer.shell().json);
  return Exit::ok;
}

}  // namespace origo::gateway
