#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <utility>

#include "engine/core/command.h"
#include "engine/core/events.h"
#include "engine/exchange.h"
#include "storage/batch.h"
#include "storage/chain.h"
#include "storage/quarantine.h"
#include "storage/status.h"

namespace origo::storage {

// The core's kind of bytes seen as this folder's.
[[nodiscard]] inline Bytes as_bytes(const origo::Bytes& bytes) {
  return std::as_bytes(std::span(bytes));
}
// And back.
[[nodiscard]] inline std::span<const std::uint8_t> as_core_bytes(Bytes bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

// Brings a core forward by journal records: the way of recovery and audit. Keeps the chain over
// everything that the core said: SHA-256 over the chain before and the batch's event bytes, batch
// by batch as the journal groups them.
class Replay {
 public:
  Replay() = default;
  Replay(Exchange exchange, const Chain& event_chain)
      : exchange_(std::move(exchange)), event_chain_(event_chain) {}

  // The records that will be met as refusals; see find_quarantines().
  void expect(Quarantines quarantines) { quarantines_ = std::move(quarantines); }
  // Where the sequence of the record being applied is written, for the last words of a process; 0:
  // none.
  void tell(std::atomic<std::uint64_t>* applying) { applying_ = applying; }

  // Applies one record; its events are appended to `events`.
  //
  // Returns: damaged, with the sequence named, if it does not decode, is not the next one or goes
  //          back in time; or if it is set aside by others than two operators. Then nothing was
  //          applied.
  Status apply(Bytes record, Events& events);

  // Ends a batch whose events are `events`.
  void end_batch(std::span<const std::uint8_t> events);

  // Applies a whole batch; `events` holds its events afterwards, and nothing else.
  Status apply(const BatchView& batch, Events& events);

  [[nodiscard]] const Exchange& exchange() const { return exchange_; }
  [[nodiscard]] const Chain& event_chain() const { return event_chain_; }
  [[nodiscard]] const CommandHeader& header() const { return header_; }  // last applied
  [[nodiscard]] Exchange take_exchange() { return std::move(exchange_); }

 private:
  Exchange exchange_;
  Chain event_chain_{};
  Status set_aside(Bytes record, const QuarantineRecord& quarantine, Events& events);

  CommandHeader header_;
  Command command_;
  Hasher hasher_;
  Quarantines quarantines_;
  std::atomic<std::uint64_t>* applying_ = nullptr;
};

// A state in canonical bytes, as snapshots hold it.
[[nodiscard]] origo::Bytes encode_state(const Exchange& exchange);

// The state in `bytes`; false if they are anything else.
[[nodiscard]] bool decode_state(Bytes bytes, Exchange& exchange);

// SHA-256 of the state's canonical bytes.
[[nodiscard]] Chain state_digest(const Exchange& exchange);

}  // namespace origo::storage
