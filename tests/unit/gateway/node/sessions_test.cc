#include "gateway/node/sessions.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "gateway/node/ask.h"
#include "gateway/node/sequencer.h"
#include "loadtest/base/sample_market.h"
#include "storage/memory_journal.h"
#include "tests/unit/gateway/node/node_fixture.h"

namespace origo::gateway {
namespace {

using namespace std::chrono_literals;
using Clock = Sessions::Clock;

constexpr ClientId kClient{77};

// Passes frames on, or turns them away.
class MoodySink final : public CommandSink {
 public:
  explicit MoodySink(CommandSink& next) : next_(next) {}
  void submit(std::unique_ptr<Frame> frame) override {
    ++frames;
    if (!overloaded) return next_.submit(std::move(frame));
    frame->outcome = FrameOutcome::overloaded;
    FrameOwner* const owner = frame->owner;
    owner->answered(std::move(frame));
  }
  std::atomic<bool> overloaded{false};
  std::atomic<int> frames{0};

 private:
  CommandSink& next_;
};

// A node with a market, and time that stands still until it is moved.
class SessionsTest : public testing::Test {
 protected:
  SessionsTest() {
    reader_ = std::make_unique<Reader>(CoreState{}, nullptr, SnapshotWriter{}, ReaderOptions{});
    sequencer_ = std::make_unique<Sequencer>(CoreState{}, journal_, clock_, SequencerOptions{});
    sequencer_->subscribe(
        [&](const std::shared_ptr<const AppliedBatch>& batch) { reader_->enqueue(batch); });
    sequencer_->start();
    must({}, bootstrap());
    build_market();
    sink_ = std::make_unique<MoodySink>(*sequencer_);
    sessions_ = make_sessions();
  }
  ~SessionsTest() override {
    sessions_.reset();
    sequencer_->stop();
    reader_->stop(false);
  }
  std::unique_ptr<Sessions> make_sessions(bool real_time = false) {
    SessionOptions options{.grace = real_time ? 0s : 5s};
    if (!real_time) options.now = [this] { return now_; };
    options.on_over = [this](ClientId client, std::uint64_t orders) {
      EXPECT_EQ(client, kClient);
      const std::lock_guard lock(mutex_);
      over_ += orders;
      over_changed_.notify_all();
    };
    return std::make_unique<Sessions>(
        *sink_, *reader_, [this] { return sequencer_->sequence(); }, options);
  }
  void build_market() {
    actors_[static_cast<std::size_t>(loadtest::Actor::admin)] = kAdmin;
    const auto send = [&](loadtest::Actor actor, const Command& command) {
      return must({.principal = actors_[static_cast<std::size_t>(actor)]}, command);
    };
    const Date day = *make_date(2025, 12, 1);
    market_ = loadtest::build_sample_market(
        {.accounts = 1}, {day, day}, send, [&](loadtest::Actor actor, ParticipantId participant) {
          const UserId user = add_user(participant);
          actors_[static_cast<std::size_t>(actor)] = user;
          return user;
        });
    trader_ = actors_[static_cast<std::size_t>(loadtest::Actor::trader)];
  }
  UserId add_user(ParticipantId participant) {
    CreateUser command{.participant = participant, .name = "user", .person = "", .token = {}};
    command.token.fill(++tokens_);
    return UserId(static_cast<std::uint32_t>(must({.principal = kAdmin}, command).id));
  }
  Answer must(const Origin& origin, const Command& command) {
    const Answer answer = ask_one(*sequencer_, origin, command).answer;
    EXPECT_TRUE(answer.ok()) << info_of(answer.code).name << " " << answer.detail;
    return answer;
  }
  OrderId place(bool cancel_on_disconnect = true) {
    PlaceOrder order{.account = market_.accounts[0], .instrument = market_.instruments[0]};
    order.price = Price(100);
    order.quantity = Quantity(1);
    order.cancel_on_disconnect = cancel_on_disconnect;
    return OrderId(
        must({.principal = trader_, .client = kClient, .client_sequence = ++number_}, order).id);
  }
  std::size_t live() {
    std::size_t orders = 0;
    const auto outcome = reader_->read(
        sequencer_->sequence(), Clock::now() + 30s, [&](const Exchange& exchange, Sequence) {
          orders = exchange.market().live_orders().size();
        });
    EXPECT_EQ(outcome, ReadOutcome::done);
    return orders;
  }
  void pass(Clock::duration time) {
    now_ += time;
    sessions_->look();
  }

  storage::MemoryJournal journal_;
  SimulatedClock clock_{kNoon};
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<Sequencer> sequencer_;
  std::unique_ptr<MoodySink> sink_;
  loadtest::SampleMarket market_;
  UserId actors_[4];
  UserId trader_;
  std::uint8_t tokens_ = 20;
  std::uint64_t number_ = 0;
  Clock::time_point now_{};
  std::mutex mutex_;
  std::condition_variable over_changed_;
  std::uint64_t over_ = 0;  // guarded by mutex_
  std::unique_ptr<Sessions> sessions_;
};

TEST_F(SessionsTest, OrdersEndWhenTheirClientIsAwayForTheGrace) {
  {
    Presence stream(*sessions_, trader_);
    ASSERT_TRUE(stream.note(kClient, true));
    place();
    place();
    place(false);
    pass(1h);
    EXPECT_EQ(live(), 3u);
    EXPECT_EQ(sessions_->away(), 0u);
  }
  EXPECT_EQ(sessions_->away(), 1u);
  pass(4999ms);
  EXPECT_EQ(live(), 3u);
  pass(1ms);
  EXPECT_EQ(live(), 1u);  // the one that was not to end with the session
  EXPECT_EQ(over_, 2u);
  EXPECT_EQ(sessions_->away(), 0u);
  EXPECT_EQ(sink_->frames, 1);
}

TEST_F(SessionsTest, WhoComesBackInTimeKeepsThem) {
  {
    Presence stream(*sessions_, trader_);
    stream.note(kClient, true);
    place();
  }
  pass(4s);
  {
    Presence back(*sessions_, trader_);
    back.note(kClient, false);
    EXPECT_EQ(sessions_->away(), 0u);
    pass(1h);
    EXPECT_EQ(live(), 1u);
  }
  pass(4s);  // the grace begins anew
  EXPECT_EQ(live(), 1u);
  pass(1s);
  EXPECT_EQ(live(), 0u);
}

TEST_F(SessionsTest, TheLastStreamCountsAndMayShortenTheGrace) {
  auto one = std::make_unique<Presence>(*sessions_, trader_);
  auto two = std::make_unique<Presence>(*sessions_, trader_, 10ms);
  one->note(kClient, true);
  two->note(kClient, false);
  place();
  one.reset();
  pass(1h);
  EXPECT_EQ(live(), 1u);
  two.reset();
  pass(10ms);
  EXPECT_EQ(live(), 0u);

  Presence(*sessions_, trader_, 24h).note(kClient, true);
  place();
  pass(5s);  // no longer than the node's
  EXPECT_EQ(live(), 0u);
}

TEST_F(SessionsTest, AStrangersStreamsChangeNothing) {
  const UserId stranger = add_user(ParticipantId(1));
  auto own = std::make_unique<Presence>(*sessions_, trader_);
  own->note(kClient, true);
  place();
  Presence(*sessions_, stranger).note(kClient, true);
  pass(1h);
  EXPECT_EQ(live(), 1u);
  EXPECT_EQ(sink_->frames, 0);

  Presence stays(*sessions_, stranger);
  stays.note(kClient, true);
  own.reset();
  pass(5s);
  EXPECT_EQ(live(), 0u);
}

TEST_F(SessionsTest, ClientsOfAnEarlierRunHaveTheGraceFromTheStart) {
  place();
  sessions_->expect_known();
  EXPECT_EQ(sessions_->away(), 1u);
  pass(4s);
  EXPECT_EQ(live(), 1u);
  {
    Presence back(*sessions_, trader_);
    back.note(kClient, false);
    pass(10s);
    EXPECT_EQ(live(), 1u);
  }
  pass(5s);
  EXPECT_EQ(live(), 0u);
}

TEST_F(SessionsTest, NothingIsJournaledForClientsWithoutSuchOrders) {
  const OrderId order = place();
  Presence(*sessions_, trader_).note(kClient, true);
  must({.principal = trader_},
       CancelOrder{
           .target = {.account = market_.accounts[0], .order = order, .client_order_id = {}}});
  Presence(*sessions_, trader_).note(ClientId(78), false);
  EXPECT_EQ(sessions_->away(), 1u);
  const Sequence before = sequencer_->sequence();
  pass(5s);
  EXPECT_EQ(sessions_->away(), 0u);
  EXPECT_EQ(sequencer_->sequence(), before);
}

TEST_F(SessionsTest, WhatTheNodeCannotTakeIsTriedAgain) {
  place();
  Presence(*sessions_, trader_).note(kClient, true);
  sink_->overloaded = true;
  pass(5s);
  EXPECT_EQ(sink_->frames, 1);
  EXPECT_EQ(sessions_->away(), 1u);
  sink_->overloaded = false;
  pass(499ms);
  EXPECT_EQ(sink_->frames, 1);
  pass(1ms);
  EXPECT_EQ(live(), 0u);
}

TEST_F(SessionsTest, AnOrderBesideTheStreamNeedsOne) {
  EXPECT_FALSE(Presence(*sessions_, trader_).note_beside_stream(kClient));
  auto stream = std::make_unique<Presence>(*sessions_, trader_);
  stream->note(kClient, false);
  EXPECT_FALSE(Presence(*sessions_, add_user(ParticipantId(1))).note_beside_stream(kClient));
  {
    Presence call(*sessions_, trader_);
    ASSERT_TRUE(call.note_beside_stream(kClient));
    stream.reset();  // the session is not judged before the order is in
    pass(1h);
    place();
    EXPECT_EQ(sessions_->away(), 0u);
  }
  pass(5s);
  EXPECT_EQ(live(), 0u);
}

TEST_F(SessionsTest, OneStreamServesABoundedNumberOfClients) {
  Presence stream(*sessions_, trader_);
  for (std::uint64_t i = 1; i <= Presence::kClientsMax; ++i)
    EXPECT_TRUE(stream.note(ClientId(i), false));
  EXPECT_FALSE(stream.note(ClientId(1'000), true));
  EXPECT_TRUE(stream.note(ClientId(1), true));
}

// With a thread and the machine's clock.
TEST_F(SessionsTest, EndsThemByItself) {
  sessions_ = make_sessions(true);
  sessions_->start();
  {
    Presence stream(*sessions_, trader_);
    stream.note(kClient, true);
    place();
  }
  {
    std::unique_lock lock(mutex_);
    over_changed_.wait(lock, [&] { return over_ == 1; });
  }
  EXPECT_EQ(live(), 0u);
}

TEST_F(SessionsTest, EndsNothingWhenTheNodeEnds) {
  sessions_ = make_sessions(true);
  sessions_->start();
  auto stream = std::make_unique<Presence>(*sessions_, trader_);
  stream->note(kClient, true);
  place();
  sessions_->stop();
  stream.reset();
  EXPECT_EQ(sessions_->away(), 1u);
  EXPECT_EQ(sink_->frames, 0);
  EXPECT_EQ(live(), 1u);
}

}  // namespace
}  // namespace origo::gateway
