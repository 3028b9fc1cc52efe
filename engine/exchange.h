#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/command.h"
#include "engine/core/event.h"
#include "engine/dedupe.h"
#include "engine/ledger/cash.h"
#include "engine/ledger/holdings.h"
#include "engine/ledger/parties.h"
#include "engine/market/market.h"
#include "engine/registry/registry.h"

namespace origo {

// The whole deterministic core: one pure state machine. Copyable: a copy is a second core that, given
// the same commands, says the same events.
class Exchange {
 public:
  // Applies one command at `header.time`, after all work due by then; appends what was decided.
  //
  // Requires: header.sequence is the successor of the last one; header.time is not before the last one.
  // Shape:    events of due work, then the command's own, or CommandRefused.
  // Ensures:  check_invariants() stays empty; a refusal changes nothing but due work and the memory of
  //           the client's numbers.
  Answer apply(const CommandHeader& header, const Command& command, Events& events);

  // When the core next has something to do without being asked; kInstantMax: nothing known.
  // The node then sends a Tick.
  [[nodiscard]] Instant next_due() const;

  [[nodiscard]] Sequence sequence() const { return sequence_; }            // last applied
  [[nodiscard]] Instant time() const { return time_; }                     // of the last applied
  [[nodiscard]] EventSequence event_sequence() const { return events_; }   // last said
  [[nodiscard]] std::uint32_t rules_version() const { return rules_version_; }
  [[nodiscard]] const SetRelaxations& relaxations() const { return relaxations_; }

  [[nodiscard]] const Parties& parties() const { return parties_; }
  [[nodiscard]] const CashLedger& cash() const { return cash_; }
  [[nodiscard]] const Holdings& holdings() const { return holdings_; }
  [[nodiscard]] const Registry& registry() const { return registry_; }
  [[nodiscard]] const Market& market() const { return market_; }

  // Every broken invariant of the whole exchange, in words; empty when all hold. Cost: the whole state.
  [[nodiscard]] std::vector<std::string> check_invariants() const;

  // The full state in canonical bytes: what a snapshot holds and what a state digest hashes.
  void encode(Encoder& out) const;
  // Restores encode()'s bytes into a fresh exchange; false if malformed.
  [[nodiscard]] bool decode(Decoder& in);
