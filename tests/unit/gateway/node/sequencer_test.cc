#include "gateway/node/sequencer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>

#include "proto/codec/record.h"
#include "storage/memory_journal.h"
#include "storage/replay.h"
#include "tests/unit/gateway/node/node_fixture.h"

namespace origo::gateway {
namespace {

using storage::MemoryJournal;
using storage::StatusCode;

// A sequencer over a journal in memory, bootstrapped as command 1, and all that it published.
class SequencerTest : public testing::Test {
 protected:
  void start(SequencerOptions options = {}, CoreState state = {}) {
    if (!options.on_fatal)
      options.on_fatal = [&](const std::string& why) { fatal_.set_value(why); };
    sequencer_ = std::make_unique<Sequencer>(std::move(state), journal_, clock_, options);
    sequencer_->subscribe([&](const std::shared_ptr<const AppliedBatch>& batch) {
      const std::lock_guard lock(mutex_);
      batches_.push_back(batch);
    });
    sequencer_->start();
  }
  void start_bootstrapped(SequencerOptions options = {}) {
    start(std::move(options));
    ASSERT_TRUE(ask_one(*sequencer_, Origin{}, bootstrap()).answer.ok());
  }
  void TearDown() override {
    release_disk();
    if (sequencer_) sequencer_->stop();
  }

  // Lets the disk stand still in the next append, until release_disk().
  void hold_disk() {
    gate_ = std::make_shared<std::promise<void>>();
    reached_ = std::make_shared<std::promise<void>>();
    journal_.set_before_append([gate = gate_->get_future().share(),
                                reached = reached_,
                                first = std::make_shared<std::atomic<bool>>(true)] {
      if (first->exchange(false)) reached->set_value();
      gate.wait();
    });
  }
  void wait_until_disk_is_reached() { reached_->get_future().wait(); }
  void release_disk() {
    if (gate_) std::exchange(gate_, nullptr)->set_value();
  }

  [[nodiscard]] std::size_t published() {
    const std::lock_guard lock(mutex_);
    return batches_.size();
  }

  MemoryJournal journal_;
  SimulatedClock clock_{kNoon};
  std::promise<std::string> fatal_;
  std::unique_ptr<Sequencer> sequencer_;
  Inbox inbox_;
  const Origin admin_{.principal = kAdmin};

  std::mutex mutex_;
  std::vector<std::shared_ptr<const AppliedBatch>> batches_;

 private:
  std::shared_ptr<std::promise<void>> gate_;
  std::shared_ptr<std::promise<void>> reached_;
};

TEST_F(SequencerTest, AnswersInOrderWithConsecutiveSequences) {
  start_bootstrapped();
  for (int frame = 0; frame < 3; ++frame) {
    sequencer_->submit(make_frame(inbox_, admin_, {CreateMarket{}, CreateMarket{}}));
  }
  std::uint64_t sequence = 2;
  for (const auto& frame : inbox_.wait_for(3)) {
    EXPECT_EQ(frame->outcome, FrameOutcome::sequenced);
    ASSERT_EQ(frame->answers.size(), 2U);
    for (const SequencedAnswer& answer : frame->answers) {
      EXPECT_EQ(answer.sequence, Sequence(sequence++));
    }
  }
  EXPECT_EQ(sequencer_->sequence(), Sequence(7));
  EXPECT_EQ(journal_.tail().sequence, 7U);
}

TEST_F(SequencerTest, SaysNothingBeforeItIsDurable) {
  start_bootstrapped();
  hold_disk();
  sequencer_->submit(make_frame(inbox_, admin_, {CreateMarket{.code = "ONE", .name = "One"}}));
  wait_until_disk_is_reached();
  EXPECT_EQ(inbox_.size(), 0U);
  EXPECT_LE(published(), 1U);  // the first command's
  EXPECT_EQ(sequencer_->sequence(), Sequence(1));
  release_disk();
  EXPECT_EQ(inbox_.wait_for(1).front()->answers.at(0).sequence, Sequence(2));
}

TEST_F(SequencerTest, MakesOneBatchOfAllThatWaits) {
  start_bootstrapped();
  hold_disk();
  sequencer_->submit(make_frame(inbox_, admin_, {CreateMarket{}}));
  wait_until_disk_is_reached();
  for (int frame = 0; frame < 50; ++frame) {
    sequencer_->submit(make_frame(inbox_, admin_, {CreateMarket{}}));
  }
  const std::uint64_t before = journal_.statistics().batches;
  release_disk();
  inbox_.wait_for(51);
  EXPECT_EQ(journal_.statistics().batches, before + 2);
}

TEST_F(SequencerTest, BoundsABatchAndNeverDividesAFrame) {
  start_bootstrapped({.batch_commands_max = 3});
  hold_disk();
  sequencer_->submit(make_frame(inbox_, admin_, {CreateMarket{}}));
  wait_until_disk_is_reached();
  for (int frame = 0; frame < 4; ++frame) {
    sequencer_->submit(make_frame(inbox_, admin_, {CreateMarket{}, CreateMarket{}}));
  }
  const std::uint64_t before = journal_.statistics().batches;
  release_disk();
  inbox_.wait_for(5);
  EXPECT_EQ(journal_.statistics().batches, before + 5);
}

TEST_F(SequencerTest, FindsOutByItselfThatThereIsRoomAgain) {
  start_bootstrapped({.retry_interval = std::chrono::milliseconds(1)});
  journal_.set_health({StatusCode::full, "no space"});
  sequencer_->submit(make_frame(inbox_, admin_, {CreateMarket{}}));
  EXPECT_EQ(inbox_.wait_for(1).front()->outcome, FrameOutcome::disk_full);
  EXPECT_TRUE(sequencer_->disk_full());
  journal_.set_health({});
  while (sequencer_->sequence() < Sequence(2)) std::this_thread::yield();  // a Tick
  EXPECT_FALSE(sequencer_->disk_full());
}

TEST_F(SequencerTest, AFullDiskRefusesAndHeals) {
  start_bootstrapped({.retry_interval = std::chrono::hours(1)});
  journal_.set_health({StatusCode::full, "no space"});
  sequencer_->submit(make_frame(inbox_, admin_, {CreateMarket{}}));
  const auto refused = inbox_.wait_for(1);
  EXPECT_EQ(refused.front()->outcome, FrameOutcome::disk_full);
  EXPECT_TRUE(refused.front()->answers.empty());
  EXPECT_TRUE(sequencer_->disk_full());
  journal_.set_health({});
  EXPECT_EQ(ask_one(*sequencer_, admin_, CreateMarket{}).sequence, Sequence(2));
  EXPECT_FALSE(sequencer_->disk_full());
}

TEST_F(SequencerTest, AFailedSyncEndsTheNodeWithoutAnAnswer) {
  start_bootstrapped();
  journal_.set_health({StatusCode::fatal, "fsync failed"});
  sequencer_->submit(make_frame(inbox_, admin_, {CreateMarket{}}));
  EXPECT_THAT(fatal_.get_future().get(), testing::HasSubstr("fsync failed"));
  sequencer_->stop();
  EXPECT_EQ(inbox_.size(), 0U);
}

TEST_F(SequencerTest, UnderOverloadCancelsStillGetIn) {
  start_bootstrapped({.queue_commands_max = 5});
  hold_disk();
  sequencer_->submit(make_frame(inbox_, admin_, {CreateMarket{}}));
  wait_until_disk_is_reached();
  Inbox turned_away;
  sequencer_->submit(
      make_frame(inbox_, admin_, {CreateMarket{}, CreateMarket{}, CreateMarket{}, CreateMarket{}}));
  sequencer_->submit(make_frame(turned_away, admin_, {CreateMarket{}}));
  EXPECT_EQ(turned_away.wait_for(1).front()->outcome, FrameOutcome::overloaded);
  sequencer_->submit(make_frame(inbox_, admin_, {CancelOrder{}}));
  sequencer_->submit(make_frame(turned_away, admin_, {CancelOrder{}, CreateMarket{}}));
  EXPECT_EQ(turned_away.wait_for(1).front()->outcome, FrameOutcome::overloaded);
  sequencer_->submit(make_frame(inbox_, admin_, {MassCancel{}, ReduceOrder{}}));
  sequencer_->submit(make_frame(inbox_, {}, {EndSession{}}));
  sequencer_->submit(make_frame(inbox_, admin_, {SetKillSwitch{}}));
  sequencer_->submit(make_frame(turned_away, admin_, {SetKillSwitch{}}));
  EXPECT_EQ(turned_away.wait_for(1).front()->outcome, FrameOutcome::overloaded);
  release_disk();
  EXPECT_EQ(inbox_.wait_for(6).size(), 6U);
}

TEST_F(SequencerTest, StopsAfterWhatWaits) {
  start_bootstrapped();
  hold_disk();
  for (int frame = 0; frame < 10; ++frame) {
    sequencer_->submit(make_frame(inbox_, admin_, {CreateMarket{}}));
  }
  wait_until_disk_is_reached();
  std::thread stopper([&] { sequencer_->stop(); });
  release_disk();
  stopper.join();
  for (const auto& frame : inbox_.wait_for(10)) {
    EXPECT_THAT(frame->outcome, testing::AnyOf(FrameOutcome::sequenced, FrameOutcome::stopping));
  }
  sequencer_->submit(make_frame(inbox_, admin_, {CreateMarket{}}));
  EXPECT_EQ(inbox_.wait_for(1).front()->outcome, FrameOutcome::stopping);
}

TEST_F(SequencerTest, AnswersAMalformedBodyWithoutJournalingIt) {
  start_bootstrapped();
  auto frame = make_frame(inbox_, admin_, {CreateMarket{}, CreateMarket{}});
  frame->bodies[0] = 0xff;
  sequencer_->submit(std::move(frame));
  const auto answered = inbox_.wait_for(1);
  EXPECT_EQ(answered.front()->answers.at(0).answer.code, Reject::malformed);
  EXPECT_FALSE(answered.front()->answers.at(0).sequence.is_set());
  EXPECT_EQ(answered.front()->answers.at(1).sequence, Sequence(2));
  EXPECT_EQ(journal_.tail().sequence, 2U);
}

// The node's draw decides the random end of a call, and the journal has it.
TEST_F(SequencerTest, TicksCarryTheNodesDraw) {
  start_bootstrapped({.draw = [] { return std::uint64_t{42}; }});
  const auto must = [&](UserId principal, const Command& command) {
    const Answer answer = ask_one(*sequencer_, Origin{.principal = principal}, command).answer;
    EXPECT_TRUE(answer.ok()) << info_of(answer.code).name;
  };
  must(kAdmin,
       CreateUser{.participant = ParticipantId(1), .name = "op", .person = "op", .token = {7}});
  must(kAdmin, GrantRole{.user = UserId(2), .role = Role::market_operator, .scope = {}});
  must(UserId(2), CreateMarket{.code = "M", .name = "M"});
  const auto after = [](std::int64_t seconds) {
    return Instant(kNoon.ns() + seconds * 1'000'000'000);
  };
  must(UserId(2),
       SetCalendar{
           .market = MarketId(1),
           .day_ends = {after(900)},
           .phases = {{.at = kNoon, .phase = Phase::call, .random_ns = 0},
                      {.at = after(60), .phase = Phase::closed, .random_ns = 30'000'000'000}},
           .source = {}});
  const Sequence before = sequencer_->sequence();
  ASSERT_TRUE(clock_.set(after(60)));
  sequencer_->wake();
  while (sequencer_->sequence() == before) std::this_thread::yield();
  sequencer_->stop();
  const AppliedBatch& last = *batches_.back();
  CommandHeader header;
  Command command;
  ASSERT_TRUE(proto::read_record(last.record(0), header, command));
  ASSERT_TRUE(std::holds_alternative<Tick>(command));
  EXPECT_EQ(std::get<Tick>(command).draw, 42U);
}

TEST_F(SequencerTest, TimeNeverDecreases) {
  class Shaky final : public Clock {
   public:
    [[nodiscard]] Instant now() const override {
      return Instant(kNoon.ns() + (calls_++ % 2 == 0 ? 0 : -1'000'000));
    }
    [[nodiscard]] std::optional<std::chrono::nanoseconds> until(Instant) const override {
      return std::nullopt;
    }

   private:
    mutable std::atomic<int> calls_{0};
  };
  Shaky clock;
  Sequencer sequencer(CoreState{}, journal_, clock, {});
  std::vector<Instant> times;
  sequencer.subscribe([&](const auto& batch) { times.push_back(batch->time); });
  sequencer.start();
  ask_one(sequencer, Origin{}, bootstrap());
  for (int count = 0; count < 20; ++count) ask_one(sequencer, admin_, CreateMarket{});
  sequencer.stop();
  ASSERT_GE(times.size(), 20U);
  EXPECT_TRUE(std::ranges::is_sorted(times));
}

TEST_F(SequencerTest, ReplayOfTheJournalGivesTheSameEventsAndState) {
  start_bootstrapped();
  for (int count = 0; count < 30; ++count) {
    const std::string code = "M" + std::to_string(count);
    ask_one(*sequencer_, admin_, CreateMarket{.code = code, .name = code});
  }
  sequencer_->stop();
  storage::Replay replay;
  std::size_t at = 0;
  const storage::Status status =
      journal_.read(1, [&](const storage::BatchView& batch, const storage::Chain& chain) {
        Events events;
        EXPECT_TRUE(replay.apply(batch, events).ok());
        EXPECT_EQ(events.copy(), batches_.at(at)->events);
        EXPECT_EQ(replay.event_chain(), batches_.at(at)->event_chain);
        EXPECT_EQ(chain, batches_.at(at)->journal_chain);
        ++at;
        return true;
      });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(at, batches_.size());
  EXPECT_EQ(replay.exchange().sequence(), sequencer_->sequence());
}

TEST_F(SequencerTest, ARepeatGetsTheFirstAnswerAlsoAfterARestart) {
  start_bootstrapped();
  Origin origin{.principal = kAdmin, .client = ClientId(5), .client_sequence = 1};
  origin.digest.fill(1);
  const Command command =
      CreateParticipant{.name = "Mill", .country = "NL", .kinds = {ParticipantKind::trader}};
  const SequencedAnswer first = ask_one(*sequencer_, origin, command);
  ASSERT_TRUE(first.answer.ok());
  const SequencedAnswer repeat = ask_one(*sequencer_, origin, command);
  EXPECT_EQ(encoded(repeat.answer), encoded(first.answer));
  sequencer_->stop();

  storage::Replay replay;
  Events events;
  EXPECT_TRUE(journal_
                  .read(1,
                        [&](const storage::BatchView& batch, const storage::Chain&) {
                          return replay.apply(batch, events).ok();
                        })
                  .ok());
  const storage::Chain chain = replay.event_chain();
  start({}, {.exchange = replay.take_exchange(), .event_chain = chain});
  EXPECT_EQ(encoded(ask_one(*sequencer_, origin, command).answer), encoded(first.answer));
  origin.digest.fill(2);
  EXPECT_EQ(ask_one(*sequencer_, origin, command).answer.code, Reject::client_sequence_conflict);
}

TEST_F(SequencerTest, ManyCallersEachKeepTheirOrder) {
  start_bootstrapped();
  constexpr int kFrames = 200;
  std::vector<std::thread> callers;
  std::vector<Inbox> inboxes(4);
  callers.reserve(inboxes.size());
  for (Inbox& inbox : inboxes) {
    callers.emplace_back([&] {
      for (int frame = 0; frame < kFrames; ++frame) {
        sequencer_->submit(make_frame(inbox, admin_, {CreateMarket{}, CreateMarket{}}));
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  for (Inbox& inbox : inboxes) {
    std::uint64_t before = 0;
    for (const auto& frame : inbox.wait_for(kFrames)) {
      EXPECT_EQ(frame->answers.at(1).sequence.value(), frame->answers.at(0).sequence.value() + 1);
      EXPECT_GT(frame->answers.at(0).sequence.value(), before);
      before = frame->answers.at(1).sequence.value();
    }
  }
  EXPECT_EQ(sequencer_->sequence(), Sequence(1 + 4 * kFrames * 2));
}

}  // namespace
}  // namespace origo::gateway
