#include <gtest/gtest.h>

#include <thread>

#include "origo/v1/market_data.grpc.pb.h"
#include "tests/integration/stage.h"

// Orders with cancel_on_disconnect on a real node: what ends them, and what does not.
namespace origo::integration {
namespace {

constexpr std::uint64_t kClient = 4'711;

class Disconnect : public testing::Test {
 protected:
  static std::vector<std::string> options(const std::string& grace) {
    return {"--schemes", "schemes", "--demo", "--disconnect-grace", grace};
  }
  // How many orders live once the command `at_least` has been read.
  [[nodiscard]] std::size_t live(const NodeProcess& node, std::uint64_t at_least) const {
    const Client client(node.grpc(), trader_.token);
    grpc::ClientContext context;
    client.prepare(context);
    v1::ListOrdersRequest request;
    request.set_account(trader_.account);
    request.set_at_least_sequence(at_least);
    v1::ListOrdersResponse response;
    const grpc::Status status =
        v1::MarketData::NewStub(client.channel())->ListOrders(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return static_cast<std::size_t>(response.orders_size());
  }
  void wait_until_ended(const NodeProcess& node, std::uint64_t at_least) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (live(node, at_least) > 0) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << node.log();
      std::this_thread::yield();
    }
  }

  TemporaryDirectory directory_;
  const std::filesystem::path data_ = directory_.path() / "node";
  Stage::Trader trader_;
};

// A stream of the trader's; the connection breaks with it.
class OpenStream {
 public:
  OpenStream(const NodeProcess& node, const std::string& token) : client_(node.grpc(), token) {
    client_.prepare(context_);
    stream_ = v1::OrderEntry::NewStub(client_.channel())->Trade(&context_);
  }
  ~OpenStream() {
    context_.TryCancel();
    stream_->Finish();
  }
  // The sequence of the command, 0 if it is refused.
  std::uint64_t place(const Stage::Trader& trader, std::uint64_t instrument, std::uint64_t number) {
    v1::OrderFrame frame;
    v1::Command& command = *frame.add_commands();
    command.set_client(kClient);
    command.set_client_sequence(number);
    v1::PlaceOrder& order = *command.mutable_place_order();
    order.set_account(trader.account);
    order.set_instrument(instrument);
    order.set_side(v1::SIDE_BUY);
    order.set_type(v1::ORDER_TYPE_LIMIT);
    order.set_time_in_force(v1::TIME_IN_FORCE_GTC);
    order.set_price(10);
    order.set_quantity(1);
    order.set_cancel_on_disconnect(true);
    v1::AnswerFrame answers;
    if (!stream_->Write(frame) || !stream_->Read(&answers) || answers.answers(0).has_reject()) {
      ADD_FAILURE() << answers.ShortDebugString();
      return 0;
    }
    return answers.answers(0).sequence();
  }

 private:
  Client client_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::OrderFrame, v1::AnswerFrame>> stream_;
};

TEST_F(Disconnect, AClientThatIsGoneLosesItsOrdersButANodeThatWasGoneEndsNone) {
  std::uint64_t placed = 0;
  {
    NodeProcess node(data_, options("60min"));
    ASSERT_TRUE(node.wait_until_ready()) << node.log();
    Stage stage(node);
    trader_ = stage.add_trader("Trader");
    OpenStream stream(node, trader_.token);
    placed = stream.place(trader_, stage.instrument(), 1);
    EXPECT_EQ(node.stop(), 0) << node.log();  // in good order, under an open stream
  }
  {
    NodeProcess node(data_, options("60min"));
    ASSERT_TRUE(node.wait_until_ready()) << node.log();
    EXPECT_EQ(live(node, placed), 1u);
    OpenStream stream(node, trader_.token);
    placed = stream.place(trader_, 1, 2);
    EXPECT_EQ(live(node, placed), 2u);
    EXPECT_EQ(node.kill(), -9);
  }
  {
    // Nobody comes back: the grace runs from the start.
    NodeProcess node(data_, options("10ms"));
    ASSERT_TRUE(node.wait_until_ready()) << node.log();
    wait_until_ended(node, placed);
    {
      OpenStream stream(node, trader_.token);
      placed = stream.place(trader_, 1, 3);
    }
    wait_until_ended(node, placed);
    EXPECT_EQ(node.stop(), 0) << node.log();
    EXPECT_NE(node.log().find("client 4711 is gone: 1 of its orders ended"), std::string::npos)
        << node.log();
  }
  const Ended verified = run_program("origo-verify", {data_.string()});
  EXPECT_EQ(verified.code, 0) << verified.output;
}

}  // namespace
}  // namespace origo::integration
