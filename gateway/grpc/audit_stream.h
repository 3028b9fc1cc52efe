#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/server_callback.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "origo/v1/reports.pb.h"

namespace origo::gateway {

// One export on its way to its reader.
class AuditStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  using Sink = std::function<bool(const v1::AuditPiece&)>;
  // Writes the export to the sink; returns how it ended.
  using Work = std::function<grpc::Status(const Sink&)>;

  AuditStream(grpc::CallbackServerContext& context, Work work)
      : context_(context), work_(std::move(work)) {}

  // Does the work; the last touch is that it ends the call.
  void run();

  // Instead of run().
  void refuse(const grpc::Status& status) { Finish(status); }

  void OnWriteDone(bool ok) override;
  void OnDone() override { delete this; }

 private:
  ~AuditStream() override = default;
  bool send(const v1::AuditPiece& piece);

  grpc::CallbackServerContext& context_;
  const Work work_;
  grpc::ByteBuffer bytes_;  // of the write that is outstanding

  std::mutex mutex_;
  std::condition_variable written_;
  bool writing_ = false;  // guarded by mutex_, likewise the next two
  bool broken_ = false;   // nobody reads any more
  bool late_ = false;     // because it took too long
};

// Makes exports one at a time, on a thread of its own.
class AuditWorker {
 public:
  AuditWorker();
  ~AuditWorker();
  AuditWorker(const AuditWorker&) = delete;
  AuditWorker& operator=(const AuditWorker&) = delete;

  // False: too many wait.
  [[nodiscard]] bool take(AuditStream* stream);

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<AuditStream*> waiting_;  // guarded by mutex_, likewise the next one
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace origo::gateway
