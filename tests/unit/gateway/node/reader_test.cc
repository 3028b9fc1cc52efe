#include "gateway/node/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/node/sequencer.h"
#include "storage/memory_journal.h"
#include "tests/unit/gateway/node/node_fixture.h"

namespace origo::gateway {
namespace {

using namespace std::chrono_literals;

std::chrono::steady_clock::time_point soon() {
  return std::chrono::steady_clock::now() + 30s;
}

// Counts what it is given; the counters are shared with the test.
struct Recorded {
  std::atomic<std::uint64_t> commands{0};
  std::atomic<std::uint64_t> events{0};
  std::atomic<std::uint64_t> committed{0};
  std::atomic<bool> full{false};
};
class CountingRecorder final : public EventRecorder {
 public:
  explicit CountingRecorder(Recorded& recorded) : recorded_(recorded) {}
  void add(const AppliedCommand& command, const Exchange&) override {
    ++recorded_.commands;
    EXPECT_EQ(command.first_event.value(), recorded_.events + 1);
    EXPECT_TRUE(for_each_event(
        command.events.data(), command.events.size(), [&](const Event&) { ++recorded_.events; }));
  }
  storage::Status commit(Sequence last) override {
    if (recorded_.full) return {storage::StatusCode::full, "no space"};
    recorded_.committed = last.value();
    return {};
  }

 private:
  Recorded& recorded_;
};

class ReaderTest : public testing::Test {
 protected:
  void start(ReaderOptions options = {}, SnapshotWriter writer = {}) {
    if (!options.on_fatal)
      options.on_fatal = [&](const std::string& why) { fatal_.set_value(why); };
    reader_ = std::make_unique<Reader>(CoreState{},
                                       std::make_unique<CountingRecorder>(recorded_),
                                       std::move(writer),
                                       std::move(options));
    sequencer_ = std::make_unique<Sequencer>(CoreState{}, journal_, clock_, SequencerOptions{});
    sequencer_->subscribe([&](const std::shared_ptr<const AppliedBatch>& batch) {
      const auto changed = tamper_ ? tamper_(*batch) : batch;
      if (changed) reader_->enqueue(changed);
    });
    sequencer_->start();
    ASSERT_TRUE(ask_one(*sequencer_, Origin{}, bootstrap()).answer.ok());
    ASSERT_EQ(reader_->read(Sequence(1), soon(), [](const Exchange&, Sequence) {}),
              ReadOutcome::done);
  }
  void TearDown() override {
    if (sequencer_) sequencer_->stop();
    if (reader_) reader_->stop(false);
  }

  storage::MemoryJournal journal_;
  SimulatedClock clock_{kNoon};
  Recorded recorded_;
  std::promise<std::string> fatal_;
  std::function<std::shared_ptr<const AppliedBatch>(const AppliedBatch&)> tamper_;
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<Sequencer> sequencer_;
  const Origin admin_{.principal = kAdmin};
};

TEST_F(ReaderTest, ReadsItsOwnWrites) {
  start();
  for (int count = 0; count < 50; ++count) {
    const SequencedAnswer answer = ask_one(*sequencer_, admin_, CreateMarket{});
    Sequence seen;
    EXPECT_EQ(reader_->read(answer.sequence,
                            soon(),
                            [&](const Exchange& exchange, Sequence sequence) {
                              EXPECT_EQ(exchange.sequence(), sequence);
                              seen = sequence;
                            }),
              ReadOutcome::done);
    EXPECT_GE(seen, answer.sequence);
    EXPECT_GE(recorded_.committed, answer.sequence.value());
  }
  EXPECT_EQ(recorded_.commands, 51U);
}

TEST_F(ReaderTest, HistoryWaitsForRoomWhileTheStateIsRead) {
  start();
  recorded_.full = true;
  const SequencedAnswer answer = ask_one(*sequencer_, admin_, CreateMarket{});
  const auto nothing = [](const Exchange&, Sequence) {};
  EXPECT_EQ(reader_->read(answer.sequence, std::chrono::steady_clock::now() + 20ms, nothing),
            ReadOutcome::behind);
  EXPECT_EQ(reader_->read(Sequence(), soon(), nothing), ReadOutcome::done);
  recorded_.full = false;
  EXPECT_EQ(reader_->read(answer.sequence, soon(), nothing), ReadOutcome::done);
  EXPECT_EQ(recorded_.committed, answer.sequence.value());
}

TEST_F(ReaderTest, GivesUpAtTheDeadline) {
  start();
  const auto never = [](const Exchange&, Sequence) { FAIL(); };
  EXPECT_EQ(reader_->read(Sequence(99), std::chrono::steady_clock::now() + 5ms, never),
            ReadOutcome::behind);
}

TEST_F(ReaderTest, LetsWaitersGoWhenItStops) {
  start();
  std::thread stopper([&] { reader_->stop(false); });
  EXPECT_EQ(reader_->read(Sequence(99), soon(), [](const Exchange&, Sequence) { FAIL(); }),
            ReadOutcome::stopped);
  stopper.join();
}

TEST_F(ReaderTest, StopsTheNodeWhenTheCoresDiffer) {
  tamper_ = [](const AppliedBatch& batch) {
    auto changed = std::make_shared<AppliedBatch>(batch);
    if (batch.first == Sequence(2)) changed->events.back() ^= 1U;
    return changed;
  };
  start();
  ask_one(*sequencer_, admin_, CreateMarket{});
  EXPECT_THAT(fatal_.get_future().get(), testing::HasSubstr("events of command 2"));
}

TEST_F(ReaderTest, StopsTheNodeWhenABatchIsMissing) {
  tamper_ = [](const AppliedBatch& batch) {
    return batch.first == Sequence(2) ? nullptr : std::make_shared<AppliedBatch>(batch);
  };
  start();
  ask_one(*sequencer_, admin_, CreateMarket{});
  ask_one(*sequencer_, admin_, CreateMarket{});
  EXPECT_THAT(fatal_.get_future().get(), testing::HasSubstr("at command 3"));
}

TEST_F(ReaderTest, TakesSnapshotsOnRequestAndAtTheEnd) {
  std::vector<std::uint64_t> taken;
  start({}, [&](const Exchange& exchange, const storage::Chain& journal, const storage::Chain&) {
    taken.push_back(exchange.sequence().value());
    EXPECT_EQ(journal, journal_.tail().chain);
    return storage::Status{};
  });
  EXPECT_TRUE(reader_->request_snapshot().get().ok());
  EXPECT_EQ(reader_->snapshot_sequence(), Sequence(1));
  ask_one(*sequencer_, admin_, CreateMarket{});
  sequencer_->stop();
  reader_->stop(true);
  EXPECT_THAT(taken, testing::ElementsAre(1, 2));
}

TEST_F(ReaderTest, TakesSnapshotsEverySoManyCommands) {
  std::atomic<std::uint64_t> last{0};
  start({.snapshot_every = 10},
        [&](const Exchange& exchange, const storage::Chain&, const storage::Chain&) {
          EXPECT_GE(exchange.sequence().value(), last + 10);
          last = exchange.sequence().value();
          return storage::Status{};
        });
  for (int count = 0; count < 45; ++count) ask_one(*sequencer_, admin_, CreateMarket{});
  sequencer_->stop();
  reader_->stop(false);
  EXPECT_GE(last, 36U);
}

TEST_F(ReaderTest, QueriesAndWritesTakeTurns) {
  start({.slice = 4});
  std::atomic<bool> done{false};
  std::vector<std::thread> readers;
  for (int count = 0; count < 3; ++count) {
    readers.emplace_back([&] {
      while (!done) {
        Sequence seen;
        reader_->read(Sequence(), soon(), [&](const Exchange&, Sequence now) { seen = now; });
        EXPECT_TRUE(seen.is_set());
      }
    });
  }
  SequencedAnswer last;
  for (int count = 0; count < 300; ++count) last = ask_one(*sequencer_, admin_, CreateMarket{});
  EXPECT_EQ(reader_->read(last.sequence, soon(), [](const Exchange&, Sequence) {}),
            ReadOutcome::done);
  done = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace origo::gateway
