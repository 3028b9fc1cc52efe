#pragma once

#include <google/protobuf/arena.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "gateway/grpc/answer_queue.h"
#include "gateway/grpc/calls.h"
#include "gateway/grpc/frame_builder.h"
#include "gateway/grpc/server.h"
#include "gateway/node/sessions.h"
#include "origo/v1/orders.pb.h"

namespace origo::gateway {

struct StreamLimits {
  std::size_t frames_in_flight_max = 32;
  std::size_t commands_in_flight_max = 8'192;
  std::size_t commands_per_frame_max = 4'096;
};

// One OrderEntry.Trade call: reads frames, submits them, writes their answers in order. Deletes
// itself.
//
// Backpressure: not read while too much is in flight; a frame is in flight until its answer is
// written. One read and one write are outstanding at most. Finish is called once, when neither is
// and no frame is on its way, and is the last touch.
class OrderStream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                          public FrameReceiver {
 public:
  OrderStream(AnswerQueue& queue,
              CommandSink& sink,
              UnaryCalls& calls,
              Caller caller,
              RateShare share,
              std::unique_ptr<Presence> presence,
              const StreamLimits& limits);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone() override { delete this; }
  void deliver(std::unique_ptr<Frame> frame) override;

 private:
  ~OrderStream() override = default;

  // A frame in flight.
  struct Slot {
    ClientFrame client;
    const Frame* on_its_way = nullptr;  // to the sequence and back
  };
  // What is to be done outside of the lock.
  struct Next {
    bool write = false;
    bool more_to_write = false;
    bool read = false;
    std::optional<grpc::Status> finish;
  };

  [[nodiscard]] grpc::Status take_read();
  [[nodiscard]] grpc::Status check(const v1::OrderFrame& message) const;
  void take(v1::OrderFrame& message);
  void build(v1::OrderFrame& message, ClientFrame& out);
  void add(v1::Command& command, ClientFrame& out);
  [[nodiscard]] Next next_locked();
  void act(const Next& next);
  void start_read();
  void start_write(bool more);

  CommandSink& sink_;
  UnaryCalls& calls_;
  const StreamLimits limits_;
  RateShare share_;

  // Of the read that is outstanding or being handled.
  Caller caller_;
  std::vector<char> read_block_;
  google::protobuf::Arena read_arena_;
  grpc::ByteBuffer read_bytes_;
  FrameBuilder builder_;
  const std::unique_ptr<Presence> presence_;  // until the last frame is home

  // Of the write that is outstanding.
  std::vector<char> write_block_;
  google::protobuf::Arena write_arena_;
  ClientFrame writing_frame_;
  grpc::ByteBuffer written_bytes_;

  std::mutex mutex_;
  std::deque<Slot> slots_;  // oldest first
  std::vector<std::unique_ptr<Frame>> spare_;
  std::size_t commands_in_flight_ = 0;  // of slots_ and of the write
  bool reading_ = false;
  bool writing_ = false;
  bool input_ended_ = false;
  bool broken_ = false;  // the client is gone: nothing is written any more
  bool finished_ = false;
  grpc::Status end_;  // OK, or what ended the input
};

}  // namespace origo::gateway
