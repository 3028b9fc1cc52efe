#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "gateway/node/command_sink.h"

namespace origo::gateway {

class AnswerQueue;

// Owns frames on their way and handles their answers off the sequencer's thread.
class FrameReceiver : public FrameOwner {
 public:
  explicit FrameReceiver(AnswerQueue& queue) : queue_(queue) {}
  // On the queue's thread, or within submit() on its thread, if the sink answered at once.
  // May delete the receiver.
  virtual void deliver(std::unique_ptr<Frame> frame) = 0;
  void answered(std::unique_ptr<Frame> frame) final;

 protected:
  // The receiver may be gone when this returns.
  void submit(CommandSink& sink, std::unique_ptr<Frame> frame);

 private:
  AnswerQueue& queue_;
};

// Takes answers from the sequencer's thread and delivers them on a thread of its own, all that wait
// at each wake-up.
class AnswerQueue {
 public:
  AnswerQueue();
  // Delivers what waits. Requires: nothing is pushed any more.
  ~AnswerQueue();
  AnswerQueue(const AnswerQueue&) = delete;
  AnswerQueue& operator=(const AnswerQueue&) = delete;

  void push(FrameReceiver& receiver, std::unique_ptr<Frame> frame);

 private:
  using Items = std::vector<std::pair<FrameReceiver*, std::unique_ptr<Frame>>>;
  void run();

  std::mutex mutex_;
  std::condition_variable filled_;
  Items items_;  // guarded by mutex_, likewise the next two
  bool sleeping_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace origo::gateway
