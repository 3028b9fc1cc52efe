#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gateway/node/command_sink.h"
#include "origo/v1/commands.pb.h"
#include "origo/v1/orders.pb.h"
#include "proto/codec/decode_error.h"
#include "storage/chain.h"

namespace origo::gateway {

// A frame read from a client: the commands that enter the sequence, and what the edge adds.
struct ClientFrame {
  struct Refused {
    std::size_t index;  // among all commands of the frame
    proto::DecodeError error;
  };
  struct Drawn {
    std::size_t index;
    std::string token;
  };
  std::unique_ptr<Frame> frame = std::make_unique<Frame>();
  std::size_t commands = 0;      // with the refused ones
  std::vector<Refused> refused;  // by index
  std::vector<Drawn> tokens;     // by index
};

// Turns client messages into frames of canonical commands. One thread at a time.
class FrameBuilder {
 public:
  explicit FrameBuilder(UserId principal) : principal_(principal) {}

  // Appends one command; a malformed one is refused alone. Draws a token where the command needs
  // one.
  void add(v1::Command& command, ClientFrame& out);
  // The same for the message of one command, e.g. v1::PlaceOrder.
  void add(const google::protobuf::Message& body,
           std::uint64_t client,
           std::uint64_t client_sequence,
           ClientFrame& out);

  // Notes that one command is refused without a look at it.
  void refuse(proto::DecodeError error, ClientFrame& out) {
    out.refused.push_back({out.commands++, std::move(error)});
  }

 private:
  void finish(std::uint64_t client,
              std::uint64_t client_sequence,
              std::optional<proto::DecodeError> error,
              std::size_t begin,
              ClientFrame& out);
  void draw(std::string& digest, ClientFrame& out);

  const UserId principal_;
  storage::Hasher hasher_;
};

// The answers of a sequenced frame, in the order of the client's commands. The frame's details are
// moved from.
void write_answers(ClientFrame& client, v1::AnswerFrame& out);
// The answer of a frame of one command.
void write_answer(ClientFrame& client, v1::Answer& out);

}  // namespace origo::gateway
