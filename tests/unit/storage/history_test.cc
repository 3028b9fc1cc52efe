#include "storage/history.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/unit/storage/fault_file_system.h"
#include "tests/unit/storage/temporary_directory.h"

namespace origo::storage {
namespace {

constexpr HistoryKind kTrade = 1;
constexpr HistoryKind kStatement = 254;

class HistoryTest : public testing::Test {
 protected:
  HistoryTest() {
    options_ = {.directory = directory_.path() / "history", .create_if_missing = true};
  }

  void open() {
    history_.reset();
    auto opened = History::open(options_);
    ASSERT_TRUE(opened.ok()) << opened.status.message;
    history_ = std::move(opened.value);
  }

  Status apply(std::uint64_t sequence, const std::vector<std::string>& keys) {
    HistoryBatch batch;
    for (const std::string& key : keys) {
      batch.put(kTrade, key, "trade " + key + " of " + std::to_string(sequence));
    }
    return history_->apply(sequence, batch);
  }

  [[nodiscard]] std::vector<std::string> keys(const HistoryScan& scan) const {
    std::vector<std::string> found;
    const Status status = history_->scan(scan, [&](std::string_view key, std::string_view) {
      found.emplace_back(key);
      return true;
    });
    EXPECT_TRUE(status.ok()) << status.message;
    return found;
  }

  TemporaryDirectory directory_;
  FaultDisk disk_;
  HistoryOptions options_;
  std::unique_ptr<History> history_;
};

using Keys = std::vector<std::string>;

TEST_F(HistoryTest, keeps_entries_and_the_applied_sequence) {
  open();
  EXPECT_EQ(history_->applied_sequence(), 0U);
  ASSERT_TRUE(apply(5, {"a", "b"}).ok());
  open();
  EXPECT_EQ(history_->applied_sequence(), 5U);
  EXPECT_EQ(history_->get(kTrade, "a").value, "trade a of 5");
  EXPECT_EQ(history_->get(kTrade, "c").value, std::nullopt);
  EXPECT_EQ(history_->get(kStatement, "a").value, std::nullopt);
}

TEST_F(HistoryTest, skips_what_was_applied) {
  open();
  ASSERT_TRUE(apply(5, {"a"}).ok());
  ASSERT_TRUE(apply(5, {"a", "doubled"}).ok());
  ASSERT_TRUE(apply(4, {"older"}).ok());
  EXPECT_EQ(keys({.kind = kTrade}), Keys{"a"});
  ASSERT_TRUE(apply(6, {"b"}).ok());
  EXPECT_EQ(keys({.kind = kTrade}), (Keys{"a", "b"}));
}

TEST_F(HistoryTest, scans_in_both_directions_by_prefix_and_page) {
  open();
  ASSERT_TRUE(apply(1, {"a1", "b1", "b2", "b3", "c1", "b\xFF", "\xFF\xFF"}).ok());
  HistoryBatch other;
  other.put(kStatement, "b9", "");
  ASSERT_TRUE(history_->apply(2, other).ok());

  EXPECT_EQ(keys({.kind = kTrade, .prefix = "b"}), (Keys{"b1", "b2", "b3", "b\xFF"}));
  EXPECT_EQ(keys({.kind = kTrade, .prefix = "b", .reverse = true}),
            (Keys{"b\xFF", "b3", "b2", "b1"}));
  EXPECT_EQ(keys({.kind = kTrade, .prefix = "b", .from = "b2"}), (Keys{"b2", "b3", "b\xFF"}));
  EXPECT_EQ(keys({.kind = kTrade, .prefix = "b", .from = "b2", .reverse = true}),
            (Keys{"b2", "b1"}));
  EXPECT_EQ(keys({.kind = kTrade, .prefix = "b", .from = "b2x", .limit = 1}), Keys{"b3"});
  EXPECT_EQ(keys({.kind = kTrade, .prefix = "b", .from = "zzz", .reverse = true, .limit = 1}),
            Keys{"b\xFF"});
  EXPECT_EQ(keys({.kind = kTrade, .prefix = "b", .from = "zzz"}), Keys{});
  EXPECT_EQ(keys({.kind = kTrade, .reverse = true, .limit = 2}), (Keys{"\xFF\xFF", "c1"}));
  EXPECT_EQ(keys({.kind = kTrade, .prefix = "\xFF"}), Keys{"\xFF\xFF"});
  EXPECT_EQ(keys({.kind = kStatement}), Keys{"b9"});
  EXPECT_EQ(keys({.kind = 7}), Keys{});
}

TEST_F(HistoryTest, a_power_cut_leaves_whole_batches_and_what_was_synced) {
  options_.env = disk_.env.get();
  open();
  for (std::uint64_t sequence = 1; sequence <= 10; ++sequence) {
    ASSERT_TRUE(apply(sequence, {std::to_string(100 + sequence), "x"}).ok());
    if (sequence == 6) {
      ASSERT_TRUE(history_->sync().ok());
    }
  }
  disk_.files->crash_at(1);
  history_.reset();
  disk_.files->restart([](std::uint64_t unsynced) { return unsynced / 2; });
  open();
  const std::uint64_t applied = history_->applied_sequence();
  EXPECT_GE(applied, 6U);
  EXPECT_LT(applied, 10U);
  EXPECT_EQ(history_->get(kTrade, "x").value, "trade x of " + std::to_string(applied));
  EXPECT_EQ(keys({.kind = kTrade, .prefix = "1"}).size(), applied);
  for (std::uint64_t sequence = 1; sequence <= 10; ++sequence) {
    ASSERT_TRUE(apply(sequence, {std::to_string(100 + sequence), "x"}).ok());
  }
  EXPECT_EQ(keys({.kind = kTrade, .prefix = "1"}).size(), 10U);
}

TEST_F(HistoryTest, is_refused_when_absent_in_use_or_no_directory) {
  options_.create_if_missing = false;
  EXPECT_EQ(History::open(options_).status.code, StatusCode::absent);
  options_.create_if_missing = true;
  open();
  EXPECT_EQ(History::open(options_).status.code, StatusCode::in_use);
  options_.directory = directory_.path() / "file";
  std::ofstream(options_.directory) << "a file";
  EXPECT_EQ(History::open(options_).status.code, StatusCode::unreadable);
}

}  // namespace
}  // namespace origo::storage
