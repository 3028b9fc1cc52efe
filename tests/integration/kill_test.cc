#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <thread>
#include <vector>

#include "engine/core/amount.h"
#include "origo/v1/accounts.grpc.pb.h"
#include "origo/v1/market_data.grpc.pb.h"
#include "tests/integration/client.h"
#include "tests/integration/node_process.h"
#include "tests/integration/stage.h"

// A node that is killed under load, again and again: what it acknowledged is there, once, and what
// it did not acknowledge can be sent again.
namespace origo::integration {
namespace {

constexpr int kRoundsDefault = 100;
constexpr std::size_t kLoaders = 3;
constexpr std::size_t kFrameCommands = 16;
constexpr std::size_t kFramesInFlight = 4;

int rounds() {
  const char* const asked = std::getenv("ORIGO_KILL_ROUNDS");
  return asked == nullptr ? kRoundsDefault : std::atoi(asked);
}

// One user with an account of its own, and what it knows of its commands. Commands are numbered by
// client sequence, and their content follows from the number, so that a repeat is the same command:
//   n % 3 == 1: place a buy of one contract, named n
//   n % 3 == 2: place another
//   n % 3 == 0: cancel the one named n - 2
class Loader {
 public:
  Loader(std::uint64_t client, std::uint64_t account, std::uint64_t instrument, std::string token)
      : client_(client), account_(account), instrument_(instrument), token_(std::move(token)) {}

  // Sends until the node is gone or `stop`; answers must come in order and say what they must.
  void run(const std::string& address, const std::atomic<bool>& stop) {
    Client client(address, token_);
    grpc::ClientContext context;
    client.prepare(context);
    const auto stub = v1::OrderEntry::NewStub(client.channel());
    const auto stream = stub->Trade(&context);
    std::uint64_t next = acknowledged_ + 1;  // what is unknown is sent again
    std::uint64_t frames = 0;
    bool alive = true;
    while (alive && (!stop || frames > 0)) {
      while (alive && !stop && frames < kFramesInFlight) {
        alive = stream->Write(frame(next));
        next += kFrameCommands;
        sent_ = std::max(sent_, next - 1);
        ++frames;
      }
      v1::AnswerFrame answers;
      if (frames == 0 || !alive || !stream->Read(&answers)) break;
      take(answers);
      --frames;
    }
    stream->WritesDone();
    (void)stream->Finish();
  }

  // Asks the node what it has of this user.
  void check(const std::string& address) const {
    Client client(address, token_);
    const auto stub = v1::MarketData::NewStub(client.channel());
    v1::ListOrdersRequest request;
    request.set_account(account_);
    request.set_at_least_sequence(last_sequence_);
    request.set_page_size(1000);
    std::uint64_t live = 0;
    do {
      grpc::ClientContext context;
      client.prepare(context);
      v1::ListOrdersResponse response;
      const grpc::Status status = stub->ListOrders(&context, request, &response);
      ASSERT_TRUE(status.ok()) << status.error_message();
      live += static_cast<std::uint64_t>(response.orders_size());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    EXPECT_GE(live + 1, live_after(acknowledged_)) << "client " << client_;
    EXPECT_LE(live, live_after(sent_) + 1) << "client " << client_;
    if (acknowledged_ == sent_) {
      EXPECT_EQ(live, live_after(sent_));
    }
  }

  // How many orders live once the commands up to `number` have run: of three commands one stays.
  [[nodiscard]] static std::uint64_t live_after(std::uint64_t number) {
    return number / 3 + number % 3;
  }

  // Everything up to here was sent; what is unknown will be sent again, then no more.
  [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }
  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  [[nodiscard]] std::uint64_t repeats() const { return repeats_; }

 private:
  [[nodiscard]] v1::OrderFrame frame(std::uint64_t first) const {
    v1::OrderFrame frame;
    for (std::uint64_t number = first; number < first + kFrameCommands; ++number) {
      v1::Command& command = *frame.add_commands();
      command.set_client(client_);
      command.set_client_sequence(number);
      if (number % 3 == 0) {
        auto& target = *command.mutable_cancel_order()->mutable_target();
        target.set_account(account_);
        target.set_client_order_id(number - 2);
        continue;
      }
      v1::PlaceOrder& order = *command.mutable_place_order();
      order.set_account(account_);
      order.set_instrument(instrument_);
      order.set_side(v1::SIDE_BUY);
      order.set_type(v1::ORDER_TYPE_LIMIT);
      order.set_time_in_force(v1::TIME_IN_FORCE_GTC);
      order.set_price(static_cast<std::int64_t>(1 + number % 50));
      order.set_quantity(1);
      order.set_client_order_id(number);
    }
    return frame;
  }

  void take(const v1::AnswerFrame& answers) {
    ASSERT_EQ(static_cast<std::size_t>(answers.answers_size()), kFrameCommands);
    for (const v1::Answer& answer : answers.answers()) {
      ++acknowledged_;
      ASSERT_FALSE(answer.has_reject()) << "client " << client_ << ", command " << acknowledged_
                                        << ": " << answer.reject().ShortDebugString();
      ASSERT_GT(answer.sequence(), last_sequence_);
      last_sequence_ = answer.sequence();
      // The id of an order is the first answer's, also when this is a repeat.
      if (acknowledged_ % 3 != 0) {
        ASSERT_GT(answer.id(), last_order_);
        last_order_ = answer.id();
      }
      if (acknowledged_ <= sent_before_) ++repeats_;
    }
    sent_before_ = std::max(sent_before_, acknowledged_);
  }

  const std::uint64_t client_;
  const std::uint64_t account_;
  const std::uint64_t instrument_;
  const std::string token_;
  std::uint64_t sent_ = 0;          // highest number that the node may have seen
  std::uint64_t acknowledged_ = 0;  // highest number answered
  std::uint64_t last_sequence_ = 0;
  std::uint64_t last_order_ = 0;
  std::uint64_t sent_before_ = 0;
  std::uint64_t repeats_ = 0;
};

Loader loader(Stage& stage, std::uint64_t client) {
  const Stage::Trader trader = stage.add_trader("Trader " + std::to_string(client));
  return {client, trader.account, stage.instrument(), trader.token};
}

void load(std::vector<Loader>& loaders,
          NodeProcess& node,
          std::chrono::milliseconds time,
          bool kill) {
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  threads.reserve(loaders.size());
  for (Loader& loader : loaders) {
    threads.emplace_back([&] { loader.run(node.grpc(), stop); });
  }
  std::this_thread::sleep_for(time);  // how much is under way when it dies
  if (kill) {
    EXPECT_EQ(node.kill(), -9);
  } else {
    stop = true;
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(Kill, NothingAcknowledgedIsLostOrDoubled) {
  const TemporaryDirectory directory;
  const std::filesystem::path data = directory.path() / "node";
  const std::vector<std::string> options{
      "--schemes", "schemes", "--demo", "--snapshot-every", "5000"};
  std::vector<Loader> loaders;
  const int last = rounds();
  for (int round = 0; round <= last; ++round) {
    NodeProcess node(data, options);
    ASSERT_TRUE(node.wait_until_ready()) << node.log();
    if (round == 0) {
      Stage stage(node);
      for (std::uint64_t client = 1; client <= kLoaders; ++client) {
        loaders.push_back(loader(stage, client));
      }
    }
    for (const Loader& loader : loaders) loader.check(node.grpc());
    const std::chrono::milliseconds time(20 + 7 * (round % 13));
    load(loaders, node, time, round < last);
    if (HasFailure()) break;
    if (round < last) continue;
    for (Loader& loader : loaders) {
      EXPECT_EQ(loader.acknowledged(), loader.sent());
      loader.check(node.grpc());
    }
    EXPECT_EQ(node.stop(), 0) << node.log();
  }
  std::uint64_t commands = 0;
  for (const Loader& loader : loaders) commands += loader.acknowledged();
  std::printf(
      "%d kills, %llu commands acknowledged\n", last, static_cast<unsigned long long>(commands));
  const Ended verified = run_program("origo-verify", {data.string()});
  EXPECT_EQ(verified.code, 0) << verified.output;
  EXPECT_GT(commands, 0U);
}

}  // namespace
}  // namespace origo::integration
