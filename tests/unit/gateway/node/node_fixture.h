#pragma once

#include <condition_variable>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <vector>

#include "gateway/node/command_sink.h"
#include "gateway/node/core_state.h"

namespace origo::gateway {

// A frame of commands by `origin`; client sequences count up from the origin's.
std::unique_ptr<Frame> make_frame(FrameOwner& owner,
                                  const Origin& origin,
                                  std::initializer_list<Command> commands);

// Keeps the frames it gets back.
class Inbox final : public FrameOwner {
 public:
  void answered(std::unique_ptr<Frame> frame) override;

  // Waits until `count` frames came back, then hands out all.
  std::vector<std::unique_ptr<Frame>> wait_for(std::size_t count);
  [[nodiscard]] std::size_t size();

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::vector<std::unique_ptr<Frame>> frames_;
};

// Submits one command and waits for its answer.
SequencedAnswer ask_one(CommandSink& sink, const Origin& origin, const Command& command);

// The first command of every node.
Command bootstrap();

inline constexpr UserId kAdmin{1};
inline constexpr Instant kNoon{1'767'268'800'000'000'000};  // 2026-01-01T12:00:00Z

}  // namespace origo::gateway
