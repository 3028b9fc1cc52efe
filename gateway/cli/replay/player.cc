#include "gateway/cli/replay/player.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "proto/codec/commands.h"

namespace origo::gateway {
namespace {

using Clock = std::chrono::steady_clock;

// Orders are named by the recording's number, as the exchange's own ids come only with the answers.
Command command_of(const ReplayStep& step, const ReplayVenue& venue) {
  const AccountId account = step.side == Side::buy ? venue.buyer : venue.seller;
  const ClientOrderId client_order_id(step.order);
  const OrderRef target{.account = account, .order = OrderId(), .client_order_id = client_order_id};
  switch (step.action) {
    case ReplayAction::place: {
      PlaceOrder order;
      order.account = account;
      order.instrument = venue.instrument;
      order.side = step.side;
      order.type = step.market ? OrderType::market : OrderType::limit;
      order.time_in_force = step.market ? TimeInForce::ioc : TimeInForce::gtc;
      order.price = Price(step.price);
      order.quantity = Quantity(step.quantity);
      order.post_only = step.post_only;
      order.client_order_id = client_order_id;
      return order;
    }
    case ReplayAction::cancel:
      return CancelOrder{.target = target};
    case ReplayAction::reduce:
      return ReduceOrder{.target = target, .by = Quantity(step.quantity)};
    case ReplayAction::amend:
      return AmendOrder{
          .target = target, .quantity = Quantity(step.quantity), .price = Price(step.price)};
  }
  return CancelOrder{.target = target};
}

const char* name_of(ReplayAction action) {
  switch (action) {
    case ReplayAction::place:
      return "place";
    case ReplayAction::cancel:
      return "cancel";
    case ReplayAction::reduce:
      return "reduce";
    case ReplayAction::amend:
      return "amend";
  }
  return "";
}

struct Frame {
  std::size_t first = 0;  // step
  std::size_t count = 0;
  Clock::time_point written;
};

// One thread writes frames as they fall due and as the window allows; the caller's thread reads.
class Player {
 public:
  Player(const Recording& recording, const ReplayVenue& venue, const PlayerOptions& options)
      : recording_(recording), venue_(venue), options_(options) {
    played_.accepted.resize(recording.steps.size());
    played_.latencies_us.resize(recording.steps.size());
  }

  Played run(const std::function<void(std::size_t)>& progress) {
    if (recording_.steps.empty()) return std::move(played_);
    grpc::ClientContext context;
    venue_.trader->prepare(context, std::chrono::seconds(0));
    v1::OrderEntry::Stub stub(venue_.trader->channel());
    stream_ = stub.Trade(&context);
    start_ = Clock::now();
    std::thread writer([this] { write(); });
    std::size_t done = 0;
    try {
      v1::AnswerFrame answers;
      while (stream_->Read(&answers)) {
        const std::size_t count = take(answers);
        done += count;
        progress(count);
      }
    } catch (...) {
      context.TryCancel();
      stop(writer);
      throw;
    }
    stop(writer);
    venue_.trader->check(stream_->Finish());
    if (done < recording_.steps.size())
      throw Failure(Exit::failed,
                    "the node ended the stream after " + std::to_string(done) + " answers");
    return std::move(played_);
  }

 private:
  void stop(std::thread& writer) {
    {
      const std::scoped_lock lock(mutex_);
      ended_ = true;
    }
    changed_.notify_all();
    writer.join();
  }

  // When the step falls due.
  [[nodiscard]] Clock::time_point due(std::size_t step) const {
    if (options_.speed <= 0) return start_;
    const double ms =
        static_cast<double>(recording_.steps[step].time_ms - recording_.steps.front().time_ms);
    return start_ + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double, std::milli>(ms / options_.speed));
  }

  void write() {
    const std::size_t all = recording_.steps.size();
    std::size_t next = 0;
    while (next < all && wait_for_room(due(next))) {
      v1::OrderFrame frame;
      Frame sent{.first = next, .count = 0, .written = Clock::now()};
      while (next < all && sent.count < options_.frame && due(next) <= sent.written) {
        proto::write_command(command_of(recording_.steps[next], venue_), *frame.add_commands());
        ++next;
        ++sent.count;
      }
      {
        const std::scoped_lock lock(mutex_);
        sent.written = Clock::now();
        under_way_.push_back(sent);
      }
      if (!stream_->Write(frame)) return;
    }
    stream_->WritesDone();
  }

  // Until `when`, and until a frame more may be under way. False: the stream has ended.
  bool wait_for_room(Clock::time_point when) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, when, [&] { return ended_; });
    changed_.wait(lock, [&] { return ended_ || under_way_.size() < options_.frames_in_flight; });
    return !ended_;
  }

  std::size_t take(const v1::AnswerFrame& answers) {
    const Clock::time_point now = Clock::now();
    Frame frame;
    {
      const std::scoped_lock lock(mutex_);
      if (under_way_.empty() ||
          under_way_.front().count != static_cast<std::size_t>(answers.answers_size()))
        throw Failure(Exit::failed, "the node answered a frame that was not sent");
      frame = under_way_.front();
      under_way_.pop_front();
    }
    changed_.notify_all();
    const auto us =
        std::chrono::duration_cast<std::chrono::microseconds>(now - frame.written).count();
    for (std::size_t i = 0; i < frame.count; ++i) {
      played_.latencies_us[frame.first + i] = static_cast<std::uint32_t>(us);
      note(frame.first + i, answers.answers(static_cast<int>(i)));
    }
    played_.seconds = std::chrono::duration<double>(now - start_).count();
    return frame.count;
  }

  void note(std::size_t index, const v1::Answer& answer) {
    const ReplayStep& step = recording_.steps[index];
    venue_.trader->see(answer.sequence());
    if (answer.first_event() != 0) {
      if (first_event_ == 0) first_event_ = answer.first_event();
      played_.events = answer.first_event() - first_event_ + 1;
    }
    if (answer.has_reject()) {
      ++played_.refused[std::string(name_of(step.action)) + ": " + answer.reject().name()];
      return;
    }
    played_.accepted[index] = true;
    if (step.action == ReplayAction::place) orders_[answer.id()] = step.order;
    for (const v1::Fill& fill : answer.fills()) {
      const auto maker = orders_.find(fill.maker_order());
      played_.trades.push_back({.taker = step.order,
                                .maker = maker == orders_.end() ? 0 : maker->second,
                                .price = fill.price(),
                                .quantity = fill.quantity(),
                                .step = index});
    }
  }

  const Recording& recording_;
  const ReplayVenue& venue_;
  const PlayerOptions& options_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::OrderFrame, v1::AnswerFrame>> stream_;
  Clock::time_point start_;
  std::mutex mutex_;  // guards under_way_ and ended_
  std::condition_variable changed_;
  std::deque<Frame> under_way_;
  bool ended_ = false;
  std::unordered_map<std::uint64_t, std::uint32_t>
      orders_;  // the exchange's id -> the recording's number
  std::uint64_t first_event_ = 0;
  Played played_;
};

}  // namespace

Played play(const Recording& recording,
            const ReplayVenue& venue,
            const PlayerOptions& options,
            const std::function<void(std::size_t)>& progress) {
  return Player(recording, venue, options).run(progress);
}

}  // namespace origo::gateway
