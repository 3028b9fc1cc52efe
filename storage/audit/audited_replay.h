#pragma once

#include <filesystem>

#include "storage/audit/export_format.h"
#include "storage/batch.h"
#include "storage/chain.h"
#include "storage/quarantine.h"
#include "storage/replay.h"
#include "storage/status.h"

namespace origo::storage::audit {

// The records of an export that were set aside: whoever replays must know them first.
[[nodiscard]] Quarantines find_quarantines(const std::filesystem::path& file);

// Applies the commands of an export that begins with the first one, and compares what the core says
// with the events that the export tells.
class AuditedReplay {
 public:
  explicit AuditedReplay(Quarantines quarantines);

  Status apply(const BatchView& batch);
  void told(const ExportEntry& entry);
  // Once all of both was seen; also checks the invariants of the state that came out.
  Status compare();

 private:
  Replay replay_;
  Hasher said_;
  Hasher told_;
  Events events_;
};

}  // namespace origo::storage::audit
