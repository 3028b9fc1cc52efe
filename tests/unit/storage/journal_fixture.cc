#include "tests/unit/storage/journal_fixture.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace origo::storage {

Bytes as_record(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::string record_at(std::uint64_t sequence) {
  std::string record = "record " + std::to_string(sequence) + " ";
  while (record.size() < 64)
    record.push_back(static_cast<char>('a' + (sequence + record.size()) % 26));
  return record;
}

Status append_records(Journal& journal, std::uint32_t count) {
  BatchBuilder batch;
  batch.start(journal.tail().sequence + 1);
  for (std::uint32_t index = 0; index < count; ++index) {
    batch.add(as_record(record_at(batch.next_sequence())));
  }
  return journal.append(batch);
}

std::vector<std::string> all_records(Journal& journal) {
  std::vector<std::string> records;
  const Status status = journal.read(1, [&](const BatchView& batch, const Chain& /*chain*/) {
    batch.for_each([&](std::uint64_t sequence, Bytes record) {
      EXPECT_EQ(sequence, records.size() + 1);
      records.emplace_back(reinterpret_cast<const char*>(record.data()), record.size());
    });
    return true;
  });
  EXPECT_TRUE(status.ok()) << status.message;
  return records;
}

void expect_records(Journal& journal, std::uint64_t count) {
  const std::vector<std::string> records = all_records(journal);
  ASSERT_EQ(records.size(), count);
  for (std::uint64_t index = 0; index < count; ++index) {
    ASSERT_EQ(records[index], record_at(index + 1));
  }
}

std::map<std::string, std::string> contents_of(const std::filesystem::path& directory) {
  std::map<std::string, std::string> contents;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    const std::string name = entry.path().lexically_relative(directory).string();
    if (entry.is_directory()) {
      contents[name] = "directory";
      continue;
    }
    std::ifstream file(entry.path(), std::ios::binary);
    contents[name] = std::string(std::istreambuf_iterator<char>(file), {});
  }
  return contents;
}

std::filesystem::path newest_file(const std::filesystem::path& directory,
                                  const std::string& extension) {
  std::filesystem::path newest;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == extension && entry.path() > newest) newest = entry.path();
  }
  return newest;
}

void flip_bit(const std::filesystem::path& path, std::uint64_t offset) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  const char byte = static_cast<char>(file.get() ^ 1);
  file.seekp(static_cast<std::streamoff>(offset));
  file.put(byte);
  ASSERT_TRUE(file.good());
}

RocksJournalOptions small_options(const std::filesystem::path& directory) {
  RocksJournalOptions options;
  options.directory = directory;
  options.create_if_missing = true;
  options.ballast_bytes = 0;
  return options;
}

std::unique_ptr<Journal> open_or_fail(const RocksJournalOptions& options) {
  auto journal = open_rocks_journal(options);
  EXPECT_TRUE(journal.ok()) << journal.status.message;
  return std::move(journal.value);
}

}  // namespace origo::storage
