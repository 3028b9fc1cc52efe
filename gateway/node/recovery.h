#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/node/core_state.h"
#include "storage/history.h"
#include "storage/journal.h"
#include "storage/rocks_journal.h"
#include "storage/snapshot.h"

namespace origo::gateway {

// Where things lie in a data directory: journal/ and witness (storage/rocks_journal.h), and
[[nodiscard]] std::filesystem::path snapshots_of(const std::filesystem::path& data);
[[nodiscard]] std::filesystem::path history_of(const std::filesystem::path& data);

struct RecoveryProgress {
  std::uint64_t sequence = 0;  // reached
  std::uint64_t last = 0;      // to reach
};

struct RecoveryReport {
  std::uint64_t snapshot = 0;  // sequence of the snapshot that was taken up; 0: none
  std::uint64_t replayed = 0;  // commands
  std::chrono::milliseconds elapsed{};
  std::vector<std::string> notes;  // what an operator should know, a sentence each
};

// A data directory in use.
struct OpenNode {
  std::unique_ptr<storage::Journal> journal;
  std::unique_ptr<storage::History> history;
  CoreState state;  // what the journal replays to
  RecoveryReport report;
};

// Opens the data directory `options.directory` and brings a core up to the end of its journal: the
// newest valid snapshot, then the commands behind it. History that is behind is caught up, and
// filled anew if it is lost, damaged or ahead of the journal; it never stops a node.
// What a quarantine sets aside is met as a refusal. `applying`, if given, holds the number of the
// command being replayed, 0 between them.
//
// Returns: as open_rocks_journal(), whose refusals leave all files as they were; damaged also when
//          the journal does not replay to what a snapshot says.
storage::Outcome<OpenNode> recover(const storage::RocksJournalOptions& options,
                                   const std::function<void(const RecoveryProgress&)>& on_progress,
                                   std::atomic<std::uint64_t>* applying = nullptr);

}  // namespace origo::gateway
