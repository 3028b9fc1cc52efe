#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "storage/chain.h"
#include "storage/status.h"

namespace origo::storage {

// A batch is what one group commit makes durable: consecutive records and their framing.
//
//   u32 format (1) | u32 count | u64 first sequence | count x (u32 length | u32 CRC-32C | bytes)
//
// All little-endian. Sequences start at 1 and every record has one.
inline constexpr std::uint32_t kBatchFormat = 1;
inline constexpr std::size_t kBatchHeaderSize = 16;
inline constexpr std::size_t kRecordHeaderSize = 8;

// Collects the records of the next batch in one buffer, which is reused: no allocation once warm.
class BatchBuilder {
 public:
  // Starts an empty batch whose first record will be `first_sequence`. Requires: at least 1.
  void start(std::uint64_t first_sequence);

  // Appends one record; it gets next_sequence().
  void add(Bytes record);

  [[nodiscard]] std::uint64_t first_sequence() const { return first_sequence_; }
  [[nodiscard]] std::uint64_t next_sequence() const { return first_sequence_ + count_; }
  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  // Framed and complete after each add(); invalidated by the next start() or add().
  [[nodiscard]] Bytes bytes() const { return buffer_; }

 private:
  std::vector<std::byte> buffer_;
  std::uint64_t first_sequence_ = 0;
  std::uint32_t count_ = 0;
};

// A batch that was read back. Views memory that belongs to whoever handed it out.
struct BatchView {
  std::uint64_t first_sequence = 0;
  std::uint32_t count = 0;
  Bytes bytes;  // header and records, as BatchBuilder::bytes()

  [[nodiscard]] std::uint64_t last_sequence() const { return first_sequence + count - 1; }

  // Calls `visit(sequence, record)` for each record in order. Requires: the view came from
  // parse_batch(), which checked the framing.
  template <typename Visit>
  void for_each(Visit&& visit) const;
};

// Checks format, count, lengths and the CRC of every record.
Outcome<BatchView> parse_batch(Bytes bytes);

// Reads one record's framing at `offset`, which is moved behind it.
[[nodiscard]] Bytes take_record(Bytes batch, std::size_t& offset);

template <typename Visit>
void BatchView::for_each(Visit&& visit) const {
  std::size_t offset = kBatchHeaderSize;
  for (std::uint32_t index = 0; index < count; ++index) {
    const Bytes record = take_record(bytes, offset);
    visit(first_sequence + index, record);
  }
}

}  // namespace origo::storage
