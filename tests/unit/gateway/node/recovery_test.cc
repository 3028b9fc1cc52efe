#include "gateway/node/recovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>

#include "gateway/node/ask.h"
#include "gateway/node/history.h"
#include "gateway/node/sequencer.h"
#include "gateway/node/snapshots.h"
#include "storage/replay.h"
#include "tests/unit/gateway/node/node_fixture.h"

namespace origo::gateway {
namespace {

using storage::StatusCode;

// A data directory, filled by a node in this process and recovered again.
class RecoveryTest : public testing::Test {
 protected:
  RecoveryTest() {
    std::string name = (std::filesystem::temp_directory_path() / "origo-recovery-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = name;
  }
  ~RecoveryTest() override { std::filesystem::remove_all(directory_); }

  storage::Outcome<OpenNode> open() {
    return recover({.directory = directory_, .create_if_missing = true, .ballast_bytes = 0}, {});
  }

  // Runs a node for `participants` more commands, with a snapshot at the end if asked.
  void run(int participants, bool snapshot) {
    auto node = open();
    ASSERT_TRUE(node.ok()) << node.status.message;
    storage::SnapshotStore store(snapshots_of(directory_));
    OpenNode& open = node.value;
    Reader reader(open.state,
                  std::make_unique<HistoryRecorder>(*open.history),
                  snapshot_writer(*open.journal, *open.history, store),
                  {});
    Sequencer sequencer(std::move(open.state), *open.journal, clock_, {});
    sequencer.subscribe(
        [&](const std::shared_ptr<const AppliedBatch>& batch) { reader.enqueue(batch); });
    sequencer.start();
    if (!sequencer.sequence().is_set()) ask(sequencer, Origin{}, bootstrap());
    for (int count = 0; count < participants; ++count) {
      const Command command = CreateParticipant{
          .name = "Somebody", .country = "NL", .kinds = {ParticipantKind::trader}};
      EXPECT_TRUE(ask(sequencer, {.principal = kAdmin}, command).answer.answer.ok());
    }
    sequencer.stop();
    reader.stop(snapshot);
  }

  // The state that the journal alone gives.
  storage::Chain replayed_digest(storage::Journal& journal) {
    storage::Replay replay;
    Events events;
    const storage::Status status =
        journal.read(1, [&](const storage::BatchView& batch, const storage::Chain&) {
          return replay.apply(batch, events).ok();
        });
    EXPECT_TRUE(status.ok()) << status.message;
    event_chain_ = replay.event_chain();
    return storage::state_digest(replay.exchange());
  }

  // Recovers and compares with a replay of everything.
  RecoveryReport expect_recovered(std::uint64_t sequence) {
    const auto node = open();
    EXPECT_TRUE(node.ok()) << node.status.message;
    if (!node.ok()) return {};
    const CoreState& state = node.value.state;
    EXPECT_EQ(state.exchange.sequence(), Sequence(sequence));
    EXPECT_EQ(storage::state_digest(state.exchange), replayed_digest(*node.value.journal));
    EXPECT_EQ(state.event_chain, event_chain_);
    EXPECT_EQ(state.journal_chain, node.value.journal->tail().chain);
    EXPECT_EQ(node.value.history->applied_sequence(), sequence);
    return node.value.report;
  }

  std::filesystem::path directory_;
  SimulatedClock clock_{kNoon};
  storage::Chain event_chain_{};
};

TEST_F(RecoveryTest, AnEmptyDirectoryIsAFreshNode) {
  const RecoveryReport report = expect_recovered(0);
  EXPECT_EQ(report.snapshot, 0U);
  EXPECT_TRUE(report.notes.empty());
}

TEST_F(RecoveryTest, ReplaysTheWholeJournalWithoutASnapshot) {
  run(20, false);
  const RecoveryReport report = expect_recovered(21);
  EXPECT_EQ(report.snapshot, 0U);
  EXPECT_EQ(report.replayed, 21U);
}

TEST_F(RecoveryTest, TakesTheNewestSnapshotAndReplaysTheRest) {
  run(20, true);
  run(10, true);
  run(5, false);
  const RecoveryReport report = expect_recovered(36);
  EXPECT_EQ(report.snapshot, 31U);
  EXPECT_EQ(report.replayed, 5U);
}

TEST_F(RecoveryTest, MakesALostHistoryAgain) {
  run(20, true);
  std::filesystem::remove_all(history_of(directory_));
  const RecoveryReport report = expect_recovered(21);
  EXPECT_EQ(report.snapshot, 0U);
  EXPECT_EQ(report.replayed, 21U);
}

TEST_F(RecoveryTest, SetsAHistoryAsideThatIsAheadOfTheJournal) {
  run(20, true);
  {
    auto history = storage::History::open({.directory = history_of(directory_)});
    ASSERT_TRUE(history.ok());
    storage::HistoryBatch batch;
    ASSERT_TRUE(history.value->apply(1000, batch).ok());
  }
  const RecoveryReport report = expect_recovered(21);
  ASSERT_EQ(report.notes.size(), 1U);
  EXPECT_THAT(report.notes.front(), testing::HasSubstr("ahead of the journal"));
  EXPECT_EQ(report.replayed, 21U);
}

TEST_F(RecoveryTest, ReplaysEverythingWhenASnapshotIsOfAnotherVersion) {
  run(20, false);
  {
    auto node = open();
    ASSERT_TRUE(node.ok());
    const std::string state = "not a state of this version";
    ASSERT_TRUE(storage::SnapshotStore(snapshots_of(directory_))
                    .write(node.value.journal->tail(),
                           node.value.state.event_chain,
                           std::as_bytes(std::span(state)))
                    .ok());
  }
  const RecoveryReport report = expect_recovered(21);
  EXPECT_EQ(report.replayed, 21U);
  ASSERT_EQ(report.notes.size(), 1U);
  EXPECT_THAT(report.notes.front(), testing::HasSubstr("another version"));
}

TEST_F(RecoveryTest, RefusesAJournalThatReplaysToAnotherStateThanTheSnapshot) {
  run(20, false);
  {
    auto node = open();
    ASSERT_TRUE(node.ok());
    Bytes state = storage::encode_state(node.value.state.exchange);
    state.back() ^= 1U;
    ASSERT_TRUE(storage::SnapshotStore(snapshots_of(directory_))
                    .write(node.value.journal->tail(),
                           node.value.state.event_chain,
                           storage::as_bytes(state))
                    .ok());
  }
  std::filesystem::remove_all(history_of(directory_));  // so that all is replayed
  const auto node = open();
  EXPECT_EQ(node.status.code, StatusCode::damaged);
  EXPECT_THAT(node.status.message, testing::HasSubstr("at command 21"));
}

}  // namespace
}  // namespace origo::gateway
