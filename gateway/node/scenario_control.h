#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>

#include "engine/core/encoding.h"
#include "gateway/node/applied_batch.h"
#include "gateway/node/clock.h"
#include "gateway/node/reader.h"
#include "gateway/node/sequencer.h"

namespace origo::gateway {

// A fresh start that somebody asked for.
struct ScenarioRun {
  std::uint64_t number = 0;
  Instant start;
};

// What a node for scenario files does beside a plain one: its clock is moved from outside, it can
// begin anew, and it repeats what was said. Thread-safe.
class ScenarioControl {
 public:
  // `run` is the number of the run that is on; 0: none yet. All of it outlives this.
  ScenarioControl(SimulatedClock& clock, std::uint64_t run) : clock_(clock), run_(run) {}

  // Keeps the events of every batch from the start on.
  void keep(const AppliedBatch& batch);

  // Whether `run` is on. If not, it is wanted from now on.
  bool begin(const ScenarioRun& run);
  // The run that is wanted instead of this one.
  [[nodiscard]] std::optional<ScenarioRun> wanted() const;

  // Moves the clock and waits until everything due is done. False: the clock would go back, or it
  // took longer than a call may.
  bool set_time(Instant now, Sequencer& sequencer, Reader& reader);

  struct Said {
    Sequence last;
    Bytes events;
  };
  // The events of the commands after `after`, once `at_least` is there; nothing: it did not come.
  std::optional<Said> said(Sequence after, Sequence at_least);

 private:
  SimulatedClock& clock_;
  const std::uint64_t run_;
  mutable std::mutex mutex_;
  std::condition_variable grown_;
  std::optional<ScenarioRun> wanted_;
  Bytes events_;                      // of all commands
  std::vector<std::size_t> ends_{0};  // by sequence: where a command's events end
};

}  // namespace origo::gateway
