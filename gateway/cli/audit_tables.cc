#include "gateway/cli/audit_tables.h"

#include <utility>
#include <variant>
#include <vector>

#include "gateway/cli/base/csv_row.h"
#include "gateway/cli/base/format.h"
#include "gateway/cli/failure.h"
#include "proto/codec/json.h"

namespace origo::gateway {

namespace {

using namespace storage::audit;

constexpr const char* kEveryRow =
    "event,time,command,lot,registry,scheme,device,device_name,country,carrier,period_first,"
    "period_last,unit_size,";

std::string text_of(Date date) {
  return date == Date() ? std::string() : to_string(date);
}

template <class Number>
std::string text_of(Number number) {
  return std::to_string(number.value());
}

void open_table(std::ofstream& file, const std::filesystem::path& path, const std::string& header) {
  file.open(path, std::ios::binary);
  file << header << "\r\n";
  if (!file) throw Failure(Exit::failed, "cannot write " + path.string());
}

}  // namespace

// The line of one event.
class AuditRow {
 public:
  AuditRow(AuditTables& tables, const ExportEntry& entry) : tables_(tables), entry_(entry) {}

  void operator()(const CertificatesIssued& event) const {
    if (!event.lot.is_set()) return;
    std::vector<std::string> cells = about(event.lot);
    put_account(cells, event.account);
    put(tables_.issuances_,
        std::move(cells),
        {text_of(event.units),
         amount_of(event.lot, event.units),
         "dcl-" + text_of(event.declaration)});
  }
  void operator()(const CertificatesMoved& event) const {
    if (!event.from.is_set() || !event.to.is_set()) return;
    std::vector<std::string> cells = about(event.lot);
    put_account(cells, event.from);
    put_account(cells, event.to);
    const std::int64_t last = event.range.first.value() + event.range.count.value() - 1;
    put(tables_.transfers_,
        std::move(cells),
        {text_of(event.range.first),
         std::to_string(last),
         text_of(event.range.count),
         amount_of(event.lot, event.range.count),
         proto::to_json(event.reason).get<std::string>(),
         std::to_string(event.reference)});
  }
  void operator()(const CertificatesCancelled& event) const {
    const CancelCertificates& details = event.details;
    std::vector<std::string> cells = about(details.lot);
    put_account(cells, details.account);
    put(tables_.cancellations_,
        std::move(cells),
        {"can-" + text_of(event.cancellation),
         text_of(event.date),
         text_of(details.units),
         amount_of(details.lot, details.units),
         details.beneficiary,
         details.country,
         details.purpose,
         text_of(details.period.first),
         text_of(details.period.last),
         details.note});
  }
  void operator()(const CertificatesExpired& event) const {
    std::vector<std::string> cells = about(event.lot);
    put_account(cells, event.account);
    put(tables_.expiries_,
        std::move(cells),
        {text_of(event.units), amount_of(event.lot, event.units)});
  }
  void operator()(const CertificatesWithdrawn& event) const {
    put(tables_.withdrawals_,
        about(event.lot),
        {"wdr-" + text_of(event.withdrawal),
         text_of(event.requested),
         text_of(event.withdrawn),
         amount_of(event.lot, event.withdrawn),
         text_of(event.voided),
         text_of(event.shortfall),
         event.correction.is_set() ? "dcl-" + text_of(event.correction) : "",
         event.reason});
  }
  template <class Other>
  void operator()(const Other&) const {}

 private:
  // The cells that all tables begin with.
  [[nodiscard]] std::vector<std::string> about(LotId id) const {
    const LotFacts& lot = tables_.lots_[id];
    return {text_of(entry_.sequence),
            format_instant(entry_.time),
            text_of(entry_.command),
            "lot-" + text_of(id),
            lot.registry,
            lot.scheme,
            "dev-" + text_of(lot.device),
            lot.device_name,
            lot.country,
            lot.carrier,
            text_of(lot.period.first),
            text_of(lot.period.last),
            std::to_string(lot.unit_size)};
  }
  void put_account(std::vector<std::string>& cells, AccountId id) const {
    cells.push_back("acc-" + text_of(id));
    cells.push_back(tables_.accounts_[id].participant_name);
  }
  [[nodiscard]] std::string amount_of(LotId lot, Units units) const {
    return std::to_string(units.value() * tables_.lots_[lot].unit_size);
  }
  static void put(std::ofstream& file,
                  std::vector<std::string> cells,
                  const std::vector<std::string>& more) {
    cells.insert(cells.end(), more.begin(), more.end());
    file << csv_row(cells) << "\r\n";
  }

  AuditTables& tables_;
  const ExportEntry& entry_;
};

AuditTables::AuditTables(const std::filesystem::path& folder) : folder_(folder) {
  const std::string row = kEveryRow;
  open_table(issuances_, folder / "issuances.csv", row + "account,holder,units,amount,declaration");
  open_table(transfers_,
             folder / "transfers.csv",
             row + "from,from_holder,to,to_holder,first,last,units,amount,reason,reference");
  open_table(cancellations_,
             folder / "cancellations.csv",
             row +
                 "account,holder,cancellation,date,units,amount,beneficiary,consumption_country,"
                 "purpose,consumption_first,consumption_last,note");
  open_table(expiries_, folder / "expiries.csv", row + "account,holder,units,amount");
  open_table(withdrawals_,
             folder / "withdrawals.csv",
             row + "withdrawal,requested,withdrawn,amount,voided,shortfall,correction,reason");
}

void AuditTables::know(const ExportFacts& facts) {
  for (const LotFacts& lot : facts.lots) lots_[lot.lot] = lot;
  for (const AccountFacts& account : facts.accounts) accounts_[account.account] = account;
}

void AuditTables::add(const ExportEntry& entry) {
  std::visit(AuditRow(*this, entry), entry.event);
  const std::string month = to_string(date_of(entry.time)).substr(0, 7);
  const auto sum = [&](LotId id, RegisterSum of, Units units) {
    const LotFacts& lot = lots_[id];
    add_to(sums_[{.month = month,
                  .registry = lot.registry,
                  .carrier = lot.carrier,
                  .country = lot.country,
                  .dimension = lot.dimension,
                  .unit_size = lot.unit_size}].*
               of,
           units);
  };
  std::visit([&](const auto& event) { count(event, sum); }, entry.event);
}

void AuditTables::end() {
  std::ofstream file;
  open_table(file,
             folder_ / "sums.csv",
             "month,registry,carrier,country,dimension,unit_size,issued,entered_otherwise,"
             "transferred,traded,cancelled,converted,expired,withdrawn,left_otherwise,voided");
  for (const auto& [kind, sums] : sums_)
    file << csv_row({kind.month,
                     kind.registry,
                     kind.carrier,
                     kind.country,
                     kind.dimension == Dimension::mass_gco2e ? "mass_gco2e" : "energy_wh",
                     std::to_string(kind.unit_size),
                     text_of(sums.issued),
                     text_of(sums.entered_otherwise),
                     text_of(sums.transferred),
                     text_of(sums.traded),
                     text_of(sums.cancelled),
                     text_of(sums.converted),
                     text_of(sums.expired),
                     text_of(sums.withdrawn),
                     text_of(sums.left_otherwise),
                     text_of(sums.voided)})
         << "\r\n";
  for (std::ofstream* const one :
       {&issuances_, &transfers_, &cancellations_, &expiries_, &withdrawals_, &file}) {
    one->close();
    if (one->fail()) throw Failure(Exit::failed, "cannot write to " + folder_.string());
  }
}

}  // namespace origo::gateway
