#include <algorithm>
#include <set>

#include "gateway/cli/base/format.h"
#include "gateway/cli/import/importer.h"

namespace origo::gateway {
namespace {

constexpr const char* kInjected = "biomethane";

std::string key_of(const std::string& meter, const std::string& format) {
  return format + " " + meter;
}

// The meter as a device: what all injection points of a grid measured together.
Plant meter_of(const std::string& meter,
               const std::string& format,
               const std::vector<Volume>& volumes) {
  std::map<std::string, std::int64_t> by_year;
  Date start = kNever;
  for (const Volume& volume : volumes) {
    if (volume.meter != meter) continue;
    by_year[to_string(volume.period.first).substr(0, 4)] += volume.amount.value();
    start = std::min(start, volume.period.first);
  }
  std::int64_t most = 0;
  for (const auto& [year, sum] : by_year) most = std::max(most, sum);
  const std::string key = key_of(meter, format);
  return {.key = key,
          .producer = "Grid meters of " + meter,
          .device = {
              .producer = {},
              .name = "Biomethane injected, " + meter + " (" + key + ")",
              .country = "FR",
              .carriers = {kInjected},
              .start = start,
              .fields = {{.name = "producer_address", .value = "France"},
                         {.name = "address", .value = "all injection points of " + meter},
                         {.name = "device_type", .value = "aggregate"},
                         {.name = "capacity_mwh_year", .value = std::to_string(most / 1'000'000)},
                         {.name = "grid_operator", .value = meter}}}};
}

// What the register holds of the meters: by device and first day.
std::map<std::pair<std::uint64_t, std::string>, std::int64_t> declared(Importer& importer) {
  std::map<std::pair<std::uint64_t, std::string>, std::int64_t> found;
  if (!importer.registry().is_set()) return found;
  v1::ListDeclarationsRequest request;
  request.set_registry(importer.registry().value());
  const auto list =
      importer.admin().ask_all(&v1::Registry::Stub::ListDeclarations, request, kEveryRow);
  for (const v1::Declaration& one : list.declarations()) {
    found[{one.device(), one.period().first() + " " + one.period().last()}] = one.gross();
  }
  return found;
}

// Why the register would not take the reading; empty: it would.
std::string rehearse(Importer& importer,
                     const std::string& key,
                     const Volume& volume,
                     const std::string& format,
                     const std::vector<Volume>& all) {
  Rehearsal& rehearsal = importer.rehearsal();
  if (!rehearsal.device(key).is_set()) {
    if (importer.devices().contains(key)) return {};  // not known well enough to be judged
    const Plant meter = meter_of(volume.meter, format, all);
    const auto added = rehearsal.add_device(
        key, meter.device, importer.rehearse(meter.producer, {ParticipantKind::producer}));
    if (!added.ok()) return added.refused;
  }
  return rehearsal.declare(key, kInjected, volume.period, volume.amount).refused;
}

}  // namespace

Exit import_volumes(Importer& importer) {
  const ImportOptions& options = importer.options();
  const std::string text = read_whole(options.file);
  const Volumes volumes =
      options.format == "odre-hourly" ? read_odre_hourly(text) : read_odre_monthly(text);
  if (!volumes.error.empty()) throw Failure(Exit::usage, options.file + ": " + volumes.error);

  ImportReport report{.format = options.format,
                      .file = options.file,
                      .registry = options.registry,
                      .dry_run = options.dry_run,
                      .rows = volumes.rows.size()};
  report.refuse(options.file, volumes.refused);
  importer.prepare("FR-GO", "FR");
  const auto known = declared(importer);
  std::vector<const Volume*> missing;
  std::map<std::string, std::int64_t> totals;
  std::set<std::string> meters;
  for (const Volume& volume : volumes.rows) {
    totals[volume.meter] += volume.amount.value();
    const auto device = importer.devices().find(key_of(volume.meter, options.format));
    if (device == importer.devices().end()) {
      meters.insert(volume.meter);
    } else {
      const auto there =
          known.find({device->second.device(),
                      to_string(volume.period.first) + " " + to_string(volume.period.last)});
      if (there != known.end() && there->second != volume.amount.value()) {
        report.refuse(
            options.file,
            {{volume.line,
              "must be what the register holds of this period: " + format_mwh(there->second)}});
        continue;
      }
      if (there != known.end()) {
        ++report.already_there;
        continue;
      }
    }
    const std::string key = key_of(volume.meter, options.format);
    const std::string refused = rehearse(importer, key, volume, options.format, volumes.rows);
    if (!refused.empty()) {
      report.refuse(options.file, {{volume.line, refused}});
      continue;
    }
    missing.push_back(&volume);
  }
  report.imported = missing.size();
  std::int64_t whole = 0;
  for (const auto& [meter, sum] : totals) {
    report.totals.emplace_back(meter, format_mwh(sum));
    whole += sum;
  }
  if (totals.size() > 1) report.totals.emplace_back("together", format_mwh(whole));
  if (const auto exit = settle(report, importer)) return *exit;
  if (!missing.empty()) {
    importer.open();
    std::vector<Plant> plants;
    std::set<std::string> owners;
    for (const std::string& meter : meters) {
      plants.push_back(meter_of(meter, options.format, volumes.rows));
      owners.insert(plants.back().producer);
    }
    PlantWork work;
    for (const Plant& plant : plants) work.missing.push_back(&plant);
    importer.admit(owners, {ParticipantKind::producer}, "FR");
    importer.bring_plants(work);
    std::vector<Command> commands;
    for (const Volume* const volume : missing) {
      const std::uint64_t device =
          importer.devices().at(key_of(volume->meter, options.format)).device();
      commands.push_back(DeclareProduction{.device = DeviceId(static_cast<DeviceId::Rep>(device)),
                                           .carrier = kInjected,
                                           .period = volume->period,
                                           .gross = volume->amount,
                                           .deductions = {},
                                           .fields = {}});
    }
    importer.send(importer.trustee(), commands, "periods declared");
  }
  print(report, importer.shell().json);
  return Exit::ok;
}

}  // namespace origo::gateway
