#include "storage/history.h"

#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <utility>

#include "storage/files.h"
#include "storage/little_endian.h"
#include "storage/rocks.h"

namespace origo::storage {
namespace {

constexpr std::size_t kWriteBufferBytes = std::size_t{16} << 20U;

// Kind 0 is ours: one entry, the applied sequence. Its name carries the version of what is kept, so
// that a history of an older form counts as empty and is made again.
constexpr char kMarkerKey[] = "\0applied.5";

rocksdb::Slice marker_key() {
  return {kMarkerKey, sizeof kMarkerKey - 1};
}

rocksdb::Slice slice_of(std::string_view text) {
  return {text.data(), text.size()};
}

std::string_view view_of(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

std::string key_of(HistoryKind kind, std::string_view key) {
  std::string full;
  full.reserve(key.size() + 1);
  full.push_back(static_cast<char>(kind));
  full.append(key);
  return full;
}

// The smallest key behind all that start with `prefix`. Requires: it is not all 0xFF, as kinds are
// below 255.
std::string end_of(std::string prefix) {
  while (static_cast<unsigned char>(prefix.back()) == 0xFF) prefix.pop_back();
  prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

void seek(rocksdb::Iterator& iterator, const HistoryScan& scan) {
  const std::string from = key_of(scan.kind, scan.from);
  if (scan.reverse && scan.from.empty()) {
    iterator.SeekToLast();
  } else if (scan.reverse) {
    iterator.SeekForPrev(from);
  } else if (scan.from.empty()) {
    iterator.SeekToFirst();
  } else {
    iterator.Seek(from);
  }
}

Outcome<std::uint64_t> read_marker(rocksdb::DB& database, const std::string& place) {
  std::string value;
  const rocksdb::Status status = database.Get({}, marker_key(), &value);
  if (status.IsNotFound()) return {};
  if (!status.ok()) return {.status = from_rocks(status, "cannot read " + place)};
  if (value.size() != 8) {
    return {.status = {.code = StatusCode::damaged, .message = place + " has a marker of no form"}};
  }
  return {.status = {}, .value = load_u64(as_bytes(value).data())};
}

}  // namespace

HistoryBatch::HistoryBatch() : batch_(std::make_unique<rocksdb::WriteBatch>()) {}
HistoryBatch::~HistoryBatch() = default;
HistoryBatch::HistoryBatch(HistoryBatch&&) noexcept = default;
HistoryBatch& HistoryBatch::operator=(HistoryBatch&&) noexcept = default;

void HistoryBatch::put(HistoryKind kind, std::string_view key, std::string_view value) {
  const char kind_byte = static_cast<char>(kind);
  const std::array key_parts{rocksdb::Slice(&kind_byte, 1), slice_of(key)};
  const rocksdb::Slice value_part = slice_of(value);
  batch_->Put(rocksdb::SliceParts(key_parts.data(), 2), rocksdb::SliceParts(&value_part, 1))
      .PermitUncheckedError();
}

void HistoryBatch::clear() {
  batch_->Clear();
}

History::History(std::unique_ptr<rocksdb::DB> database, std::string place, std::uint64_t applied)
    : database_(std::move(database)), place_(std::move(place)), applied_(applied) {}

History::~History() = default;

Outcome<std::unique_ptr<History>> History::open(const HistoryOptions& options) {
  const std::string place = "the history in " + options.directory.string();
  if (options.create_if_missing) {
    if (Status status = make_directories(options.directory); !status.ok()) {
      return {.status = std::move(status)};
    }
  } else if (std::error_code error; !std::filesystem::exists(options.directory, error)) {
    return {.status = io_status("cannot open", options.directory, error ? error.value() : ENOENT)};
  }
  rocksdb::Options settings = base_options(options.env, kWriteBufferBytes);
  settings.create_if_missing = options.create_if_missing;
  // Entries of one kind and owner come in ascending order; a hint for each (1 + 4 bytes of key)
  // saves the search for where the next one goes. Only one thread writes.
  settings.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewCappedPrefixTransform(5));
  settings.allow_concurrent_memtable_write = false;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(settings, options.directory.string(), &opened);
  std::unique_ptr<rocksdb::DB> database(opened);
  if (!status.ok()) return {.status = from_rocks(status, "cannot open " + place)};
  auto applied = read_marker(*database, place);
  if (!applied.ok()) return {.status = std::move(applied.status)};
  return {
      .status = {},
      .value = std::unique_ptr<History>(new History(std::move(database), place, applied.value))};
}

std::uint64_t History::applied_sequence() const {
  return applied_.load(std::memory_order_acquire);
}

Status History::apply(std::uint64_t sequence, HistoryBatch& batch) {
  if (sequence <= applied_sequence()) return {};
  std::array<std::byte, 8> marker{};
  store_u64(marker.data(), sequence);
  rocksdb::Status status = batch.batch_->Put(marker_key(), as_slice(marker));
  // After a full disk RocksDB refuses writes until it is told to try again.
  if (status.ok() && full_) status = database_->Resume();
  // Without a log of its own: what a killed process had not flushed is replayed from the journal.
  rocksdb::WriteOptions unlogged;
  unlogged.disableWAL = true;
  if (status.ok()) status = database_->Write(unlogged, batch.batch_.get());
  Status result = from_rocks(status, "cannot write to " + place_);
  full_ = result.code == StatusCode::full;
  if (!result.ok()) return result;
  applied_.store(sequence, std::memory_order_release);
  return {};
}

Status History::sync() {
  return from_rocks(database_->Flush({}), "cannot flush " + place_);
}

Outcome<std::optional<std::string>> History::get(HistoryKind kind, std::string_view key) const {
  std::string value;
  const rocksdb::Status status = database_->Get({}, key_of(kind, key), &value);
  if (status.IsNotFound()) return {};
  if (!status.ok()) return {.status = from_rocks(status, "cannot read " + place_)};
  return {.status = {}, .value = std::move(value)};
}

Status History::scan(const HistoryScan& scan, const Visitor& visitor) const {
  const std::string begin = key_of(scan.kind, scan.prefix);
  const std::string end = end_of(begin);
  const rocksdb::Slice begin_slice = begin;
  const rocksdb::Slice end_slice = end;
  rocksdb::ReadOptions options;
  options.iterate_lower_bound = &begin_slice;
  options.iterate_upper_bound = &end_slice;
  const std::unique_ptr<rocksdb::Iterator> iterator(database_->NewIterator(options));
  seek(*iterator, scan);
  for (std::size_t count = 0; count < scan.limit && iterator->Valid(); ++count) {
    if (!visitor(view_of(iterator->key()).substr(1), view_of(iterator->value()))) return {};
    if (scan.reverse) {
      iterator->Prev();
    } else {
      iterator->Next();
    }
  }
  return from_rocks(iterator->status(), "cannot read " + place_);
}

}  // namespace origo::storage
