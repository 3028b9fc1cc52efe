#include "storage/batch.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "storage/crc32c.h"

namespace origo::storage {
namespace {

Bytes bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::vector<std::byte> batch_of(const std::vector<std::string>& records) {
  BatchBuilder batch;
  batch.start(7);
  for (const std::string& record : records) batch.add(bytes_of(record));
  return {batch.bytes().begin(), batch.bytes().end()};
}

TEST(Batch, gives_back_its_records) {
  const std::vector<std::string> records{"one", "", std::string(1000, 'x')};
  const auto bytes = batch_of(records);
  const auto view = parse_batch(bytes);
  ASSERT_TRUE(view.ok()) << view.status.message;
  EXPECT_EQ(view.value.first_sequence, 7U);
  EXPECT_EQ(view.value.last_sequence(), 9U);
  std::vector<std::string> found;
  view.value.for_each([&](std::uint64_t sequence, Bytes record) {
    EXPECT_EQ(sequence, 7 + found.size());
    found.emplace_back(reinterpret_cast<const char*>(record.data()), record.size());
  });
  EXPECT_EQ(found, records);
}

TEST(Batch, is_started_again_without_a_trace_of_the_last) {
  BatchBuilder batch;
  batch.start(1);
  batch.add(bytes_of("first"));
  batch.start(2);
  EXPECT_TRUE(batch.empty());
  batch.add(bytes_of("second"));
  EXPECT_EQ(batch.next_sequence(), 3U);
  const auto view = parse_batch(batch.bytes());
  EXPECT_EQ(view.value.first_sequence, 2U);
  EXPECT_EQ(view.value.count, 1U);
}

TEST(Batch, refuses_every_length_but_its_own) {
  auto bytes = batch_of({"one", "two"});
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_EQ(parse_batch(Bytes(bytes).first(length)).status.code, StatusCode::damaged) << length;
  }
  bytes.push_back({});
  EXPECT_EQ(parse_batch(bytes).status.code, StatusCode::damaged);
}

TEST(Batch, refuses_every_flipped_bit_but_those_of_the_sequence) {
  const auto bytes = batch_of({"one", "two"});
  for (std::size_t index = 0; index < bytes.size(); ++index) {
    if (index >= 8 && index < kBatchHeaderSize) continue;  // covered by the key and the chain
    for (unsigned bit = 0; bit < 8; ++bit) {
      auto flipped = bytes;
      flipped[index] ^= std::byte(1U << bit);
      EXPECT_EQ(parse_batch(flipped).status.code, StatusCode::damaged) << index << "." << bit;
    }
  }
}

TEST(Batch, refuses_an_empty_batch) {
  EXPECT_EQ(parse_batch(batch_of({})).status.code, StatusCode::damaged);
}

TEST(Crc32c, agrees_with_the_standard_and_with_the_table) {
  EXPECT_EQ(crc32c(bytes_of("123456789")), 0xE3069283U);
  std::string text;
  for (int length = 0; length < 100; ++length) {
    EXPECT_EQ(crc32c(bytes_of(text)), crc32c_by_table(bytes_of(text)));
    text.push_back(static_cast<char>(length * 37));
  }
}

TEST(Chain, agrees_with_the_standard) {
  Hasher hasher;
  hasher.begin();
  hasher.update(bytes_of("abc"));
  EXPECT_EQ(to_hex(hasher.finish()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // The same hasher again, over 32 zero bytes.
  EXPECT_EQ(to_hex(hasher.extend({}, {})),
            "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925");
}

}  // namespace
}  // namespace origo::storage
