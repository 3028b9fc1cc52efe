#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "storage/journal.h"

namespace rocksdb {
class DB;
}

namespace origo::storage {

// Reading a journal database with every promise checked. Internal to this folder.

// Visits the batches from the one containing `from_sequence` (at least 1) to the end. Verifies
// keys, framing, CRCs, that sequences leave no gap, and the chain. The batch before the first one
// visited is trusted for its chain; from_sequence 1 trusts nothing.
Status walk_batches(rocksdb::DB& database,
                    std::uint64_t from_sequence,
                    const Journal::Visitor& visitor);

// The sequence and chain that end the last batch. No verification.
Outcome<Tail> find_tail(rocksdb::DB& database);

// What a whole check found.
struct JournalReport {
  Tail tail;
  std::uint64_t batches = 0;  // verified
  std::uint64_t records = 0;
};

// Checks everything behind `verified` (a tail known to be good, such as a snapshot's; sequence 0:
// the whole journal), then that the journal reaches `verified` and the witness with these chains.
// Answers damaged or stale, naming the place.
Outcome<JournalReport> check_journal(rocksdb::DB& database,
                                     const Tail& verified,
                                     const std::optional<Tail>& witness);

}  // namespace origo::storage
