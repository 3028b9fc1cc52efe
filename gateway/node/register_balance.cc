#include "gateway/node/register_balance.h"

#include <map>

namespace origo::gateway {

bool RegisterBalance::agrees() const {
  return statistics.issued == ledger.issued && statistics.cancelled == ledger.cancelled &&
         statistics.expired == ledger.expired && statistics.withdrawn == ledger.withdrawn &&
         statistics.voided == ledger.voided && statistics.closing() == held && stock == held;
}

std::vector<RegisterBalance> reconcile(const Exchange& exchange,
                                       const std::vector<RegisterTotal>& totals) {
  std::map<RegisterKind, RegisterBalance> by_kind;
  for (const RegisterTotal& total : totals) {
    RegisterBalance& balance = by_kind[total.newest.kind];
    balance.statistics = total.ever;
    balance.stock = total.newest.flows.closing();
  }
  const Registry& registry = exchange.registry();
  for (const Lot& lot : registry.lots) {
    RegisterBalance& balance = by_kind[kind_of(registry, lot)];
    add_to(balance.ledger.issued, lot.issued);
    add_to(balance.ledger.cancelled, lot.cancelled);
    add_to(balance.ledger.expired, lot.expired);
    add_to(balance.ledger.withdrawn, lot.withdrawn);
    add_to(balance.ledger.voided, lot.voided);
    add_to(balance.held, exchange.holdings().circulating(lot.id));
  }
  std::vector<RegisterBalance> balances;
  for (auto& [kind, balance] : by_kind) {
    balance.kind = kind;
    balances.push_back(std::move(balance));
  }
  return balances;
}

}  // namespace origo::gateway
