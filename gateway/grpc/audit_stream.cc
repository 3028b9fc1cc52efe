#include "gateway/grpc/audit_stream.h"

#include <pthread.h>

#include <chrono>

#include "gateway/grpc/wire.h"

namespace origo::gateway {
namespace {

constexpr std::chrono::seconds kWritePatience{60};
constexpr std::size_t kWaitingMax = 4;

}  // namespace

void AuditStream::run() {
  grpc::Status status = work_([this](const v1::AuditPiece& piece) { return send(piece); });
  {
    const std::lock_guard lock(mutex_);
    if (late_)
      status = {grpc::StatusCode::DEADLINE_EXCEEDED, "a piece was not read within a minute"};
  }
  Finish(status);
}

void AuditStream::OnWriteDone(bool ok) {
  const std::lock_guard lock(mutex_);
  writing_ = false;
  broken_ = broken_ || !ok;
  written_.notify_one();
}

bool AuditStream::send(const v1::AuditPiece& piece) {
  if (!serialize(piece, bytes_).ok()) return false;
  std::unique_lock lock(mutex_);
  if (broken_) return false;
  writing_ = true;
  lock.unlock();
  StartWrite(&bytes_);
  lock.lock();
  if (!written_.wait_for(lock, kWritePatience, [this] { return !writing_; })) {
    broken_ = late_ = true;
    context_.TryCancel();
    written_.wait(lock, [this] { return !writing_; });
  }
  return !broken_;
}

AuditWorker::AuditWorker() {
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "audit");
}

AuditWorker::~AuditWorker() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  filled_.notify_one();
  thread_.join();
}

bool AuditWorker::take(AuditStream* stream) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() == kWaitingMax) return false;
    waiting_.push_back(stream);
  }
  filled_.notify_one();
  return true;
}

// Calls that wait when the server ends are cancelled, so their first write fails.
void AuditWorker::run() {
  while (true) {
    AuditStream* stream = nullptr;
    {
      std::unique_lock lock(mutex_);
      filled_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      stream = waiting_.front();
      waiting_.pop_front();
    }
    stream->run();
  }
}

}  // namespace origo::gateway
