#include "gateway/cli/demo/reconcile.h"

#include <iostream>
#include <limits>

#include "gateway/cli/base/format.h"

namespace origo::gateway {
namespace {

constexpr std::size_t kAll = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kUnitWh = 1'000'000;

void compare(Reconciliation& result,
             const std::string& what,
             std::int64_t is,
             std::int64_t should) {
  if (is == should) return;
  result.differences.push_back(what + ": " + group_digits(is) + " instead of " +
                               group_digits(should));
}

void add_declarations(Reconciliation& result, const Stage& stage, Session& session) {
  v1::ListDeclarationsRequest request;
  request.set_registry(stage.registry.value());
  const auto list = session.ask_all(&v1::Registry::Stub::ListDeclarations, request, kAll);
  std::map<std::string, std::int64_t> by_month;
  for (const v1::Declaration& declaration : list.declarations()) {
    result.declared += Measured(declaration.gross());
    by_month[declaration.period().first().substr(0, 7)] += declaration.gross();
    if (declaration.state() != v1::DECLARATION_STATE_ISSUED) {
      result.differences.push_back("declaration dcl-" + std::to_string(declaration.declaration()) +
                                   " is not issued");
    }
  }
  for (const MonthTotal& month : stage.months) {
    const std::string name = to_string(month.month.first).substr(0, 7);
    compare(result, "declared in " + name + ", Wh", by_month[name], month.total.value());
  }
}

void add_certificates(Reconciliation& result, const Stage& stage, Session& session) {
  v1::ListLotsRequest lots;
  lots.set_registry(stage.registry.value());
  const auto list = session.ask_all(&v1::Registry::Stub::ListLots, lots, kAll);
  result.lots = static_cast<std::size_t>(list.lots_size());
  for (const v1::Lot& lot : list.lots()) {
    result.issued += lot.issued();
    result.held += lot.held();
    result.cancelled += lot.cancelled();
    result.expired += lot.expired();
    result.withdrawn += lot.withdrawn();
  }
  v1::ListDevicesRequest devices;
  devices.set_registry(stage.registry.value());
  const auto sites = session.ask_all(&v1::Registry::Stub::ListDevices, devices, kAll);
  compare(result, "devices", sites.devices_size(), static_cast<std::int64_t>(stage.sites.size()));
  for (const v1::Device& device : sites.devices()) {
    for (const v1::Carried& carried : device.carried())
      result.carried += Measured(carried.amount());
  }
}

void add_accounts(Reconciliation& result, const Stage& stage, Session& session) {
  const auto accounts =
      session.ask_all(&v1::Accounts::Stub::ListAccounts, v1::ListAccountsRequest(), kAll);
  for (const v1::Account& account : accounts.accounts()) {
    if (account.registry() != stage.registry.value()) continue;
    v1::ListHoldingsRequest request;
    request.set_account(account.account());
    const auto list = session.ask_all(&v1::Registry::Stub::ListHoldings, request, kAll);
    for (const v1::Holding& holding : list.holdings()) {
      result.holdings += holding.available() + holding.reserved();
      result.reserved += holding.reserved();
      std::int64_t serials = 0;
      for (const v1::SerialRange& range : holding.ranges()) serials += range.count();
      compare(result,
              "serials of acc-" + std::to_string(account.account()) + " in lot-" +
                  std::to_string(holding.lot()),
              serials,
              holding.available() + holding.reserved());
    }
  }
  const auto list =
      session.ask_all(&v1::Registry::Stub::ListCancellations, v1::ListCancellationsRequest(), kAll);
  for (const v1::CancellationStatement& statement : list.statements()) {
    if (statement.registry() == kRegistryCode) result.statements += statement.units();
  }
}

}  // namespace

Reconciliation reconcile(const Stage& stage, Session& session) {
  Reconciliation result;
  result.published = stage.published;
  add_declarations(result, stage, session);
  add_certificates(result, stage, session);
  add_accounts(result, stage, session);
  compare(result, "declared in all, Wh", result.declared.value(), result.published.value());
  compare(result,
          "issued and carried, Wh",
          result.issued * kUnitWh + result.carried.value(),
          result.published.value());
  compare(result,
          "held, cancelled, expired and withdrawn",
          result.held + result.cancelled + result.expired + result.withdrawn,
          result.issued);
  compare(result, "held by the accounts", result.holdings, result.held);
  compare(result, "on cancellation statements", result.statements, result.cancelled);
  return result;
}

void print(const Reconciliation& result, const Stage& stage) {
  const std::string first = to_string(stage.months.front().month.first).substr(0, 7);
  const std::string last = to_string(stage.months.back().month.first).substr(0, 7);
  const auto line =
      [](const std::string& what, const std::string& amount, const std::string& note) {
        std::cout << "  " << what << std::string(12 - what.size(), ' ')
                  << std::string(20 - std::min<std::size_t>(20, amount.size()), ' ') << amount
                  << " MWh" << (note.empty() ? "" : "  " + note) << "\n";
      };
  const auto units = [](std::int64_t count) { return format_decimal(count * kUnitWh, 6); };
  line("held", units(result.held), group_digits(result.reserved) + " of them in open orders");
  line("cancelled", units(result.cancelled), "");
  if (result.expired != 0) line("expired", units(result.expired), "");
  if (result.withdrawn != 0) line("withdrawn", units(result.withdrawn), "by the issuing body");
  line("issued",
       units(result.issued),
       "in " + group_digits(static_cast<std::int64_t>(result.lots)) + " lots");
  line("carried", format_decimal(result.carried.value(), 6), "by the sites, less than 1 MWh each");
  line("sum", format_decimal(result.issued * kUnitWh + result.carried.value(), 6), "");
  line("published",
       format_decimal(result.published.value(), 6),
       "by ODRE for " + first + " to " + last);
  for (const std::string& difference : result.differences)
    std::cout << "  DIFFERENCE " << difference << "\n";
  std::cout << (result.differences.empty() ? "reconciled" : "NOT reconciled") << ": issued "
            << group_digits(result.issued) << " = held " << group_digits(result.held)
            << " + cancelled " << group_digits(result.cancelled) << " + expired "
            << group_digits(result.expired) << "; with " << format_mwh(result.carried.value())
            << " carried: " << format_mwh(result.issued * kUnitWh + result.carried.value())
            << " of " << format_mwh(result.published.value()) << " published" << std::endl;
}

}  // namespace origo::gateway
