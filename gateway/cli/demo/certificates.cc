#include <iostream>

#include "gateway/cli/base/format.h"
#include "gateway/cli/demo/demo.h"
#include "gateway/cli/demo/progress.h"

namespace origo::gateway {
namespace {

constexpr std::size_t kTransfersEach = 10;
constexpr std::size_t kCancellationsEach = 60;  // of a consumer; half as many of a supplier
constexpr std::size_t kStatementsShown = 3;

std::vector<v1::Holding> free_holdings(Actor& actor) {
  v1::ListHoldingsRequest request;
  request.set_account(actor.account.value());
  const auto list = actor.session->ask_all(&v1::Registry::Stub::ListHoldings, request, 1'000'000);
  std::vector<v1::Holding> free;
  for (const v1::Holding& holding : list.holdings()) {
    if (holding.available() > 0) free.push_back(holding);
  }
  return free;
}

void print_statement(const v1::CancellationStatement& statement) {
  std::cout << "  can-" << statement.cancellation() << "  " << statement.date() << "  "
            << group_digits(statement.units()) << " MWh for " << statement.beneficiary() << ", "
            << statement.purpose();
  if (statement.has_period()) {
    std::cout << " in " << statement.period().first() << ".." << statement.period().last();
  }
  std::cout << "\n      made by " << statement.device() << " in "
            << statement.production_period().first() << ".." << statement.production_period().last()
            << "\n      ";
  for (const v1::SerialRange& range : statement.ranges()) std::cout << range.printed() << "  ";
  std::cout << "\n";
}

CancelCertificates cancellation(const Company& company,
                                const Actor& actor,
                                const v1::Holding& holding) {
  const bool consumer = company.kind == ParticipantKind::consumer;
  CancelCertificates cancel;
  cancel.account = actor.account;
  cancel.lot = LotId(static_cast<std::uint32_t>(holding.lot()));
  // Consumers use up most of what they bought, suppliers what their customers consumed.
  cancel.units = Units(consumer ? holding.available() : (holding.available() + 2) / 3);
  cancel.beneficiary = consumer ? company.name : "Customers of " + company.name;
  cancel.country = "FR";
  cancel.purpose = company.purpose;
  cancel.period = {.first = *make_date(2023, 1, 1), .last = *make_date(2023, 3, 31)};
  cancel.note = "Demo: invented claim about real certificates' data";
  return cancel;
}

}  // namespace

void transfer(Cast& cast) {
  const std::pair<const char*, const char*> pairs[] = {
      {"north", "alpha"}, {"east", "beta"}, {"west", "alpha"}, {"south", "beta"}};
  Progress progress("transfers", std::size(pairs) * kTransfersEach);
  std::int64_t units = 0;
  for (const auto& [from, to] : pairs) {
    Actor& giver = cast.get(from);
    const AccountId receiver = cast.get(to).account;
    giver.sender->must_send(TrustAccount{.from = giver.account, .to = receiver, .trusted = true},
                            "trusting an account");
    const auto holdings = free_holdings(giver);
    std::vector<Command> transfers;
    for (std::size_t i = holdings.size(); i > 0 && transfers.size() < kTransfersEach; --i) {
      const v1::Holding& holding = holdings[i - 1];
      const Units half((holding.available() + 1) / 2);
      units += half.value();
      transfers.push_back(
          TransferCertificates{.from = giver.account,
                               .to = receiver,
                               .lot = LotId(static_cast<std::uint32_t>(holding.lot())),
                               .units = half});
    }
    giver.sender->must_send(transfers, "transferring", [&](std::size_t n) { progress.add(n); });
  }
  progress.finish(group_digits(units) + " MWh between trusted accounts");
}

void cancel(Cast& cast) {
  Progress progress("cancellations", companies().size());
  std::int64_t units = 0;
  std::size_t statements = 0;
  std::vector<std::pair<Actor*, std::uint64_t>> shown;
  for (const Company& company : companies()) {
    progress.add(1);
    if (company.kind == ParticipantKind::trader) continue;
    Actor& actor = cast.get(company.user);
    const std::size_t most =
        company.kind == ParticipantKind::consumer ? kCancellationsEach : kCancellationsEach / 2;
    std::vector<Command> cancels;
    for (const v1::Holding& holding : free_holdings(actor)) {
      if (cancels.size() == most) break;
      cancels.push_back(cancellation(company, actor, holding));
      units += std::get<CancelCertificates>(cancels.back()).units.value();
    }
    const auto answers = actor.sender->must_send(cancels, "cancelling", {});
    statements += answers.size();
    if (!answers.empty() && company.kind == ParticipantKind::consumer)
      shown.emplace_back(&actor, answers.back().id());
  }
  progress.finish(group_digits(static_cast<std::int64_t>(statements)) + " statements, " +
                  group_digits(units) + " MWh");
  for (std::size_t i = 0; i < std::min(shown.size(), kStatementsShown); ++i) {
    v1::GetCancellationRequest request;
    request.set_cancellation(shown[i].second);
    print_statement(
        shown[i].first->session->ask(&v1::Registry::Stub::GetCancellation, request).statement());
  }
}

}  // namespace origo::gateway
