#include "tests/unit/gateway/node/node_fixture.h"

#include <utility>

#include "gateway/node/ask.h"

namespace origo::gateway {

std::unique_ptr<Frame> make_frame(FrameOwner& owner,
                                  const Origin& origin,
                                  std::initializer_list<Command> commands) {
  auto frame = std::make_unique<Frame>();
  frame->owner = &owner;
  Encoder encoder(frame->bodies);
  Origin next = origin;
  for (const Command& command : commands) {
    encoder.put(command);
    frame->commands.push_back(
        {.origin = next, .end = static_cast<std::uint32_t>(frame->bodies.size())});
    if (next.client.is_set()) ++next.client_sequence;
  }
  return frame;
}

void Inbox::answered(std::unique_ptr<Frame> frame) {
  const std::lock_guard lock(mutex_);
  frames_.push_back(std::move(frame));
  filled_.notify_all();
}

std::vector<std::unique_ptr<Frame>> Inbox::wait_for(std::size_t count) {
  std::unique_lock lock(mutex_);
  filled_.wait(lock, [&] { return frames_.size() >= count; });
  return std::exchange(frames_, {});
}

std::size_t Inbox::size() {
  const std::lock_guard lock(mutex_);
  return frames_.size();
}

SequencedAnswer ask_one(CommandSink& sink, const Origin& origin, const Command& command) {
  return ask(sink, origin, command).answer;
}

Command bootstrap() {
  Bootstrap command{.venue_name = "Test venue"};
  command.admin_token.fill(7);
  return command;
}

}  // namespace origo::gateway
