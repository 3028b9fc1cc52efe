#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

#include <chrono>
#include <cstring>
#include <fstream>
#include <thread>

#include "origo/v1/accounts.grpc.pb.h"
#include "tests/integration/client.h"
#include "tests/integration/node_process.h"

// A real node on a disk that is full: a small file system of its own, where the machine lets us
// mount one. (Where it does not, the journal's and the services' tests with a disk that fails
// remain.)
namespace origo::integration {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class FullDisk : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(data_);
    mounted_ = ::mount("none", data_.c_str(), "tmpfs", 0, "size=256m") == 0;
    if (!mounted_) GTEST_SKIP() << "cannot mount a small file system: " << std::strerror(errno);
  }
  void TearDown() override {
    if (mounted_) ::umount2(data_.c_str(), MNT_DETACH);
  }

  // Takes all room that is left.
  void fill() const {
    std::ofstream file(filler_, std::ios::binary | std::ios::app);
    const std::string block(1 << 16, 'x');
    while (file.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }

  // A large command that the core refuses: journaled all the same.
  static v1::Command large() {
    v1::Command command;
    v1::PlaceOrder& order = *command.mutable_place_order();
    order.set_account(999);
    order.set_instrument(1);
    order.set_side(v1::SIDE_SELL);
    order.set_type(v1::ORDER_TYPE_LIMIT);
    order.set_time_in_force(v1::TIME_IN_FORCE_GTC);
    order.set_price(1);
    order.set_quantity(1);
    for (std::uint64_t lot = 1; lot <= 1'000; ++lot) order.add_lots(lot);
    return command;
  }
  static v1::Command participant(const std::string& name) {
    v1::Command command;
    command.mutable_create_participant()->set_name(name);
    command.mutable_create_participant()->set_country("NL");
    command.mutable_create_participant()->add_kinds(v1::PARTICIPANT_KIND_TRADER);
    return command;
  }
  static v1::StatusResponse status(const Client& client) {
    grpc::ClientContext context;
    client.prepare(context);
    v1::StatusResponse response;
    const grpc::Status answer =
        v1::Admin::NewStub(client.channel())->Status(&context, {}, &response);
    EXPECT_TRUE(answer.ok()) << answer.error_message();
    return response;
  }

  TemporaryDirectory directory_;
  const fs::path data_ = directory_.path() / "node";
  const fs::path filler_ = data_ / "filler";
  bool mounted_ = false;
};

TEST_F(FullDisk, CommandsAreRefusedReadsGoOnAndItHealsByItself) {
  std::uint64_t last = 0;
  {
    NodeProcess node(data_);
    ASSERT_TRUE(node.wait_until_ready()) << node.log();
    Client admin(node.grpc(), node.admin_token());
    const std::uint64_t first = admin.must(participant("Before"));
    EXPECT_TRUE(status(admin).accepting());
    fill();
    std::string why;
    for (int i = 0; i < 100'000 && why.empty(); ++i) {
      const v1::Answer answer = admin.submit(large());
      if (answer.sequence() == 0) why = answer.reject().name();
      if (answer.sequence() != 0) last = answer.sequence();
    }
    EXPECT_THAT(why, HasSubstr("disk_full"));
    EXPECT_THAT(admin.submit(participant("Lost")).reject().name(), HasSubstr("disk_full"));
    const v1::StatusResponse full = status(admin);
    EXPECT_FALSE(full.accepting());
    EXPECT_EQ(full.trouble(), "no space left for the journal");

    grpc::ClientContext context;
    admin.prepare(context);
    v1::ListParticipantsRequest request;
    v1::ListParticipantsResponse response;
    request.set_at_least_sequence(last);
    const grpc::Status read =
        v1::Accounts::NewStub(admin.channel())->ListParticipants(&context, request, &response);
    EXPECT_TRUE(read.ok()) << read.error_message();
    EXPECT_EQ(response.participants_size(), 2);

    fs::remove(filler_);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!status(admin).accepting() && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(
          std::chrono::milliseconds(20));  // nobody sends a command meanwhile
    }
    EXPECT_TRUE(status(admin).accepting());
    EXPECT_EQ(admin.must(participant("After")), first + 1);
    EXPECT_EQ(node.stop(), 0) << node.log();
  }
  const Ended verified = run_program("origo-verify", {data_.string()});
  EXPECT_EQ(verified.code, 0) << verified.output;
  NodeProcess again(data_);
  ASSERT_TRUE(again.wait_until_ready()) << again.log();
  Client admin(again.grpc(), again.admin_token());
  EXPECT_GE(status(admin).durable_sequence(), last + 1);
}

}  // namespace
}  // namespace origo::integration
