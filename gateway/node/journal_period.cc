#include "gateway/node/journal_period.h"

#include <optional>
#include <utility>

#include "engine/core/command.h"
#include "proto/codec/record.h"
#include "storage/replay.h"

namespace origo::gateway {

namespace {

using storage::BatchView;
using storage::Chain;
using storage::Outcome;

// When command `sequence` was. A record that was set aside may not decode: then its neighbour
// tells.
Outcome<Instant> time_of(storage::Journal& journal, std::uint64_t sequence) {
  std::optional<Instant> time;
  Outcome<Instant> found;
  found.status = journal.read(sequence, [&](const BatchView& batch, const Chain&) {
    batch.for_each([&](std::uint64_t, storage::Bytes record) {
      CommandHeader header;
      Command command;
      if (!time && proto::read_record(storage::as_core_bytes(record), header, command))
        time = header.time;
    });
    return !time.has_value();
  });
  found.value = time.value_or(kInstantMax);
  return found;
}

// The first command, up to newest + 1, that was not before `at`.
Outcome<std::uint64_t> first_from(storage::Journal& journal, Instant at, Sequence newest) {
  std::uint64_t low = 1;
  std::uint64_t high = newest.value() + 1;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const auto time = time_of(journal, middle);
    if (!time.ok()) return {.status = time.status};
    if (time.value < at) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return {.status = {}, .value = low};
}

}  // namespace

Outcome<JournalPeriod> find_period(storage::Journal& journal, Date from, Date to, Sequence newest) {
  const auto first = first_from(journal, start_of(from), newest);
  if (!first.ok()) return {.status = first.status};
  const auto behind = first_from(journal, end_of(to), newest);
  if (!behind.ok()) return {.status = behind.status};
  const auto before = tail_at(journal, Sequence(first.value - 1));
  if (!before.ok()) return {.status = before.status};
  return {.status = {},
          .value = {.first = Sequence(first.value),
                    .last = Sequence(behind.value - 1),
                    .chain_before = before.value.chain}};
}

Outcome<storage::Tail> tail_at(storage::Journal& journal, Sequence sequence) {
  Outcome<storage::Tail> found;
  if (!sequence.is_set()) return found;
  found.status = journal.read(sequence.value(), [&](const BatchView& batch, const Chain& chain) {
    found.value = {.sequence = batch.last_sequence(), .chain = chain};
    return false;
  });
  return found;
}

}  // namespace origo::gateway
