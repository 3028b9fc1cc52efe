#include "storage/journal_walk.h"

#include <rocksdb/db.h>

#include <array>
#include <cstring>
#include <memory>

#include "storage/little_endian.h"
#include "storage/rocks.h"

namespace origo::storage {
namespace {

using Key = std::array<std::byte, 8>;

Key key_of(std::uint64_t sequence) {
  Key key{};
  store_big_u64(key.data(), sequence);
  return key;
}

Status damaged(const std::string& what) {
  return {.code = StatusCode::damaged, .message = what};
}

std::string batch_name(std::uint64_t sequence) {
  return "batch at sequence " + std::to_string(sequence);
}

rocksdb::ReadOptions sequential_read() {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.fill_cache = false;
  options.readahead_size = std::size_t{2} << 20U;
  return options;
}

// One stored entry, taken apart.
struct Entry {
  BatchView batch;
  Chain chain{};

  [[nodiscard]] Tail tail() const { return {.sequence = batch.last_sequence(), .chain = chain}; }
};

Outcome<Entry> read_entry(const rocksdb::Iterator& iterator) {
  const Bytes key = as_bytes(iterator.key());
  const Bytes value = as_bytes(iterator.value());
  if (key.size() != sizeof(Key)) return {.status = damaged("a key of unknown form")};
  const std::uint64_t sequence = load_big_u64(key.data());
  if (value.size() < sizeof(Chain)) {
    return {.status = damaged(batch_name(sequence) + ": cut short")};
  }
  auto batch = parse_batch(value.first(value.size() - sizeof(Chain)));
  if (!batch.ok()) {
    return {.status = damaged(batch_name(sequence) + ": " + batch.status.message)};
  }
  if (batch.value.first_sequence != sequence) {
    return {.status = damaged(batch_name(sequence) + ": names itself sequence " +
                              std::to_string(batch.value.first_sequence))};
  }
  Outcome<Entry> result{.status = {}, .value = {.batch = batch.value}};
  std::memcpy(result.value.chain.data(), value.last(sizeof(Chain)).data(), sizeof(Chain));
  return result;
}

Status iterator_status(const rocksdb::Iterator& iterator) {
  return from_rocks(iterator.status(), "cannot read the journal");
}

// Moves to the batch containing `sequence`, or to the last one before it, or to the first one.
// Returns the tail before it.
Outcome<Tail> position(rocksdb::Iterator& iterator, std::uint64_t sequence) {
  iterator.SeekForPrev(as_slice(key_of(sequence)));
  if (iterator.Valid()) iterator.Prev();
  if (!iterator.Valid()) {
    if (Status status = iterator_status(iterator); !status.ok()) return {.status = status};
    iterator.SeekToFirst();
    return {};
  }
  auto before = read_entry(iterator);
  if (!before.ok()) return {.status = std::move(before.status)};
  const Tail tail = before.value.tail();
  iterator.Next();
  return {.status = {}, .value = tail};
}

// The tail that ends at exactly `wanted.sequence` must exist and carry the same chain.
Status require_tail(rocksdb::DB& database, const Tail& wanted, const std::string& who) {
  if (wanted.sequence == 0) return {};
  const std::unique_ptr<rocksdb::Iterator> iterator(database.NewIterator(sequential_read()));
  iterator->SeekForPrev(as_slice(key_of(wanted.sequence)));
  if (!iterator->Valid()) {
    if (Status status = iterator_status(*iterator); !status.ok()) return status;
    return {.code = StatusCode::stale,
            .message = "the journal is empty, but " + who + " names sequence " +
                       std::to_string(wanted.sequence)};
  }
  auto entry = read_entry(*iterator);
  if (!entry.ok()) return std::move(entry.status);
  const std::uint64_t reached = entry.value.batch.last_sequence();
  if (reached < wanted.sequence) {
    return {.code = StatusCode::stale,
            .message = "the journal ends at sequence " + std::to_string(reached) + ", but " + who +
                       " names sequence " + std::to_string(wanted.sequence)};
  }
  if (entry.value.tail() != wanted) {
    return damaged("the journal's chain differs from that of " + who + " at sequence " +
                   std::to_string(wanted.sequence));
  }
  return {};
}

}  // namespace

Status walk_batches(rocksdb::DB& database,
                    std::uint64_t from_sequence,
                    const Journal::Visitor& visitor) {
  Hasher hasher;
  const std::unique_ptr<rocksdb::Iterator> iterator(database.NewIterator(sequential_read()));
  auto before = position(*iterator, from_sequence);
  if (!before.ok()) return std::move(before.status);
  Tail tail = before.value;
  for (; iterator->Valid(); iterator->Next()) {
    auto entry = read_entry(*iterator);
    if (!entry.ok()) return std::move(entry.status);
    const BatchView& batch = entry.value.batch;
    if (batch.first_sequence != tail.sequence + 1) {
      return damaged("sequences " + std::to_string(tail.sequence + 1) + " to " +
                     std::to_string(batch.first_sequence - 1) + " are missing or doubled");
    }
    if (hasher.extend(tail.chain, batch.bytes) != entry.value.chain) {
      return damaged(batch_name(batch.first_sequence) + ": fails its chain");
    }
    tail = entry.value.tail();
    if (tail.sequence >= from_sequence && !visitor(batch, tail.chain)) return {};
  }
  return iterator_status(*iterator);
}

Outcome<Tail> find_tail(rocksdb::DB& database) {
  const std::unique_ptr<rocksdb::Iterator> iterator(database.NewIterator(sequential_read()));
  iterator->SeekToLast();
  if (!iterator->Valid()) return {.status = iterator_status(*iterator)};
  auto entry = read_entry(*iterator);
  if (!entry.ok()) return {.status = std::move(entry.status)};
  return {.status = {}, .value = entry.value.tail()};
}

Outcome<JournalReport> check_journal(rocksdb::DB& database,
                                     const Tail& verified,
                                     const std::optional<Tail>& witness) {
  if (Status status = require_tail(database, verified, "the snapshot"); !status.ok()) {
    return {.status = std::move(status)};
  }
  Outcome<JournalReport> result;
  JournalReport& report = result.value;
  report.tail = verified;
  result.status = walk_batches(
      database, verified.sequence + 1, [&](const BatchView& batch, const Chain& chain) {
        report.tail = {.sequence = batch.last_sequence(), .chain = chain};
        ++report.batches;
        report.records += batch.count;
        return true;
      });
  if (result.ok() && witness) result.status = require_tail(database, *witness, "the witness");
  return result;
}

}  // namespace origo::storage
