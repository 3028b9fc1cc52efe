#include "gateway/node/quarantine.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>
#include <vector>

#include "engine/core/text.h"
#include "engine/rights.h"
#include "gateway/node/recovery.h"
#include "proto/codec/record.h"
#include "storage/replay.h"
#include "storage/rocks_journal.h"
#include "storage/snapshot.h"

namespace origo::gateway {
namespace {

using storage::Status;
using storage::StatusCode;

constexpr unsigned kTrialSeconds = 60;  // for one command; more is as bad as an abort

Status invalid(std::string why) {
  return {StatusCode::invalid, std::move(why)};
}
std::string named(std::uint64_t record) {
  return "command " + std::to_string(record);
}

class Tool {
 public:
  Tool(const QuarantineRequest& request, Clock& clock) : request_(request), clock_(clock) {}

  Status run(Sequence& done);

 private:
  [[nodiscard]] storage::RocksJournalOptions options() const {
    return {.directory = request_.directory, .witness = request_.witness};
  }
  Status check_request() const;
  Status open_journal();
  Status check_free() const;
  Status replay_before();
  Status look_at(const storage::BatchView& batch);
  Status check_operators();
  Status try_record();
  Status append(Sequence& done);

  const QuarantineRequest& request_;
  Clock& clock_;
  std::unique_ptr<storage::Journal> journal_;
  storage::Quarantines known_;
  std::unique_ptr<storage::Replay> replay_;  // up to the record
  std::vector<std::byte> record_;
  Instant newest_;  // time of the journal's records, this one aside
  UserId first_;
  UserId second_;
};

Status Tool::run(Sequence& done) {
  Status status = check_request();
  if (status.ok()) status = open_journal();
  if (status.ok()) status = check_free();
  if (status.ok()) status = replay_before();
  if (status.ok()) status = check_operators();
  if (status.ok()) status = try_record();
  if (status.ok()) status = append(done);
  return status;
}

Status Tool::check_request() const {
  if (request_.reason.empty() || check_text(request_.reason)) {
    return invalid(
        "the reason must be given, in at most 2,000 bytes of UTF-8 without control characters");
  }
  if (request_.first_token == request_.second_token) return invalid("the two tokens must differ");
  return {};
}

Status Tool::open_journal() {
  auto journal = storage::open_rocks_journal_read_only(options());
  if (!journal.ok()) return std::move(journal.status);
  journal_ = std::move(journal.value);
  if (request_.record == 0 || request_.record > journal_->tail().sequence) {
    return invalid("the journal has no " + named(request_.record) + ": its last is " +
                   std::to_string(journal_->tail().sequence));
  }
  auto known = storage::find_quarantines(*journal_, 1);
  if (!known.ok()) return std::move(known.status);
  known_ = std::move(known.value);
  return {};
}

Status Tool::check_free() const {
  if (known_.contains(request_.record))
    return invalid(named(request_.record) + " is set aside already");
  auto snapshot = storage::SnapshotStore(snapshots_of(request_.directory)).newest_valid();
  if (snapshot.ok() && snapshot.value.snapshot &&
      snapshot.value.snapshot->tail.sequence >= request_.record) {
    return invalid(named(request_.record) +
                   " was applied: it lies within the snapshot at command " +
                   std::to_string(snapshot.value.snapshot->tail.sequence));
  }
  return {};
}

// From the first command, so that nothing but the journal decides.
Status Tool::replay_before() {
  replay_ = std::make_unique<storage::Replay>();
  replay_->expect(known_);
  Status status;
  const Status read =
      journal_->read(1, [&](const storage::BatchView& batch, const storage::Chain&) {
        status = look_at(batch);
        return status.ok();
      });
  return status.ok() ? read : status;
}

Status Tool::look_at(const storage::BatchView& batch) {
  Events events;
  Status status;
  batch.for_each([&](std::uint64_t sequence, storage::Bytes record) {
    if (sequence == request_.record) {
      record_.assign(record.begin(), record.end());
      return;
    }
    CommandHeader header;
    Command command;
    if (proto::read_record(storage::as_core_bytes(record), header, command)) {
      newest_ = std::max(newest_, header.time);
    }
    if (sequence < request_.record && status.ok()) status = replay_->apply(record, events);
  });
  return status;
}

Status Tool::check_operators() {
  const Parties& parties = replay_->exchange().parties();
  const auto find = [&](const Hash256& token, UserId& user) {
    const User* found = parties.find_user_by_token(token);
    if (found != nullptr) user = found->id;
  };
  find(request_.first_token, first_);
  find(request_.second_token, second_);
  if (!first_.is_set() || !second_.is_set()) return invalid("a token belongs to no user");
  if (!may_quarantine(replay_->exchange().state(), first_, second_)) {
    return invalid(
        "the tokens must be of two persons, each an admin or market operator of the node");
  }
  return {};
}

// In a process of its own, as it may end it.
Status Tool::try_record() {
  CommandHeader header;
  Command command;
  if (!proto::read_record(storage::as_core_bytes(record_), header, command)) {
    return invalid(named(request_.record) +
                   " is not a command that this version knows: use the version that wrote it");
  }
  const pid_t child = ::fork();
  if (child < 0) return invalid("cannot start a process to try " + named(request_.record));
  if (child == 0) {
    ::alarm(kTrialSeconds);
    Events events;
    const bool applied =
        replay_->apply(record_, events).ok() && replay_->exchange().check_invariants().empty();
    ::_exit(applied ? 0 : 1);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    return invalid(named(request_.record) + " applies well: there is nothing to set aside");
  }
  return {};
}

Status Tool::append(Sequence& done) {
  const storage::Tail checked = journal_->tail();
  journal_.reset();
  auto journal = storage::open_rocks_journal(options());
  if (!journal.ok()) return std::move(journal.status);
  journal_ = std::move(journal.value);
  if (journal_->tail() != checked) return {StatusCode::in_use, "the journal has grown meanwhile"};
  const Sequence sequence(journal_->tail().sequence + 1);
  const CommandHeader header{
      .sequence = sequence, .time = std::max(clock_.now(), newest_), .origin = {}};
  const QuarantineRecord body{.record = Sequence(request_.record),
                              .reason = request_.reason,
                              .first = first_,
                              .second = second_};
  Bytes record;
  proto::append_record(header, Command(body), record);
  storage::BatchBuilder batch;
  batch.start(sequence.value());
  batch.add(storage::as_bytes(record));
  Status status = journal_->append(batch);
  if (status.ok()) status = journal_->sync();
  if (status.ok()) done = sequence;
  return status;
}

}  // namespace

Status quarantine(const QuarantineRequest& request, Clock& clock, Sequence& done) {
  return Tool(request, clock).run(done);
}

}  // namespace origo::gateway
