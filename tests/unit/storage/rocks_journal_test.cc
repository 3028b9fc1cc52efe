#include "storage/rocks_journal.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "storage/witness.h"
#include "tests/unit/storage/journal_fixture.h"

namespace origo::storage {
namespace {

TEST(RocksJournal, keeps_what_was_appended) {
  const TemporaryDirectory directory;
  Tail tail;
  {
    const auto journal = open_or_fail(small_options(directory.path()));
    EXPECT_EQ(journal->tail(), Tail{});
    for (const std::uint32_t count : {1U, 16U, 256U, 3U}) {
      ASSERT_TRUE(append_records(*journal, count).ok());
    }
    tail = journal->tail();
    EXPECT_EQ(tail.sequence, 276U);
    expect_records(*journal, 276);
    EXPECT_EQ(journal->statistics().batches, 4U);
    EXPECT_EQ(journal->statistics().syncs, 4U);
    EXPECT_EQ(journal->statistics().synced_sequence, 276U);
  }
  const auto journal = open_or_fail(small_options(directory.path()));
  EXPECT_EQ(journal->tail(), tail);
  expect_records(*journal, 276);
  ASSERT_TRUE(append_records(*journal, 2).ok());
  expect_records(*journal, 278);
}

TEST(RocksJournal, refuses_a_batch_that_does_not_follow_its_tail) {
  const TemporaryDirectory directory;
  const auto journal = open_or_fail(small_options(directory.path()));
  ASSERT_TRUE(append_records(*journal, 5).ok());
  for (const std::uint64_t first : {1U, 5U, 7U}) {
    BatchBuilder batch;
    batch.start(first);
    batch.add(as_record("record"));
    EXPECT_EQ(journal->append(batch).code, StatusCode::invalid) << first;
  }
  BatchBuilder empty;
  empty.start(6);
  EXPECT_EQ(journal->append(empty).code, StatusCode::invalid);
  expect_records(*journal, 5);
}

TEST(RocksJournal, reads_from_the_batch_that_contains_a_sequence) {
  const TemporaryDirectory directory;
  const auto journal = open_or_fail(small_options(directory.path()));
  for (int batch = 0; batch < 5; ++batch) ASSERT_TRUE(append_records(*journal, 10).ok());
  struct Case {
    std::uint64_t from;
    std::uint64_t first;
    int batches;
  };
  for (const Case& wanted : {Case{0, 1, 5}, {1, 1, 5}, {10, 1, 5}, {11, 11, 4}, {45, 41, 1}}) {
    std::uint64_t first = 0;
    int batches = 0;
    Chain last{};
    const Status status =
        journal->read(wanted.from, [&](const BatchView& batch, const Chain& chain) {
          if (batches++ == 0) first = batch.first_sequence;
          last = chain;
          return true;
        });
    EXPECT_TRUE(status.ok()) << status.message;
    EXPECT_EQ(first, wanted.first);
    EXPECT_EQ(batches, wanted.batches);
    EXPECT_EQ(last, journal->tail().chain);
  }
  int visits = 0;
  const Journal::Visitor stop_at_second = [&](const BatchView&, const Chain&) {
    return ++visits < 2;
  };
  EXPECT_TRUE(journal->read(1, stop_at_second).ok());
  EXPECT_EQ(visits, 2);
  EXPECT_TRUE(journal->read(51, stop_at_second).ok());
  EXPECT_EQ(visits, 2);
}

TEST(RocksJournal, syncs_in_the_background_under_interval) {
  const TemporaryDirectory directory;
  RocksJournalOptions options = small_options(directory.path());
  options.policy = SyncPolicy::interval;
  options.sync_interval = std::chrono::milliseconds(2);
  const auto journal = open_or_fail(options);
  ASSERT_TRUE(append_records(*journal, 10).ok());
  while (journal->statistics().synced_sequence < 10) std::this_thread::yield();
  EXPECT_EQ(Witness::read(directory.path() / "witness").value, journal->tail());
}

TEST(RocksJournal, syncs_only_when_told_under_none) {
  const TemporaryDirectory directory;
  RocksJournalOptions options = small_options(directory.path());
  options.policy = SyncPolicy::none;
  const auto journal = open_or_fail(options);
  ASSERT_TRUE(append_records(*journal, 10).ok());
  EXPECT_EQ(journal->statistics().syncs, 0U);
  EXPECT_EQ(Witness::read(directory.path() / "witness").value, Tail{});
  ASSERT_TRUE(journal->sync().ok());
  EXPECT_EQ(journal->statistics().syncs, 1U);
  EXPECT_EQ(Witness::read(directory.path() / "witness").value, journal->tail());
}

TEST(RocksJournal, is_read_and_synced_while_it_grows) {
  const TemporaryDirectory directory;
  RocksJournalOptions options = small_options(directory.path());
  options.policy = SyncPolicy::interval;
  options.sync_interval = std::chrono::milliseconds(1);
  options.witness_interval = std::chrono::milliseconds(1);
  options.write_buffer_bytes = std::size_t{64} << 10U;
  const auto journal = open_or_fail(options);
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) {
      const std::uint64_t known = journal->tail().sequence;
      EXPECT_GE(all_records(*journal).size(), known);
      EXPECT_TRUE(journal->sync().ok());
      EXPECT_GE(journal->statistics().synced_sequence, known);
    }
  });
  for (int batch = 0; batch < 200; ++batch) EXPECT_TRUE(append_records(*journal, 20).ok());
  done = true;
  reader.join();
  expect_records(*journal, 4000);
}

}  // namespace
}  // namespace origo::storage
