#include "storage/memory_journal.h"

namespace origo::storage {

Status MemoryJournal::append(const BatchBuilder& batch) {
  std::function<void()> hook;
  {
    const std::lock_guard lock(mutex_);
    hook = before_append_;
  }
  if (hook) hook();
  const std::lock_guard lock(mutex_);
  if (!health_.ok()) return health_;
  if (batch.empty() || batch.first_sequence() != tail_.sequence + 1) {
    return {StatusCode::invalid, "the batch does not follow the tail"};
  }
  tail_ = {.sequence = batch.next_sequence() - 1,
           .chain = hasher_.extend(tail_.chain, batch.bytes())};
  const Bytes bytes = batch.bytes();
  batches_.push_back({.bytes = {bytes.begin(), bytes.end()}, .chain = tail_.chain});
  ++statistics_.batches;
  statistics_.records += batch.count();
  statistics_.bytes += bytes.size();
  statistics_.synced_sequence = tail_.sequence;
  return {};
}

Status MemoryJournal::sync() {
  const std::lock_guard lock(mutex_);
  return health_.code == StatusCode::fatal ? health_ : Status{};
}

Status MemoryJournal::read(std::uint64_t from_sequence, const Visitor& visitor) {
  const std::lock_guard lock(mutex_);
  for (const Stored& stored : batches_) {
    const Outcome<BatchView> batch = parse_batch(stored.bytes);
    if (!batch.ok()) return batch.status;
    if (batch.value.last_sequence() < from_sequence) continue;
    if (!visitor(batch.value, stored.chain)) break;
  }
  return {};
}

Status MemoryJournal::health() const {
  const std::lock_guard lock(mutex_);
  return health_.code == StatusCode::fatal ? health_ : Status{};
}

Tail MemoryJournal::tail() const {
  const std::lock_guard lock(mutex_);
  return tail_;
}

JournalStatistics MemoryJournal::statistics() const {
  const std::lock_guard lock(mutex_);
  return statistics_;
}

void MemoryJournal::set_health(Status status) {
  const std::lock_guard lock(mutex_);
  health_ = std::move(status);
}

void MemoryJournal::set_before_append(std::function<void()> hook) {
  const std::lock_guard lock(mutex_);
  before_append_ = std::move(hook);
}

}  // namespace origo::storage
