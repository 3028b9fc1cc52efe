#include <algorithm>
#include <span>

#include "engine/core/ensure.h"
#include "storage/batch.h"
#include "tests/fuzz/proto_inputs.h"

// Bytes read back from a journal are refused, or are exactly the batch of the records in them; and
// records that were appended come back. The first byte says which of the two is tried.
namespace {

using origo::storage::Bytes;

void check_read(Bytes bytes) {
  const auto parsed = origo::storage::parse_batch(bytes);
  if (!parsed.status.ok()) return;
  origo::storage::BatchBuilder again;
  again.start(parsed.value.first_sequence);
  parsed.value.for_each([&](std::uint64_t sequence, Bytes record) {
    ENSURE(sequence == again.next_sequence());
    again.add(record);
    origo::proto::check_record_input(reinterpret_cast<const std::uint8_t*>(record.data()),
                                     record.size());
  });
  ENSURE(std::ranges::equal(again.bytes(), bytes));
}

// Cuts the input into records: each byte is the length of the record behind it.
void check_written(Bytes input) {
  origo::storage::BatchBuilder batch;
  batch.start(1);
  while (!input.empty()) {
    const std::size_t length = std::min(static_cast<std::size_t>(input[0]), input.size() - 1);
    batch.add(input.subspan(1, length));
    input = input.subspan(1 + length);
  }
  const auto parsed = origo::storage::parse_batch(batch.bytes());
  ENSURE(parsed.status.ok() == !batch.empty());
  if (parsed.status.ok()) check_read(batch.bytes());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes rest = std::as_bytes(std::span(data + 1, size - 1));
  if (data[0] % 2 == 0) {
    check_read(rest);
  } else {
    check_written(rest);
  }
  return 0;
}
