#pragma once

#include <cstdint>
#include <span>

#include "engine/core/command.h"
#include "engine/core/event.h"
#include "engine/exchange.h"
#include "storage/batch.h"
#include "storage/chain.h"
#include "storage/status.h"

namespace origo::storage {

// A journal record: the canonical bytes of a CommandHeader and of a Command behind it.
struct Record {
  CommandHeader header;
  Command command;
};

// Appends the record of a command whose canonical bytes are `body`.
void append_record(origo::Bytes& out,
                   const CommandHeader& header,
                   std::span<const std::uint8_t> body);

// False unless `body` is exactly one command in canonical bytes.
[[nodiscard]] bool decode_command(std::span<const std::uint8_t> body, Command& command);

// False unless `bytes` is exactly one record.
[[nodiscard]] bool decode_record(Bytes bytes, Record& record);

// The same memory seen as the other kind of byte.
[[nodiscard]] inline Bytes as_bytes(const origo::Bytes& bytes) {
  return std::as_bytes(std::span(bytes));
}

// A core and the chain over everything it said: SHA-256 over the chain before and the batch's event
// bytes, batch by batch as the journal groups them.
//
// Recovery, the reader, audit and tests all bring a core forward through this one door.
class Replay {
 public:
  Replay() = default;
  Replay(Exchange exchange, const Chain& event_chain)
      : exchange_(std::move(exchange)), event_chain_(event_chain) {}

  // Applies one record; its events are appended to `events`.
  //
  // Returns: damaged, with the sequence named, if it does not decode, is not the next one or goes
  //          back in time; then nothing was applied.
  Status apply(Bytes record, Events& events);

  // Ends a batch whose events are `events`.
  void end_batch(std::span<const std::uint8_t> events);

  // Applies a whole batch; `events` holds its events afterwards, and nothing else.
  Status apply(const BatchView& batch, Events& events);

  [[nodiscard]] const Exchange& exchange() const { return exchange_; }
  [[nodiscard]] const Chain& event_chain() const { return event_chain_; }
  [[nodiscard]] const CommandHeader& header() const { return record_.header; }  // last applied
  [[nodiscard]] Exchange take_exchange() { return std::move(exchange_); }

 private:
  Exchange exchange_;
  Chain event_chain_{};
  Record record_;
  Hasher hasher_;
};

// SHA-256 of the state's canonical bytes.
[[nodiscard]] Chain state_digest(const Exchange& exchange);

}  // namespace origo::storage
