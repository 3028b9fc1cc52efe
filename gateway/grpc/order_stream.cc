#include "gateway/grpc/order_stream.h"

#include <algorithm>
#include <string>

#include "engine/core/ensure.h"
#include "gateway/grpc/gate.h"
#include "gateway/grpc/wire.h"
#include "proto/codec/commands.h"

namespace origo::gateway {
namespace {

constexpr std::size_t kArenaBlock = std::size_t{32} << 10U;

google::protobuf::ArenaOptions arena_options(std::vector<char>& block) {
  google::protobuf::ArenaOptions options;
  options.initial_block = block.data();
  options.initial_block_size = block.size();
  return options;
}

}  // namespace

OrderStream::OrderStream(AnswerQueue& queue,
                         CommandSink& sink,
                         UnaryCalls& calls,
                         Caller caller,
                         RateShare share,
                         std::unique_ptr<Presence> presence,
                         const StreamLimits& limits)
    : FrameReceiver(queue),
      sink_(sink),
      calls_(calls),
      limits_(limits),
      share_(std::move(share)),
      caller_(std::move(caller)),
      read_block_(kArenaBlock),
      read_arena_(arena_options(read_block_)),
      builder_(caller_.user),
      presence_(std::move(presence)),
      write_block_(kArenaBlock),
      write_arena_(arena_options(write_block_)) {
  // On its own: with a write that is only a hint to buffer it would wait for the next write, which
  // waits for it.
  StartSendInitialMetadata();
  reading_ = true;
  start_read();
}

void OrderStream::start_read() {
  StartRead(&read_bytes_);
}

void OrderStream::OnReadDone(bool ok) {
  const grpc::Status status = ok ? take_read() : grpc::Status::OK;
  Next next;
  {
    const std::lock_guard lock(mutex_);
    reading_ = false;
    if (!ok || !status.ok()) input_ended_ = true;
    if (end_.ok()) end_ = status;
    next = next_locked();
  }
  act(next);
}

// Still counts as reading, so the stream cannot finish meanwhile.
grpc::Status OrderStream::take_read() {
  auto& message = *google::protobuf::Arena::CreateMessage<v1::OrderFrame>(&read_arena_);
  grpc::Status status = calls_.authenticator().confirm(caller_);
  if (status.ok()) status = parse(read_bytes_, message);
  if (status.ok()) status = check(message);
  if (status.ok()) take(message);
  read_bytes_.Clear();
  read_arena_.Reset();
  return status;
}

grpc::Status OrderStream::check(const v1::OrderFrame& message) const {
  if (static_cast<std::size_t>(message.commands_size()) > limits_.commands_per_frame_max) {
    return {
        grpc::StatusCode::INVALID_ARGUMENT,
        "commands: must be at most " + std::to_string(limits_.commands_per_frame_max) + " a frame"};
  }
  if (message.commands_size() == 0) {
    return {grpc::StatusCode::INVALID_ARGUMENT, "commands: must be at least 1 a frame"};
  }
  // Unknown fields within a command refuse that command alone.
  if (!message.GetReflection()->GetUnknownFields(message).empty()) {
    return {grpc::StatusCode::INVALID_ARGUMENT,
            "frame: has a field that this version does not know"};
  }
  return grpc::Status::OK;
}

void OrderStream::take(v1::OrderFrame& message) {
  Slot slot;
  {
    const std::lock_guard lock(mutex_);
    if (!spare_.empty()) {
      slot.client.frame = std::move(spare_.back());
      spare_.pop_back();
    }
  }
  build(message, slot.client);

  std::unique_ptr<Frame> frame;
  {
    const std::lock_guard lock(mutex_);
    commands_in_flight_ += slot.client.commands;
    if (!slot.client.frame->commands.empty()) {
      frame = std::move(slot.client.frame);
      slot.on_its_way = frame.get();
    }
    slots_.push_back(std::move(slot));
  }
  if (frame) submit(sink_, std::move(frame));
}

// Of commands beyond the caller's rate each is refused by itself; cancels have a rate of their own.
void OrderStream::build(v1::OrderFrame& message, ClientFrame& out) {
  CommandCounts counts;
  for (const v1::Command& command : message.commands())
    ++(is_cancel(command) ? counts.cancels : counts.others);
  const Admitted admitted = share_.admit(counts, Allowance::Clock::now());
  if (admitted.counts == counts) {
    for (v1::Command& command : *message.mutable_commands()) add(command, out);
    return;
  }
  const std::string words = words_of(admitted, calls_.limiter().limits());
  CommandCounts left = admitted.counts;
  std::size_t limited = 0;
  for (v1::Command& command : *message.mutable_commands()) {
    std::size_t& of_its_kind = is_cancel(command) ? left.cancels : left.others;
    if (of_its_kind > 0) {
      --of_its_kind;
      add(command, out);
    } else {
      ++limited;
      builder_.refuse({Reject::rate_limited, {}, words}, out);
    }
  }
  calls_.tell_limited(admitted.limit, limited);
}

// Its client is here before the command enters the sequence, so that no order outlives a session
// unseen.
void OrderStream::add(v1::Command& command, ClientFrame& out) {
  const bool bound = command.place_order().cancel_on_disconnect();
  const bool here = command.client() == 0 || presence_->note(ClientId(command.client()), bound);
  if (here || !bound) {
    builder_.add(command, out);
  } else {
    builder_.refuse({Reject::session_missing,
                     {},
                     "one stream serves the sessions of " + std::to_string(Presence::kClientsMax) +
                         " client ids at most"},
                    out);
  }
}

void OrderStream::deliver(std::unique_ptr<Frame> frame) {
  Next next;
  {
    const std::lock_guard lock(mutex_);
    const auto slot = std::find_if(slots_.begin(), slots_.end(), [&](const Slot& candidate) {
      return candidate.on_its_way == frame.get();
    });
    ENSURE(slot != slots_.end());
    slot->on_its_way = nullptr;
    slot->client.frame = std::move(frame);
    next = next_locked();
  }
  act(next);
}

void OrderStream::OnWriteDone(bool ok) {
  Next next;
  {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok) broken_ = true;
    commands_in_flight_ -= writing_frame_.commands;
    writing_frame_.frame->clear();
    spare_.push_back(std::move(writing_frame_.frame));
    next = next_locked();
  }
  act(next);
}

// Decides the next step and notes it as begun.
OrderStream::Next OrderStream::next_locked() {
  Next next;
  if (finished_) return next;
  const auto is_home = [](const Slot& slot) { return slot.on_its_way == nullptr; };
  if (!writing_ && !broken_ && !slots_.empty() && is_home(slots_.front())) {
    const FrameOutcome outcome = slots_.front().client.frame->outcome;
    if (outcome != FrameOutcome::sequenced) {
      // Frames behind this one may be sequenced and stay unanswered: the client repeats by number.
      if (end_.ok()) end_ = status_of(outcome);
      input_ended_ = broken_ = true;
    } else {
      writing_frame_ = std::move(slots_.front().client);
      slots_.pop_front();
      next.write = writing_ = true;
      next.more_to_write = !slots_.empty() && is_home(slots_.front());
    }
  }
  if (broken_) {
    input_ended_ = true;
    std::erase_if(slots_, is_home);
  }
  if (!reading_ && !input_ended_ &&
      slots_.size() + (writing_ ? 1 : 0) < limits_.frames_in_flight_max &&
      commands_in_flight_ < limits_.commands_in_flight_max) {
    next.read = reading_ = true;
  }
  if (!reading_ && !writing_ && input_ended_ && slots_.empty()) {
    finished_ = true;
    next.finish = end_;
  }
  return next;
}

// After the last of these the stream may be gone.
void OrderStream::act(const Next& next) {
  if (next.finish) {
    Finish(*next.finish);
    return;
  }
  // With a read to start as well, the stream outlives the write: `reading_` is set.
  if (next.write) start_write(next.more_to_write);
  if (next.read) start_read();
}

void OrderStream::start_write(bool more) {
  auto* answers = google::protobuf::Arena::CreateMessage<v1::AnswerFrame>(&write_arena_);
  write_answers(writing_frame_, *answers);
  const grpc::Status status = serialize(*answers, written_bytes_);
  ENSURE(status.ok());
  write_arena_.Reset();
  grpc::WriteOptions options;
  if (more) options.set_buffer_hint();
  StartWrite(&written_bytes_, options);
}

}  // namespace origo::gateway
