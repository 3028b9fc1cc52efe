#include "gateway/node/recovery.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include "gateway/node/history.h"
#include "storage/replay.h"

namespace origo::gateway {

namespace {

using storage::Outcome;
using storage::Snapshot;
using storage::Status;
using storage::StatusCode;

constexpr std::chrono::seconds kProgressInterval{1};

// Opens history; one that cannot serve is set aside, for it can be made again from the journal.
Outcome<std::unique_ptr<storage::History>> open_history(const std::filesystem::path& path,
                                                        std::uint64_t journal_last,
                                                        std::vector<std::string>& notes) {
  const storage::HistoryOptions options{.directory = path, .create_if_missing = true};
  auto history = storage::History::open(options);
  std::string trouble;
  if (history.status.code == StatusCode::damaged) trouble = history.status.message;
  if (history.ok() && history.value->applied_sequence() > journal_last) {
    trouble = "history is ahead of the journal, whose last commands were not durable";
  }
  if (trouble.empty()) return history;
  history.value.reset();
  const std::filesystem::path aside = path.string() + ".set-aside";
  std::error_code error;
  std::filesystem::remove_all(aside, error);
  if (!error) std::filesystem::rename(path, aside, error);
  if (error) return {.status = {StatusCode::unreadable, trouble + "; " + error.message()}};
  notes.push_back(trouble + ": set aside as " + aside.string() + " and made again");
  return storage::History::open(options);
}

// Brings a core from a snapshot, or from nothing, to the end of the journal.
class Catcher {
 public:
  Catcher(OpenNode& node,
          const std::function<void(const RecoveryProgress&)>& on_progress,
          std::atomic<std::uint64_t>* applying)
      : node_(node), on_progress_(on_progress), applying_(applying), recorder_(*node.history) {}

  // Starts at `base`; `newest`, when the core comes past it, must agree.
  Status run(const std::optional<Snapshot>& base, const std::optional<Snapshot>& newest);

 private:
  Status apply(const storage::BatchView& batch, const storage::Chain& chain);
  [[nodiscard]] Status compare(const Snapshot& snapshot) const;
  void tell_progress();

  OpenNode& node_;
  const std::function<void(const RecoveryProgress&)>& on_progress_;
  std::atomic<std::uint64_t>* const applying_;
  HistoryRecorder recorder_;
  std::unique_ptr<storage::Replay> replay_;
  Events events_;
  std::vector<AppliedCommand> commands_;
  std::chrono::steady_clock::time_point told_ = std::chrono::steady_clock::now();
};

Status Catcher::run(const std::optional<Snapshot>& base, const std::optional<Snapshot>& newest) {
  replay_ = std::make_unique<storage::Replay>();
  storage::Tail reached;
  if (base) {
    Exchange exchange;
    const auto state = std::as_bytes(std::span(base->state));
    if (!storage::decode_state(state, exchange) ||
        exchange.sequence().value() != base->tail.sequence) {
      node_.report.notes.push_back("the snapshot at command " +
                                   std::to_string(base->tail.sequence) +
                                   " is of another version: replaying the whole journal");
      return run(std::nullopt, std::nullopt);
    }
    replay_ = std::make_unique<storage::Replay>(std::move(exchange), base->event_chain);
    reached = base->tail;
    node_.report.snapshot = base->tail.sequence;
  }
  auto quarantines = storage::find_quarantines(*node_.journal, reached.sequence + 1);
  if (!quarantines.ok()) return std::move(quarantines.status);
  for (const auto& [record, quarantine] : quarantines.value) {
    node_.report.notes.push_back("command " + std::to_string(record) +
                                 " is set aside: " + quarantine.reason);
  }
  replay_->expect(std::move(quarantines.value));
  replay_->tell(applying_);
  Status status;
  const Status read = node_.journal->read(
      reached.sequence + 1, [&](const storage::BatchView& batch, const storage::Chain& chain) {
        status = apply(batch, chain);
        reached = {.sequence = batch.last_sequence(), .chain = chain};
        if (status.ok() && newest && reached.sequence == newest->tail.sequence) {
          status = compare(*newest);
        }
        return status.ok();
      });
  if (!status.ok()) return status;
  if (!read.ok()) return read;
  if (reached != node_.journal->tail()) {
    return {StatusCode::damaged, "the journal ends before its own tail"};
  }
  node_.state.journal_chain = reached.chain;
  node_.state.event_chain = replay_->event_chain();
  node_.state.exchange = replay_->take_exchange();
  return {};
}

Status Catcher::apply(const storage::BatchView& batch, const storage::Chain& chain) {
  const bool is_new = batch.last_sequence() > node_.history->applied_sequence();
  const std::uint64_t before = replay_->exchange().event_sequence().value();
  std::vector<std::size_t> ends;
  commands_.clear();
  events_.clear();
  Status status;
  batch.for_each([&](std::uint64_t sequence, storage::Bytes record) {
    if (!status.ok()) return;
    const EventSequence first(before + events_.count() + 1);
    status = replay_->apply(record, events_);
    ends.push_back(events_.bytes().size());
    commands_.push_back({.sequence = Sequence(sequence),
                         .time = replay_->header().time,
                         .first_event = first,
                         .events = {},
                         .journal_chain = chain});
  });
  if (!status.ok()) return status;
  replay_->end_batch(events_.bytes());
  node_.report.replayed += commands_.size();
  tell_progress();
  if (!is_new) return {};
  std::size_t begin = 0;
  for (std::size_t index = 0; index < commands_.size(); ++index) {
    commands_[index].events = std::span(events_.bytes()).subspan(begin, ends[index] - begin);
    recorder_.add(commands_[index], replay_->exchange());
    begin = ends[index];
  }
  return recorder_.commit(Sequence(batch.last_sequence()));
}

Status Catcher::compare(const Snapshot& snapshot) const {
  const std::string place = "at command " + std::to_string(snapshot.tail.sequence);
  if (replay_->event_chain() != snapshot.event_chain) {
    return {StatusCode::damaged, "the replayed events differ from the snapshot's " + place};
  }
  const storage::Bytes state = std::as_bytes(std::span(snapshot.state));
  if (!std::ranges::equal(storage::as_bytes(storage::encode_state(replay_->exchange())), state)) {
    return {StatusCode::damaged, "the replayed state differs from the snapshot's " + place};
  }
  return {};
}

void Catcher::tell_progress() {
  const auto now = std::chrono::steady_clock::now();
  if (!on_progress_ || now - told_ < kProgressInterval) return;
  told_ = now;
  on_progress_(
      {.sequence = replay_->exchange().sequence().value(), .last = node_.journal->tail().sequence});
}

}  // namespace

std::filesystem::path snapshots_of(const std::filesystem::path& data) {
  return data / "snapshots";
}
std::filesystem::path history_of(const std::filesystem::path& data) {
  return data / "history";
}

Outcome<OpenNode> recover(const storage::RocksJournalOptions& options,
                          const std::function<void(const RecoveryProgress&)>& on_progress,
                          std::atomic<std::uint64_t>* applying) {
  const auto begin = std::chrono::steady_clock::now();
  const storage::SnapshotStore store(snapshots_of(options.directory));
  auto newest = store.newest_valid();
  if (!newest.ok()) return {.status = std::move(newest.status)};
  OpenNode node;
  node.report.notes = std::move(newest.value.notes);

  storage::RocksJournalOptions opening = options;
  const std::optional<Snapshot>& snapshot = newest.value.snapshot;
  if (snapshot) opening.verified = snapshot->tail;
  auto journal = storage::open_rocks_journal(opening);
  if (!journal.ok()) return {.status = std::move(journal.status)};
  node.journal = std::move(journal.value);

  const std::uint64_t last = node.journal->tail().sequence;
  auto history = open_history(history_of(options.directory), last, node.report.notes);
  if (!history.ok()) return {.status = std::move(history.status)};
  node.history = std::move(history.value);

  // A snapshot ahead of history would leave a gap there.
  const std::uint64_t recorded = node.history->applied_sequence();
  std::optional<Snapshot> base = snapshot;
  if (base && base->tail.sequence > recorded) {
    auto older = store.newest_valid(recorded);
    if (!older.ok()) return {.status = std::move(older.status)};
    base = std::move(older.value.snapshot);
  }
  if (snapshot) node.state.snapshot = Sequence(snapshot->tail.sequence);
  Catcher catcher(node, on_progress, applying);
  Status status = catcher.run(base, snapshot);
  if (!status.ok()) return {.status = std::move(status)};
  node.report.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begin);
  return {.status = {}, .value = std::move(node)};
}

}  // namespace origo::gateway
