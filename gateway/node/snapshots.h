#pragma once

#include "gateway/node/reader.h"
#include "storage/history.h"
#include "storage/journal.h"
#include "storage/snapshot.h"

namespace origo::gateway {

// What the reader calls to write a snapshot: first makes durable what the snapshot builds on. All
// arguments must outlive it.
[[nodiscard]] SnapshotWriter snapshot_writer(storage::Journal& journal,
                                             storage::History& history,
                                             storage::SnapshotStore& store);

}  // namespace origo::gateway
