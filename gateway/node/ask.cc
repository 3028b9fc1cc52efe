#include "gateway/node/ask.h"

#include <utility>

namespace origo::gateway {

Asked ask(CommandSink& sink, const Origin& origin, const Command& command) {
  FrameWaiter waiter;
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
