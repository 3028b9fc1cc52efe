#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/core/command.h"
#include "engine/core/events.h"
#include "engine/dedupe.h"
#include "engine/state.h"

namespace origo {

// The newest version of the core's rules that this build knows; journaled by SetRulesVersion, so
// that a change of behaviour never changes the past.
inline constexpr std::uint32_t kRulesVersion = 1;

// The whole deterministic core: one pure state machine. Copyable: a copy is a second core that,
// given the same commands, says the same events.
class Exchange {
 public:
  // Applies one command at `header.time`, after all work due by then; appends what was decided.
  //
  // Requires: header.sequence is the successor of the last one; header.time is not before the last
  // one. Shape:    events of due work, then the command's own, or CommandRefused. Ensures:
  // check_invariants() stays empty; a refusal changes nothing but due work and the memory of
  //           the client's numbers.
  Answer apply(const CommandHeader& header, const Command& command, Events& events);

  // Applies a command that a quarantine has set aside, as the refusal `quarantined`: nothing of it
  // runs, no due work either, and time stands still. A repeat of the client's number gets the same
  // answer.
  //
  // Requires: header.sequence is the successor of the last one.
  Answer set_aside(const CommandHeader& header, Events& events);

  // When the core next has something to do without being asked; kInstantMax: nothing known.
  // The node then sends a Tick.
  [[nodiscard]] Instant next_due() const;

  [[nodiscard]] Sequence sequence() const { return sequence_; }         // last applied
  [[nodiscard]] Instant time() const { return time_; }                  // of the last applied
  [[nodiscard]] EventSequence event_sequence() const { return said_; }  // last said
  [[nodiscard]] std::uint32_t rules_version() const { return rules_version_; }

  [[nodiscard]] const State& state() const { return state_; }
  [[nodiscard]] const SetRelaxations& relaxations() const { return state_.relaxations; }
  [[nodiscard]] const Vocabulary& vocabulary() const { return state_.vocabulary; }
  [[nodiscard]] const Parties& parties() const { return state_.parties; }
  [[nodiscard]] const CashLedger& cash() const { return state_.cash; }
  [[nodiscard]] const Holdings& holdings() const { return state_.holdings; }
  [[nodiscard]] const Registry& registry() const { return state_.registry; }
  [[nodiscard]] const Market& market() const { return state_.market; }
  [[nodiscard]] const ClientMemory& clients() const { return clients_; }

  // Every broken invariant of the whole exchange, in words; empty when all hold. Cost: the whole
  // state.
  [[nodiscard]] std::vector<std::string> check_invariants() const;

  // The full state in canonical bytes: what a snapshot holds and what a state digest hashes.
  void encode(Encoder& out) const;
  // Restores encode()'s bytes into a fresh exchange; false if malformed.
  [[nodiscard]] bool decode(Decoder& in);

  // What waits for a second person.
  [[nodiscard]] const std::map<ProposalId, Proposal>& proposals() const {
    return state_.proposals.open;
  }

 private:
  void run(const CommandHeader& header, const Command& command, Events& events, Answer& answer);
  void decide(const Command& command, const Working& working, Answer& answer);
  template <class C>
  void decide_order(const C& command, AccountId account, const Working& working, Answer& answer);
  Answer decide_other(const Command& command, const Working& working);
  [[nodiscard]] bool may_end(const EndSession& command, UserId principal) const;
  Answer propose(const Command& command, UserId proposer, const Working& working);
  Answer approve(const ApproveProposal& command, UserId approver, const Working& working);
  Answer execute(const Command& command, const Working& working);
  void do_due_work(const Working& working);
  std::vector<LotId> take_due_lots(Instant at, DueKind kind);

  Sequence sequence_;
  Instant time_;
  EventSequence said_;
  std::uint32_t rules_version_ = kRulesVersion;
  State state_;
  ClientMemory clients_;
};

}  // namespace origo
