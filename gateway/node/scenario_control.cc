#include "gateway/node/scenario_control.h"

#include <thread>

namespace origo::gateway {
namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr std::chrono::microseconds kPause{200};

}  // namespace

void ScenarioControl::keep(const AppliedBatch& batch) {
  {
    const std::lock_guard lock(mutex_);
    const std::size_t base = events_.size();
    events_.insert(events_.end(), batch.events.begin(), batch.events.end());
    for (const std::uint32_t end : batch.event_ends) ends_.push_back(base + end);
  }
  grown_.notify_all();
}

bool ScenarioControl::begin(const ScenarioRun& run) {
  const std::lock_guard lock(mutex_);
  if (run.number == run_) return true;
  wanted_ = run;
  return false;
}

std::optional<ScenarioRun> ScenarioControl::wanted() const {
  const std::lock_guard lock(mutex_);
  return wanted_;
}

bool ScenarioControl::set_time(Instant now, Sequencer& sequencer, Reader& reader) {
  if (!clock_.set(now)) return false;
  sequencer.wake();
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < deadline) {
    bool quiet = false;
    const ReadOutcome outcome =
        reader.read(sequencer.sequence(), deadline, [&](const Exchange& exchange, Sequence) {
          quiet = exchange.next_due() > now;
        });
    if (outcome != ReadOutcome::done) return false;
    if (quiet) return true;
    std::this_thread::sleep_for(kPause);
  }
  return false;
}

std::optional<ScenarioControl::Said> ScenarioControl::said(Sequence after, Sequence at_least) {
  std::unique_lock lock(mutex_);
  const bool there = grown_.wait_for(lock, kPatience, [&] {
    return ends_.size() > at_least.value() && ends_.size() > after.value();
  });
  if (!there) return std::nullopt;
  const auto from = static_cast<std::ptrdiff_t>(ends_[after.value()]);
  return Said{.last = Sequence(ends_.size() - 1),
              .events = Bytes(events_.begin() + from, events_.end())};
}

}  // namespace origo::gateway
