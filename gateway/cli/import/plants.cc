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
                      .passed_over = std::move(plants.passed_over)};
  report.refuse(options.file, plants.refused);
  const std::string country = french ? "FR" : "GB";
  importer.prepare(french ? "FR-GO" : "RED-GO", country);
  const std::vector<ParticipantKind> kinds = {ParticipantKind::producer};
  Measured capacity;
  std::vector<const Plant*> all;
  for (const Plant& plant : plants.rows) {
    capacity += plant.capacity;
    all.push_back(&plant);
  }
  // Of the French plants the source names no owner: its register's own word stays.
  const PlantWork work = importer.sort_plants(options.file, all, kinds, !french, report);
  report.imported = work.missing.size();
  report.rows = report.already_there + work.missing.size() + work.changed.size();
  report.totals = {{"sites", group_digits(static_cast<std::int64_t>(plants.rows.size()))}};
  if (french)
    report.totals.emplace_back("GWh a year", format_decimal(capacity.value(), 9));
  else
    report.totals.emplace_back("MW", format_decimal(capacity.value(), 6));
  if (const auto exit = settle(report, importer)) return *exit;
  if (!work.empty()) {
    importer.open();
    importer.admit(work.owners, kinds, country);
    importer.bring_plants(work);
  }
  print(report, importer.shell().json);
  return Exit::ok;
}

}  // namespace origo::gateway
