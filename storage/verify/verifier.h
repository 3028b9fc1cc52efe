#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "storage/chain.h"
#include "storage/status.h"

namespace origo::storage {

struct VerifyOptions {
  std::filesystem::path directory;
  std::filesystem::path witness;  // empty: directory/witness
  std::uint64_t invariants_every =
      0;  // commands between checks of all invariants; 0: at the end only
  std::function<void(std::uint64_t sequence, std::uint64_t last)> on_progress;
  // If given, holds the number of the command being replayed, 0 between them.
  std::atomic<std::uint64_t>* applying = nullptr;
};

// What a data directory was found to be.
struct VerifyReport {
  std::uint64_t batches = 0;
  std::uint64_t commands = 0;
  std::uint64_t events = 0;
  std::uint64_t refusals = 0;  // commands that the core refused
  std::uint64_t invariant_checks = 0;
  std::uint64_t snapshots = 0;  // compared with the replayed state
  Chain journal_chain{};
  Chain event_chain{};
  Chain state_digest{};
  std::uint64_t milliseconds = 0;
  std::vector<std::string> notes;  // what is not wrong and yet worth a look
};

// Replays a data directory from its first command and compares everything in it with what comes
// out. Changes no file.
//
// Returns: ok and the report; else the first difference: as open_rocks_journal_read_only(), or
//          damaged where the replay, an invariant or a snapshot differs, with the command named.
//          The report then says how far it came.
Outcome<VerifyReport> verify(const VerifyOptions& options);

}  // namespace origo::storage
