#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/encoding.h"
#include "engine/core/event.h"
#include "gateway/node/command_sink.h"
#include "storage/audit/export_format.h"
#include "storage/history.h"

// All events that are kept for audit, in their order, in storage/history.
namespace origo::gateway {

// Writes them in runs, as one key for each costs more than what is under it. Used by one thread.
class RegisterLogRecorder {
 public:
  explicit RegisterLogRecorder(storage::HistoryBatch& batch) : batch_(batch) {}

  // `body` is the event's, under its number; called in their order.
  void add(EventSequence sequence,
           std::uint16_t number,
           std::span<const std::uint8_t> body,
           Instant time,
           Sequence command);
  // Puts what was added since into the batch.
  void flush();

 private:
  storage::HistoryBatch& batch_;
  Sequence command_;         // of the run's first event
  EventSequence first_;      // number of the run's first event
  std::uint32_t count_ = 0;  // of the run
  Bytes run_;
};

// A page of them: those of commands `first` to `last` with a number above `after`, at most about
// `bytes`, but always whole entries and one at least. The next page begins with the command and
// behind the number of the last entry.
struct RegisterLogPage {
  Sequence first;
  Sequence last;
  EventSequence after;
  std::size_t bytes = std::size_t{256} << 10U;
};
struct RegisterLogEntries {
  std::vector<storage::audit::ExportEntry> entries;
  bool more = false;
};

// Any thread.
class RegisterLogView {
 public:
  explicit RegisterLogView(const storage::History& history) : history_(history) {}

  [[nodiscard]] storage::Outcome<RegisterLogEntries> page(const RegisterLogPage& page) const;

 private:
  const storage::History& history_;
};

}  // namespace origo::gateway
