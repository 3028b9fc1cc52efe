#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "engine/exchange.h"
#include "gateway/node/applied_batch.h"
#include "gateway/node/clock.h"
#include "gateway/node/command_sink.h"
#include "gateway/node/core_state.h"
#include "storage/journal.h"

namespace origo::gateway {

// What one group commit cost and met; for metrics.
struct BatchFigures {
  FrameOutcome outcome = FrameOutcome::sequenced;
  std::size_t commands = 0;
  std::size_t waiting = 0;            // commands still in the queue
  std::chrono::nanoseconds append{};  // journal, sync included
  std::span<const Reject> refusals;   // one for each refused command
};

struct SequencerOptions {
  std::size_t batch_commands_max = 4096;
  std::size_t batch_bytes_max = std::size_t{1} << 20U;
  // More is turned away as overloaded; frames that only cancel orders may fill as much again.
  std::size_t queue_commands_max = 65'536;
  std::size_t queue_bytes_max = std::size_t{64} << 20U;
  std::uint32_t sweep_limit = 1000;               // of the node's own ticks
  std::chrono::milliseconds retry_interval{500};  // of ticks that failed or had no effect
  std::function<std::uint64_t()> draw;            // of ticks; the default is the machine's entropy
  std::function<void(const BatchFigures&)> observer;  // called on the sequencer's thread
  // The journal cannot say what is durable: the node must end. The default ends the process.
  std::function<void(const std::string&)> on_fatal;
};

// The one writer. Gives every command its sequence number and time, makes it durable, applies it to
// the live core and hands the answer back, in this order: nothing is said before it is durable.
//
// All that waits when the thread comes round becomes one batch; it sleeps only when nothing waits
// and nothing is due. When something falls due it journals a Tick of its own.
class Sequencer final : public CommandSink {
 public:
  // Requires: `state` is what `journal` replays to.
  Sequencer(CoreState state, storage::Journal& journal, Clock& clock, SequencerOptions options);
  ~Sequencer() override;

  // Every batch from start() on. Called before start().
  void subscribe(BatchSubscriber subscriber);
  void start();

  // Sequences what waits, turns new frames away, and ends the thread.
  void stop();

  void submit(std::unique_ptr<Frame> frame) override;

  // The clock was moved: look whether something is due.
  void wake();

  // Commands that wait to be sequenced.
  [[nodiscard]] std::size_t waiting() const;
  // The last command that was sequenced and applied.
  [[nodiscard]] Sequence sequence() const { return Sequence(sequenced_.load()); }
  // The last command that replaced a user's token; unset: none since the start.
  [[nodiscard]] Sequence tokens_changed() const { return Sequence(tokens_changed_.load()); }
  // Whether the last attempt found the disk full.
  [[nodiscard]] bool disk_full() const { return disk_full_.load(); }
  // The command being applied now, for the last words of a process; 0: none.
  [[nodiscard]] const std::atomic<std::uint64_t>& applying() const { return applying_; }

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  struct Pending;  // one command of the batch being made

  void run();
  bool wait_for_work();
  void collect(Instant time);
  void collect_frame(const Frame& frame);
  Pending& add_pending();
  void add_record(Pending& pending, const Origin& origin, std::span<const std::uint8_t> body);
  void apply();
  void answer(std::vector<std::unique_ptr<Frame>> frames);
  void turn_away(std::vector<std::unique_ptr<Frame>> frames, FrameOutcome outcome);
  void publish();
  void sequence_batch();
  [[nodiscard]] bool tick_is_due(Instant now) const;

  storage::Journal& journal_;
  Clock& clock_;
  const SequencerOptions options_;
  std::vector<BatchSubscriber> subscribers_;

  // The sequencer's thread only.
  Exchange exchange_;
  storage::Chain event_chain_;
  storage::Hasher hasher_;
  storage::BatchBuilder builder_;
  std::deque<std::unique_ptr<Frame>> taken_;          // from the queue, not yet in a batch
  std::vector<std::unique_ptr<Frame>> batch_frames_;  // in the batch being made
  std::vector<Pending> pending_;                      // reused: size() is what was ever needed
  std::size_t pending_count_ = 0;
  std::shared_ptr<AppliedBatch> batch_;
  Events events_;
  std::vector<Reject> refusals_;
  Deadline tick_not_before_{};
  bool ticked_ = false;  // the batch being made starts with the node's own Tick

  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::vector<std::unique_ptr<Frame>> queue_;  // guarded by mutex_, likewise the next five
  std::size_t queued_commands_ = 0;            // in queue_ and taken_
  std::size_t queued_bytes_ = 0;
  bool sleeping_ = false;
  bool woken_ = false;
  bool stopping_ = false;

  std::atomic<std::uint64_t> sequenced_;
  std::atomic<std::uint64_t> tokens_changed_{0};
  std::atomic<std::uint64_t> applying_{0};
  std::atomic<bool> disk_full_{false};
  std::thread thread_;
};

}  // namespace origo::gateway
