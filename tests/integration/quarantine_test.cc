#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "engine/core/command.h"
#include "proto/codec/record.h"
#include "storage/replay.h"
#include "storage/rocks_journal.h"
#include "tests/integration/client.h"
#include "tests/integration/node_process.h"

// A node with a command in its journal that no core can apply: it names it and ends, two operators
// set the command aside, and everything goes on.
namespace origo::integration {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const std::vector<std::string> kPorts = {"--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0"};

class Quarantine : public testing::Test {
 protected:
  void SetUp() override {
    {
      NodeProcess node(data_);
      ASSERT_TRUE(node.wait_until_ready()) << node.log();
      Client admin(node.grpc(), node.admin_token());
      const std::string second = add_user(admin, "Bea", v1::ROLE_MARKET_OPERATOR);
      std::ofstream(second_) << second << "\n";
      ASSERT_EQ(node.stop(), 0) << node.log();
    }
    bad_ = journal_into_the_past();
  }

  static std::string add_user(Client& admin, const std::string& person, v1::Role role) {
    v1::Command create;
    create.mutable_create_user()->set_participant(1);
    create.mutable_create_user()->set_name(person);
    create.mutable_create_user()->set_person(person);
    const v1::Answer user = admin.submit(create);
    v1::Command grant;
    grant.mutable_grant_role()->set_user(user.id());
    grant.mutable_grant_role()->set_role(role);
    grant.mutable_grant_role()->mutable_scope()->set_kind(v1::SCOPE_KIND_NODE);
    admin.must(grant);
    return user.token();
  }

  // A record that goes back in time, past every check of a node.
  [[nodiscard]] std::uint64_t journal_into_the_past() const {
    auto journal = storage::open_rocks_journal({.directory = data_});
    EXPECT_TRUE(journal.ok()) << journal.status.message;
    if (!journal.ok()) return 0;
    const Sequence sequence(journal.value->tail().sequence + 1);
    Bytes record;
    proto::append_record(
        {.sequence = sequence, .time = Instant(1), .origin = {.principal = UserId(1)}},
        CreateParticipant{.name = "Never", .country = "NL", .kinds = {}},
        record);
    storage::BatchBuilder batch;
    batch.start(sequence.value());
    batch.add(storage::as_bytes(record));
    EXPECT_TRUE(journal.value->append(batch).ok());
    return sequence.value();
  }

  [[nodiscard]] Ended quarantine(std::uint64_t record,
                                 const fs::path& first,
                                 const fs::path& second) const {
    return run_program("origod",
                       {"quarantine",
                        "--data",
                        data_.string(),
                        "--sequence",
                        std::to_string(record),
                        "--reason",
                        "it goes back in time",
                        "--token-file",
                        first.string(),
                        "--token-file",
                        second.string()});
  }
  [[nodiscard]] Ended verify() const { return run_program("origo-verify", {data_.string()}); }

  TemporaryDirectory directory_;
  const fs::path data_ = directory_.path() / "node";
  const fs::path first_ = data_ / "admin.token";
  const fs::path second_ = directory_.path() / "second.token";
  std::uint64_t bad_ = 0;
};

TEST_F(Quarantine, LetsANodeGoOnThatNamedWhatStopsIt) {
  std::vector<std::string> arguments = {"--data", data_.string()};
  arguments.insert(arguments.end(), kPorts.begin(), kPorts.end());
  const Ended stopped = run_program("origod", arguments);
  EXPECT_EQ(stopped.code, 1);
  EXPECT_THAT(stopped.output, HasSubstr("record " + std::to_string(bad_)));
  EXPECT_NE(verify().code, 0);

  const Ended done = quarantine(bad_, first_, second_);
  ASSERT_EQ(done.code, 0) << done.output;
  EXPECT_THAT(done.output,
              HasSubstr("command " + std::to_string(bad_) + " is set aside by command " +
                        std::to_string(bad_ + 1)));
  {
    NodeProcess node(data_);
    ASSERT_TRUE(node.wait_until_ready()) << node.log();
    EXPECT_THAT(
        node.log(),
        HasSubstr("command " + std::to_string(bad_) + " is set aside: it goes back in time"));
    Client admin(node.grpc(), node.admin_token());
    v1::Command create;
    create.mutable_create_participant()->set_name("Later");
    create.mutable_create_participant()->set_country("NL");
    create.mutable_create_participant()->add_kinds(v1::PARTICIPANT_KIND_TRADER);
    admin.must(create);
    EXPECT_NE(quarantine(bad_, first_, second_).code, 0);  // in use
    ASSERT_EQ(node.stop(), 0) << node.log();               // with a snapshot
  }
  const Ended verified = verify();
  EXPECT_EQ(verified.code, 0) << verified.output;
  EXPECT_THAT(verified.output, HasSubstr("command " + std::to_string(bad_) + " is set aside"));
  fs::remove_all(data_ / "snapshots");  // the journal alone gives the same
  NodeProcess again(data_);
  EXPECT_TRUE(again.wait_until_ready()) << again.log();
}

TEST_F(Quarantine, IsRefusedInWords) {
  const std::string before = fingerprint(data_);
  const auto expect = [&](const Ended& ended, int code, const std::string& words) {
    EXPECT_EQ(ended.code, code) << ended.output;
    EXPECT_THAT(ended.output, HasSubstr(words));
    EXPECT_EQ(fingerprint(data_), before) << "a refusal changed files";
  };
  expect(quarantine(bad_, first_, first_), 1, "must differ");
  expect(quarantine(bad_ + 1, first_, second_), 1, "the journal has no command");
  expect(quarantine(bad_, first_, directory_.path() / "none"), 1, "no token in");
  expect(run_program("origod",
                     {"quarantine",
                      "--data",
                      data_.string(),
                      "--sequence",
                      "1",
                      "--reason",
                      "x",
                      "--token-file",
                      first_.string()}),
         2,
         "two operators");
  expect(run_program("origod", {"quarantine"}), 2, "--data");
}

}  // namespace
}  // namespace origo::integration
