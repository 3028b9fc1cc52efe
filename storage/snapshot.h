#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "storage/chain.h"
#include "storage/journal.h"
#include "storage/status.h"

namespace origo::storage {

// The whole state of a core after the batch that ends at `tail`.
struct Snapshot {
  Tail tail;            // of the journal
  Chain event_chain{};  // over all events up to there
  std::string state;    // opaque here
};

// What a directory of snapshots has to offer.
struct FoundSnapshot {
  std::optional<Snapshot> snapshot;  // none: replay the journal from its first batch
  std::vector<std::string> notes;    // a sentence for each one that was skipped as damaged
};

// Snapshots as files, each whole or absent: written under another name, synced, then renamed.
// Made for a shadow core on a thread of its own: one thread uses a store, and no other waits for
// it.
class SnapshotStore {
 public:
  // `directory` is created by the first write(). The newest `keep` (at least 1) snapshots stay.
  explicit SnapshotStore(std::filesystem::path directory, std::size_t keep = 2);

  // Requires: the journal is synced up to `tail` (a snapshot ahead of its journal stops the next
  // start), and so is what the caller derives from it, such as history.
  // Ensures:  durable on return when ok; otherwise there is no such snapshot.
  Status write(const Tail& tail, const Chain& event_chain, Bytes state);

  // The newest one that is not damaged and not after `sequence_last`. Fails only when the directory
  // exists and cannot be read.
  [[nodiscard]] Outcome<FoundSnapshot> newest_valid(
      std::uint64_t sequence_last = std::numeric_limits<std::uint64_t>::max()) const;

  // Reads and checks one snapshot file.
  static Outcome<Snapshot> load(const std::filesystem::path& file);

 private:
  // Newest first. Files that are not snapshots are not listed.
  [[nodiscard]] Outcome<std::vector<std::filesystem::path>> list() const;
  void remove_old() const;

  const std::filesystem::path directory_;
  const std::size_t keep_;
};

}  // namespace origo::storage
