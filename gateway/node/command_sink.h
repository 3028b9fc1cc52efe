#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/command.h"
#include "engine/core/encoding.h"
#include "engine/core/events.h"

// The one way into the sequence, for every gateway.
namespace origo::gateway {

// One trade of a command's own order, for its owner.
struct Fill {
  TradeId trade;
  OrderId maker;  // of the same participant; unset: another's, whose peaks must not tell that they
                  // are one's
  Price price;
  Quantity quantity;
};

struct SequencedAnswer {
  Answer answer;
  Sequence sequence;
  std::uint32_t fills = 0;  // how many of Frame::fills are this answer's, in order
};

// A command of a frame. Its body is bodies[end of the one before, end).
struct FrameCommand {
  Origin origin;
  std::uint32_t end = 0;
};

// What became of a frame as a whole. Anything but `sequenced`: none of it was, and nothing changed.
enum class FrameOutcome : std::uint8_t {
  sequenced = 1,
  disk_full = 2,
  overloaded = 3,
  stopping = 4
};

class FrameOwner;

// Commands of one caller that enter the sequence together, and their answers. Buffers keep their
// capacity when the owner uses the frame again.
struct Frame {
  FrameOwner* owner = nullptr;  // outlives the frame's way through the sequence

  Bytes bodies;                        // canonical encodings of Command, one after the other
  std::vector<FrameCommand> commands;  // at least one

  FrameOutcome outcome = FrameOutcome::sequenced;
  std::vector<SequencedAnswer> answers;  // if sequenced: one for each command, in order
  std::vector<Fill> fills;               // of all answers, one after the other

  void clear() {
    bodies.clear();
    commands.clear();
    outcome = FrameOutcome::sequenced;
    answers.clear();
    fills.clear();
  }
};

// Gets its frames back.
class FrameOwner {
 public:
  virtual ~FrameOwner() = default;
  // Called once for each frame submitted, in the order of submission, on the sequencer's thread
  // after the commands are durable (or at once and on the caller's thread, if the frame was turned
  // away). Must only hand off: no encoding, no writing, no waiting.
  virtual void answered(std::unique_ptr<Frame> frame) = 0;
};

// Thread-safe.
class CommandSink {
 public:
  virtual ~CommandSink() = default;
  // The commands of the frame get consecutive sequence numbers. Never blocks for long: where too
  // much waits already, the frame is answered with `overloaded`.
  virtual void submit(std::unique_ptr<Frame> frame) = 0;
};

}  // namespace origo::gateway
