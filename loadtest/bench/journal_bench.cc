// Records per second of the journal beside a bare RocksDB loop that stores the same batches.
//
// Both make one key for each batch durable before the next; they take turns in one run, because the
// speed of a machine drifts more than they differ. The figure to look at is the ratio.
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "storage/rocks_journal.h"

namespace {

using origo::storage::BatchBuilder;
using origo::storage::Journal;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kRecordSize = 64;
constexpr int kRounds = 15;
constexpr std::chrono::milliseconds kRoundTime{150};

// The batch that goes out next: the same bytes for both, apart from its sequence.
void fill(BatchBuilder& batch, std::uint64_t first_sequence, std::uint32_t count) {
  std::array<std::byte, kRecordSize> record{};
  batch.start(first_sequence);
  for (std::uint32_t index = 0; index < count; ++index) {
    const std::uint64_t sequence = batch.next_sequence();
    for (std::size_t at = 0; at < record.size(); ++at) {
      record[at] = static_cast<std::byte>(sequence >> (at % 8 * 8));
    }
    batch.add(record);
  }
}

[[noreturn]] void stop(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  std::exit(1);
}

// Appends batches of `count` for one round. Returns records per second spent inside `append`.
double measure(std::uint32_t count,
               BatchBuilder& batch,
               std::uint64_t& next_sequence,
               const std::function<void(const BatchBuilder&)>& append) {
  const auto end = Clock::now() + kRoundTime;
  Clock::duration inside{};
  std::uint64_t records = 0;
  while (Clock::now() < end) {
    fill(batch, next_sequence, count);
    const auto begin = Clock::now();
    append(batch);
    inside += Clock::now() - begin;
    next_sequence += count;
    records += count;
  }
  return static_cast<double>(records) / std::chrono::duration<double>(inside).count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

// One key for each batch, one WriteBatch, one sync: what the journal does without its promises.
class BareLoop {
 public:
  explicit BareLoop(const std::filesystem::path& path) {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.compression = rocksdb::kNoCompression;
    rocksdb::DB* database = nullptr;
    const rocksdb::Status status = rocksdb::DB::Open(options, path.string(), &database);
    if (!status.ok()) stop(status.ToString());
    database_.reset(database);
  }

  void append(const BatchBuilder& batch) {
    std::array<char, 8> key{};
    for (std::size_t at = 0; at < key.size(); ++at) {
      key[at] = static_cast<char>(batch.first_sequence() >> (56 - 8 * at));
    }
    rocksdb::WriteOptions synced;
    synced.sync = true;
    write_batch_.Clear();
    const auto bytes = batch.bytes();
    rocksdb::Status status =
        write_batch_.Put(rocksdb::Slice(key.data(), key.size()),
                         rocksdb::Slice(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    if (status.ok()) status = database_->Write(synced, &write_batch_);
    if (!status.ok()) stop(status.ToString());
  }

 private:
  std::unique_ptr<rocksdb::DB> database_;
  rocksdb::WriteBatch write_batch_;
};

void compare(const std::filesystem::path& directory) {
  origo::storage::RocksJournalOptions options;
  options.directory = directory / "data";
  options.create_if_missing = true;
  const auto journal = origo::storage::open_rocks_journal(options);
  if (!journal.ok()) stop(journal.status.message);
  BareLoop bare(directory / "bare");
  BatchBuilder batch;
  std::uint64_t journal_sequence = 1;
  std::uint64_t bare_sequence = 1;

  std::printf("%8s %16s %16s %8s   (%zu-byte records, synced, medians of %d rounds)\n",
              "N",
              "journal rec/s",
              "bare rec/s",
              "ratio",
              kRecordSize,
              kRounds);
  for (const std::uint32_t count : {1U, 16U, 256U, 4096U}) {
    std::vector<double> journal_rates;
    std::vector<double> bare_rates;
    std::vector<double> ratios;
    for (int round = 0; round < kRounds; ++round) {
      journal_rates.push_back(
          measure(count, batch, journal_sequence, [&](const BatchBuilder& filled) {
            const auto status = journal.value->append(filled);
            if (!status.ok()) stop(status.message);
          }));
      bare_rates.push_back(measure(
          count, batch, bare_sequence, [&](const BatchBuilder& filled) { bare.append(filled); }));
      ratios.push_back(journal_rates.back() / bare_rates.back());
    }
    std::printf("%8u %16.0f %16.0f %8.2f\n",
                count,
                median(journal_rates),
                median(bare_rates),
                median(ratios));
    std::fflush(stdout);
  }
}

}  // namespace

// Takes the directory to work in; the disk it is on is what is measured.
int main(int argc, char** argv) {
  std::string pattern = std::string(argc > 1 ? argv[1] : ".") + "/journal-bench-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) stop("cannot create " + pattern);
  compare(pattern);
  std::filesystem::remove_all(pattern);
  return 0;
}
