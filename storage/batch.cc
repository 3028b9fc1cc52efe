#include "storage/batch.h"

#include <string>

#include "storage/crc32c.h"
#include "storage/little_endian.h"

namespace origo::storage {
namespace {

constexpr std::size_t kCountOffset = 4;
constexpr std::size_t kSequenceOffset = 8;

Outcome<BatchView> not_a_batch(std::string what) {
  return {.status = {.code = StatusCode::damaged, .message = std::move(what)}};
}

}  // namespace

void BatchBuilder::start(std::uint64_t first_sequence) {
  first_sequence_ = first_sequence;
  count_ = 0;
  buffer_.resize(kBatchHeaderSize);
  store_u32(buffer_.data(), kBatchFormat);
  store_u32(buffer_.data() + kCountOffset, 0);
  store_u64(buffer_.data() + kSequenceOffset, first_sequence);
}

void BatchBuilder::add(Bytes record) {
  const std::size_t at = buffer_.size();
  buffer_.resize(at + kRecordHeaderSize);
  store_u32(buffer_.data() + at, static_cast<std::uint32_t>(record.size()));
  store_u32(buffer_.data() + at + 4, crc32c(record));
  buffer_.insert(buffer_.end(), record.begin(), record.end());
  ++count_;
  store_u32(buffer_.data() + kCountOffset, count_);
}

Outcome<BatchView> parse_batch(Bytes bytes) {
  if (bytes.size() < kBatchHeaderSize) return not_a_batch("the batch is shorter than its header");
  const std::uint32_t format = load_u32(bytes.data());
  if (format != kBatchFormat) return not_a_batch("unknown batch format " + std::to_string(format));
  const BatchView view{.first_sequence = load_u64(bytes.data() + kSequenceOffset),
                       .count = load_u32(bytes.data() + kCountOffset),
                       .bytes = bytes};
  if (view.first_sequence == 0 || view.count == 0) return not_a_batch("the batch is empty");
  std::size_t offset = kBatchHeaderSize;
  for (std::uint32_t index = 0; index < view.count; ++index) {
    const std::string place = "record " + std::to_string(view.first_sequence + index);
    if (bytes.size() - offset < kRecordHeaderSize) return not_a_batch(place + " is cut short");
    const std::size_t length = load_u32(bytes.data() + offset);
    const std::uint32_t crc = load_u32(bytes.data() + offset + 4);
    if (bytes.size() - offset - kRecordHeaderSize < length)
      return not_a_batch(place + " is cut short");
    const Bytes record = take_record(bytes, offset);
    if (crc32c(record) != crc) return not_a_batch(place + " fails its CRC");
  }
  if (offset != bytes.size()) return not_a_batch("the batch has bytes behind its last record");
  return {.value = view};
}

Bytes take_record(Bytes batch, std::size_t& offset) {
  const std::size_t length = load_u32(batch.data() + offset);
  const Bytes record = batch.subspan(offset + kRecordHeaderSize, length);
  offset += kRecordHeaderSize + length;
  return record;
}

}  // namespace origo::storage
