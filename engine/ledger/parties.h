#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/core/command.h"
#include "engine/core/encoding.h"
#include "engine/core/id.h"
#include "engine/core/result.h"

// Who takes part, what belongs to whom, and who may act.
namespace origo {

struct Participant {
  ParticipantId id;
  std::string name;
  std::string country;
  std::vector<ParticipantKind> kinds;
  bool frozen = false;
  bool killed = false;              // its kill switch is engaged
  bool killed_by_venue = false;     // and only the venue releases it
  std::vector<AccountId> accounts;  // in order of opening
};

struct Grant {
  Role role = Role::trader;
  Scope scope;
  auto operator<=>(const Grant&) const = default;
};

struct User {
  UserId id;
  ParticipantId participant;
  std::string name;
  std::string person;
  Hash256 token{};  // SHA-256 of the credential
  std::vector<Grant> grants;
};

struct Account {
  AccountId id;
  ParticipantId participant;
  RegistryId registry;  // unset: cash only
  std::string name;
  bool frozen = false;
  std::map<AccountId, Instant> trusted;  // since when
};

BOOST_DESCRIBE_STRUCT(Participant,
                      (),
                      (id, name, country, kinds, frozen, killed, killed_by_venue, accounts))
BOOST_DESCRIBE_STRUCT(Grant, (), (role, scope))
BOOST_DESCRIBE_STRUCT(User, (), (id, participant, name, person, token, grants))
BOOST_DESCRIBE_STRUCT(Account, (), (id, participant, registry, name, frozen, trusted))

class Parties {
 public:
  // Checks are the caller's; these only record. Ids count from 1.
  ParticipantId add_participant(const CreateParticipant& details);
  UserId add_user(const CreateUser& details);
  AccountId add_account(const OpenAccount& details);
  void replace_token(UserId user, const Hash256& token);

  [[nodiscard]] const Participant* find(ParticipantId id) const {
    return find_by_id(participants_, id);
  }
  [[nodiscard]] const User* find(UserId id) const { return find_by_id(users_, id); }
  [[nodiscard]] const Account* find(AccountId id) const { return find_by_id(accounts_, id); }
  [[nodiscard]] const Participant& get(ParticipantId id) const {
    return get_by_id(participants_, id);
  }
  [[nodiscard]] const User& get(UserId id) const { return get_by_id(users_, id); }
  [[nodiscard]] const Account& get(AccountId id) const { return get_by_id(accounts_, id); }
  [[nodiscard]] Participant& get(ParticipantId id) { return get_by_id(participants_, id); }
  [[nodiscard]] User& get(UserId id) { return get_by_id(users_, id); }
  [[nodiscard]] Account& get(AccountId id) { return get_by_id(accounts_, id); }
  [[nodiscard]] std::span<const Participant> participants() const { return participants_; }
  [[nodiscard]] std::span<const User> users() const { return users_; }
  [[nodiscard]] std::span<const Account> accounts() const { return accounts_; }

  // The user whose token hashes to this; nullptr: nobody.
  [[nodiscard]] const User* find_user_by_token(const Hash256& token) const;

  // The participant's first unfrozen account in `registry`; unset: none.
  [[nodiscard]] AccountId receiving_account(ParticipantId participant, RegistryId registry) const;

  // Whether the user has `role` for the node, or for exactly this participant or registry.
  [[nodiscard]] bool may(UserId user, Role role, Scope target) const;
  // Whether the user has `role` in any scope.
  [[nodiscard]] bool has_role(UserId user, Role role) const;
  // Whether granting `role` would put incompatible roles into the hands of one person or
  // participant.
  [[nodiscard]] bool incompatible(UserId user, Role role) const;
  // Whether one natural person is behind both; a user without one stands for itself.
  [[nodiscard]] bool same_person(UserId a, UserId b) const {
    return a == b || (!get(a).person.empty() && get(a).person == get(b).person);
  }
  // How many persons are admins.
  [[nodiscard]] std::size_t admin_persons() const;

  [[nodiscard]] static bool has_kind(const Participant& participant, ParticipantKind kind);

  void encode(Encoder& out) const;
  void decode(Decoder& in);

 private:
  std::vector<Participant> participants_;  // by id - 1
  std::vector<User> users_;                // by id - 1
  std::vector<Account> accounts_;          // by id - 1
  std::map<Hash256, UserId> tokens_;
};

}  // namespace origo
