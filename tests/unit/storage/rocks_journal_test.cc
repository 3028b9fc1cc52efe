#include "storage/rocks_journal.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace origo::storage
