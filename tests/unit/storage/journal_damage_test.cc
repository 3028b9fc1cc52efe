// What a node may find when it starts: each case is either cut or refused, and a refusal leaves
// every file as it was.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "storage/rocks_journal.h"
#include "storage/witness.h"
#include "tests/unit/storage/journal_fixture.h"

namespace origo::storage {
namespace {

namespace fs = std::filesystem;

class JournalDamage : public testing::Test {
 protected:
  JournalDamage() : options_(small_options(directory_.path() / "data")) {}

  // Six batches of ten records in one log, closed in order.
  void write_journal() {
    const auto journal = open_or_fail(options_);
    for (int batch = 0; batch < 6; ++batch) {
      ASSERT_TRUE(append_records(*journal, 10).ok());
    }
  }

  [[nodiscard]] fs::path data() const { return options_.directory; }
  [[nodiscard]] fs::path database() const { return data() / "journal"; }
  [[nodiscard]] fs::path log() const { return newest_file(database(), ".log"); }

  // Where a record's bytes lie in the log.
  [[nodiscard]] std::uint64_t offset_of(std::uint64_t sequence) const {
    const std::string text = contents_of(database()).at(log().filename().string());
    return text.find(record_at(sequence));
  }

  void expect_refused(StatusCode code, const std::string& hint) const {
    const auto before = contents_of(directory_.path());
    for (const bool read_only : {false, true}) {
      const auto journal =
          read_only ? open_rocks_journal_read_only(options_) : open_rocks_journal(options_);
      EXPECT_EQ(journal.status.code, code)
          << name_of(journal.status.code) << ": " << journal.status.message;
      EXPECT_NE(journal.status.message.find(hint), std::string::npos) << journal.status.message;
    }
    EXPECT_TRUE(before == contents_of(directory_.path())) << "a refusal changed files";
  }

  TemporaryDirectory directory_;
  RocksJournalOptions options_;
};

TEST_F(JournalDamage, a_torn_batch_is_cut_if_it_was_never_acknowledged) {
  {
    const auto journal = open_or_fail(options_);
    ASSERT_TRUE(append_records(*journal, 50).ok());
    fs::copy(data() / "witness", data() / "witness.old");
    ASSERT_TRUE(append_records(*journal, 10).ok());
  }
  for (const std::uint64_t lost : {1U, 20U, 100U, 200U}) {
    SCOPED_TRACE(lost);
    fs::resize_file(log(), fs::file_size(log()) - lost);
    expect_refused(StatusCode::stale, "ends at sequence 50");
  }
  // The witness of before the last batch: as if its append had never returned.
  fs::rename(data() / "witness.old", data() / "witness");
  const auto journal = open_or_fail(options_);
  ASSERT_NE(journal, nullptr);
  expect_records(*journal, 50);
  ASSERT_TRUE(append_records(*journal, 3).ok());
  expect_records(*journal, 53);
}

TEST_F(JournalDamage, a_flipped_bit_in_the_middle_of_the_log_is_refused) {
  write_journal();
  flip_bit(log(), offset_of(25));
  expect_refused(StatusCode::damaged, "journal");
}

TEST_F(JournalDamage, a_flipped_bit_in_the_last_batch_is_refused) {
  write_journal();
  flip_bit(log(), offset_of(58));
  expect_refused(StatusCode::damaged, "journal");
}

TEST_F(JournalDamage, a_log_cut_at_a_batch_boundary_is_refused) {
  std::uintmax_t boundary = 0;
  {
    const auto journal = open_or_fail(options_);
    ASSERT_TRUE(append_records(*journal, 10).ok());
    boundary = fs::file_size(log());
    ASSERT_TRUE(append_records(*journal, 10).ok());
  }
  fs::resize_file(log(), boundary);
  expect_refused(StatusCode::stale, "ends at sequence 10");
}

TEST_F(JournalDamage, a_missing_log_is_refused) {
  write_journal();
  fs::remove(log());
  expect_refused(StatusCode::stale, "the journal is empty");
}

TEST_F(JournalDamage, a_missing_table_is_refused) {
  options_.write_buffer_bytes = std::size_t{64} << 10U;
  {
    const auto journal = open_or_fail(options_);
    for (int batch = 0; batch < 60; ++batch) ASSERT_TRUE(append_records(*journal, 100).ok());
  }
  const auto table = newest_file(database(), ".sst");
  ASSERT_FALSE(table.empty());
  fs::remove(table);
  expect_refused(StatusCode::damaged, table.stem().string());
}

TEST_F(JournalDamage, a_flipped_bit_in_a_table_is_refused) {
  options_.write_buffer_bytes = std::size_t{64} << 10U;
  {
    const auto journal = open_or_fail(options_);
    for (int batch = 0; batch < 60; ++batch) ASSERT_TRUE(append_records(*journal, 100).ok());
  }
  const auto table = newest_file(database(), ".sst");
  flip_bit(table, fs::file_size(table) / 3);
  expect_refused(StatusCode::damaged, table.filename().string());
}

TEST_F(JournalDamage, an_older_copy_of_the_journal_is_refused) {
  const auto copy = directory_.path() / "copy";
  write_journal();
  fs::copy(database(), copy, fs::copy_options::recursive);
  write_journal();
  fs::remove_all(database());
  fs::rename(copy, database());
  expect_refused(StatusCode::stale, "sequence 120");
}

TEST_F(JournalDamage, an_older_copy_of_everything_is_refused_if_the_witness_is_kept_elsewhere) {
  const auto copy = directory_.path() / "copy";
  options_.witness = directory_.path() / "witness";
  write_journal();
  fs::copy(data(), copy, fs::copy_options::recursive);
  write_journal();
  fs::remove_all(data());
  fs::rename(copy, data());
  expect_refused(StatusCode::stale, "sequence 120");
}

TEST_F(JournalDamage, a_deleted_journal_is_refused) {
  write_journal();
  fs::remove_all(database());
  expect_refused(StatusCode::stale, "sequence 60");
}

TEST_F(JournalDamage, a_lost_current_file_is_refused) {
  write_journal();
  fs::remove(database() / "CURRENT");
  expect_refused(StatusCode::damaged, "CURRENT");
}

TEST_F(JournalDamage, another_history_of_the_same_length_is_refused) {
  write_journal();
  {
    RocksJournalOptions other = options_;
    other.directory = directory_.path() / "other";
    const auto journal = open_or_fail(other);
    ASSERT_TRUE(append_records(*journal, 60).ok());
  }
  fs::remove_all(database());
  fs::rename(directory_.path() / "other" / "journal", database());
  expect_refused(StatusCode::damaged, "chain");
}

// Opens the database behind the journal's back.
std::unique_ptr<rocksdb::DB> open_raw(const fs::path& path) {
  rocksdb::DB* database = nullptr;
  EXPECT_TRUE(rocksdb::DB::Open({}, path.string(), &database).ok());
  return std::unique_ptr<rocksdb::DB>(database);
}

std::string raw_key(char sequence) {
  return std::string(7, '\0') + sequence;
}

TEST_F(JournalDamage, a_gap_is_refused) {
  write_journal();
  ASSERT_TRUE(open_raw(database())->Delete({}, raw_key(21)).ok());
  expect_refused(StatusCode::damaged, "sequences 21 to 30");
}

TEST_F(JournalDamage, a_batch_that_was_replaced_by_a_well_formed_one_is_refused) {
  write_journal();
  BatchBuilder forged;
  forged.start(21);
  for (int index = 0; index < 10; ++index) forged.add(as_record("forged"));
  {
    const auto raw = open_raw(database());
    std::string value;
    ASSERT_TRUE(raw->Get({}, raw_key(21), &value).ok());
    const Bytes bytes = forged.bytes();
    value = std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()) +
            value.substr(value.size() - sizeof(Chain));
    ASSERT_TRUE(raw->Put({}, raw_key(21), value).ok());
  }
  expect_refused(StatusCode::damaged, "batch at sequence 21: fails its chain");
}

TEST_F(JournalDamage, a_missing_or_unreadable_witness_is_refused_until_adopted) {
  write_journal();
  fs::remove(data() / "witness");
  expect_refused(StatusCode::damaged, "witness");
  std::ofstream(data() / "witness") << "nonsense";
  expect_refused(StatusCode::damaged, "witness");
  RocksJournalOptions adopting = options_;
  adopting.adopt_missing_witness = true;
  { expect_records(*open_or_fail(adopting), 60); }
  expect_records(*open_or_fail(options_), 60);
}

TEST_F(JournalDamage, a_journal_ahead_of_its_witness_goes_on) {
  write_journal();
  fs::copy(data() / "witness", data() / "old");
  write_journal();
  fs::rename(data() / "old", data() / "witness");
  expect_records(*open_or_fail(options_), 120);
}

TEST_F(JournalDamage, only_what_is_behind_a_verified_tail_is_read) {
  Tail verified;
  {
    const auto journal = open_or_fail(options_);
    ASSERT_TRUE(append_records(*journal, 10).ok());
    ASSERT_TRUE(append_records(*journal, 10).ok());
    verified = journal->tail();
    ASSERT_TRUE(append_records(*journal, 10).ok());
  }
  options_.verified = verified;
  expect_records(*open_or_fail(options_), 30);
  options_.verified.sequence = 15;  // not the end of a batch
  expect_refused(StatusCode::damaged, "sequence 15");
  options_.verified = verified;
  options_.verified.chain[0] ^= std::byte{1};
  expect_refused(StatusCode::damaged, "chain");
  options_.verified = {.sequence = 31};
  expect_refused(StatusCode::stale, "sequence 31");
}

TEST_F(JournalDamage, a_second_opener_is_told) {
  const auto journal = open_or_fail(options_);
  ASSERT_TRUE(append_records(*journal, 10).ok());
  expect_refused(StatusCode::in_use, "in use");
  ASSERT_TRUE(append_records(*journal, 10).ok());
}

TEST_F(JournalDamage, an_absent_directory_is_refused_unless_it_may_be_created) {
  options_.create_if_missing = false;
  expect_refused(StatusCode::absent, "data");
  fs::create_directory(data());
  expect_refused(StatusCode::absent, "no journal in");
  options_.create_if_missing = true;
  options_.directory = data() / "deep" / "down";
  expect_records(*open_or_fail(options_), 0);
}

TEST_F(JournalDamage, a_file_in_place_of_the_directory_is_refused) {
  std::ofstream(data()) << "a file";
  expect_refused(StatusCode::unreadable, "data");
}

TEST_F(JournalDamage, an_unreadable_directory_is_refused) {
  write_journal();
  fs::permissions(data(), fs::perms::none);
  // Nothing is unreadable for root, so step down to look.
  const bool root = ::geteuid() == 0;
  if (root) {
    fs::permissions(directory_.path(), fs::perms::all);
    ASSERT_EQ(::seteuid(65534), 0);
  }
  const auto journal = open_rocks_journal(options_);
  if (root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  fs::permissions(data(), fs::perms::owner_all);
  EXPECT_EQ(journal.status.code, StatusCode::unreadable);
  EXPECT_NE(journal.status.message.find("Permission denied"), std::string::npos)
      << journal.status.message;
}

TEST_F(JournalDamage, a_reading_tool_changes_no_file) {
  write_journal();
  const auto before = contents_of(data());
  {
    const auto journal = open_rocks_journal_read_only(options_);
    ASSERT_TRUE(journal.ok()) << journal.status.message;
    expect_records(*journal.value, 60);
    EXPECT_EQ(append_records(*journal.value, 1).code, StatusCode::invalid);
  }
  EXPECT_TRUE(before == contents_of(data()));
}

}  // namespace
}  // namespace origo::storage
