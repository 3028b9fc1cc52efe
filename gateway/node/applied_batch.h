#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "engine/core/command.h"
#include "engine/core/encoding.h"
#include "engine/core/event.h"
#include "storage/chain.h"

namespace origo::gateway {

// What one group commit did: durable records and the events that the live core said to them.
// Immutable and shared by all who follow the sequencer.
struct AppliedBatch {
  Sequence first;                          // of the first command
  Instant time;                            // of all its commands
  EventSequence first_event;               // number of the first event, were there one
  std::vector<std::uint32_t> record_ends;  // one for each command: where its record ends in records
  std::vector<std::uint32_t> event_ends;   // likewise its events in events
  std::vector<std::uint32_t> event_counts;  // likewise how many events there are up to it
  Bytes records;                            // journal records, end to end
  Bytes events;                             // framed as in engine/core/event.h
  storage::Chain journal_chain{};           // of the journal after this batch
  storage::Chain event_chain{};             // of the events after this batch

  [[nodiscard]] std::size_t size() const { return record_ends.size(); }
  [[nodiscard]] Sequence last() const { return Sequence(first.value() + size() - 1); }

  // The number of the command's first event, were there one.
  [[nodiscard]] EventSequence first_event_of(std::size_t index) const {
    return EventSequence(first_event.value() + (index == 0 ? 0 : event_counts[index - 1]));
  }
  [[nodiscard]] std::span<const std::uint8_t> record(std::size_t index) const {
    return slice(records, record_ends, index);
  }
  [[nodiscard]] std::span<const std::uint8_t> events_of(std::size_t index) const {
    return slice(events, event_ends, index);
  }

 private:
  static std::span<const std::uint8_t> slice(const Bytes& bytes,
                                             const std::vector<std::uint32_t>& ends,
                                             std::size_t index) {
    const std::size_t begin = index == 0 ? 0 : ends[index - 1];
    return std::span(bytes).subspan(begin, ends[index] - begin);
  }
};

// Follows the sequencer: sees every batch once, in order, on the sequencer's thread. Must not
// block.
using BatchSubscriber = std::function<void(const std::shared_ptr<const AppliedBatch>&)>;

}  // namespace origo::gateway
