#include "gateway/node/sequencer.h"

#include <pthread.h>

#include <algorithm>
#include <random>
#include <utility>

#include "engine/core/ensure.h"
#include "engine/look_ahead.h"
#include "gateway/node/event_scan.h"
#include "gateway/node/last_words.h"
#include "proto/codec/record.h"
#include "storage/replay.h"

namespace origo::gateway {

namespace {

constexpr std::chrono::seconds kSleepMax{60};

// Number of a command in the journal's encoding: its position in the variant, from 1.
template <class C>
constexpr std::uint16_t number_of() {
  return static_cast<std::uint16_t>(boost::mp11::mp_find<Command, C>::value + 1);
}

// Whether a command, by its number, takes orders out of the market.
bool takes_out(int number) {
  return number == number_of<CancelOrder>() || number == number_of<MassCancel>() ||
         number == number_of<ReduceOrder>() || number == number_of<EndSession>() ||
         number == number_of<SetKillSwitch>();
}

// Whether the frame holds nothing but such commands.
bool only_cancels(const Frame& frame) {
  std::size_t begin = 0;
  for (const FrameCommand& command : frame.commands) {
    if (begin + 2 > frame.bodies.size()) return false;
    if (!takes_out(frame.bodies[begin] | (frame.bodies[begin + 1] << 8))) return false;
    begin = command.end;
  }
  return true;
}

// Whether the bodies lie in `frame` as they say.
bool is_well_formed(const Frame& frame) {
  std::size_t begin = 0;
  for (const FrameCommand& command : frame.commands) {
    if (command.end < begin || command.end > frame.bodies.size()) return false;
    begin = command.end;
  }
  return !frame.commands.empty();
}

// Nobody can foresee it: it decides when calls end.
std::uint64_t draw_entropy() {
  std::random_device entropy;
  const std::uint64_t high = entropy();
  return (high << 32U) | entropy();
}

SequencerOptions with_defaults(SequencerOptions options) {
  if (!options.on_fatal) options.on_fatal = end_process;
  if (!options.draw) options.draw = draw_entropy;
  return options;
}

}  // namespace

struct Sequencer::Pending {
  CommandHeader header;
  Command command;
  bool malformed = false;  // answered so, and not journaled
  Answer answer;
  std::size_t index = 0;  // in the batch
};

Sequencer::Sequencer(CoreState state,
                     storage::Journal& journal,
                     Clock& clock,
                     SequencerOptions options)
    : journal_(journal),
      clock_(clock),
      options_(with_defaults(std::move(options))),
      exchange_(std::move(state.exchange)),
      event_chain_(state.event_chain),
      sequenced_(exchange_.sequence().value()) {
  ENSURE(journal_.tail().sequence == exchange_.sequence().value());
}

Sequencer::~Sequencer() {
  stop();
}

void Sequencer::subscribe(BatchSubscriber subscriber) {
  ENSURE(!thread_.joinable());
  subscribers_.push_back(std::move(subscriber));
}

void Sequencer::start() {
  ENSURE(!thread_.joinable());
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "sequencer");
}

void Sequencer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Sequencer::submit(std::unique_ptr<Frame> frame) {
  ENSURE(is_well_formed(*frame));
  const std::size_t commands = frame->commands.size();
  const std::size_t bytes = frame->bodies.size();
  FrameOutcome outcome = FrameOutcome::sequenced;
  bool notify = false;
  {
    const std::lock_guard lock(mutex_);
    const bool crowded = queued_commands_ + commands > options_.queue_commands_max ||
                         queued_bytes_ + bytes > options_.queue_bytes_max;
    const bool full = queued_commands_ + commands > 2 * options_.queue_commands_max ||
                      queued_bytes_ + bytes > 2 * options_.queue_bytes_max;
    if (stopping_) {
      outcome = FrameOutcome::stopping;
    } else if (full || (crowded && !only_cancels(*frame))) {
      outcome = FrameOutcome::overloaded;
    } else {
      queue_.push_back(std::move(frame));
      queued_commands_ += commands;
      queued_bytes_ += bytes;
      notify = std::exchange(sleeping_, false);
    }
  }
  if (notify) work_.notify_one();
  if (outcome != FrameOutcome::sequenced) {
    frame->outcome = outcome;
    FrameOwner* const owner = frame->owner;
    owner->answered(std::move(frame));
  }
}

void Sequencer::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    sleeping_ = false;
  }
  work_.notify_one();
}

std::size_t Sequencer::waiting() const {
  const std::lock_guard lock(mutex_);
  return queued_commands_;
}

void Sequencer::run() {
  while (wait_for_work()) {
    if (!taken_.empty() || tick_is_due(clock_.now())) sequence_batch();
  }
}

// Takes what is in the queue, sleeping while there is nothing to do. False: stopped, all done.
bool Sequencer::wait_for_work() {
  std::unique_lock lock(mutex_);
  const auto has_work = [&] { return !queue_.empty() || woken_ || stopping_; };
  if (taken_.empty() && !has_work()) {
    const auto now = std::chrono::steady_clock::now();
    auto until = now + kSleepMax;
    if (disk_full_) {
      until = tick_not_before_;
    } else if (const auto sleep = clock_.until(exchange_.next_due())) {
      // Nothing is known to be due for ever: compare before adding, which would overflow.
      if (*sleep < kSleepMax) until = std::max(now + *sleep, tick_not_before_);
    }
    sleeping_ = true;
    work_.wait_until(lock, until, [&] { return has_work(); });
    sleeping_ = false;
  }
  woken_ = false;
  for (auto& frame : queue_) taken_.push_back(std::move(frame));
  queue_.clear();
  return !stopping_ || !taken_.empty();
}

// Also while the disk is full, now and then: so the node finds out that there is room again
// although nobody dares to send a command.
bool Sequencer::tick_is_due(Instant now) const {
  return exchange_.sequence().is_set() && (disk_full_ || exchange_.next_due() <= now) &&
         std::chrono::steady_clock::now() >= tick_not_before_;
}

void Sequencer::sequence_batch() {
  const Instant time = std::max(clock_.now(), exchange_.time());
  collect(time);

  const auto begin = std::chrono::steady_clock::now();
  const storage::Status status = builder_.empty() ? storage::Status{} : journal_.append(builder_);
  const auto append = std::chrono::steady_clock::now() - begin;

  std::vector<std::unique_ptr<Frame>> frames;
  frames.swap(batch_frames_);
  std::size_t waiting = 0;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& frame : frames) {
      queued_commands_ -= frame->commands.size();
      queued_bytes_ -= frame->bodies.size();
    }
    waiting = queued_commands_;
  }
  refusals_.clear();
  disk_full_ = status.code == storage::StatusCode::full;
  FrameOutcome outcome = FrameOutcome::sequenced;
  const std::size_t commands = builder_.count();
  if (status.ok()) {
    apply();
    answer(std::move(frames));
    publish();
  } else if (status.code == storage::StatusCode::full) {
    outcome = FrameOutcome::disk_full;
    tick_not_before_ = std::chrono::steady_clock::now() + options_.retry_interval;
    turn_away(std::move(frames), outcome);
  } else {
    options_.on_fatal("journal: " + status.message);
    // Only tests come here: nobody must hear that these commands were done, or not done.
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    taken_.clear();
    return;
  }
  if (options_.observer) {
    options_.observer({.outcome = outcome,
                       .commands = commands,
                       .waiting = waiting,
                       .append = append,
                       .refusals = refusals_});
  }
}

void Sequencer::collect(Instant time) {
  pending_count_ = 0;
  batch_ = std::make_shared<AppliedBatch>();
  batch_->first = next(exchange_.sequence());
  batch_->time = time;
  ticked_ = tick_is_due(time);
  if (ticked_) {
    Pending& pending = add_pending();
    pending.command = Tick{.sweep_limit = options_.sweep_limit, .draw = options_.draw()};
    add_record(pending, Origin{}, encoded(pending.command));
  }
  while (!taken_.empty()) {
    const Frame& frame = *taken_.front();
    const bool fits = pending_count_ + frame.commands.size() <= options_.batch_commands_max &&
                      batch_->records.size() + frame.bodies.size() <= options_.batch_bytes_max;
    if (!fits && !batch_frames_.empty()) break;  // a frame is never divided
    collect_frame(frame);
    batch_frames_.push_back(std::move(taken_.front()));
    taken_.pop_front();
  }
  builder_.start(batch_->first.value());
  for (std::size_t index = 0; index < batch_->size(); ++index) {
    builder_.add(std::as_bytes(batch_->record(index)));
  }
}

void Sequencer::collect_frame(const Frame& frame) {
  std::size_t begin = 0;
  for (const FrameCommand& command : frame.commands) {
    const auto body = std::span(frame.bodies).subspan(begin, command.end - begin);
    begin = command.end;
    Pending& pending = add_pending();
    // Only an offline tool sets records aside: no client's frame may.
    pending.malformed = !proto::read_command(body, pending.command) ||
                        std::holds_alternative<QuarantineRecord>(pending.command);
    if (!pending.malformed) add_record(pending, command.origin, body);
  }
}

Sequencer::Pending& Sequencer::add_pending() {
  if (pending_count_ == pending_.size()) pending_.emplace_back();
  Pending& pending = pending_[pending_count_++];
  pending.malformed = false;
  return pending;
}

void Sequencer::add_record(Pending& pending,
                           const Origin& origin,
                           std::span<const std::uint8_t> body) {
  pending.index = batch_->size();
  pending.header = {.sequence = Sequence(batch_->first.value() + pending.index),
                    .time = batch_->time,
                    .origin = origin};
  proto::append_record(pending.header, body, batch_->records);
  batch_->record_ends.push_back(static_cast<std::uint32_t>(batch_->records.size()));
}

void Sequencer::apply() {
  batch_->first_event = next(exchange_.event_sequence());
  batch_->event_ends.reserve(batch_->size());
  batch_->event_counts.reserve(batch_->size());
  events_.clear();
  const LookAhead ahead(exchange_.state());
  const auto coming = [&](std::size_t at) {
    return at < pending_count_ ? ComingOrder(pending_[at].command) : ComingOrder();
  };
  for (std::size_t at = 0; at < pending_count_; ++at) {
    if (ahead.pays()) {
      ahead.find(coming(at + LookAhead::kFind));
      ahead.follow(coming(at + LookAhead::kFollow));
      ahead.surround(coming(at + LookAhead::kSurround));
    }
    Pending& pending = pending_[at];
    if (pending.malformed) {
      pending.answer = Answer{.code = Reject::malformed};
    } else {
      applying_.store(pending.header.sequence.value(), std::memory_order_relaxed);
      pending.answer = exchange_.apply(pending.header, pending.command, events_);
      if (std::holds_alternative<ReplaceToken>(pending.command)) {
        tokens_changed_ = pending.header.sequence.value();
      }
      batch_->event_ends.push_back(static_cast<std::uint32_t>(events_.bytes().size()));
      batch_->event_counts.push_back(static_cast<std::uint32_t>(events_.count()));
    }
    if (!pending.answer.ok()) refusals_.push_back(pending.answer.code);
  }
  applying_.store(0, std::memory_order_relaxed);
  batch_->events = events_.copy();
  sequenced_ = exchange_.sequence().value();
}

void Sequencer::answer(std::vector<std::unique_ptr<Frame>> frames) {
  std::size_t at = ticked_ ? 1 : 0;
  for (auto& frame : frames) {
    frame->outcome = FrameOutcome::sequenced;
    for (std::size_t count = frame->commands.size(); count > 0; --count) {
      Pending& pending = pending_[at++];
      SequencedAnswer answer{.answer = std::move(pending.answer)};
      if (!pending.malformed) {
        answer.sequence = pending.header.sequence;
        if (answer.answer.filled.is_positive()) {
          answer.fills = append_fills(batch_->events_of(pending.index),
                                      OrderId(answer.answer.id),
                                      exchange_.parties(),
                                      frame->fills);
        }
      }
      frame->answers.push_back(std::move(answer));
    }
    FrameOwner* const owner = frame->owner;
    owner->answered(std::move(frame));
  }
}

void Sequencer::turn_away(std::vector<std::unique_ptr<Frame>> frames, FrameOutcome outcome) {
  for (auto& frame : frames) {
    frame->outcome = outcome;
    FrameOwner* const owner = frame->owner;
    owner->answered(std::move(frame));
  }
}

void Sequencer::publish() {
  if (batch_->size() == 0) return;
  event_chain_ = hasher_.extend(event_chain_, storage::as_bytes(batch_->events));
  batch_->event_chain = event_chain_;
  batch_->journal_chain = journal_.tail().chain;
  const bool idle_tick = ticked_ && batch_->event_counts.front() == 0;
  if (idle_tick && exchange_.next_due() <= exchange_.time()) {
    tick_not_before_ = std::chrono::steady_clock::now() + options_.retry_interval;
  }
  const std::shared_ptr<const AppliedBatch> batch = std::move(batch_);
  for (const BatchSubscriber& subscriber : subscribers_) subscriber(batch);
}

}  // namespace origo::gateway
