#include "gateway/node/snapshots.h"

#include "storage/replay.h"

namespace origo::gateway {

SnapshotWriter snapshot_writer(storage::Journal& journal,
                               storage::History& history,
                               storage::SnapshotStore& store) {
  return [&](const Exchange& exchange,
             const storage::Chain& journal_chain,
             const storage::Chain& event_chain) {
    storage::Status status = journal.sync();
    if (status.ok()) status = history.sync();
    if (!status.ok()) return status;
    const Bytes state = storage::encode_state(exchange);
    return store.write({.sequence = exchange.sequence().value(), .chain = journal_chain},
                       event_chain,
                       storage::as_bytes(state));
  };
}

}  // namespace origo::gateway
