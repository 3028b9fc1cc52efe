#pragma once

#include <future>
#include <memory>

#include "engine/core/command.h"
#include "gateway/node/command_sink.h"

namespace origo::gateway {

// Owns one frame and waits until it comes back. Not on the sequencer's thread.
class FrameWaiter final : public FrameOwner {
 public:
  void answered(std::unique_ptr<Frame> frame) override { frame_.set_value(std::move(frame)); }
  [[nodiscard]] std::unique_ptr<Frame> wait() { return frame_.get_future().get(); }

 private:
  std::promise<std::unique_ptr<Frame>> frame_;
};

struct Asked {
  FrameOutcome outcome = FrameOutcome::sequenced;
  SequencedAnswer answer;  // if sequenced
};

// Submits one command of the node's own and waits for its answer. Not on the sequencer's thread.
Asked ask(CommandSink& sink, const Origin& origin, const Command& command);

}  // namespace origo::gateway
