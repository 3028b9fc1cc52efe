#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <tuple>

#include "gateway/cli/base/format.h"
#include "gateway/cli/import/importer.h"

// The British register of certificates: each station's month becomes a lot, each block goes to its
// holder, and what was redeemed or retired is cancelled. Serial numbers are taken lowest first, so
// that in the blocks' order each block keeps the numbers that the source prints; by them it is
// known again.
namespace origo::gateway {
namespace {

constexpr const char* kElectricity = "electricity";
constexpr std::int64_t kUnit = 1'000'000;  // Wh
const std::vector<ParticipantKind> kOwnerKinds = {ParticipantKind::producer,
                                                  ParticipantKind::trader};
const std::vector<ParticipantKind> kHolderKinds = {ParticipantKind::supplier,
                                                   ParticipantKind::trader};

bool is_cancelled(const RegoBlock& block) {
  return block.status == "Redeemed" || block.status == "Retired";
}

// A station's month.
struct Month {
  std::string station;  // accreditation
  Period period;

  friend auto operator<=>(const Month& a, const Month& b) {
    return std::tie(a.station, a.period.first, a.period.last) <=>
           std::tie(b.station, b.period.first, b.period.last);
  }
};

Month month_of(const RegoBlock& block) {
  return {block.accreditation, block.period};
}

// What the register holds of the file.
struct Found {
  std::map<Month, v1::Declaration> months;
  std::set<std::string> cancelled;  // serial ranges as printed
  std::map<std::pair<std::uint64_t, std::uint64_t>, v1::Holding> holdings;  // by account and lot
};

class RegoImport {
 public:
  RegoImport(Importer& importer,
             std::vector<RegoBlock> blocks,
             const Plants& stations,
             PlantWork work)
      : importer_(importer),
        blocks_(std::move(blocks)),
        stations_(stations),
        work_(std::move(work)) {}

  void look();
  void rehearse(ImportReport& report);
  [[nodiscard]] const std::vector<RegoBlock>& blocks() const { return blocks_; }
  // Blocks that are where they should be.
  [[nodiscard]] std::size_t done() const;
  void run();

 private:
  [[nodiscard]] const Plant& plant(const RegoBlock& block) const;
  [[nodiscard]] std::uint64_t lot(const RegoBlock& block) const;
  [[nodiscard]] bool is_held(const RegoBlock& block) const;
  [[nodiscard]] bool is_done(const RegoBlock& block) const;
  void issue();
  void transfer();
  void cancel();

  Importer& importer_;
  std::vector<RegoBlock> blocks_;
  const Plants& stations_;
  const PlantWork work_;  // of the stations
  Found found_;
};

std::string key_of(const RegoBlock& block) {
  return "REGO " + block.accreditation;
}

const Plant& station_of(const Plants& stations, const RegoBlock& block) {
  return *std::ranges::find(stations.rows, key_of(block), &Plant::key);
}

const Plant& RegoImport::plant(const RegoBlock& block) const {
  return station_of(stations_, block);
}

void RegoImport::look() {
  found_ = {};
  if (!importer_.registry().is_set()) return;
  Session& admin = importer_.admin();
  std::map<std::uint64_t, std::string> stations;  // accreditation by device
  for (const auto& [name, device] : importer_.devices()) {
    if (name.starts_with("REGO ")) stations[device.device()] = name.substr(5);
  }
  v1::ListDeclarationsRequest declarations;
  declarations.set_registry(importer_.registry().value());
  const auto declared =
      admin.ask_all(&v1::Registry::Stub::ListDeclarations, declarations, kEveryRow);
  for (const v1::Declaration& one : declared.declarations()) {
    const auto station = stations.find(one.device());
    if (station == stations.end()) continue;
    found_.months[{station->second,
                   {*parse_date(one.period().first()), *parse_date(one.period().last())}}] = one;
  }
  std::set<AccountId> accounts;
  for (const RegoBlock& block : blocks_) {
    if (const AccountId account = importer_.find_account(block.holder); account.is_set())
      accounts.insert(account);
  }
  for (const AccountId account : accounts) {
    v1::ListHoldingsRequest holdings;
    holdings.set_account(account.value());
    const auto held = admin.ask_all(&v1::Registry::Stub::ListHoldings, holdings, kEveryRow);
    for (const v1::Holding& one : held.holdings()) {
      found_.holdings[{one.account(), one.lot()}] = one;
    }
    v1::ListCancellationsRequest statements;
    statements.set_account(account.value());
    const auto told = admin.ask_all(&v1::Registry::Stub::ListCancellations, statements, kEveryRow);
    for (const v1::CancellationStatement& one : told.statements()) {
      for (const v1::SerialRange& range : one.ranges()) found_.cancelled.insert(range.printed());
    }
  }
}

std::uint64_t RegoImport::lot(const RegoBlock& block) const {
  const auto month = found_.months.find(month_of(block));
  return month == found_.months.end() ? 0 : month->second.lot();
}

bool RegoImport::is_held(const RegoBlock& block) const {
  const auto holding =
      found_.holdings.find({importer_.find_account(block.holder).value(), lot(block)});
  if (holding == found_.holdings.end()) return false;
  return std::ranges::any_of(holding->second.ranges(), [&](const v1::SerialRange& range) {
    const std::int64_t first = block.first + 1;  // the register counts from 1
    return range.first() <= first && first + block.count <= range.first() + range.count();
  });
}

bool RegoImport::is_done(const RegoBlock& block) const {
  return is_cancelled(block) ? found_.cancelled.contains(block.printed) : is_held(block);
}

std::size_t RegoImport::done() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(blocks_, [&](const auto& block) { return is_done(block); }));
}

// Two persons agree to issuance, or one suffices; and transfers must not wait.
void check_node(Importer& importer) {
  const auto status = importer.admin().ask(&v1::Admin::Stub::Status, v1::StatusRequest());
  if (!status.relaxations().holds()) {
    throw Failure(Exit::failed,
                  "this node holds transfers, so the blocks cannot reach their holders",
                  "relax holds until the register is taken over: `origo admin relax --holds`");
  }
  if (!status.relaxations().four_eyes() && !importer.has_second()) {
    throw Failure(Exit::failed,
                  "this node asks a second person to consent to issuance",
                  "name one with --approve-as: another person's token file, or a name in the data "
                  "directory's users/");
  }
}

void RegoImport::run() {
  importer_.open();
  importer_.empower_second();
  std::set<std::string> owners = work_.owners;
  std::set<std::string> companies;
  for (const RegoBlock& block : blocks_) {
    companies.insert(block.holder);
    owners.insert(plant(block).producer);
  }
  importer_.admit(owners, kOwnerKinds, "GB");
  importer_.admit(companies, kHolderKinds, "GB");
  companies.insert(owners.begin(), owners.end());
  importer_.open_accounts(companies);
  importer_.bring_plants(work_);
  issue();
  transfer();
  cancel();
}

void RegoImport::issue() {
  std::map<Month, std::int64_t> sums;
  std::map<Month, const RegoBlock*> samples;
  for (const RegoBlock& block : blocks_) {
    sums[month_of(block)] += block.count;
    samples.emplace(month_of(block), &block);
  }
  std::vector<Command> commands;
  std::vector<Month> declared;
  for (const auto& [month, sum] : sums) {
    if (found_.months.contains(month)) continue;
    const auto device = importer_.devices().at(key_of(*samples.at(month))).device();
    commands.push_back(DeclareProduction{.device = DeviceId(static_cast<DeviceId::Rep>(device)),
                                         .carrier = kElectricity,
                                         .period = month.period,
                                         .gross = Measured(sum * kUnit),
                                         .deductions = {},
                                         .fields = {}});
    declared.push_back(month);
  }
  const auto answers = importer_.send(importer_.trustee(), commands, "months declared");
  for (std::size_t i = 0; i < answers.size(); ++i) {
    found_.months[declared[i]].set_declaration(answers[i].id());
    found_.months[declared[i]].set_state(v1::DECLARATION_STATE_DECLARED);
  }
  std::vector<Command> requests;
  std::vector<Command> approvals;
  for (const auto& [month, sample] : samples) {
    const v1::Declaration& declaration = found_.months.at(month);
    const DeclarationId id(static_cast<DeclarationId::Rep>(declaration.declaration()));
    if (declaration.state() == v1::DECLARATION_STATE_ISSUED) continue;
    approvals.push_back(ApproveIssuance{.declaration = id});
    if (declaration.state() == v1::DECLARATION_STATE_REQUESTED) continue;
    requests.push_back(RequestIssuance{.declaration = id,
                                       .account = importer_.find_account(plant(*sample).producer)});
  }
  importer_.send(importer_.trustee(), requests, "issuances requested");
  importer_.send(importer_.issuer(), approvals, "months issued");
}

void RegoImport::transfer() {
  look();
  std::vector<Command> commands;
  for (const RegoBlock& block : blocks_) {
    const AccountId from = importer_.find_account(plant(block).producer);
    const AccountId to = importer_.find_account(block.holder);
    if (from == to || is_held(block) || found_.cancelled.contains(block.printed)) continue;
    commands.push_back(TransferCertificates{.from = from,
                                            .to = to,
                                            .lot = LotId(static_cast<LotId::Rep>(lot(block))),
                                            .units = Units(block.count)});
  }
  importer_.send(importer_.trustee(), commands, "blocks to their holders");
}

CancelCertificates cancellation_of(const RegoBlock& block, AccountId account, LotId lot) {
  const bool redeemed = block.status == "Redeemed";
  return {.account = account,
          .lot = lot,
          .units = Units(block.count),
          .beneficiary = block.holder,
          .country = redeemed ? "GB" : "",
          .purpose = redeemed ? "fuel_mix_disclosure" : "retirement",
          .period = {},
          .note = block.status + " in the source's register on " + to_string(block.status_date)};
}

void RegoImport::cancel() {
  std::vector<Command> commands;
  for (const RegoBlock& block : blocks_) {
    if (!is_cancelled(block) || found_.cancelled.contains(block.printed)) continue;
    commands.push_back(cancellation_of(
        block, importer_.find_account(block.holder), LotId(static_cast<LotId::Rep>(lot(block)))));
  }
  importer_.send(importer_.trustee(), commands, "blocks cancelled");
}

// A station's month from its declaration to the last cancellation. Why the register would not take
// it; empty: it would.
std::string rehearse_month(Importer& importer,
                           const Plant& station,
                           std::span<const RegoBlock> blocks) {
  Rehearsal& rehearsal = importer.rehearsal();
  std::int64_t sum = 0;
  for (const RegoBlock& block : blocks) sum += block.count;
  const auto declared =
      rehearsal.declare(station.key, kElectricity, blocks.front().period, Measured(sum * kUnit));
  if (!declared.ok()) return declared.refused;
  const DeclarationId declaration(static_cast<DeclarationId::Rep>(declared.id));
  const auto owner = importer.rehearse_account(station.producer, kOwnerKinds);
  if (!owner.ok()) return owner.refused;
  const AccountId from(static_cast<AccountId::Rep>(owner.id));
  const auto requested =
      rehearsal.company(RequestIssuance{.declaration = declaration, .account = from});
  if (!requested.ok()) return requested.refused;
  const auto issued = rehearsal.registry(ApproveIssuance{.declaration = declaration});
  if (!issued.ok()) return issued.refused;
  const LotId lot(static_cast<LotId::Rep>(issued.id));
  for (const RegoBlock& block : blocks) {
    const auto holder = importer.rehearse_account(block.holder, kHolderKinds);
    if (!holder.ok()) return holder.refused;
    const AccountId to(static_cast<AccountId::Rep>(holder.id));
    if (to != from) {
      const auto moved = rehearsal.company(
          TransferCertificates{.from = from, .to = to, .lot = lot, .units = Units(block.count)});
      if (!moved.ok()) return moved.refused;
    }
    if (!is_cancelled(block)) continue;
    const auto cancelled = rehearsal.company(cancellation_of(block, to, lot));
    if (!cancelled.ok()) return cancelled.refused;
  }
  return {};
}

// Leaves out the months that the register would not take; what is done already is not judged again.
// Months follow each other in the blocks.
void RegoImport::rehearse(ImportReport& report) {
  std::vector<RegoBlock> fit;
  for (std::size_t first = 0; first < blocks_.size();) {
    std::size_t end = first;
    while (end < blocks_.size() && !(month_of(blocks_[first]) < month_of(blocks_[end]))) ++end;
    const std::span<const RegoBlock> month(blocks_.data() + first, end - first);
    const Plant& station = plant(month.front());
    std::string refused;
    if (importer_.rehearsal().device(station.key).is_set()) {
      if (!std::ranges::all_of(month, [&](const RegoBlock& block) { return is_done(block); }))
        refused = rehearse_month(importer_, station, month);
    } else if (!importer_.devices().contains(station.key)) {
      refused = "its station is refused";
    }
    if (refused.empty()) {
      fit.insert(fit.end(), month.begin(), month.end());
    } else {
      report.refuse(report.file, {{month.front().line, "with its station's month: " + refused}});
    }
    first = end;
  }
  blocks_ = std::move(fit);
}

// The stations of the blocks, file by file.
PlantWork sort_stations(Importer& importer,
                        const std::vector<std::pair<std::string, std::size_t>>& files,
                        const Plants& stations,
                        const std::set<std::string>& meant,
                        ImportReport& report) {
  PlantWork all;
  const std::size_t already_there = report.already_there;
  std::size_t first = 0;
  for (const auto& [file, end] : files) {
    std::vector<const Plant*> plants;
    for (; first < end; ++first) {
      if (meant.contains(stations.rows[first].key)) plants.push_back(&stations.rows[first]);
    }
    PlantWork work = importer.sort_plants(file, plants, kOwnerKinds, true, report);
    all.missing.insert(all.missing.end(), work.missing.begin(), work.missing.end());
    all.changed.insert(all.changed.end(), work.changed.begin(), work.changed.end());
    all.owners.merge(work.owners);
    all.unapproved = all.unapproved || work.unapproved;
  }
  report.already_there = already_there;  // rows are blocks
  return all;
}

}  // namespace

Exit import_rego(Importer& importer) {
  const ImportOptions& options = importer.options();
  RegoBlocks blocks = read_rego_blocks(read_whole(options.file));
  if (!blocks.error.empty()) throw Failure(Exit::usage, options.file + ": " + blocks.error);
  ImportReport report{.format = options.format,
                      .file = options.file,
                      .registry = options.registry,
                      .dry_run = options.dry_run};
  report.refuse(options.file, blocks.refused);
  Plants stations;
  std::vector<std::pair<std::string, std::size_t>> files;  // each with the end of its stations
  for (const std::string& file : options.stations) {
    Plants read = read_rego_stations(read_whole(file));
    if (!read.error.empty()) throw Failure(Exit::usage, file + ": " + read.error);
    report.refuse(file, read.refused);
    stations.rows.insert(stations.rows.end(), read.rows.begin(), read.rows.end());
    files.emplace_back(file, stations.rows.size());
  }
  importer.prepare("GB-REGO", "GB");
  if (!options.dry_run) check_node(importer);
  std::set<std::string> meant;
  std::vector<RegoBlock> known;
  for (RegoBlock& block : blocks.rows) {
    const auto station = std::ranges::find(stations.rows, key_of(block), &Plant::key);
    if (station == stations.rows.end()) {
      report.refuse(
          options.file,
          {{block.line,
            "the station " + block.accreditation + " must be in a file given with --stations"}});
      continue;
    }
    meant.insert(station->key);
    known.push_back(std::move(block));
  }
  PlantWork work = sort_stations(importer, files, stations, meant, report);
  const bool stations_wait = !work.empty();
  RegoImport taking(importer, std::move(known), stations, std::move(work));
  taking.look();
  taking.rehearse(report);
  std::map<std::string, std::pair<std::size_t, std::int64_t>> by_status;
  std::int64_t certificates = 0;
  for (const RegoBlock& block : taking.blocks()) {
    auto& [number, sum] = by_status[block.status];
    ++number;
    sum += block.count;
    certificates += block.count;
  }
  report.rows = taking.blocks().size();
  report.totals.emplace_back("certificates", group_digits(certificates));
  for (const auto& [status, counts] : by_status) {
    report.totals.emplace_back(status,
                               group_digits(static_cast<std::int64_t>(counts.first)) + " blocks, " +
                                   group_digits(counts.second));
  }
  report.already_there = taking.done();
  report.imported = report.rows - report.already_there;
  if (const auto exit = settle(report, importer)) return *exit;
  if (report.imported > 0 || stations_wait) {
    taking.run();
    taking.look();
    if (taking.done() != report.rows) {
      throw Failure(Exit::unreconciled,
                    group_digits(static_cast<std::int64_t>(report.rows - taking.done())) +
                        " blocks are not where the source has them, by serial number");
    }
  }
  print(report, importer.shell().json);
  return Exit::ok;
}

}  // namespace origo::gateway
