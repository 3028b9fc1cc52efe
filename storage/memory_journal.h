#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "storage/journal.h"

namespace origo::storage {

// A journal that keeps its promises as long as the process lives: for tests, simulations and
// measurements without a disk.
class MemoryJournal final : public Journal {
 public:
  Status append(const BatchBuilder& batch) override;
  Status sync() override;
  Status read(std::uint64_t from_sequence, const Visitor& visitor) override;
  [[nodiscard]] Status health() const override;
  [[nodiscard]] Tail tail() const override;
  [[nodiscard]] SyncPolicy policy() const override { return SyncPolicy::always; }
  [[nodiscard]] JournalStatistics statistics() const override;

  // What appends answer from now on, for the disks of tests: full or fatal; ok heals.
  void set_health(Status status);

  // Called in append() before anything else, on the appending thread.
  void set_before_append(std::function<void()> hook);

 private:
  struct Stored {
    std::vector<std::byte> bytes;
    Chain chain{};
  };

  mutable std::mutex mutex_;
  std::vector<Stored> batches_;
  Tail tail_;
  Status health_;
  JournalStatistics statistics_;
  std::function<void()> before_append_;
  Hasher hasher_;
};

}  // namespace origo::storage
