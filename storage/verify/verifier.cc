#include "storage/verify/verifier.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <system_error>
#include <utility>

#include "engine/core/events.h"
#include "engine/exchange.h"
#include "storage/replay.h"
#include "storage/rocks_journal.h"
#include "storage/snapshot.h"

namespace origo::storage {

namespace {

constexpr std::chrono::seconds kProgressInterval{1};

std::string at_command(std::uint64_t sequence) {
  return "at command " + std::to_string(sequence);
}

class Verifier {
 public:
  explicit Verifier(const VerifyOptions& options) : options_(options) {}

  Outcome<VerifyReport> run();

 private:
  Status load_snapshots();
  Status replay();
  Status apply(const BatchView& batch, const Chain& journal_chain);
  Status check_invariants();
  Status compare(const Snapshot& snapshot, const Chain& journal_chain);
  void tell_progress();

  const VerifyOptions& options_;
  std::unique_ptr<Journal> journal_;
  std::map<std::uint64_t, Snapshot> snapshots_;  // by sequence
  Replay replay_;
  Events events_;
  VerifyReport report_;
  std::uint64_t checked_ = 0;  // command of the last check of all invariants
  std::chrono::steady_clock::time_point told_ = std::chrono::steady_clock::now();
};

Outcome<VerifyReport> Verifier::run() {
  const auto begin = std::chrono::steady_clock::now();
  auto journal = open_rocks_journal_read_only(
      {.directory = options_.directory, .witness = options_.witness, .verified = {}});
  Status status = std::move(journal.status);
  if (status.ok()) {
    journal_ = std::move(journal.value);
    status = load_snapshots();
  }
  if (status.ok()) status = replay();
  report_.event_chain = replay_.event_chain();
  report_.state_digest = storage::state_digest(replay_.exchange());
  report_.milliseconds =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                     std::chrono::steady_clock::now() - begin)
                                     .count());
  return {.status = std::move(status), .value = std::move(report_)};
}

Status Verifier::load_snapshots() {
  const std::filesystem::path folder = options_.directory / "snapshots";
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) return {};
  const SnapshotStore store(folder);
  // From the newest to the oldest, by asking for ever earlier ones.
  std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
  while (true) {
    auto found = store.newest_valid(last);
    if (!found.ok()) return std::move(found.status);
    if (last == std::numeric_limits<std::uint64_t>::max()) report_.notes = found.value.notes;
    if (!found.value.snapshot) return {};
    Snapshot& snapshot = *found.value.snapshot;
    const std::uint64_t sequence = snapshot.tail.sequence;
    snapshots_.emplace(sequence, std::move(snapshot));
    if (sequence == 0) return {};
    last = sequence - 1;
  }
}

Status Verifier::replay() {
  auto quarantines = find_quarantines(*journal_, 1);
  if (!quarantines.ok()) return std::move(quarantines.status);
  for (const auto& [record, quarantine] : quarantines.value) {
    report_.notes.push_back("command " + std::to_string(record) +
                            " is set aside: " + quarantine.reason);
  }
  replay_.expect(std::move(quarantines.value));
  replay_.tell(options_.applying);
  Status status;
  const Status read = journal_->read(1, [&](const BatchView& batch, const Chain& chain) {
    status = apply(batch, chain);
    return status.ok();
  });
  if (status.ok()) status = read;
  if (!status.ok()) return status;
  const std::uint64_t end = replay_.exchange().sequence().value();
  if (end != journal_->tail().sequence) {
    return {StatusCode::damaged, "the journal ends " + at_command(end) + ", before its own tail"};
  }
  if (!snapshots_.empty()) {
    return {StatusCode::damaged,
            "the snapshot " + at_command(snapshots_.begin()->first) +
                " does not stand at the end of a batch of the journal"};
  }
  return check_invariants();
}

Status Verifier::apply(const BatchView& batch, const Chain& journal_chain) {
  if (Status status = replay_.apply(batch, events_); !status.ok()) return status;
  ++report_.batches;
  report_.commands += batch.count;
  report_.events += events_.count();
  report_.journal_chain = journal_chain;
  const bool readable =
      for_each_event(events_.bytes().data(), events_.bytes().size(), [&](const Event& event) {
        if (std::holds_alternative<CommandRefused>(event)) ++report_.refusals;
      });
  if (!readable) {
    return {StatusCode::damaged, "events do not decode " + at_command(batch.last_sequence())};
  }
  tell_progress();
  const auto snapshot = snapshots_.find(batch.last_sequence());
  if (snapshot != snapshots_.end()) {
    if (Status status = compare(snapshot->second, journal_chain); !status.ok()) return status;
    snapshots_.erase(snapshot);
  }
  const bool due = options_.invariants_every > 0 &&
                   batch.last_sequence() - checked_ >= options_.invariants_every;
  return due ? check_invariants() : Status{};
}

Status Verifier::check_invariants() {
  checked_ = replay_.exchange().sequence().value();
  ++report_.invariant_checks;
  const std::vector<std::string> broken = replay_.exchange().check_invariants();
  if (broken.empty()) return {};
  return {StatusCode::damaged, "invariant broken " + at_command(checked_) + ": " + broken.front()};
}

Status Verifier::compare(const Snapshot& snapshot, const Chain& journal_chain) {
  ++report_.snapshots;
  const std::string place = at_command(snapshot.tail.sequence);
  if (snapshot.tail.chain != journal_chain) {
    return {StatusCode::damaged, "the snapshot " + place + " names another journal chain"};
  }
  if (snapshot.event_chain != replay_.event_chain()) {
    return {StatusCode::damaged, "the snapshot " + place + " names other events"};
  }
  const origo::Bytes state = encode_state(replay_.exchange());
  const Bytes stored = std::as_bytes(std::span(snapshot.state));
  const auto [mine, theirs] = std::ranges::mismatch(as_bytes(state), stored);
  if (mine == as_bytes(state).end() && theirs == stored.end()) return {};
  return {StatusCode::damaged,
          "the snapshot " + place + " holds another state, from byte " +
              std::to_string(theirs - stored.begin())};
}

void Verifier::tell_progress() {
  const auto now = std::chrono::steady_clock::now();
  if (!options_.on_progress || now - told_ < kProgressInterval) return;
  told_ = now;
  options_.on_progress(report_.commands, journal_->tail().sequence);
}

}  // namespace

Outcome<VerifyReport> verify(const VerifyOptions& options) {
  return Verifier(options).run();
}

}  // namespace origo::storage
