#include "storage/quarantine.h"

#include "proto/codec/record.h"
#include "storage/replay.h"

namespace origo::storage {
namespace {

constexpr std::size_t kCommandHeaderSize = encoding::fixed_size<CommandHeader>();
static_assert(kCommandHeaderSize > 0);
constexpr std::uint16_t kQuarantine = boost::mp11::mp_find<Command, QuarantineRecord>::value + 1;

}  // namespace

std::optional<QuarantineRecord> read_quarantine(Bytes record) {
  if (record.size() < kCommandHeaderSize + sizeof(kQuarantine)) return std::nullopt;
  const auto body = as_core_bytes(record.subspan(kCommandHeaderSize));
  std::uint16_t number = 0;
  Decoder(body.data(), body.size()).get(number);
  if (number != kQuarantine) return std::nullopt;
  CommandHeader header;
  Command command;
  if (!proto::read_record(as_core_bytes(record), header, command)) return std::nullopt;
  return std::get<QuarantineRecord>(command);
}

Outcome<Quarantines> find_quarantines(Journal& journal, std::uint64_t from_sequence) {
  Outcome<Quarantines> found;
  found.status = journal.read(from_sequence, [&](const BatchView& batch, const Chain&) {
    batch.for_each([&](std::uint64_t sequence, Bytes record) {
      const auto quarantine = read_quarantine(record);
      if (!quarantine) return;
      const std::uint64_t aside = quarantine->record.value();
      if (aside >= from_sequence && aside < sequence) found.value.emplace(aside, *quarantine);
    });
    return true;
  });
  return found;
}

}  // namespace origo::storage
