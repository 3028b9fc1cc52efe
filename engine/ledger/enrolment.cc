#include "engine/ledger/enrolment.h"

#include <algorithm>

namespace origo {
bool Enrolment::is_fresh(const Hash256& token) const {
  return state_.parties.find_user_by_token(token) == nullptr;
}

Result<UserId> Enrolment::bootstrap(const Bootstrap& command) {
  if (!state_.parties.participants().empty()) return Reject::already_bootstrapped;
  if (!is_fresh(command.admin_token)) return Reject::token_invalid;
  const ParticipantId venue = state_.parties.add_participant(
      {.name = command.venue_name, .country = "", .kinds = {ParticipantKind::venue}});
  const AccountId account =
      state_.parties.add_account({.participant = venue, .registry = RegistryId(), .name = "fees"});
  ENSURE(account == kVenueAccount);
  const UserId admin = state_.parties.add_user(
      {.participant = venue, .name = "admin", .person = "", .token = command.admin_token});
  state_.parties.get(admin).grants.push_back({.role = Role::admin, .scope = Scope{}});
  events_.append(NodeBootstrapped{
      .venue = venue, .account = account, .admin = admin, .venue_name = command.venue_name});
  return admin;
}

Result<ParticipantId> Enrolment::create(const CreateParticipant& command) {
  const ParticipantId id = state_.parties.add_participant(command);
  events_.append(ParticipantCreated{.participant = id, .details = command});
  return id;
}

Result<UserId> Enrolment::create(const CreateUser& command) {
  if (state_.parties.find(command.participant) == nullptr) return Reject::participant_unknown;
  if (!is_fresh(command.token)) return Reject::token_invalid;
  const UserId id = state_.parties.add_user(command);
  events_.append(UserCreated{.user = id, .participant = command.participant, .name = command.name});
  return id;
}

Verdict Enrolment::check(const GrantRole& command) const {
  if (state_.parties.find(command.user) == nullptr) return Reject::user_not_found;
  const Scope& scope = command.scope;
  const bool exists =
      scope.kind == ScopeKind::node ||
      (scope.kind == ScopeKind::participant &&
       state_.parties.find(ParticipantId(scope.id)) != nullptr) ||
      (scope.kind == ScopeKind::registry && state_.registry.find(RegistryId(scope.id)) != nullptr);
  if (!exists) return Reject::role_scope_invalid;
  if (state_.parties.incompatible(command.user, command.role)) return Reject::role_incompatible;
  return std::nullopt;
}

Result<UserId> Enrolment::grant(const GrantRole& command) {
  if (const Verdict bad = check(command)) return *bad;
  std::vector<Grant>& grants = state_.parties.get(command.user).grants;
  const Grant grant{.role = command.role, .scope = command.scope};
  if (std::find(grants.begin(), grants.end(), grant) == grants.end()) grants.push_back(grant);
  events_.append(RoleGranted{.grant = command});
  return command.user;
}

Verdict Enrolment::check(const RevokeRole& command) const {
  const User* user = state_.parties.find(command.user);
  if (user == nullptr) return Reject::user_not_found;
  const Grant grant{.role = command.role, .scope = command.scope};
  if (std::find(user->grants.begin(), user->grants.end(), grant) == user->grants.end())
    return Reject::role_not_held;
  return std::nullopt;
}

Result<UserId> Enrolment::revoke(const RevokeRole& command) {
  if (const Verdict bad = check(command)) return *bad;
  std::vector<Grant>& grants = state_.parties.get(command.user).grants;
  grants.erase(
      std::find(grants.begin(), grants.end(), Grant{.role = command.role, .scope = command.scope}));
  events_.append(RoleRevoked{.grant = command});
  return command.user;
}

Result<UserId> Enrolment::replace(const ReplaceToken& command) {
  if (state_.parties.find(command.user) == nullptr) return Reject::user_not_found;
  if (!is_fresh(command.token)) return Reject::token_invalid;
  state_.parties.replace_token(command.user, command.token);
  events_.append(TokenReplaced{.user = command.user});
  return command.user;
}

Result<AccountId> Enrolment::open(const OpenAccount& command, Date today) {
  const Participant* participant = state_.parties.find(command.participant);
  if (participant == nullptr) return Reject::participant_unknown;
  if (participant->frozen) return Reject::participant_frozen;
  if (command.registry.is_set()) {
    const RegistryBook* book = state_.registry.find(command.registry);
    if (book == nullptr) return Reject::registry_unknown;
    const SchemeId scheme = state_.registry.scheme_on(book->scheme, today);
    if (!scheme.is_set()) return Reject::scheme_unknown;
    const std::vector<ParticipantKind>& holders = state_.registry.get(scheme).holders;
    const bool may = std::any_of(holders.begin(), holders.end(), [&](ParticipantKind kind) {
      return Parties::has_kind(*participant, kind);
    });
    if (!may) return Reject::account_kind_barred;
  }
  const AccountId id = state_.parties.add_account(command);
  events_.append(AccountOpened{.account = id, .details = command});
  return id;
}

Result<AccountId> Enrolment::trust(const TrustAccount& command) {
  if (state_.parties.find(command.from) == nullptr) return Refusal(Reject::account_unknown, "from");
  if (state_.parties.find(command.to) == nullptr) return Refusal(Reject::account_unknown, "to");
  Account& from = state_.parties.get(command.from);
  if (state_.parties.get(from.participant).frozen) return Reject::participant_frozen;
  if (from.frozen) return Refusal(Reject::account_frozen, "from");
  std::map<AccountId, Instant>& trusted = from.trusted;
  if (command.trusted) {
    trusted.emplace(command.to, now_);  // one that is trusted already stays so
  } else {
    trusted.erase(command.to);
  }
  events_.append(AccountTrusted{.trust = command});
  return command.from;
}

Result<std::uint64_t> Enrolment::freeze(const SetFrozen& command) {
  switch (command.target) {
    case FreezeTarget::participant: {
      const ParticipantId id(command.id);
      if (state_.parties.find(id) == nullptr) return Reject::participant_unknown;
      state_.parties.get(id).frozen = command.frozen;
      break;
    }
    case FreezeTarget::account: {
      const AccountId id(command.id);
      if (state_.parties.find(id) == nullptr || id == kVenueAccount) return Reject::account_unknown;
      state_.parties.get(id).frozen = command.frozen;
      break;
    }
  }
  events_.append(FreezeSet{.freeze = command});
  return std::uint64_t{command.id};
}

Result<ParticipantId> Enrolment::set(const SetKillSwitch& command) {
  if (state_.parties.find(command.participant) == nullptr) return Reject::participant_unknown;
  Participant& participant = state_.parties.get(command.participant);
  const bool by_venue = state_.parties.may(principal_, Role::admin, Scope{}) ||
                        state_.parties.may(principal_, Role::market_operator, Scope{});
  const bool takes_over = command.engaged && by_venue && !participant.killed_by_venue;
  if (participant.killed == command.engaged && !takes_over) return Reject::kill_switch_unchanged;
  if (participant.killed_by_venue && !by_venue) return Reject::not_permitted;
  participant.killed = command.engaged;
  participant.killed_by_venue = command.engaged && by_venue;
  events_.append(KillSwitchSet{.kill_switch = command});
  return command.participant;
}

Result<AccountId> Enrolment::deposit(const DepositCash& command) {
  if (state_.parties.find(command.account) == nullptr) return Reject::account_unknown;
  if (!state_.cash.fits(command.currency, command.amount)) return Reject::amount_above_cap;
  state_.cash.deposit(state_.cash.open(command.account, command.currency), command.amount);
  events_.append(CashDeposited{.deposit = command});
  return command.account;
}

}  // namespace origo
