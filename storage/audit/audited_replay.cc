#include "storage/audit/audited_replay.h"

#include <array>
#include <fstream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "storage/little_endian.h"

namespace origo::storage::audit {

AuditedReplay::AuditedReplay(Quarantines quarantines) {
  replay_.expect(std::move(quarantines));
  said_.begin();
  told_.begin();
}

Quarantines find_quarantines(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  in.ignore(static_cast<std::streamsize>(kMagic.size()));
  Quarantines quarantines;
  std::array<char, 5> header{};
  std::vector<std::byte> part;
  while (in.read(header.data(), header.size())) {
    const auto kind = static_cast<Part>(header[0]);
    const std::uint32_t length = load_u32(std::as_bytes(std::span(header)).data() + 1);
    if (kind != Part::batch || length > kPartMax) {
      if (kind != Part::head) break;  // behind the batches
      in.ignore(length);
      continue;
    }
    part.resize(length);
    if (!in.read(reinterpret_cast<char*>(part.data()), length) || length < sizeof(Chain)) break;
    const auto batch = parse_batch(Bytes(part).subspan(sizeof(Chain)));
    if (!batch.ok()) break;  // the reader will say so
    batch.value.for_each([&](std::uint64_t sequence, Bytes record) {
      const auto quarantine = read_quarantine(record);
      if (quarantine && quarantine->record.value() < sequence)
        quarantines.emplace(quarantine->record.value(), *quarantine);
    });
  }
  return quarantines;
}

Status AuditedReplay::apply(const BatchView& batch) {
  Status status;
  batch.for_each([&](std::uint64_t sequence, Bytes record) {
    if (!status.ok()) return;
    EventSequence number = replay_.exchange().event_sequence();
    events_.clear();
    status = replay_.apply(record, events_);
    if (!status.ok()) return;
    const Instant time = replay_.exchange().time();
    for_each_event(events_.bytes().data(), events_.bytes().size(), [&](const Event& event) {
      number = next(number);
      if (!is_audited(static_cast<std::uint16_t>(event.index() + 1))) return;
      said_.update(as_bytes(encoded(ExportEntry{
          .sequence = number, .time = time, .command = Sequence(sequence), .event = event})));
    });
  });
  return status;
}

void AuditedReplay::told(const ExportEntry& entry) {
  told_.update(as_bytes(encoded(entry)));
}

Status AuditedReplay::compare() {
  if (said_.finish() != told_.finish())
    return {StatusCode::damaged, "the export holds other events than its commands cause"};
  const std::vector<std::string> broken = replay_.exchange().check_invariants();
  if (broken.empty()) return {};
  return {StatusCode::damaged, "the replay breaks an invariant: " + broken.front()};
}

}  // namespace origo::storage::audit
