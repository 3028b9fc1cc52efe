#pragma once

#include "engine/core/result.h"
#include "engine/state.h"

namespace origo {

// What waits for a second person: bounded in number and time, and never longer than the rights of
// whoever proposed it. Syntax and rights are checked before it is called.
class Consent {
 public:
  static constexpr std::size_t kOpenMax = 1'000;
  static constexpr std::size_t kOpenOfUserMax = 100;
  static constexpr std::int64_t kLifeNs = 7 * kDayNs;

  explicit Consent(const Working& working)
      : events_(working.events),
        now_(working.now),
        state_(working.state),
        proposals_(working.state.proposals) {}

  // Keeps `command` until another person approves it. Requires: it could be executed now.
  // Rejects: proposals_full (detail: whose limit).
  Result<ProposalId> propose(UserId proposer, const Command& command);
  // Whether `approver` may consent. Who may not give the command does not learn of it.
  // Rejects: proposal_unknown, proposal_own.
  [[nodiscard]] Verdict check(const ApproveProposal& command, UserId approver) const;
  // Takes the proposal out, for its execution; put_back() if that is refused, else approved().
  [[nodiscard]] Proposal take(ProposalId id);
  void put_back(ProposalId id, const Proposal& proposal);
  void approved(ProposalId id, UserId approver);
  // By its proposer, or as a refusal of consent by one who may give the command.
  // Rejects: proposal_unknown.
  Result<std::uint64_t> withdraw(const WithdrawProposal& command, UserId user);
  // `user` has lost a role: what it may no longer propose does not stay proposed.
  void drop_unfounded(UserId user);

  // Due work.
  void expire(ProposalId id);

 private:
  void remove(ProposalId id);

  Events& events_;
  Instant now_;
  State& state_;
  Proposals& proposals_;
};

}  // namespace origo
