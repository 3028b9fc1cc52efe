#pragma once

#include <atomic>
#include <chrono>
#include <optional>

#include "engine/core/date.h"

namespace origo::gateway {

// Tells the sequencer the time. Time in the journal never decreases whatever this says: the
// sequencer clamps it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  [[nodiscard]] virtual Instant now() const = 0;

  // How long to sleep until `due`; nothing: this clock does not run by itself.
  [[nodiscard]] virtual std::optional<std::chrono::nanoseconds> until(Instant due) const = 0;
};

// The machine's clock, UTC.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
  [[nodiscard]] std::optional<std::chrono::nanoseconds> until(Instant due) const override;
};

// Runs as the machine's clock does, but from another instant: demonstrations of past periods.
class OffsetClock final : public Clock {
 public:
  // Stands at `start` now.
  explicit OffsetClock(Instant start) : offset_ns_(start.ns() - SystemClock().now().ns()) {}

  [[nodiscard]] Instant now() const override;
  [[nodiscard]] std::optional<std::chrono::nanoseconds> until(Instant due) const override;

 private:
  std::int64_t offset_ns_;
};

// Stands still until somebody moves it, for scenarios and tests.
class SimulatedClock final : public Clock {
 public:
  explicit SimulatedClock(Instant start) : now_(start.ns()) {}

  [[nodiscard]] Instant now() const override { return Instant(now_.load()); }
  [[nodiscard]] std::optional<std::chrono::nanoseconds> until(Instant) const override {
    return std::nullopt;
  }

  // Moves forward only: false, and nothing happens, if `now` is in the past.
  bool set(Instant now);

 private:
  std::atomic<std::int64_t> now_;
};

}  // namespace origo::gateway
