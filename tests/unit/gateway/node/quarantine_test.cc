#include "gateway/node/quarantine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <stdexcept>

#include "gateway/node/ask.h"
#include "gateway/node/history.h"
#include "gateway/node/recovery.h"
#include "gateway/node/sequencer.h"
#include "gateway/node/snapshots.h"
#include "proto/codec/record.h"
#include "storage/quarantine.h"
#include "storage/replay.h"
#include "tests/unit/gateway/node/node_fixture.h"

namespace origo::gateway {
namespace {

namespace fs = std::filesystem;
using storage::StatusCode;
using testing::HasSubstr;

Hash256 token_of(std::uint8_t number) {
  Hash256 token{};
  token.fill(number);
  return token;
}

// A directory whose journal holds a command that no core applies: its time lies before the one
// before it.
class QuarantineTest : public testing::Test {
 protected:
  QuarantineTest() {
    std::string name = (fs::temp_directory_path() / "origo-quarantine-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = name;
  }
  ~QuarantineTest() override { fs::remove_all(directory_); }

  void SetUp() override {
    run([](Sequencer& sequencer) {
      must(sequencer, {}, Bootstrap{.venue_name = "Venue", .admin_token = token_of(1)});
      add_user(sequencer, 2, "Bea", Role::market_operator);
      add_user(sequencer, 3, "Bea", Role::market_operator);  // a second credential of one person
      add_user(sequencer, 4, "Cid", Role::auditor);
    });
    journal({.principal = kAdmin}, kNoon, participant("good"));
    bad_ = journal({.principal = kAdmin, .client = ClientId(9), .client_sequence = 1},
                   Instant(1'000),
                   participant("bad"));
    last_ = journal({.principal = kAdmin}, Instant(kNoon.ns() + 5), participant("behind"));
  }

  static CreateParticipant participant(const std::string& name) {
    return {.name = name, .country = "NL", .kinds = {ParticipantKind::trader}};
  }
  static std::uint64_t must(Sequencer& sequencer, const Origin& origin, const Command& command) {
    const Asked asked = ask(sequencer, origin, command);
    EXPECT_TRUE(asked.answer.answer.ok()) << asked.answer.answer.detail;
    return asked.answer.answer.id;
  }
  static void add_user(Sequencer& sequencer,
                       std::uint8_t number,
                       const std::string& person,
                       Role role) {
    const std::uint64_t id = must(sequencer,
                                  {.principal = kAdmin},
                                  CreateUser{.participant = ParticipantId(1),
                                             .name = "user",
                                             .person = person,
                                             .token = token_of(number)});
    must(sequencer,
         {.principal = kAdmin},
         GrantRole{.user = UserId(static_cast<std::uint32_t>(id)), .role = role, .scope = {}});
  }

  storage::Outcome<OpenNode> open() {
    return recover({.directory = directory_, .create_if_missing = true, .ballast_bytes = 0}, {});
  }

  // A node, for as long as `work` takes.
  template <class Work>
  void run(Work work, bool snapshot = false) {
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
    work(sequencer);
    sequencer.stop();
    reader.stop(snapshot);
  }

  // Journals a command past every check.
  std::uint64_t journal(const Origin& origin, Instant time, const Command& command) {
    auto journal = storage::open_rocks_journal({.directory = directory_, .ballast_bytes = 0});
    EXPECT_TRUE(journal.ok()) << journal.status.message;
    const std::uint64_t sequence = journal.value->tail().sequence + 1;
    Bytes record;
    proto::append_record(
        {.sequence = Sequence(sequence), .time = time, .origin = origin}, command, record);
    storage::BatchBuilder batch;
    batch.start(sequence);
    batch.add(storage::as_bytes(record));
    EXPECT_TRUE(journal.value->append(batch).ok());
    return sequence;
  }

  storage::Status set_aside(std::uint64_t record, std::uint8_t first = 1, std::uint8_t second = 2) {
    return quarantine({.directory = directory_,
                       .record = record,
                       .reason = "it went back in time",
                       .first_token = token_of(first),
                       .second_token = token_of(second)},
                      clock_,
                      done_);
  }

  void expect_refused(const storage::Status& status, const std::string& words) {
    EXPECT_EQ(status.code, StatusCode::invalid);
    EXPECT_THAT(status.message, HasSubstr(words));
  }

  // Names and bytes of the directory's files.
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(directory_)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      found[entry.path().string()] = {std::istreambuf_iterator<char>(file), {}};
    }
    return found;
  }

  fs::path directory_;
  SimulatedClock clock_{kNoon};
  std::uint64_t bad_ = 0;
  std::uint64_t last_ = 0;
  Sequence done_;
};

TEST_F(QuarantineTest, ANodeThatWouldNotStartStartsAndRefusesTheCommand) {
  const auto before = open();
  EXPECT_EQ(before.status.code, StatusCode::damaged);
  EXPECT_THAT(before.status.message, HasSubstr("record " + std::to_string(bad_)));

  const storage::Status status = set_aside(bad_);
  ASSERT_TRUE(status.ok()) << status.message;
  EXPECT_EQ(done_, Sequence(last_ + 1));
  run(
      [&](Sequencer& sequencer) {
        EXPECT_EQ(sequencer.sequence(), done_);
        // The client's number is used up: the repeat learns what became of it.
        const Asked repeat = ask(sequencer,
                                 {.principal = kAdmin, .client = ClientId(9), .client_sequence = 1},
                                 participant("bad"));
        EXPECT_EQ(repeat.answer.answer.code, Reject::quarantined);
        EXPECT_TRUE(ask(sequencer, {.principal = kAdmin}, participant("later")).answer.answer.ok());
      },
      true);

  auto node = open();
  ASSERT_TRUE(node.ok()) << node.status.message;
  std::vector<std::string> names;
  for (const Participant& one : node.value.state.exchange.parties().participants())
    names.push_back(one.name);
  EXPECT_THAT(names, testing::ElementsAre("Venue", "good", "behind", "later"));
  EXPECT_EQ(node.value.state.exchange.check_invariants(), std::vector<std::string>());
}

TEST_F(QuarantineTest, EveryReplayAgrees) {
  ASSERT_TRUE(set_aside(bad_).ok());
  auto node = open();
  ASSERT_TRUE(node.ok()) << node.status.message;
  EXPECT_THAT(node.value.report.notes, testing::Contains(HasSubstr("it went back in time")));
  storage::Replay replay;
  auto known = storage::find_quarantines(*node.value.journal, 1);
  ASSERT_EQ(known.value.size(), 1u);
  replay.expect(known.value);
  Events events;
  std::vector<Reject> refusals;
  std::size_t told = 0;
  (void)node.value.journal->read(1, [&](const storage::BatchView& batch, const storage::Chain&) {
    EXPECT_TRUE(replay.apply(batch, events).ok());
    EXPECT_TRUE(
        for_each_event(events.bytes().data(), events.bytes().size(), [&](const Event& event) {
          if (const auto* refused = std::get_if<CommandRefused>(&event))
            refusals.push_back(refused->reason);
          if (std::holds_alternative<RecordQuarantined>(event)) ++told;
        }));
    return true;
  });
  EXPECT_THAT(refusals, testing::Contains(Reject::quarantined));
  EXPECT_EQ(told, 1u);
  EXPECT_EQ(storage::state_digest(replay.exchange()),
            storage::state_digest(node.value.state.exchange));
  EXPECT_EQ(replay.event_chain(), node.value.state.event_chain);
}

TEST_F(QuarantineTest, WhatDoesNotSufficeIsRefusedAndNoFileChanges) {
  const auto before = files();
  expect_refused(set_aside(0), "no command 0");
  expect_refused(set_aside(last_ + 1), "its last is " + std::to_string(last_));
  expect_refused(set_aside(bad_, 1, 1), "must differ");
  expect_refused(set_aside(bad_, 1, 7), "belongs to no user");
  expect_refused(set_aside(bad_, 2, 3), "two persons");
  expect_refused(set_aside(bad_, 1, 4), "admin or market operator");
  expect_refused(set_aside(bad_ - 1), "applies well");
  expect_refused(quarantine({.directory = directory_, .record = bad_, .reason = ""}, clock_, done_),
                 "reason");
  EXPECT_EQ(files(), before);
}

TEST_F(QuarantineTest, OneCommandIsSetAsideOnce) {
  ASSERT_TRUE(set_aside(bad_).ok());
  expect_refused(set_aside(bad_), "already");
}

TEST_F(QuarantineTest, WhatASnapshotHoldsWasApplied) {
  ASSERT_TRUE(set_aside(bad_).ok());
  run([](Sequencer&) {}, true);
  run([](Sequencer& sequencer) { must(sequencer, {.principal = kAdmin}, participant("more")); },
      true);
  expect_refused(set_aside(last_), "within the snapshot");
}

// The second bad command lies before the quarantine of the first.
TEST_F(QuarantineTest, SeveralAreSetAsideOneAfterTheOther) {
  const std::uint64_t worse = journal({.principal = kAdmin}, Instant(2), participant("worse"));
  ASSERT_TRUE(set_aside(bad_).ok());
  const auto still = open();
  EXPECT_THAT(still.status.message, HasSubstr("record " + std::to_string(worse)));
  ASSERT_TRUE(set_aside(worse).ok());
  EXPECT_TRUE(open().ok());
}

// Whoever writes into a journal cannot consent for others.
TEST_F(QuarantineTest, AJournaledQuarantineWithoutTwoOperatorsIsDamage) {
  journal(
      {},
      Instant(kNoon.ns() + 10),
      QuarantineRecord{
          .record = Sequence(bad_), .reason = "because", .first = UserId(1), .second = UserId(4)});
  const auto node = open();
  EXPECT_EQ(node.status.code, StatusCode::damaged);
  EXPECT_THAT(node.status.message, HasSubstr("others than two operators"));
}

TEST_F(QuarantineTest, NoClientMaySetAside) {
  ASSERT_TRUE(set_aside(bad_).ok());
  run([&](Sequencer& sequencer) {
    const QuarantineRecord wish{
        .record = Sequence(1), .reason = "because", .first = UserId(1), .second = UserId(2)};
    for (const UserId user : {UserId(), kAdmin}) {
      EXPECT_EQ(ask(sequencer, {.principal = user}, wish).answer.answer.code, Reject::malformed);
    }
    EXPECT_EQ(sequencer.sequence(), done_);
  });
}

}  // namespace
}  // namespace origo::gateway
