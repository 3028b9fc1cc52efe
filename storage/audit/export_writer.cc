#include "storage/audit/export_writer.h"

#include <cstring>
#include <span>
#include <utility>

#include "storage/little_endian.h"
#include "storage/replay.h"

namespace origo::storage::audit {

namespace {

constexpr std::size_t kPartHeader = 5;

}  // namespace

ExportWriter::ExportWriter(Sink sink) : sink_(std::move(sink)) {
  hasher_.begin();
}

bool ExportWriter::begin(const ExportHead& head) {
  const Bytes magic = std::as_bytes(std::span(kMagic));
  hasher_.update(magic);
  tail_.chain_after = head.chain_before;
  return sink_(magic) && write(Part::head, encoded(head));
}

bool ExportWriter::add(const BatchView& batch, const Chain& chain_after) {
  ++tail_.batches;
  tail_.commands += batch.count;
  std::memcpy(tail_.chain_after.data(), chain_after.data(), chain_after.size());
  return write(Part::batch, chain_after, batch.bytes);
}

bool ExportWriter::add(const ExportFacts& facts) {
  return write(Part::facts, encoded(facts));
}

bool ExportWriter::add_events(std::span<const std::uint8_t> entries, std::uint64_t count) {
  tail_.events += count;
  return write(Part::events, std::as_bytes(entries));
}

bool ExportWriter::end() {
  if (!write(Part::tail, encoded(tail_))) return false;
  return write(Part::seal, hasher_.finish());
}

bool ExportWriter::write(Part part, const origo::Bytes& bytes) {
  return write(part, as_bytes(bytes));
}

bool ExportWriter::write(Part part, Bytes first, Bytes second) {
  part_.resize(kPartHeader);
  part_[0] = static_cast<std::byte>(part);
  store_u32(part_.data() + 1, static_cast<std::uint32_t>(first.size() + second.size()));
  part_.insert(part_.end(), first.begin(), first.end());
  part_.insert(part_.end(), second.begin(), second.end());
  if (part != Part::seal) hasher_.update(part_);
  return sink_(part_);
}

}  // namespace origo::storage::audit
