#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "storage/rocks_journal.h"
#include "tests/unit/storage/temporary_directory.h"

namespace origo::storage {

[[nodiscard]] Bytes as_record(const std::string& text);

// The record every test writes at `sequence`: about 64 bytes, different each time.
[[nodiscard]] std::string record_at(std::uint64_t sequence);

// Appends one batch of `count` records behind the tail.
Status append_records(Journal& journal, std::uint32_t count);

// All records of the journal in order, after checking that sequences start at 1 without a gap.
[[nodiscard]] std::vector<std::string> all_records(Journal& journal);

// Expects the journal to hold exactly record_at(1) .. record_at(count).
void expect_records(Journal& journal, std::uint64_t count);

// Path and content of every file below `directory`.
[[nodiscard]] std::map<std::string, std::string> contents_of(
    const std::filesystem::path& directory);

// The newest file with this extension, such as the log that is being written.
[[nodiscard]] std::filesystem::path newest_file(const std::filesystem::path& directory,
                                                const std::string& extension);

// Changes one bit of the file.
void flip_bit(const std::filesystem::path& path, std::uint64_t offset);

// Small and quick: no ballast, to be created in `directory`.
[[nodiscard]] RocksJournalOptions small_options(const std::filesystem::path& directory);

// Opens; fails the test if that is refused.
[[nodiscard]] std::unique_ptr<Journal> open_or_fail(const RocksJournalOptions& options);

}  // namespace origo::storage
