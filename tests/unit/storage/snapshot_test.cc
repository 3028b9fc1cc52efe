#include "storage/snapshot.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/unit/storage/journal_fixture.h"

namespace origo::storage {
namespace {

namespace fs = std::filesystem;

class SnapshotTest : public testing::Test {
 protected:
  static Snapshot example(std::uint64_t sequence) {
    const std::string text = record_at(sequence);
    return {.tail = {.sequence = sequence, .chain = Hasher().extend({}, as_record(text))},
            .event_chain = Hasher().extend({}, as_record(text + "events")),
            .state = text + std::string(100'000, 's')};
  }

  void write(std::uint64_t sequence) {
    const Snapshot snapshot = example(sequence);
    const Status status =
        store_.write(snapshot.tail, snapshot.event_chain, as_record(snapshot.state));
    ASSERT_TRUE(status.ok()) << status.message;
  }

  void expect_newest(std::uint64_t sequence, std::size_t notes) {
    const auto found = store_.newest_valid();
    ASSERT_TRUE(found.ok()) << found.status.message;
    ASSERT_TRUE(found.value.snapshot.has_value());
    const Snapshot wanted = example(sequence);
    EXPECT_EQ(found.value.snapshot->tail, wanted.tail);
    EXPECT_EQ(found.value.snapshot->event_chain, wanted.event_chain);
    EXPECT_EQ(found.value.snapshot->state, wanted.state);
    EXPECT_EQ(found.value.notes.size(), notes);
  }

  [[nodiscard]] fs::path file(std::uint64_t sequence) const {
    for (const auto& entry : fs::directory_iterator(path_)) {
      if (entry.path().filename().string().ends_with("0" + std::to_string(sequence))) {
        return entry.path();
      }
    }
    return {};
  }

  TemporaryDirectory directory_;
  const fs::path path_ = directory_.path() / "snapshots";
  SnapshotStore store_{path_};
};

TEST_F(SnapshotTest, none_is_no_error) {
  const auto found = store_.newest_valid();
  ASSERT_TRUE(found.ok());
  EXPECT_FALSE(found.value.snapshot.has_value());
}

TEST_F(SnapshotTest, the_newest_comes_back_and_two_are_kept) {
  for (const std::uint64_t sequence : {9U, 10U, 1000U}) write(sequence);
  expect_newest(1000, 0);
  EXPECT_EQ(contents_of(path_).size(), 2U);
  EXPECT_EQ(file(9), fs::path());
  EXPECT_EQ(store_.newest_valid(999).value.snapshot->tail.sequence, 10U);
}

TEST_F(SnapshotTest, a_damaged_one_is_skipped_with_a_note) {
  write(10);
  write(20);
  const auto size = fs::file_size(file(20));
  for (const std::uint64_t offset : {std::uint64_t{0}, std::uint64_t{9}, size / 2, size - 1}) {
    flip_bit(file(20), offset);
    expect_newest(10, 1);
    flip_bit(file(20), offset);
    expect_newest(20, 0);
  }
  for (const std::uint64_t cut : {size - 1, size / 2, std::uint64_t{50}, std::uint64_t{0}}) {
    fs::resize_file(file(20), cut);
    expect_newest(10, 1);
  }
}

TEST_F(SnapshotTest, an_interrupted_write_is_never_seen_and_cleared_away) {
  write(10);
  std::ofstream(path_ / "snapshot-00000000000000000020.new") << "half";
  expect_newest(10, 0);
  write(30);
  expect_newest(30, 0);
  EXPECT_EQ(contents_of(path_).size(), 2U);
}

TEST_F(SnapshotTest, a_file_in_place_of_the_directory_is_an_error) {
  std::ofstream(path_) << "a file";
  EXPECT_EQ(store_.newest_valid().status.code, StatusCode::unreadable);
  EXPECT_FALSE(store_.write({}, {}, {}).ok());
}

}  // namespace
}  // namespace origo::storage
