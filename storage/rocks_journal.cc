#include "storage/rocks_journal.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "storage/ballast.h"
#include "storage/files.h"
#include "storage/journal_walk.h"
#include "storage/little_endian.h"
#include "storage/rocks.h"
#include "storage/witness.h"

namespace origo::storage {
namespace {

using Clock = std::chrono::steady_clock;
using Database = std::unique_ptr<rocksdb::DB>;

constexpr std::chrono::milliseconds kHealPause{100};

std::filesystem::path database_path(const RocksJournalOptions& options) {
  return options.directory / "journal";
}

std::filesystem::path witness_path(const RocksJournalOptions& options) {
  return options.witness.empty() ? options.directory / "witness" : options.witness;
}

rocksdb::Options database_options(const RocksJournalOptions& options) {
  rocksdb::Options result = base_options(options.env, options.write_buffer_bytes);
  // Cuts a torn end and refuses damage; the default mode drops all behind damage without a word.
  result.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  return result;
}

Outcome<Database> open_database(const RocksJournalOptions& options, bool create) {
  rocksdb::Options settings = database_options(options);
  settings.create_if_missing = create;
  rocksdb::DB* database = nullptr;
  const std::string path = database_path(options).string();
  const rocksdb::Status status = rocksdb::DB::Open(settings, path, &database);
  return {.status = from_rocks(status, "cannot open the journal in " + path),
          .value = Database(database)};
}

Outcome<Database> open_database_read_only(const RocksJournalOptions& options) {
  rocksdb::Options settings = database_options(options);
  settings.info_log = silent_logger();
  rocksdb::DB* database = nullptr;
  const std::string path = database_path(options).string();
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(settings, path, &database);
  return {.status = from_rocks(status, "cannot read the journal in " + path),
          .value = Database(database)};
}

// What lies on disk before anything is opened for writing.
struct Findings {
  bool fresh = false;          // there is no journal yet
  bool adopt_witness = false;  // start a new witness from the tail
  JournalReport report;
  Database database;  // read-only, unless fresh
};

// True if no journal was ever created at `path`: a creation that was interrupted has no log yet.
Outcome<bool> is_fresh(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    if (error) return {.status = io_status("cannot open", path, error.value())};
    return {.status = {}, .value = true};
  }
  bool current = false;
  bool data = false;
  for (std::filesystem::directory_iterator at(path, error), end; !error && at != end;
       at.increment(error)) {
    if (at->path().filename() == "CURRENT") current = true;
    if (at->path().extension() == ".log" || at->path().extension() == ".sst") data = true;
  }
  if (error) return {.status = io_status("cannot open", path, error.value())};
  if (!current && data) {
    return {
        .status = {.code = StatusCode::damaged,
                   .message = "the journal in " + path.string() + " has lost its CURRENT file"}};
  }
  return {.status = {}, .value = !current};
}

// A fresh journal beside a witness that has seen one is a journal that was deleted.
Status check_fresh(const RocksJournalOptions& options, const Outcome<Tail>& witness) {
  const std::string place = "there is no journal in " + options.directory.string();
  const std::uint64_t seen = std::max(witness.value.sequence, options.verified.sequence);
  if (seen > 0) {
    return {
        .code = StatusCode::stale,
        .message = place + ", but the witness or snapshot names sequence " + std::to_string(seen)};
  }
  if (!witness.ok() && witness.status.code != StatusCode::absent) return witness.status;
  if (!options.create_if_missing) return {.code = StatusCode::absent, .message = place};
  return {};
}

// Reads everything and changes nothing.
Outcome<Findings> inspect(const RocksJournalOptions& options) {
  Outcome<Findings> result;
  Findings& findings = result.value;
  auto fresh = is_fresh(database_path(options));
  if (!fresh.ok()) return {.status = std::move(fresh.status)};
  findings.fresh = fresh.value;
  auto witness = Witness::read(witness_path(options));
  if (findings.fresh)
    return {.status = check_fresh(options, witness), .value = std::move(findings)};
  auto database = open_database_read_only(options);
  if (!database.ok()) return {.status = std::move(database.status)};
  auto report = check_journal(*database.value,
                              options.verified,
                              witness.ok() ? std::optional(witness.value) : std::nullopt);
  if (!report.ok()) return {.status = std::move(report.status)};
  findings.report = report.value;
  findings.database = std::move(database.value);
  if (witness.ok()) return result;
  if (options.adopt_missing_witness) {
    findings.adopt_witness = true;
    return result;
  }
  if (witness.status.code == StatusCode::absent && findings.report.tail.sequence > 0) {
    return {.status = {.code = StatusCode::damaged,
                       .message = "the witness " + witness_path(options).string() +
                                  " is missing, so an older journal could not be told"}};
  }
  if (witness.status.code != StatusCode::absent) return {.status = std::move(witness.status)};
  return result;
}

// Opens the directory and holds it, or says why not.
Outcome<FileDescriptor> hold_directory(const RocksJournalOptions& options) {
  if (options.create_if_missing) {
    if (Status status = make_directories(options.directory); !status.ok()) {
      return {.status = std::move(status)};
    }
  }
  return lock_directory(options.directory);
}

Status read_only_refusal() {
  return {.code = StatusCode::invalid, .message = "the journal is open for reading only"};
}

class ReadOnlyJournal final : public Journal {
 public:
  ReadOnlyJournal(FileDescriptor lock, Findings findings)
      : lock_(std::move(lock)), findings_(std::move(findings)) {}

  Status append(const BatchBuilder& /*batch*/) override { return read_only_refusal(); }
  Status sync() override { return {}; }
  Status read(std::uint64_t from_sequence, const Visitor& visitor) override {
    return walk_batches(*findings_.database, std::max<std::uint64_t>(from_sequence, 1), visitor);
  }
  [[nodiscard]] Status health() const override { return {}; }
  [[nodiscard]] Tail tail() const override { return findings_.report.tail; }
  [[nodiscard]] SyncPolicy policy() const override { return SyncPolicy::always; }
  [[nodiscard]] JournalStatistics statistics() const override { return {}; }

 private:
  FileDescriptor lock_;
  Findings findings_;
};

// Three locks, taken in this order: database_mutex_ (exclusive only to replace the database),
// sync_mutex_ (one sync at a time; guards the witness), state_mutex_ (the small values).
class RocksJournal final : public Journal {
 public:
  RocksJournal(const RocksJournalOptions& options,
               FileDescriptor lock,
               Database database,
               Witness witness,
               const Tail& tail);
  ~RocksJournal() override;

  Status append(const BatchBuilder& batch) override;
  Status sync() override;
  Status read(std::uint64_t from_sequence, const Visitor& visitor) override;
  [[nodiscard]] Status health() const override;
  [[nodiscard]] Tail tail() const override;
  [[nodiscard]] SyncPolicy policy() const override { return options_.policy; }
  [[nodiscard]] JournalStatistics statistics() const override;

 private:
  Status check(const BatchBuilder& batch) const;
  Status write(const BatchBuilder& batch, const Chain& chain);
  Status fail(Status cause);
  void become_full();
  Status heal();
  Status reopen();
  [[nodiscard]] bool has_room() const;
  Status sync_witness();
  void work_in_background();

  const RocksJournalOptions options_;
  const FileDescriptor lock_;
  const Ballast ballast_;

  mutable std::shared_mutex database_mutex_;
  Database database_;  // null only while a full disk keeps it from being reopened

  std::mutex sync_mutex_;
  Witness witness_;
  bool witness_dirty_ = false;

  mutable std::mutex state_mutex_;
  Tail tail_;
  Status failure_;  // ok, or fatal for ever
  JournalStatistics statistics_;

  // Only append() touches these.
  Hasher hasher_;
  rocksdb::WriteBatch write_batch_;
  bool full_ = false;
  Clock::time_point healed_last_{};

  std::condition_variable stop_condition_;
  bool stopping_ = false;  // guarded by state_mutex_
  std::thread background_;
};

RocksJournal::RocksJournal(const RocksJournalOptions& options,
                           FileDescriptor lock,
                           Database database,
                           Witness witness,
                           const Tail& tail)
    : options_(options),
      lock_(std::move(lock)),
      ballast_(options.directory / "ballast", options.ballast_bytes),
      database_(std::move(database)),
      witness_(std::move(witness)),
      tail_(tail) {
  statistics_.synced_sequence = tail.sequence;
  if (!ballast_.reserve().ok()) become_full();
  background_ = std::thread([this] { work_in_background(); });
}

RocksJournal::~RocksJournal() {
  {
    const std::lock_guard guard(state_mutex_);
    stopping_ = true;
  }
  stop_condition_.notify_all();
  background_.join();
  // Whoever must know the outcome has called sync() before.
  if (sync().ok()) (void)sync_witness();
}

Status RocksJournal::check(const BatchBuilder& batch) const {
  const std::lock_guard guard(state_mutex_);
  if (!failure_.ok()) return failure_;
  if (batch.empty()) return {.code = StatusCode::invalid, .message = "the batch is empty"};
  if (batch.first_sequence() != tail_.sequence + 1) {
    return {.code = StatusCode::invalid,
            .message = "the batch starts at sequence " + std::to_string(batch.first_sequence()) +
                       ", but the journal ends at " + std::to_string(tail_.sequence)};
  }
  return {};
}

Status RocksJournal::append(const BatchBuilder& batch) {
  if (Status status = check(batch); !status.ok()) return status;
  if (full_) {
    if (Status status = heal(); !status.ok()) return status;
  }
  // Only this thread moves the tail, so it may be read without the lock here.
  const Tail next{.sequence = batch.next_sequence() - 1,
                  .chain = hasher_.extend(tail_.chain, batch.bytes())};
  Status written = write(batch, next.chain);
  if (written.code == StatusCode::full) become_full();
  if (written.code == StatusCode::full) return written;
  if (!written.ok()) return fail(std::move(written));
  {
    const std::lock_guard guard(state_mutex_);
    tail_ = next;
    ++statistics_.batches;
    statistics_.records += batch.count();
    statistics_.bytes += batch.bytes().size();
  }
  return options_.policy == SyncPolicy::always ? sync() : Status{};
}

// Unsynced, so that a failed write (which may be for want of space, and leaves nothing behind) can
// be told from a failed sync (after which nothing is known).
Status RocksJournal::write(const BatchBuilder& batch, const Chain& chain) {
  std::array<std::byte, 8> key{};
  store_big_u64(key.data(), batch.first_sequence());
  const rocksdb::Slice key_slice = as_slice(key);
  const std::array value_slices{as_slice(batch.bytes()), as_slice(chain)};
  write_batch_.Clear();
  rocksdb::Status status = write_batch_.Put(rocksdb::SliceParts(&key_slice, 1),
                                            rocksdb::SliceParts(value_slices.data(), 2));
  const std::shared_lock database_guard(database_mutex_);
  if (status.ok()) status = database_->Write({}, &write_batch_);
  return from_rocks(status, "cannot append to the journal in " + database_path(options_).string());
}

Status RocksJournal::sync() {
  const std::shared_lock database_guard(database_mutex_);
  const std::lock_guard sync_guard(sync_mutex_);
  Tail target;
  {
    const std::lock_guard guard(state_mutex_);
    if (!failure_.ok()) return failure_;
    if (statistics_.synced_sequence == tail_.sequence) return {};
    target = tail_;
  }
  if (database_ == nullptr) return {.code = StatusCode::full, .message = "the disk is full"};
  const auto begin = Clock::now();
  Status status = from_rocks(database_->SyncWAL(), "cannot sync the journal");
  if (status.ok()) status = witness_.write(target);
  if (!status.ok()) return fail(std::move(status));
  const auto elapsed = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin).count());
  witness_dirty_ = true;
  const std::lock_guard guard(state_mutex_);
  statistics_.synced_sequence = target.sequence;
  ++statistics_.syncs;
  statistics_.sync_latency_ns_last = elapsed;
  statistics_.sync_latency_ns_max = std::max(statistics_.sync_latency_ns_max, elapsed);
  statistics_.sync_latency_ns_total += elapsed;
  return {};
}

Status RocksJournal::read(std::uint64_t from_sequence, const Visitor& visitor) {
  const std::shared_lock guard(database_mutex_);
  if (database_ == nullptr) return {.code = StatusCode::full, .message = "the disk is full"};
  return walk_batches(*database_, std::max<std::uint64_t>(from_sequence, 1), visitor);
}

Status RocksJournal::health() const {
  const std::lock_guard guard(state_mutex_);
  return failure_;
}

Tail RocksJournal::tail() const {
  const std::lock_guard guard(state_mutex_);
  return tail_;
}

JournalStatistics RocksJournal::statistics() const {
  const std::lock_guard guard(state_mutex_);
  return statistics_;
}

// Requires: state_mutex_ is not held.
Status RocksJournal::fail(Status cause) {
  const std::lock_guard guard(state_mutex_);
  if (failure_.ok()) {
    failure_ = {.code = StatusCode::fatal, .message = std::move(cause.message)};
  }
  return failure_;
}

void RocksJournal::become_full() {
  full_ = true;
  healed_last_ = Clock::now();
  ballast_.release();
  const std::lock_guard guard(state_mutex_);
  statistics_.full = true;
}

bool RocksJournal::has_room() const {
  rocksdb::Env* env = options_.env != nullptr ? options_.env : rocksdb::Env::Default();
  std::uint64_t free = 0;
  const auto status = env->GetFileSystem()->GetFreeSpace(
      options_.directory.string(), rocksdb::IOOptions(), &free, nullptr);
  return status.ok() && free >= 2 * ballast_.size() + 2 * options_.write_buffer_bytes;
}

// Goes back to work once there is room for the ballast and some more. RocksDB is opened anew: the
// refused batch may be half in its log, and recovery cuts exactly that.
Status RocksJournal::heal() {
  Status still_full{.code = StatusCode::full, .message = "the disk is full"};
  if (Clock::now() - healed_last_ < kHealPause) return still_full;
  healed_last_ = Clock::now();
  if (!has_room()) return still_full;
  const std::unique_lock database_guard(database_mutex_);
  if (Status status = reopen(); !status.ok()) return status;
  if (!ballast_.reserve().ok()) return still_full;
  full_ = false;
  const std::lock_guard guard(state_mutex_);
  statistics_.full = false;
  return {};
}

// Requires: database_mutex_ is held exclusively.
Status RocksJournal::reopen() {
  database_.reset();
  auto database = open_database(options_, false);
  if (database.status.code == StatusCode::full) return std::move(database.status);
  if (!database.ok()) return fail(std::move(database.status));
  database_ = std::move(database.value);
  const auto found = find_tail(*database_);
  if (!found.ok()) return fail(found.status);
  if (found.value != tail_) {
    return fail({.message = "after the disk was full the journal ends at sequence " +
                            std::to_string(found.value.sequence) + " instead of " +
                            std::to_string(tail_.sequence)});
  }
  return {};
}

Status RocksJournal::sync_witness() {
  const std::lock_guard guard(sync_mutex_);
  if (!std::exchange(witness_dirty_, false)) return {};
  Status status = witness_.sync();
  return status.ok() ? Status{} : fail(std::move(status));
}

// Syncs the journal under SyncPolicy::interval, and the witness under any.
void RocksJournal::work_in_background() {
  const bool syncs_journal = options_.policy == SyncPolicy::interval;
  const auto pause = syncs_journal ? std::min(options_.sync_interval, options_.witness_interval)
                                   : options_.witness_interval;
  auto witness_due = Clock::now() + options_.witness_interval;
  std::unique_lock guard(state_mutex_);
  while (!stop_condition_.wait_for(guard, pause, [this] { return stopping_; })) {
    guard.unlock();
    if (syncs_journal) (void)sync();  // A failure is remembered, and the next append reports it.
    if (Clock::now() >= witness_due) {
      (void)sync_witness();
      witness_due = Clock::now() + options_.witness_interval;
    }
    guard.lock();
  }
}

}  // namespace

const char* name_of(SyncPolicy policy) {
  switch (policy) {
    case SyncPolicy::always:
      return "always";
    case SyncPolicy::interval:
      return "interval";
    case SyncPolicy::none:
      return "none";
  }
  return "unknown";
}

Outcome<std::unique_ptr<Journal>> open_rocks_journal(const RocksJournalOptions& options) {
  auto lock = hold_directory(options);
  if (!lock.ok()) return {.status = std::move(lock.status)};
  auto found = inspect(options);
  if (!found.ok()) return {.status = std::move(found.status)};
  found.value.database.reset();
  const Tail tail = found.value.report.tail;

  // From here on files change. The witness is first: a journal without one is refused.
  auto witness = Witness::open(witness_path(options), tail, found.value.adopt_witness);
  if (!witness.ok()) return {.status = std::move(witness.status)};
  auto database = open_database(options, found.value.fresh);
  if (database.status.code == StatusCode::full) {
    Ballast(options.directory / "ballast", options.ballast_bytes).release();
    database = open_database(options, found.value.fresh);
  }
  if (!database.ok()) return {.status = std::move(database.status)};
  const auto reopened = find_tail(*database.value);
  if (!reopened.ok()) return {.status = reopened.status};
  if (reopened.value != tail) {
    return {.status = {.code = StatusCode::damaged,
                       .message = "the journal ends at sequence " +
                                  std::to_string(reopened.value.sequence) +
                                  " after it was checked up to " + std::to_string(tail.sequence)}};
  }
  // Recovery has written what was in the log to synced tables, so all of it is durable now.
  if (Status status = witness.value.write(tail); !status.ok()) {
    return {.status = std::move(status)};
  }
  return {.status = {},
          .value = std::make_unique<RocksJournal>(options,
                                                  std::move(lock.value),
                                                  std::move(database.value),
                                                  std::move(witness.value),
                                                  tail)};
}

Outcome<std::unique_ptr<Journal>> open_rocks_journal_read_only(const RocksJournalOptions& options) {
  RocksJournalOptions reading = options;
  reading.create_if_missing = false;
  auto lock = lock_directory(options.directory);
  if (!lock.ok()) return {.status = std::move(lock.status)};
  auto found = inspect(reading);
  if (!found.ok()) return {.status = std::move(found.status)};
  return {
      .status = {},
      .value = std::make_unique<ReadOnlyJournal>(std::move(lock.value), std::move(found.value))};
}

}  // namespace origo::storage
