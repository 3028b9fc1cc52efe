#pragma once

#include "engine/exchange.h"

namespace origo::gateway {

// What one user may see. Default deny: own data, and what a role's scope reaches.
class Viewer {
 public:
  Viewer(const Exchange& exchange, const User& user) : exchange_(exchange), user_(user) {}

  [[nodiscard]] const Exchange& exchange() const { return exchange_; }
  [[nodiscard]] const User& user() const { return user_; }

  // Admins and auditors of the node.
  [[nodiscard]] bool sees_all() const;
  // Whoever runs something: needs to know who takes part.
  [[nodiscard]] bool sees_participants() const;
  [[nodiscard]] bool sees(const Participant& participant) const;
  [[nodiscard]] bool sees(const RegistryBook& book) const;
  [[nodiscard]] bool sees(const Account& account) const;
  [[nodiscard]] bool sees(const Device& device) const;
  [[nodiscard]] bool sees(const Declaration& declaration) const;
  [[nodiscard]] bool sees(const Lot& lot) const;
  [[nodiscard]] bool sees(const Site& site) const;
  // Cash and orders: not the registry's business.
  [[nodiscard]] bool sees_money(const Account& account) const {
    return sees_money(account.participant);
  }
  [[nodiscard]] bool sees_orders(const Account& account) const {
    return sees_orders(account.participant);
  }
  [[nodiscard]] bool sees_orders(ParticipantId participant) const;

 private:
  [[nodiscard]] bool may(Role role, Scope scope) const;
  [[nodiscard]] bool sees_money(ParticipantId participant) const;
  [[nodiscard]] bool sees_registry(RegistryId registry) const;
  [[nodiscard]] bool is_own(ParticipantId participant) const {
    return user_.participant == participant;
  }

  const Exchange& exchange_;
  const User& user_;
};

}  // namespace origo::gateway
