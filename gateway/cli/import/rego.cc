#include <algorithm>
#include <map>
#include <optional>
#include <set>
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
  RegoImport(Importer& importer, std::vector<RegoBlock> blocks, Plants stations)
      : importer_(importer), blocks_(std::move(blocks)), stations_(std::move(stations)) {}

  void look();
  // Blocks that are where they should be.
  [[nodiscard]] std::size_t done() const;
  void run();

 private:
  [[nodiscard]] std::string key(const RegoBlock& block) const {
    return "REGO " + block.accreditation;
  }
  [[nodiscard]] const Plant& plant(const RegoBlock& block) const;
  [[nodiscard]] std::uint64_t lot(const RegoBlock& block) const;
  [[nodiscard]] bool is_held(const RegoBlock& block) const;
  [[nodiscard]] bool is_done(const RegoBlock& block) const;
  void check_node();
  void issue();
  void transfer();
  void cancel();

  Importer& importer_;
  const std::vector<RegoBlock> blocks_;
  const Plants stations_;
  Found found_;
};

const Plant& RegoImport::plant(const RegoBlock& block) const {
  return *std::ranges::find(stations_.rows, key(block), &Plant::key);
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

// One person must suffice, transfers must not wait, and the months must be over.
void RegoImport::check_node() {
  const auto status = importer_.admin().ask(&v1::Admin::Stub::Status, v1::StatusRequest());
  if (!status.relaxations().four_eyes() || !status.relaxations().holds()) {
    throw Failure(
        Exit::failed,
        "this node asks a second person to consent to issuance, or holds transfers",
        "take over a register on a node started with `origod --demo`, before it serves others");
  }
  const Date today = date_of(Instant(status.now()));
  for (const RegoBlock& block : blocks_) {
    if (block.period.last < today) continue;
    throw Failure(Exit::failed,
                  "the node's clock says " + to_string(today) + ", before " +
                      to_string(block.period.last) + ", the end of an output period",
                  "start it with `origod --demo --clock` at a later instant");
  }
}

void RegoImport::run() {
  check_node();
  importer_.open("GB-REGO", "GB");
  std::set<std::string> owners;
  std::set<std::string> companies;
  std::set<std::string> stations;
  std::vector<const Plant*> missing;
  for (const RegoBlock& block : blocks_) {
    companies.insert(block.holder);
    if (!stations.insert(block.accreditation).second) continue;
    owners.insert(plant(block).producer);
    if (!importer_.devices().contains(key(block))) missing.push_back(&plant(block));
  }
  importer_.admit(owners, {ParticipantKind::producer, ParticipantKind::trader}, "GB");
  importer_.admit(companies, {ParticipantKind::supplier, ParticipantKind::trader}, "GB");
  companies.insert(owners.begin(), owners.end());
  importer_.open_accounts(companies);
  importer_.register_plants(missing);
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
    const auto device = importer_.devices().at(key(*samples.at(month))).device();
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

void RegoImport::cancel() {
  std::vector<Command> commands;
  for (const RegoBlock& block : blocks_) {
    if (!is_cancelled(block) || found_.cancelled.contains(block.printed)) continue;
    const bool redeemed = block.status == "Redeemed";
    commands.push_back(CancelCertificates{
        .account = importer_.find_account(block.holder),
        .lot = LotId(static_cast<LotId::Rep>(lot(block))),
        .units = Units(block.count),
        .beneficiary = block.holder,
        .country = redeemed ? "GB" : "",
        .purpose = redeemed ? "fuel_mix_disclosure" : "retirement",
        .period = {},
        .note = block.status + " in the source's register on " + to_string(block.status_date)});
  }
  importer_.send(importer_.trustee(), commands, "blocks cancelled");
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
  for (const std::string& file : options.stations) {
    Plants read = read_rego_stations(read_whole(file));
    if (!read.error.empty()) throw Failure(Exit::usage, file + ": " + read.error);
    report.refuse(file, read.refused);
    stations.rows.insert(stations.rows.end(), read.rows.begin(), read.rows.end());
  }
  std::vector<RegoBlock> known;
  std::map<std::string, std::pair<std::size_t, std::int64_t>> by_status;
  std::int64_t certificates = 0;
  for (RegoBlock& block : blocks.rows) {
    if (std::ranges::find(stations.rows, "REGO " + block.accreditation, &Plant::key) ==
        stations.rows.end()) {
      report.refuse(
          options.file,
          {{block.line,
            "the station " + block.accreditation + " must be in a file given with --stations"}});
      continue;
    }
    auto& [number, sum] = by_status[block.status];
    ++number;
    sum += block.count;
    certificates += block.count;
    known.push_back(std::move(block));
  }
  report.rows = known.size();
  report.totals.emplace_back("certificates", group_digits(certificates));
  for (const auto& [status, counts] : by_status) {
    report.totals.emplace_back(status,
                               group_digits(static_cast<std::int64_t>(counts.first)) + " blocks, " +
                                   group_digits(counts.second));
  }
  RegoImport work(importer, std::move(known), std::move(stations));
  work.look();
  report.already_there = work.done();
  report.imported = report.rows - report.already_there;
  if (const auto exit = settle(report, importer)) return *exit;
  if (report.imported > 0) {
    work.run();
    work.look();
    if (work.done() != report.rows) {
      throw Failure(Exit::unreconciled,
                    group_digits(static_cast<std::int64_t>(report.rows - work.done())) +
                        " blocks are not where the source has them, by serial number");
    }
  }
  print(report, importer.shell().json);
  return Exit::ok;
}

}  // namespace origo::gateway
