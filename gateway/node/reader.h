#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/exchange.h"
#include "gateway/node/applied_batch.h"
#include "gateway/node/core_state.h"
#include "gateway/node/event_recorder.h"
#include "storage/chain.h"
#include "storage/status.h"

namespace origo::gateway {

// Writes a state somewhere safe. Called on the reader's thread.
using SnapshotWriter = std::function<storage::Status(const Exchange& exchange,
                                                     const storage::Chain& journal_chain,
                                                     const storage::Chain& event_chain)>;

struct ReaderOptions {
  std::size_t slice = 256;           // commands applied at most while queries wait
  std::uint64_t snapshot_every = 0;  // commands between snapshots; 0: on request only
  std::size_t queue_bytes_max = std::size_t{256} << 20U;  // then the live core waits
  // Told what is wrong when this core disagrees with the live one, or history cannot be written.
  // The node must not go on; the default ends the process.
  std::function<void(const std::string&)> on_fatal;
};

enum class ReadOutcome : std::uint8_t { done, behind, stopped };

// A second core that applies the same records behind the live one, on a thread of its own, and
// compares every byte that it says with what the live one said. It answers all queries, so reads
// never touch the live core and a running node keeps proving that it is deterministic.
class Reader {
 public:
  // `recorder` may be null, then no history is kept; it is used on the reader's thread only.
  Reader(CoreState state,
         std::unique_ptr<EventRecorder> recorder,
         SnapshotWriter snapshot_writer,
         ReaderOptions options);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Takes the next batch. Waits while too much waits already: a live core that outruns its reader
  // for long goes at the reader's pace, so that memory stays bounded. Any one thread.
  void enqueue(std::shared_ptr<const AppliedBatch> batch);

  // Calls `query` with a state that includes command `at_least`, waiting for it until `deadline`.
  // The state stands still meanwhile, so the query must be short and must not call back here.
  // Returns: behind: the deadline passed first; stopped: the node is ending. Then no call was made.
  // Any thread.
  ReadOutcome read(Sequence at_least,
                   std::chrono::steady_clock::time_point deadline,
                   const std::function<void(const Exchange& exchange, Sequence sequence)>& query);

  // The newest command whose effects queries and history both show.
  [[nodiscard]] Sequence sequence() const { return Sequence(published_.load()); }

  // Takes a snapshot as soon as everything enqueued so far is applied.
  std::future<storage::Status> request_snapshot();
  [[nodiscard]] Sequence snapshot_sequence() const { return Sequence(snapshot_.load()); }

  // Batches that wait to be applied.
  [[nodiscard]] std::size_t waiting() const;

  // The command being applied now, for the last words of a process; 0: none.
  [[nodiscard]] const std::atomic<std::uint64_t>& applying() const { return applying_; }

  // Applies what was enqueued, writes a last snapshot if asked, and ends the thread.
  void stop(bool snapshot);

 private:
  using Batches = std::vector<std::shared_ptr<const AppliedBatch>>;
  using Requests = std::vector<std::promise<storage::Status>>;

  void run();
  void apply(const AppliedBatch& batch);
  bool apply_slice(const AppliedBatch& batch, std::size_t begin, std::size_t end);
  void publish();
  storage::Status write_snapshot();
  void fail(const std::string& what);

  const ReaderOptions options_;
  const std::unique_ptr<EventRecorder> recorder_;
  const SnapshotWriter snapshot_writer_;

  // Written on the reader's thread under both mutexes; read under a shared lock of state_mutex_.
  // A query passes through the turnstile, so that a stream of queries cannot keep the writer out.
  std::mutex turnstile_;
  std::shared_mutex state_mutex_;
  Exchange exchange_;

  // The reader's thread only.
  storage::Chain journal_chain_;
  storage::Chain event_chain_;
  Events events_;
  CommandHeader header_;
  Command command_;
  std::uint64_t snapshot_tried_;  // the command at the last attempt, which may have failed
  bool history_waits_ = false;    // for room on the disk
  bool failed_ = false;

  mutable std::mutex queue_mutex_;
  std::condition_variable queue_filled_;
  std::condition_variable queue_drained_;
  Batches queue_;                // guarded by queue_mutex_
  std::size_t queue_bytes_ = 0;  // likewise; of all batches not yet applied
  Requests requests_;            // guarded by queue_mutex_
  bool stopping_ = false;        // guarded by queue_mutex_
  bool last_snapshot_ = false;   // guarded by queue_mutex_

  std::mutex published_mutex_;
  std::condition_variable published_changed_;
  std::atomic<std::uint64_t> published_;
  std::atomic<std::uint64_t> snapshot_;
  std::atomic<std::uint64_t> applying_{0};
  std::atomic<bool> stopped_{false};

  std::thread thread_;
};

}  // namespace origo::gateway
