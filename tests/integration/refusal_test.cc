#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <span>

#include "storage/snapshot.h"
#include "tests/integration/node_process.h"

// What a node does with a data directory that is not as it left it: it names what is wrong, ends
// with an exit code, and leaves every file alone.
namespace origo::integration {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Refusal : public testing::Test {
 protected:
  // Fills a directory: a node's first start journals its schemes and attributes.
  void SetUp() override {
    NodeProcess node(data_, {"--schemes", "schemes", "--witness", witness_.string()});
    ASSERT_TRUE(node.wait_until_ready()) << node.log();
    ASSERT_EQ(node.stop(), 0) << node.log();
  }

  // A node on the directory that is not to start.
  [[nodiscard]] Ended start_once_more() const {
    return run_program("origod",
                       {"--data",
                        data_.string(),
                        "--witness",
                        witness_.string(),
                        "--grpc",
                        "127.0.0.1:0",
                        "--http",
                        "127.0.0.1:0"});
  }

  void expect_refused(const std::string& words) {
    const std::string before = fingerprint(directory_.path());
    const Ended ended = start_once_more();
    EXPECT_EQ(ended.code, 1) << ended.output;
    EXPECT_THAT(ended.output, HasSubstr("cannot start"));
    EXPECT_THAT(ended.output, HasSubstr(words));
    EXPECT_EQ(fingerprint(directory_.path()), before) << "a refusal changed files";
    const Ended verified =
        run_program("origo-verify", {data_.string(), "--witness", witness_.string()});
    EXPECT_NE(verified.code, 0) << verified.output;
    EXPECT_EQ(fingerprint(directory_.path()), before) << "origo-verify changed files";
  }

  // The log with the journal's batches.
  [[nodiscard]] fs::path write_ahead_log() const {
    fs::path largest;
    for (const auto& entry : fs::directory_iterator(data_ / "journal")) {
      if (entry.path().extension() != ".log") continue;
      if (largest.empty() || entry.file_size() > fs::file_size(largest)) largest = entry.path();
    }
    return largest;
  }

  TemporaryDirectory directory_;
  const fs::path data_ = directory_.path() / "node";
  const fs::path witness_ = directory_.path() / "elsewhere";
};

TEST_F(Refusal, AnUntouchedDirectoryServesAgainAndVerifies) {
  const Ended verified =
      run_program("origo-verify", {data_.string(), "--witness", witness_.string()});
  EXPECT_EQ(verified.code, 0) << verified.output;
  NodeProcess node(data_, {"--witness", witness_.string()});
  EXPECT_TRUE(node.wait_until_ready()) << node.log();
  EXPECT_EQ(node.stop(), 0);
}

TEST_F(Refusal, ASecondNodeOnTheSameDirectory) {
  NodeProcess first(data_, {"--witness", witness_.string()});
  ASSERT_TRUE(first.wait_until_ready()) << first.log();
  const Ended second = start_once_more();
  EXPECT_EQ(second.code, 1);
  EXPECT_THAT(second.output, HasSubstr("in use"));
  EXPECT_TRUE(fs::exists(data_ / "origod.addresses.json")) << "the first node's file is gone";
  EXPECT_EQ(first.stop(), 0);
}

TEST_F(Refusal, AFlippedByteInTheMiddleOfTheLog) {
  std::fstream log(write_ahead_log(), std::ios::in | std::ios::out | std::ios::binary);
  const auto middle = static_cast<std::streamoff>(fs::file_size(write_ahead_log()) / 2);
  log.seekg(middle);
  const char flipped = static_cast<char>(log.get() ^ 0x10);
  log.seekp(middle);
  log.put(flipped);
  log.close();
  expect_refused("journal");
}

TEST_F(Refusal, AMissingLog) {
  fs::remove(write_ahead_log());
  expect_refused("journal");
}

TEST_F(Refusal, AnOlderCopyOfTheDirectory) {
  const fs::path copy = directory_.path() / "copy";
  fs::copy(data_, copy, fs::copy_options::recursive);
  {
    NodeProcess node(data_, {"--witness", witness_.string(), "--demo"});  // journals relaxations
    ASSERT_TRUE(node.wait_until_ready()) << node.log();
    ASSERT_EQ(node.stop(), 0);
  }
  fs::remove_all(data_);
  fs::rename(copy, data_);
  expect_refused("stale");
}

TEST_F(Refusal, AMissingWitness) {
  fs::remove(witness_);
  expect_refused("witness");
}

TEST_F(Refusal, AFileWhereTheDirectoryShouldBe) {
  fs::remove_all(data_);
  std::ofstream(data_) << "not a directory";
  expect_refused("unreadable");
}

TEST_F(Refusal, OrigoVerifyNamesASnapshotThatHoldsAnotherState) {
  const auto found = storage::SnapshotStore(data_ / "snapshots").newest_valid();
  ASSERT_TRUE(found.ok() && found.value.snapshot) << found.status.message;
  storage::Snapshot snapshot = *found.value.snapshot;
  snapshot.state.back() = static_cast<char>(snapshot.state.back() ^ 1);
  fs::remove_all(data_ / "snapshots");
  ASSERT_TRUE(
      storage::SnapshotStore(data_ / "snapshots")
          .write(snapshot.tail, snapshot.event_chain, std::as_bytes(std::span(snapshot.state)))
          .ok());
  const Ended verified =
      run_program("origo-verify", {data_.string(), "--witness", witness_.string()});
  EXPECT_EQ(verified.code, 1) << verified.output;
  EXPECT_THAT(verified.output,
              HasSubstr("the snapshot at command " + std::to_string(snapshot.tail.sequence) +
                        " holds another state"));
}

TEST(Refusals, AScenarioNodeTakesNoExistingDirectory) {
  const TemporaryDirectory directory;
  const Ended ended = run_program("origod",
                                  {"--scenario",
                                   "--data",
                                   directory.path().string(),
                                   "--grpc",
                                   "127.0.0.1:0",
                                   "--http",
                                   "127.0.0.1:0"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.output, HasSubstr("exists already"));
}

TEST(Refusals, AnOpenAddressNeedsTls) {
  const TemporaryDirectory directory;
  const Ended ended = run_program("origod",
                                  {"--data",
                                   (directory.path() / "node").string(),
                                   "--grpc",
                                   "0.0.0.0:0",
                                   "--http",
                                   "127.0.0.1:0"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.output, HasSubstr("TLS"));
  EXPECT_FALSE(fs::exists(directory.path() / "node"));
}

TEST(Refusals, ASchemeFileWithAnUnknownKeyIsNamedByLine) {
  const TemporaryDirectory directory;
  fs::copy("schemes", directory.path() / "schemes", fs::copy_options::recursive);
  std::ofstream(directory.path() / "schemes" / "fr_grdf.toml", std::ios::app)
      << "\n[surprise]\nkey = 1\n";
  const Ended ended = run_program("origod",
                                  {"--data",
                                   (directory.path() / "node").string(),
                                   "--schemes",
                                   (directory.path() / "schemes").string(),
                                   "--grpc",
                                   "127.0.0.1:0",
                                   "--http",
                                   "127.0.0.1:0"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.output, testing::ContainsRegex("fr_grdf.toml:[0-9]+: .*surprise"));
  EXPECT_FALSE(fs::exists(directory.path() / "node"));
}

}  // namespace
}  // namespace origo::integration
