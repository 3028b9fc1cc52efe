#pragma once

#include <cstdint>
#include <functional>

#include "storage/batch.h"
#include "storage/chain.h"
#include "storage/status.h"

namespace origo::storage {

// The end of a journal: its last sequence (0: empty) and the chain over everything up to it.
struct Tail {
  std::uint64_t sequence = 0;
  Chain chain{};

  friend bool operator==(const Tail&, const Tail&) = default;
};

// When an appended batch survives a power cut.
enum class SyncPolicy : std::uint8_t {
  always,    // before append() returns
  interval,  // at most an interval later
  none,      // when the operating system pleases; and at sync() and a clean end
};

[[nodiscard]] const char* name_of(SyncPolicy policy);

struct JournalStatistics {
  std::uint64_t batches = 0;  // appended since open, likewise the next three
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::uint64_t syncs = 0;
  std::uint64_t sync_latency_ns_last = 0;
  std::uint64_t sync_latency_ns_max = 0;
  std::uint64_t sync_latency_ns_total = 0;
  std::uint64_t synced_sequence = 0;
  bool full = false;  // the last append was refused for want of space
};

// The durable, ordered list of all commands. One thread appends; any thread may read, sync and look
// at tail and statistics meanwhile.
class Journal {
 public:
  // Sees one batch and the chain after it; returns false to stop.
  using Visitor = std::function<bool(const BatchView& batch, const Chain& chain)>;

  Journal() = default;
  virtual ~Journal() = default;
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // Makes `batch` part of the journal, durable on return under SyncPolicy::always.
  //
  // Returns: ok, and tail() includes the batch;
  //          full: refused without a trace, tail() is unchanged, may be tried again later;
  //          invalid: the batch is empty or does not start behind tail(); nothing happened;
  //          fatal: what is durable is unknown; every later append answers fatal, end the process.
  virtual Status append(const BatchBuilder& batch) = 0;

  // Makes everything appended so far durable, under any policy. Returns ok or fatal.
  virtual Status sync() = 0;

  // Visits in order all batches from the one that contains `from_sequence`, whole, up to the tail.
  // Each has passed CRC and chain. Returns ok also when the visitor stopped, else damaged or
  // unreadable with the place named.
  virtual Status read(std::uint64_t from_sequence, const Visitor& visitor) = 0;

  // ok, or the fatal status that append() will answer: a background sync may fail between appends.
  [[nodiscard]] virtual Status health() const = 0;

  [[nodiscard]] virtual Tail tail() const = 0;
  [[nodiscard]] virtual SyncPolicy policy() const = 0;
  [[nodiscard]] virtual JournalStatistics statistics() const = 0;
};

}  // namespace origo::storage
