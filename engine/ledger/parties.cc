#include "engine/ledger/parties.h"

#include <algorithm>

namespace origo {
namespace {

// Whoever runs a registry or market, or decides what is issued, does not trade in it.
bool oversees(Role role) {
  return role == Role::registry_operator || role == Role::issuing_body ||
         role == Role::market_operator || role == Role::auctioneer || role == Role::admin;
}
bool deals(Role role) {
  return role == Role::trader;
}
// An admin never touches balances.
bool handles_balances(Role role) {
  return role == Role::trader || role == Role::holder;
}

bool clash(Role a, Role b) {
  return (oversees(a) && deals(b)) || (oversees(b) && deals(a)) ||
         (a == Role::admin && handles_balances(b)) || (b == Role::admin && handles_balances(a));
}

}  // namespace

ParticipantId Parties::add_participant(const CreateParticipant& details) {
  const ParticipantId id(static_cast<std::uint32_t>(participants_.size() + 1));
  participants_.push_back({.id = id,
                           .name = details.name,
                           .country = details.country,
                           .kinds = details.kinds,
                           .frozen = false,
                           .accounts = {}});
  return id;
}

UserId Parties::add_user(const CreateUser& details) {
  const UserId id(static_cast<std::uint32_t>(users_.size() + 1));
  users_.push_back({.id = id,
                    .participant = details.participant,
                    .name = details.name,
                    .person = details.person,
                    .token = details.token,
                    .grants = {}});
  tokens_.emplace(details.token, id);
  return id;
}

AccountId Parties::add_account(const OpenAccount& details) {
  const AccountId id(static_cast<std::uint32_t>(accounts_.size() + 1));
  accounts_.push_back({.id = id,
                       .participant = details.participant,
                       .registry = details.registry,
                       .name = details.name,
                       .frozen = false,
                       .trusted = {}});
  get(details.participant).accounts.push_back(id);
  return id;
}

void Parties::replace_token(UserId id, const Hash256& token) {
  User& user = get(id);
  tokens_.erase(user.token);
  user.token = token;
  tokens_.emplace(token, id);
}

const User* Parties::find_user_by_token(const Hash256& token) const {
  const auto found = tokens_.find(token);
  return found == tokens_.end() ? nullptr : find(found->second);
}

AccountId Parties::receiving_account(ParticipantId participant, RegistryId registry) const {
  for (const AccountId id : get(participant).accounts) {
    const Account& account = accounts_[id.value() - 1];
    if (account.registry == registry && !account.frozen) return id;
  }
  return {};
}

bool Parties::may(UserId id, Role role, Scope target) const {
  const User* user = find(id);
  if (user == nullptr) return false;
  return std::any_of(user->grants.begin(), user->grants.end(), [&](const Grant& grant) {
    return grant.role == role && (grant.scope.kind == ScopeKind::node || grant.scope == target);
  });
}

bool Parties::has_role(UserId id, Role role) const {
  const User* user = find(id);
  if (user == nullptr) return false;
  return std::any_of(user->grants.begin(), user->grants.end(), [&](const Grant& grant) {
    return grant.role == role;
  });
}

bool Parties::incompatible(UserId id, Role role) const {
  const User& subject = get(id);
  for (const User& other : users_) {
    if (!same_person(subject.id, other.id) && subject.participant != other.participant) continue;
    for (const Grant& grant : other.grants) {
      if (clash(role, grant.role)) return true;
    }
  }
  return false;
}

std::size_t Parties::admin_persons() const {
  std::vector<const User*> persons;
  for (const User& user : users_) {
    if (!has_role(user.id, Role::admin)) continue;
    const bool known = std::any_of(persons.begin(), persons.end(), [&](const User* seen) {
      return same_person(seen->id, user.id);
    });
    if (!known) persons.push_back(&user);
  }
  return persons.size();
}

bool Parties::has_kind(const Participant& participant, ParticipantKind kind) {
  return std::find(participant.kinds.begin(), participant.kinds.end(), kind) !=
         participant.kinds.end();
}

void Parties::encode(Encoder& out) const {
  out.put(participants_);
  out.put(users_);
  out.put(accounts_);
}

void Parties::decode(Decoder& in) {
  in.get(participants_);
  in.get(users_);
  in.get(accounts_);
  tokens_.clear();
  for (const User& user : users_) tokens_.emplace(user.token, user.id);
}

}  // namespace origo
