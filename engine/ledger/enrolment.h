#pragma once

#include "engine/core/result.h"
#include "engine/state.h"

namespace origo {

// Who comes in and what they may do: participants, users, roles, accounts, freezes, cash from
// outside. Syntax and rights are checked before it is called.
class Enrolment {
 public:
  explicit Enrolment(const Working& working)
      : events_(working.events),
        now_(working.now),
        principal_(working.principal),
        state_(working.state) {}

  Result<UserId> bootstrap(const Bootstrap& command);
  // Rejects: name_invalid, country_invalid, kinds_missing, enum_invalid.
  Result<ParticipantId> create(const CreateParticipant& command);
  // Rejects: participant_unknown, name_invalid, text_invalid, token_invalid.
  Result<UserId> create(const CreateUser& command);
  // Rejects: user_not_found, role_scope_invalid, role_incompatible.
  [[nodiscard]] Verdict check(const GrantRole& command) const;
  Result<UserId> grant(const GrantRole& command);
  // Rejects: user_not_found, role_not_held.
  [[nodiscard]] Verdict check(const RevokeRole& command) const;
  Result<UserId> revoke(const RevokeRole& command);
  Result<UserId> replace(const ReplaceToken& command);
  // Rejects: participant_unknown, registry_unknown, name_invalid, scheme_unknown,
  // account_kind_barred.
  Result<AccountId> open(const OpenAccount& command, Date today);
  // Counts after as long as exits are held, so that nobody trusts an account and empties into it at
  // once. Rejects: account_unknown, participant_frozen, account_frozen.
  Result<AccountId> trust(const TrustAccount& command);
  Result<std::uint64_t> freeze(const SetFrozen& command);
  // Rejects: participant_unknown, kill_switch_unchanged, not_permitted (the venue engaged it).
  Result<ParticipantId> set(const SetKillSwitch& command);
  // Rejects: amount_not_positive, currency_invalid, text_invalid, account_unknown,
  // amount_above_cap.
  Result<AccountId> deposit(const DepositCash& command);

 private:
  [[nodiscard]] bool is_fresh(const Hash256& token) const;

  Events& events_;
  Instant now_;
  UserId principal_;
  State& state_;
};

}  // namespace origo
