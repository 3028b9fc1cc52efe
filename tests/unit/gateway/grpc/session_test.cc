#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "gateway/node/sessions.h"
#include "tests/unit/gateway/grpc/grpc_fixture.h"
#include "tests/unit/gateway/grpc/tcp_proxy.h"

// Cancel on disconnect, through real sockets.
namespace origo::gateway {
namespace {

using namespace std::chrono_literals;
using test::Call;
using test::TcpProxy;
using Stream = grpc::ClientReaderWriter<v1::OrderFrame, v1::AnswerFrame>;

constexpr std::uint64_t kClient = 4'711;

class SessionTest : public test::GrpcTest {
 protected:
  void SetUp() override {
    options_.on_session_over = [this](ClientId client, std::uint64_t orders) {
      EXPECT_EQ(client.value(), kClient);
      const std::lock_guard lock(mutex_);
      over_.push_back(orders);
      changed_.notify_all();
    };
    serve(options_);
    market_ = build_market({.accounts = 1});
  }
  void serve_with_grace(std::chrono::milliseconds grace) {
    stop_serving();
    options_.disconnect_grace = grace;
    serve(options_);
  }
  v1::PlaceOrder order(bool cancel_on_disconnect = true) {
    v1::PlaceOrder order;
    order.set_account(market_.accounts[0].value());
    order.set_instrument(market_.instruments[0].value());
    order.set_side(v1::SIDE_BUY);
    order.set_type(v1::ORDER_TYPE_LIMIT);
    order.set_time_in_force(v1::TIME_IN_FORCE_GTC);
    order.set_price(100);
    order.set_quantity(1);
    order.set_cancel_on_disconnect(cancel_on_disconnect);
    return order;
  }
  v1::Answer place(Stream& stream, const v1::PlaceOrder& order, std::uint64_t client = kClient) {
    v1::OrderFrame frame;
    v1::Command& command = *frame.add_commands();
    command.set_client(client);
    command.set_client_sequence(++number_);
    *command.mutable_place_order() = order;
    v1::AnswerFrame answers;
    EXPECT_TRUE(stream.Write(frame));
    EXPECT_TRUE(stream.Read(&answers));
    return answers.answers_size() == 1 ? answers.answers(0) : v1::Answer();
  }
  void must_place(Stream& stream) {
    const v1::Answer answer = place(stream, order());
    EXPECT_FALSE(answer.has_reject()) << answer.DebugString();
  }
  static void wait_until(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (!condition()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
      std::this_thread::yield();
    }
  }
  std::size_t live() {
    v1::ListOrdersRequest request;
    request.set_account(market_.accounts[0].value());
    request.set_at_least_sequence(sequencer_->sequence().value());
    v1::ListOrdersResponse response;
    EXPECT_TRUE(stub<v1::MarketData>()->ListOrders(Call(trader_), request, &response).ok());
    return static_cast<std::size_t>(response.orders_size());
  }
  // One session is over, and so many orders ended with it.
  std::uint64_t wait_for_end() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !over_.empty(); });
    EXPECT_EQ(over_.size(), 1u);
    return over_[0];
  }
  void expect_over(std::uint64_t orders) {
    EXPECT_EQ(wait_for_end(), orders);
    EXPECT_EQ(live(), 0u);
    EXPECT_EQ(ended_orders().back().reason, OrderEnd::disconnect);
  }

  GrpcOptions options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::uint64_t> over_;  // guarded by mutex_
  loadtest::SampleMarket market_;
  std::uint64_t number_ = 0;
};

// A connection of a client of its own, through a wire that can break.
class WiredClient {
 public:
  WiredClient(std::uint16_t server, const std::string& token)
      : wire(server),
        channel_(grpc::CreateChannel("127.0.0.1:" + std::to_string(wire.port()),
                                     grpc::InsecureChannelCredentials())),
        call_(token),
        stream(v1::OrderEntry::NewStub(channel_)->Trade(call_)) {}
  ~WiredClient() {
    call_->TryCancel();
    stream->Finish();
  }

  TcpProxy wire;

 private:
  std::shared_ptr<grpc::Channel> channel_;
  Call call_;

 public:
  std::unique_ptr<Stream> stream;
};

TEST_F(SessionTest, ACutConnectionEndsTheOrders) {
  serve_with_grace(1ms);
  WiredClient client(server_->port(), trader_);
  must_place(*client.stream);
  must_place(*client.stream);
  EXPECT_EQ(live(), 2u);
  client.wire.cut();
  expect_over(2);
}

TEST_F(SessionTest, AConnectionThatGoesSilentIsNoticed) {
  options_.keepalive = 100ms;
  options_.keepalive_timeout = 100ms;
  serve_with_grace(1ms);
  WiredClient client(server_->port(), trader_);
  must_place(*client.stream);
  client.wire.go_silent();
  expect_over(1);
}

TEST_F(SessionTest, WhoComesBackKeepsTheOrders) {
  serve_with_grace(1h);
  {
    WiredClient client(server_->port(), trader_);
    must_place(*client.stream);
    EXPECT_EQ(server_->clients_away(), 0u);
    client.wire.cut();
    wait_until([&] { return server_->clients_away() == 1; });
  }
  Call back(trader_);
  back->AddMetadata("client-id", std::to_string(kClient));
  back->AddMetadata("disconnect-grace-ms", "0");
  const auto stream = stub<v1::OrderEntry>()->Trade(back);
  wait_until([&] { return server_->clients_away() == 0; });
  EXPECT_EQ(live(), 1u);
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
  expect_over(1);
}

TEST_F(SessionTest, AStreamThatEndsInOrderEndsTheSessionToo) {
  serve_with_grace(0ms);
  Call call(trader_);
  const auto stream = stub<v1::OrderEntry>()->Trade(call);
  must_place(*stream);
  EXPECT_FALSE(place(*stream, order(false)).has_reject());
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(wait_for_end(), 1u);
  EXPECT_EQ(live(), 1u);
}

TEST_F(SessionTest, ARestartIsFollowedByTheGrace) {
  serve_with_grace(1h);
  Call call(trader_);
  const auto stream = stub<v1::OrderEntry>()->Trade(call);
  must_place(*stream);
  stop_serving();
  stream->Finish();
  serve_with_grace(1h);
  EXPECT_EQ(live(), 1u);
  EXPECT_EQ(server_->clients_away(), 1u);
  serve_with_grace(0ms);
  expect_over(1);
}

TEST_F(SessionTest, AUnaryOrderNeedsAnOpenStream) {
  serve_with_grace(1h);
  const auto place_beside = [&](std::uint64_t client) {
    Call call(trader_);
    if (client != 0) {
      call->AddMetadata("client-id", std::to_string(client));
      call->AddMetadata("client-sequence", std::to_string(++number_));
    }
    v1::Answer answer;
    const grpc::Status status = stub<v1::OrderEntry>()->Place(call, order(), &answer);
    return std::pair(status, answer);
  };
  EXPECT_EQ(place_beside(0).second.reject().name(), "session_missing");
  const auto [alone, nothing] = place_beside(kClient);
  EXPECT_EQ(alone.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(alone.error_message(), testing::HasSubstr("session_missing"));
  EXPECT_EQ(live(), 0u);

  Call call(trader_);
  call->AddMetadata("client-id", std::to_string(kClient));
  call->AddMetadata("disconnect-grace-ms", "0");
  const auto stream = stub<v1::OrderEntry>()->Trade(call);
  wait_until([&] { return place_beside(kClient).first.ok(); });
  EXPECT_EQ(live(), 1u);
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
  expect_over(1);
}

TEST_F(SessionTest, OneStreamServesABoundedNumberOfSessions) {
  Call call(trader_);
  const auto stream = stub<v1::OrderEntry>()->Trade(call);
  v1::OrderFrame frame;
  for (std::uint64_t client = 1; client <= Presence::kClientsMax + 2; ++client) {
    v1::Command& command = *frame.add_commands();
    command.set_client(client);
    command.set_client_sequence(1);
    *command.mutable_place_order() = order(client != Presence::kClientsMax + 1);
  }
  v1::AnswerFrame answers;
  ASSERT_TRUE(stream->Write(frame));
  ASSERT_TRUE(stream->Read(&answers));
  for (std::size_t i = 0; i <= Presence::kClientsMax; ++i) {
    EXPECT_FALSE(answers.answers(static_cast<int>(i)).has_reject()) << i;
  }
  const v1::Answer& last = answers.answers(answers.answers_size() - 1);
  EXPECT_EQ(last.reject().name(), "session_missing");
  EXPECT_EQ(last.sequence(), 0u);
  stop_serving();
}

TEST_F(SessionTest, WhatAStreamSaysOfItsSessionMustBeNumbers) {
  for (const char* key : {"client-id", "disconnect-grace-ms"}) {
    Call call(trader_);
    call->AddMetadata(key, "soon");
    const auto stream = stub<v1::OrderEntry>()->Trade(call);
    const grpc::Status status = stream->Finish();
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_THAT(status.error_message(), testing::HasSubstr(key));
  }
}

TEST_F(SessionTest, AClientMayEndItsSessionItself) {
  Call call(trader_);
  const auto stream = stub<v1::OrderEntry>()->Trade(call);
  must_place(*stream);
  v1::EndSession end;
  end.set_client(kClient);
  v1::Answer answer;
  ASSERT_TRUE(stub<v1::OrderEntry>()->EndSession(Call(admin_), end, &answer).ok());
  EXPECT_EQ(answer.reject().name(), "client_unknown");
  answer = {};
  ASSERT_TRUE(stub<v1::OrderEntry>()->EndSession(Call(trader_), end, &answer).ok());
  EXPECT_EQ(answer.id(), 1u) << answer.DebugString();
  EXPECT_EQ(live(), 0u);
  stop_serving();
}

}  // namespace
}  // namespace origo::gateway
