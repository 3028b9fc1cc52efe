#pragma once

#include <cstdint>
#include <span>

#include "engine/exchange.h"
#include "storage/chain.h"
#include "storage/status.h"

namespace origo::gateway {

// One applied command and what was said to it.
struct AppliedCommand {
  Sequence sequence;
  Instant time;
  EventSequence first_event;             // number of the first event, were there one
  std::span<const std::uint8_t> events;  // framed as in engine/core/event.h
  storage::Chain journal_chain{};        // of the journal after the batch that this command is in
};

// Keeps what queries ask for and the core forgets: trades, statements, the history of lots.
// Used by one thread.
class EventRecorder {
 public:
  virtual ~EventRecorder() = default;

  // Sees every command once, in order; `exchange` is the state with this command applied, and
  // perhaps a few later ones.
  virtual void add(const AppliedCommand& command, const Exchange& exchange) = 0;

  // Writes what was added since the last successful commit, up to command `last`, all or nothing.
  // Returns full if there is no room: what was added waits for another try.
  virtual storage::Status commit(Sequence last) = 0;
};

}  // namespace origo::gateway
