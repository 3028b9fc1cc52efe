#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <thread>

#include "storage/rocks_journal.h"
#include "tests/unit/storage/fault_file_system.h"
#include "tests/unit/storage/journal_fixture.h"

namespace origo::storage {
namespace {

// A fixed seed, or the one that a failure printed, in ORIGO_SEED.
std::uint64_t seed_of_run() {
  const char* text = std::getenv("ORIGO_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : 20261122U;
}

class DiskFault : public testing::Test {
 protected:
  DiskFault() {
    options_ = small_options(directory_.path());
    options_.env = disk_.env.get();
    options_.write_buffer_bytes = std::size_t{64} << 10U;  // so that logs are turned over
  }

  std::uint64_t draw(std::uint64_t bound) { return random_() % bound; }

  void restart() {
    disk_.files->restart([this](std::uint64_t unsynced) { return draw(unsynced + 1); });
  }

  TemporaryDirectory directory_;
  FaultDisk disk_;
  RocksJournalOptions options_;
  std::mt19937_64 random_{seed_of_run()};
};

// What a run knows about the journal when the power goes.
struct Promise {
  std::uint64_t acknowledged = 0;
  std::uint64_t attempted = 0;
};

// Appends random batches until the disk fails.
void append_until_crash(Journal& journal, std::mt19937_64& random, Promise& promise) {
  for (;;) {
    const auto count = static_cast<std::uint32_t>(1 + random() % (random() % 8 == 0 ? 400 : 8));
    promise.attempted = journal.tail().sequence + count;
    const Status status = append_records(journal, count);
    if (!status.ok()) {
      ASSERT_EQ(status.code, StatusCode::fatal) << status.message;
      ASSERT_EQ(append_records(journal, 1).code, StatusCode::fatal);
      return;
    }
    promise.acknowledged = promise.attempted;
  }
}

class PowerCut : public DiskFault, public testing::WithParamInterface<std::uint64_t> {
 protected:
  PowerCut() { random_.seed(seed_of_run() + GetParam()); }

  // The witness is synced only once a second, so a power cut may bring back an older one.
  void maybe_age_witness() {
    if (draw(2) == 0 && std::filesystem::exists(old_witness_)) copy(old_witness_, witness_);
  }

  static void copy(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
  }

  const std::filesystem::path witness_ = directory_.path() / "witness";
  const std::filesystem::path old_witness_ = directory_.path() / "witness.old";
};

TEST_P(PowerCut, loses_nothing_acknowledged_and_keeps_no_half_batch) {
  SCOPED_TRACE("ORIGO_SEED=" + std::to_string(seed_of_run()));
  Promise promise;
  for (int round = 0; round < 12; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    disk_.files->crash_at(1 + draw(120));
    if (auto journal = open_rocks_journal(options_); journal.ok()) {
      copy(witness_, old_witness_);
      append_until_crash(*journal.value, random_, promise);
      if (HasFatalFailure()) return;
    }
    ASSERT_TRUE(disk_.files->crashed());
    restart();
    maybe_age_witness();
    const auto journal = open_or_fail(options_);
    ASSERT_NE(journal, nullptr);
    const std::uint64_t kept = journal->tail().sequence;
    ASSERT_TRUE(kept == promise.acknowledged || kept == promise.attempted)
        << kept << " kept, " << promise.acknowledged << " acknowledged, " << promise.attempted
        << " attempted";
    expect_records(*journal, kept);
    promise = {.acknowledged = kept, .attempted = kept};
  }
  EXPECT_GT(promise.acknowledged, 100U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, PowerCut, testing::Range<std::uint64_t>(0, 5));

TEST_F(DiskFault, unsynced_batches_may_go_missing_under_policy_none) {
  // Shows that the disk really drops what was not synced, so that the test above can fail.
  options_.policy = SyncPolicy::none;
  {
    const auto journal = open_or_fail(options_);
    ASSERT_TRUE(append_records(*journal, 5).ok());
    ASSERT_TRUE(journal->sync().ok());
    ASSERT_TRUE(append_records(*journal, 7).ok());
    disk_.files->crash_at(1);
  }
  disk_.files->restart([](std::uint64_t) { return 0; });
  const auto journal = open_or_fail(options_);
  expect_records(*journal, 5);
}

TEST_F(DiskFault, a_failed_sync_is_fatal_for_ever) {
  const auto journal = open_or_fail(options_);
  ASSERT_TRUE(append_records(*journal, 3).ok());
  disk_.files->fail_sync_at(1);
  EXPECT_EQ(append_records(*journal, 3).code, StatusCode::fatal);
  EXPECT_EQ(append_records(*journal, 3).code, StatusCode::fatal);
  EXPECT_EQ(journal->health().code, StatusCode::fatal);
  EXPECT_EQ(journal->sync().code, StatusCode::fatal);
}

TEST_F(DiskFault, a_failed_write_is_fatal_for_ever) {
  const auto journal = open_or_fail(options_);
  ASSERT_TRUE(append_records(*journal, 3).ok());
  disk_.files->fail_append_at(1);
  EXPECT_EQ(append_records(*journal, 3).code, StatusCode::fatal);
  EXPECT_EQ(append_records(*journal, 3).code, StatusCode::fatal);
  EXPECT_EQ(journal->tail().sequence, 3U);
}

TEST_F(DiskFault, a_background_sync_that_fails_is_reported_by_the_next_append) {
  options_.policy = SyncPolicy::interval;
  options_.sync_interval = std::chrono::milliseconds(1);
  const auto journal = open_or_fail(options_);
  disk_.files->fail_sync_at(1);
  ASSERT_TRUE(append_records(*journal, 3).ok());
  while (journal->health().ok()) std::this_thread::yield();
  EXPECT_EQ(append_records(*journal, 3).code, StatusCode::fatal);
}

// Appends until the answer is no longer `full`; the journal pauses between its attempts to heal.
Status append_when_healed(Journal& journal) {
  Status status;
  do {
    status = append_records(journal, 1);
  } while (status.code == StatusCode::full);
  return status;
}

TEST_F(DiskFault, a_full_disk_refuses_and_heals) {
  SCOPED_TRACE("ORIGO_SEED=" + std::to_string(seed_of_run()));
  auto journal = open_or_fail(options_);
  for (int round = 0; round < 12; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    // None at all, some of one batch, or enough to meet the end while a log is turned over.
    disk_.files->limit_space(round == 0 ? 0 : draw(round % 2 == 0 ? 500 : 200'000));
    std::uint64_t kept = journal->tail().sequence;
    Status status;
    while (status.ok()) {
      kept = journal->tail().sequence;
      status = append_records(*journal, static_cast<std::uint32_t>(1 + draw(100)));
    }
    ASSERT_EQ(status.code, StatusCode::full) << status.message;
    ASSERT_EQ(journal->tail().sequence, kept);
    ASSERT_TRUE(journal->statistics().full);
    ASSERT_EQ(append_records(*journal, 1).code, StatusCode::full);
    expect_records(*journal, kept);

    disk_.files->unlimit_space();
    if (draw(3) == 0) {  // Somebody restarts the node instead of waiting.
      journal.reset();
      journal = open_or_fail(options_);
      ASSERT_NE(journal, nullptr);
    }
    status = append_when_healed(*journal);
    ASSERT_TRUE(status.ok()) << status.message;
    ASSERT_FALSE(journal->statistics().full);
    expect_records(*journal, kept + 1);
  }
  const Tail tail = journal->tail();
  journal.reset();
  journal = open_or_fail(options_);
  ASSERT_NE(journal, nullptr);
  EXPECT_EQ(journal->tail(), tail);
  expect_records(*journal, tail.sequence);
}

TEST_F(DiskFault, a_full_disk_gives_up_its_ballast_and_takes_it_back) {
  options_.ballast_bytes = std::uint64_t{1} << 20U;
  const auto ballast = directory_.path() / "ballast";
  const auto journal = open_or_fail(options_);
  EXPECT_EQ(std::filesystem::file_size(ballast), options_.ballast_bytes);
  disk_.files->limit_space(10);
  ASSERT_EQ(append_records(*journal, 1).code, StatusCode::full);
  EXPECT_FALSE(std::filesystem::exists(ballast));
  disk_.files->unlimit_space();
  ASSERT_TRUE(append_when_healed(*journal).ok());
  EXPECT_EQ(std::filesystem::file_size(ballast), options_.ballast_bytes);
}

}  // namespace
}  // namespace origo::storage
