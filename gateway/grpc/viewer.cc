#include "gateway/grpc/viewer.h"

#include <algorithm>

namespace origo::gateway {
namespace {

constexpr Scope kNode{ScopeKind::node, 0};

}  // namespace

bool Viewer::may(Role role, Scope scope) const {
  return exchange_.parties().may(user_.id, role, scope);
}

bool Viewer::sees_all() const {
  return may(Role::admin, kNode) || may(Role::auditor, kNode);
}

bool Viewer::sees_participants() const {
  return std::ranges::any_of(user_.grants, [](const Grant& grant) {
    return grant.role == Role::admin || grant.role == Role::registry_operator ||
           grant.role == Role::issuing_body || grant.role == Role::market_operator ||
           (grant.role == Role::auditor && grant.scope.kind != ScopeKind::participant);
  });
}

bool Viewer::sees(const Participant& participant) const {
  if (is_own(participant.id) || sees_participants()) return true;
  const Scope scope{ScopeKind::participant, participant.id.value()};
  return may(Role::participant_admin, scope) || may(Role::auditor, scope);
}

bool Viewer::sees_registry(RegistryId registry) const {
  const Scope scope{ScopeKind::registry, registry.value()};
  return sees_all() || may(Role::registry_operator, scope) || may(Role::issuing_body, scope) ||
         may(Role::auditor, scope);
}

bool Viewer::sees(const RegistryBook& book) const {
  return sees_registry(book.id);
}

bool Viewer::sees_money(ParticipantId participant) const {
  if (is_own(participant) || sees_all()) return true;
  return may(Role::auditor, {ScopeKind::participant, participant.value()});
}

bool Viewer::sees(const Account& account) const {
  if (sees_money(account)) return true;
  return account.registry.is_set() && sees_registry(account.registry);
}

bool Viewer::sees_orders(ParticipantId participant) const {
  return sees_money(participant) || may(Role::market_operator, kNode);
}

bool Viewer::sees(const Device& device) const {
  return sees_registry(device.registry) ||
         std::ranges::any_of(device.versions, [&](const DeviceVersion& version) {
           return is_own(version.producer);
         });
}

bool Viewer::sees(const Declaration& declaration) const {
  const Account* account = exchange_.parties().find(declaration.account);
  if (account != nullptr && is_own(account->participant)) return true;
  const Registry& registry = exchange_.registry();
  return is_own(registry.maker_of(declaration).producer) ||
         sees_registry(registry.get(declaration.device).registry);
}

bool Viewer::sees(const Site& site) const {
  return is_own(site.participant) || sees_registry(site.registry);
}

bool Viewer::sees(const Lot& lot) const {
  if (sees_registry(lot.registry)) return true;
  if (is_own(exchange_.registry().maker_of(lot).producer)) return true;
  const Participant* own = exchange_.parties().find(user_.participant);
  return own != nullptr && std::ranges::any_of(own->accounts, [&](AccountId account) {
           return exchange_.holdings().find(account, lot.id) != Holdings::kNone;
         });
}

}  // namespace origo::gateway
