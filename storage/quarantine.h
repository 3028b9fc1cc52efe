#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "engine/core/command.h"
#include "storage/journal.h"
#include "storage/status.h"

namespace origo::storage {

// Records that apply as refusals, by sequence; see QuarantineRecord.
using Quarantines = std::map<std::uint64_t, QuarantineRecord>;

// The quarantine that `record` is; nothing if it is another command. Looks at a few bytes only,
// unless it is.
[[nodiscard]] std::optional<QuarantineRecord> read_quarantine(Bytes record);

// Collects the quarantines of records from `from_sequence` on: a quarantine comes behind its
// record, so whoever replays must know them first.
Outcome<Quarantines> find_quarantines(Journal& journal, std::uint64_t from_sequence);

}  // namespace origo::storage
