#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "storage/status.h"

namespace rocksdb {
class DB;
class Env;
class WriteBatch;
}  // namespace rocksdb

namespace origo::storage {

// What sort of entry: the caller's numbering, 1 to 254. Each kind is an ordered table of its own.
using HistoryKind = std::uint8_t;

// Entries that become visible together.
class HistoryBatch {
 public:
  HistoryBatch();
  ~HistoryBatch();
  HistoryBatch(HistoryBatch&&) noexcept;
  HistoryBatch& operator=(HistoryBatch&&) noexcept;

  void put(HistoryKind kind, std::string_view key, std::string_view value);
  void clear();

 private:
  friend class History;
  std::unique_ptr<rocksdb::WriteBatch> batch_;
};

// Which entries, in which order.
struct HistoryScan {
  HistoryKind kind = 0;
  std::string_view prefix = {};  // only keys that start so
  // The first key to visit, or the nearest one behind it in the direction of the scan. Empty: from
  // the end of the prefix where the scan begins.
  std::string_view from = {};
  bool reverse = false;  // newest first, where keys grow with time
  std::size_t limit = 100;
};

struct HistoryOptions {
  std::filesystem::path directory;
  bool create_if_missing = false;
  rocksdb::Env* env = nullptr;  // not owned; null is the operating system
};

// The past without bound: trades, statements, movements, appended by the reader of the journal and
// never changed. Derived from the journal, so a loss is repaired by replaying it, and applying a
// batch twice does nothing. One thread writes; any thread reads.
class History {
 public:
  // Returns false to stop.
  using Visitor = std::function<bool(std::string_view key, std::string_view value)>;

  // absent, in_use, unreadable or damaged if it cannot be used. A damaged history may be removed
  // and filled again from the first batch of the journal.
  static Outcome<std::unique_ptr<History>> open(const HistoryOptions& options);
  ~History();
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  // The last journal sequence whose entries are here: replay what is behind it. 0: none.
  [[nodiscard]] std::uint64_t applied_sequence() const;

  // Adds the entries that a journal batch ending at `sequence` caused; skips them, with ok, if
  // applied_sequence() has reached it. Survives a clean end; anything else only after sync(), and
  // then applied_sequence() says from where to replay. Returns full for want of space: may be tried
  // again.
  Status apply(std::uint64_t sequence, HistoryBatch& batch);

  // Makes all that was applied durable. Call it before writing a snapshot.
  Status sync();

  // The value, or nothing if there is no such key.
  [[nodiscard]] Outcome<std::optional<std::string>> get(HistoryKind kind,
                                                        std::string_view key) const;

  Status scan(const HistoryScan& scan, const Visitor& visitor) const;

 private:
  History(std::unique_ptr<rocksdb::DB> database, std::string place, std::uint64_t applied);

  const std::unique_ptr<rocksdb::DB> database_;
  const std::string place_;
  std::atomic<std::uint64_t> applied_;
  bool full_ = false;  // the last write found no room
};

}  // namespace origo::storage
