#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "storage/journal.h"

namespace rocksdb {
class Env;
}

namespace origo::storage {

struct RocksJournalOptions {
  // The node's data directory; the journal is `directory`/journal.
  std::filesystem::path directory;
  // Empty: `directory`/witness. Elsewhere, on another disk, it also shows that the whole data
  // directory was replaced by an older copy.
  std::filesystem::path witness;
  bool create_if_missing = false;
  // Accept a journal whose witness is missing or unreadable, and start a new one from its tail:
  // an operator's decision after restoring a backup.
  bool adopt_missing_witness = false;
  // A tail that is known to be good, such as the newest snapshot's: open() verifies what is behind.
  Tail verified;

  SyncPolicy policy = SyncPolicy::always;
  std::chrono::milliseconds sync_interval{10};  // for SyncPolicy::interval
  std::chrono::milliseconds witness_interval{1000};
  std::size_t write_buffer_bytes = std::size_t{8} << 20U;
  std::uint64_t ballast_bytes = std::uint64_t{32} << 20U;

  // Not owned; null is the operating system. Tests inject a disk that fails.
  rocksdb::Env* env = nullptr;
};

// The embedded journal: one RocksDB key for each batch, its value the batch and the chain after it.
//
// Opening first checks everything read-only, against the witness too, so that a refusal leaves all
// files as they were. A torn end of the log, never acknowledged, is cut; anything else that differs
// from what was written is refused:
//   absent      no such directory or no journal in it, and create_if_missing is not set
//   in_use      another process, or another journal of this one, holds the directory
//   unreadable  permissions, not a directory, input/output errors
//   damaged     checksum, chain or gap, with the sequence or file named; also a missing witness
//   stale       intact but older than the witness or `verified`: an old copy, or a log cut off
//   full        no space to open
Outcome<std::unique_ptr<Journal>> open_rocks_journal(const RocksJournalOptions& options);

// The same checks and nothing else: append() answers invalid. For tools; changes no file.
Outcome<std::unique_ptr<Journal>> open_rocks_journal_read_only(const RocksJournalOptions& options);

}  // namespace origo::storage
