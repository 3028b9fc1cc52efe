#include "gateway/node/reader.h"

#include <pthread.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "gateway/node/last_words.h"
#include "proto/codec/record.h"

namespace origo::gateway {

namespace {

constexpr std::chrono::milliseconds kHistoryPause{500};

ReaderOptions with_defaults(ReaderOptions options) {
  if (!options.on_fatal) options.on_fatal = end_process;
  return options;
}

std::size_t bytes_of(const AppliedBatch& batch) {
  return batch.records.size() + batch.events.size();
}

}  // namespace

Reader::Reader(CoreState state,
               std::unique_ptr<EventRecorder> recorder,
               SnapshotWriter snapshot_writer,
               ReaderOptions options)
    : options_(with_defaults(std::move(options))),
      recorder_(std::move(recorder)),
      snapshot_writer_(std::move(snapshot_writer)),
      exchange_(std::move(state.exchange)),
      journal_chain_(state.journal_chain),
      event_chain_(state.event_chain),
      snapshot_tried_(state.snapshot.value()),
      published_(exchange_.sequence().value()),
      snapshot_(state.snapshot.value()) {
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "reader");
}

Reader::~Reader() {
  stop(false);
}

void Reader::enqueue(std::shared_ptr<const AppliedBatch> batch) {
  {
    std::unique_lock lock(queue_mutex_);
    queue_drained_.wait(lock,
                        [&] { return queue_bytes_ <= options_.queue_bytes_max || stopping_; });
    queue_bytes_ += bytes_of(*batch);
    queue_.push_back(std::move(batch));
  }
  queue_filled_.notify_one();
}

ReadOutcome Reader::read(Sequence at_least,
                         std::chrono::steady_clock::time_point deadline,
                         const std::function<void(const Exchange&, Sequence)>& query) {
  if (published_.load() < at_least.value()) {
    std::unique_lock lock(published_mutex_);
    const bool reached = published_changed_.wait_until(
        lock, deadline, [&] { return published_.load() >= at_least.value() || stopped_.load(); });
    if (!reached) return ReadOutcome::behind;
    if (published_.load() < at_least.value()) return ReadOutcome::stopped;
  }
  std::unique_lock turnstile(turnstile_);
  const std::shared_lock state(state_mutex_);
  turnstile.unlock();
  query(exchange_, exchange_.sequence());
  return ReadOutcome::done;
}

std::future<storage::Status> Reader::request_snapshot() {
  std::promise<storage::Status> request;
  std::future<storage::Status> result = request.get_future();
  {
    const std::lock_guard lock(queue_mutex_);
    if (stopping_) {
      request.set_value({storage::StatusCode::invalid, "the node is stopping"});
      return result;
    }
    requests_.push_back(std::move(request));
  }
  queue_filled_.notify_one();
  return result;
}

std::size_t Reader::waiting() const {
  const std::lock_guard lock(queue_mutex_);
  return queue_.size();
}

void Reader::stop(bool snapshot) {
  {
    const std::lock_guard lock(queue_mutex_);
    stopping_ = true;
    last_snapshot_ = last_snapshot_ || snapshot;
  }
  queue_filled_.notify_one();
  queue_drained_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Reader::run() {
  bool stopping = false;
  while (!stopping) {
    Batches batches;
    Requests requests;
    {
      std::unique_lock lock(queue_mutex_);
      const auto has_work = [&] { return !queue_.empty() || !requests_.empty() || stopping_; };
      if (history_waits_) {
        queue_filled_.wait_for(lock, kHistoryPause, has_work);
      } else {
        queue_filled_.wait(lock, has_work);
      }
      batches.swap(queue_);
      requests.swap(requests_);
      stopping = stopping_;
    }
    for (const auto& batch : batches) {
      if (!failed_) apply(*batch);
      const std::lock_guard lock(queue_mutex_);
      queue_bytes_ -= bytes_of(*batch);
      queue_drained_.notify_one();
    }
    publish();
    const bool due = options_.snapshot_every > 0 &&
                     published_.load() - snapshot_tried_ >= options_.snapshot_every;
    if (!requests.empty() || due) {
      const storage::Status status = write_snapshot();
      for (auto& request : requests) request.set_value(status);
    }
  }
  bool snapshot = false;
  {
    const std::lock_guard lock(queue_mutex_);
    snapshot = last_snapshot_;
    for (auto& request : requests_) {
      request.set_value({storage::StatusCode::invalid, "the node is stopping"});
    }
    requests_.clear();
  }
  if (snapshot && published_.load() > snapshot_.load()) {
    const storage::Status status = write_snapshot();
    if (!status.ok()) spdlog::error("no snapshot at the end: {}", status.message);
  }
  {
    const std::lock_guard lock(published_mutex_);
    stopped_ = true;
  }
  published_changed_.notify_all();
}

void Reader::apply(const AppliedBatch& batch) {
  for (std::size_t begin = 0; begin < batch.size();) {
    const std::size_t end = std::min(batch.size(), begin + options_.slice);
    if (!apply_slice(batch, begin, end)) return;
    if (recorder_) {
      for (std::size_t index = begin; index < end; ++index) {
        recorder_->add({.sequence = Sequence(batch.first.value() + index),
                        .time = batch.time,
                        .first_event = batch.first_event_of(index),
                        .events = batch.events_of(index),
                        .journal_chain = batch.journal_chain},
                       exchange_);
      }
    }
    begin = end;
  }
  journal_chain_ = batch.journal_chain;
  event_chain_ = batch.event_chain;
}

bool Reader::apply_slice(const AppliedBatch& batch, std::size_t begin, std::size_t end) {
  const std::lock_guard turnstile(turnstile_);
  const std::unique_lock state(state_mutex_);
  for (std::size_t index = begin; index < end; ++index) {
    const std::uint64_t sequence = batch.first.value() + index;
    applying_.store(sequence, std::memory_order_relaxed);
    const bool next = exchange_.sequence().value() + 1 == sequence;
    if (!next || !proto::read_record(batch.record(index), header_, command_)) {
      fail("the reader cannot follow the live core at command " + std::to_string(sequence));
      return false;
    }
    events_.clear();
    exchange_.apply(header_, command_, events_);
    if (!std::ranges::equal(events_.bytes(), batch.events_of(index))) {
      fail("the reader's core and the live core differ in the events of command " +
           std::to_string(sequence) + ": the node is not deterministic and stops");
      return false;
    }
  }
  applying_.store(0, std::memory_order_relaxed);
  return true;
}

void Reader::publish() {
  const Sequence last = exchange_.sequence();
  if (failed_ || last.value() == published_.load()) return;
  if (recorder_) {
    const storage::Status status = recorder_->commit(last);
    const bool full = status.code == storage::StatusCode::full;
    if (full && !history_waits_) spdlog::warn("no space left for history: {}", status.message);
    history_waits_ = full;
    if (full) return;  // it is written when there is room; queries of the state go on meanwhile
    if (!status.ok()) {
      fail("history cannot be written: " + status.message);
      return;
    }
  }
  {
    const std::lock_guard lock(published_mutex_);
    published_ = last.value();
  }
  published_changed_.notify_all();
}

storage::Status Reader::write_snapshot() {
  if (failed_) return {storage::StatusCode::invalid, "the reader has stopped"};
  if (history_waits_) return {storage::StatusCode::full, "no space left for history"};
  if (!snapshot_writer_) return {storage::StatusCode::invalid, "this node keeps no snapshots"};
  snapshot_tried_ = exchange_.sequence().value();
  const storage::Status status = snapshot_writer_(exchange_, journal_chain_, event_chain_);
  if (status.ok()) {
    snapshot_ = exchange_.sequence().value();
  } else {
    spdlog::error(
        "snapshot at command {} failed: {}", exchange_.sequence().value(), status.message);
  }
  return status;
}

void Reader::fail(const std::string& what) {
  failed_ = true;
  options_.on_fatal(what);
}

}  // namespace origo::gateway
