#include "storage/witness.h"

#include <gtest/gtest.h>

#include "tests/unit/storage/journal_fixture.h"

namespace origo::storage {
namespace {

Tail tail_at(std::uint64_t sequence) {
  return {.sequence = sequence, .chain = Hasher().extend({}, as_record(record_at(sequence)))};
}

class WitnessTest : public testing::Test {
 protected:
  WitnessTest() {
    auto witness = Witness::open(path_, {});
    for (std::uint64_t sequence = 1; sequence <= 5; ++sequence) {
      EXPECT_TRUE(witness.value.write(tail_at(sequence)).ok());
    }
    EXPECT_TRUE(witness.value.sync().ok());
  }

  // Offset of the slot that names the newest tail: five writes after the first.
  static constexpr std::uint64_t kNewest = 0;
  static constexpr std::uint64_t kOlder = 4096;

  TemporaryDirectory directory_;
  const std::filesystem::path path_ = directory_.path() / "witness";
};

TEST_F(WitnessTest, names_the_last_tail_written) {
  EXPECT_EQ(Witness::read(path_).value, tail_at(5));
}

TEST_F(WitnessTest, goes_on_after_being_opened_again) {
  {
    auto witness = Witness::open(path_, {});
    ASSERT_TRUE(witness.value.write(tail_at(6)).ok());
  }
  EXPECT_EQ(Witness::read(path_).value, tail_at(6));
  flip_bit(path_, kOlder + 20);  // sixth is the newer now
  EXPECT_EQ(Witness::read(path_).value, tail_at(5));
}

TEST_F(WitnessTest, a_torn_slot_leaves_the_one_before) {
  flip_bit(path_, kNewest + 30);
  EXPECT_EQ(Witness::read(path_).value, tail_at(4));
}

TEST_F(WitnessTest, a_torn_older_slot_is_not_missed) {
  flip_bit(path_, kOlder + 30);
  EXPECT_EQ(Witness::read(path_).value, tail_at(5));
}

TEST_F(WitnessTest, two_torn_slots_are_damage) {
  flip_bit(path_, kNewest);
  flip_bit(path_, kOlder);
  EXPECT_EQ(Witness::read(path_).status.code, StatusCode::damaged);
  EXPECT_EQ(Witness::open(path_, {}).status.code, StatusCode::damaged);
  EXPECT_TRUE(Witness::open(path_, tail_at(9), true).ok());
  EXPECT_EQ(Witness::read(path_).value, tail_at(9));
}

TEST_F(WitnessTest, none_is_absent) {
  EXPECT_EQ(Witness::read(directory_.path() / "none").status.code, StatusCode::absent);
}

}  // namespace
}  // namespace origo::storage
