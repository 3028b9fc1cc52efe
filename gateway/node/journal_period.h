#pragma once

#include "engine/core/date.h"
#include "engine/core/id.h"
#include "storage/journal.h"

// Finding a period in the journal, whose records tell their time.
namespace origo::gateway {

// The commands of some days.
struct JournalPeriod {
  Sequence first;  // last + 1: there is none
  Sequence last;
  storage::Chain chain_before{};  // of the journal before `first`
};

// The commands of `from` to `to` (UTC, both included), none newer than `newest`, which must end a
// batch. A batch has one time, so the commands are whole batches. Cost: about log2(newest) looks.
[[nodiscard]] storage::Outcome<JournalPeriod> find_period(storage::Journal& journal,
                                                          Date from,
                                                          Date to,
                                                          Sequence newest);

// The end of the batch that holds command `sequence`; sequence 0: the empty journal.
[[nodiscard]] storage::Outcome<storage::Tail> tail_at(storage::Journal& journal, Sequence sequence);

}  // namespace origo::gateway
