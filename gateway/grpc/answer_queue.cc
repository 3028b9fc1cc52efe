#include "gateway/grpc/answer_queue.h"

namespace origo::gateway {
namespace {

// The receiver whose submit() runs on this thread.
thread_local const FrameReceiver* t_submitting = nullptr;

}  // namespace

void FrameReceiver::submit(CommandSink& sink, std::unique_ptr<Frame> frame) {
  frame->owner = this;
  const FrameReceiver* const outer = std::exchange(t_submitting, this);
  sink.submit(std::move(frame));
  t_submitting = outer;
}

void FrameReceiver::answered(std::unique_ptr<Frame> frame) {
  if (t_submitting == this) {
    deliver(std::move(frame));
  } else {
    queue_.push(*this, std::move(frame));
  }
}

AnswerQueue::AnswerQueue() : thread_([this] { run(); }) {}

AnswerQueue::~AnswerQueue() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  filled_.notify_one();
  thread_.join();
}

void AnswerQueue::push(FrameReceiver& receiver, std::unique_ptr<Frame> frame) {
  bool notify = false;
  {
    const std::lock_guard lock(mutex_);
    items_.emplace_back(&receiver, std::move(frame));
    notify = std::exchange(sleeping_, false);
  }
  if (notify) filled_.notify_one();
}

void AnswerQueue::run() {
  Items taken;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      sleeping_ = items_.empty();
      filled_.wait(lock, [&] { return !items_.empty() || stopping_; });
      sleeping_ = false;
      if (items_.empty()) return;
      taken.swap(items_);
    }
    for (auto& [receiver, frame] : taken) receiver->deliver(std::move(frame));
    taken.clear();
  }
}

}  // namespace origo::gateway
