#include "gateway/node/ask.h"

#include <future>
#include <utility>

namespace origo::gateway {

namespace {

class Waiter final : public FrameOwner {
 public:
  void answered(std::unique_ptr<Frame> frame) override { frame_.set_value(std::move(frame)); }
  std::unique_ptr<Frame> wait() { return frame_.get_future().get(); }

 private:
  std::promise<std::unique_ptr<Frame>> frame_;
};

}  // namespace

Asked ask(CommandSink& sink, const Origin& origin, const Command& command) {
  Waiter waiter;
  auto frame = std::make_unique<Frame>();
  frame->owner = &waiter;
  Encoder(frame->bodies).put(command);
  frame->commands.push_back(
      {.origin = origin, .end = static_cast<std::uint32_t>(frame->bodies.size())});
  sink.submit(std::move(frame));
  frame = waiter.wait();
  Asked asked{.outcome = frame->outcome};
  if (asked.outcome == FrameOutcome::sequenced) asked.answer = std::move(frame->answers.at(0));
  return asked;
}

}  // namespace origo::gateway
