#include <atomic>

#include "proto/codec/commands.h"
#include "tests/unit/gateway/grpc/grpc_fixture.h"

namespace origo::gateway {
namespace {

using test::Call;
using test::create_market;
using Stream = grpc::ClientReaderWriter<v1::OrderFrame, v1::AnswerFrame>;

class StreamTest : public test::GrpcTest {
 protected:
  // The admin may make markets, which is all that most tests need.
  void SetUp() override {
    serve();
    const v1::Answer granted = submit(
        Command(GrantRole{.user = UserId(1), .role = Role::market_operator, .scope = {}}), admin_);
    if (granted.has_reject()) {
      operator_ = add_user(1, Role::market_operator, {}).second;
    } else {
      operator_ = admin_;
    }
  }
  static v1::OrderFrame frame_of(std::initializer_list<v1::Command> commands) {
    v1::OrderFrame frame;
    for (const v1::Command& command : commands) *frame.add_commands() = command;
    return frame;
  }
  // Sends one frame on a stream of its own.
  grpc::Status exchange(const v1::OrderFrame& frame, v1::AnswerFrame& answers) {
    Call call(operator_);
    const auto stream = stub<v1::OrderEntry>()->Trade(call);
    stream->Write(frame);
    stream->WritesDone();
    stream->Read(&answers);
    return stream->Finish();
  }
  std::string operator_;
};

TEST_F(StreamTest, AnswersEachCommandInOrder) {
  Call call(operator_);
  const auto stream = stub<v1::OrderEntry>()->Trade(call);
  constexpr int kFrames = 50;
  for (int frame = 0; frame < kFrames; ++frame) {
    const std::string name = "M" + std::to_string(frame);
    ASSERT_TRUE(stream->Write(
        frame_of({create_market(name), create_market(name), create_market(name + "b")})));
  }
  stream->WritesDone();
  std::uint64_t id = 0;
  std::uint64_t sequence = 0;
  for (int frame = 0; frame < kFrames; ++frame) {
    v1::AnswerFrame answers;
    ASSERT_TRUE(stream->Read(&answers)) << frame;
    ASSERT_EQ(answers.answers_size(), 3);
    if (id == 0) id = answers.answers(0).id() - 1;
    EXPECT_EQ(answers.answers(0).id(), ++id);
    EXPECT_EQ(answers.answers(1).reject().name(), "code_taken");
    EXPECT_EQ(answers.answers(1).reject().field(), "code");
    EXPECT_EQ(answers.answers(2).id(), ++id);
    for (const v1::Answer& answer : answers.answers()) {
      EXPECT_GT(answer.sequence(), sequence);
      sequence = answer.sequence();
    }
  }
  v1::AnswerFrame none;
  EXPECT_FALSE(stream->Read(&none));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(StreamTest, RefusesAMalformedCommandAlone) {
  v1::Command empty;
  v1::Command unknown = create_market("UNKNOWN");
  unknown.mutable_create_market()
      ->GetReflection()
      ->MutableUnknownFields(unknown.mutable_create_market())
      ->AddVarint(99, 1);
  v1::Command bad_enum;
  bad_enum.mutable_set_phase()->set_market(1);
  v1::Command numberless = create_market("N");
  numberless.set_client(7);
  v1::AnswerFrame answers;
  const auto status = exchange(
      frame_of(
          {empty, create_market("FIRST"), unknown, bad_enum, create_market("SECOND"), numberless}),
      answers);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(answers.answers_size(), 6);
  EXPECT_EQ(answers.answers(0).reject().field(), "body");
  EXPECT_EQ(answers.answers(0).sequence(), 0u);
  EXPECT_FALSE(answers.answers(1).has_reject());
  EXPECT_EQ(answers.answers(2).reject().name(), "malformed");
  EXPECT_EQ(answers.answers(2).reject().field(), "create_market");
  EXPECT_THAT(answers.answers(2).reject().rule(), testing::HasSubstr("99"));
  EXPECT_EQ(answers.answers(3).reject().name(), "enum_invalid");
  EXPECT_EQ(answers.answers(3).reject().field(), "set_phase.phase");
  EXPECT_EQ(answers.answers(4).id(), answers.answers(1).id() + 1);
  EXPECT_EQ(answers.answers(5).reject().field(), "client_sequence");
}

TEST_F(StreamTest, AFrameOfMalformedCommandsIsAnsweredInItsTurn) {
  Call call(operator_);
  const auto stream = stub<v1::OrderEntry>()->Trade(call);
  gate_->hold();
  stream->Write(frame_of({create_market("A")}));
  stream->Write(frame_of({v1::Command()}));
  gate_->wait_for_held(1);
  gate_->release();
  stream->WritesDone();
  v1::AnswerFrame first;
  v1::AnswerFrame second;
  ASSERT_TRUE(stream->Read(&first)) << stream->Finish().error_message();
  ASSERT_TRUE(stream->Read(&second)) << stream->Finish().error_message();
  EXPECT_FALSE(first.answers(0).has_reject());
  EXPECT_TRUE(second.answers(0).has_reject());
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(StreamTest, IsNotReadWhileTooMuchIsInFlight) {
  stop_serving();
  serve({.frames_in_flight_max = 5});
  gate_->hold();
  Call call(operator_);
  const auto stream = stub<v1::OrderEntry>()->Trade(call);
  constexpr int kFrames = 60;
  for (int frame = 0; frame < kFrames; ++frame) {
    ASSERT_TRUE(stream->Write(frame_of({create_market("F" + std::to_string(frame))})));
  }
  stream->WritesDone();
  gate_->wait_for_held(5);
  EXPECT_EQ(gate_->on_their_way_max(), 5u);
  gate_->release();
  int answered = 0;
  for (v1::AnswerFrame answers; stream->Read(&answers); ++answered) {
    EXPECT_FALSE(answers.answers(0).has_reject());
  }
  EXPECT_EQ(answered, kFrames);
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_LE(gate_->on_their_way_max(), 5u);
}

TEST_F(StreamTest, AVanishedClientLeavesTheNodeInOrder) {
  gate_->hold();
  {
    Call call(operator_);
    const auto stream = stub<v1::OrderEntry>()->Trade(call);
    for (int frame = 0; frame < 10; ++frame) {
      stream->Write(frame_of({create_market("V" + std::to_string(frame))}));
    }
    gate_->wait_for_held(3);
    call->TryCancel();
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  gate_->release();
  v1::AnswerFrame answers;
  EXPECT_TRUE(exchange(frame_of({create_market("AFTER")}), answers).ok());
  EXPECT_FALSE(answers.answers(0).has_reject());
}

TEST_F(StreamTest, TellsWhatTradedAtOnce) {
  const auto market = build_market({.accounts = 2, .instruments = 1, .units_per_lot = 1'000'000});
  PlaceOrder order{.account = market.accounts[0],
                   .instrument = market.instruments[0],
                   .side = Side::sell,
                   .price = Price(5'000),
                   .quantity = Quantity(3)};
  operator_ = trader_;
  v1::OrderFrame frame;
  proto::write_command(order, *frame.add_commands());
  order.price = Price(5'001);
  proto::write_command(order, *frame.add_commands());
  order.side = Side::buy;
  order.account = market.accounts[1];
  order.quantity = Quantity(5);
  proto::write_command(order, *frame.add_commands());
  v1::AnswerFrame answers;
  ASSERT_TRUE(exchange(frame, answers).ok());
  ASSERT_EQ(answers.answers_size(), 3) << answers.DebugString();
  EXPECT_EQ(answers.answers(0).open(), 3);
  const v1::Answer& taker = answers.answers(2);
  EXPECT_EQ(taker.filled(), 5) << taker.DebugString();
  EXPECT_EQ(taker.open(), 0);
  ASSERT_EQ(taker.fills_size(), 2);
  EXPECT_EQ(taker.fills(0).price(), 5'000);
  EXPECT_EQ(taker.fills(0).quantity(), 3);
  EXPECT_EQ(taker.fills(0).maker_order(), answers.answers(0).id());
  EXPECT_EQ(taker.fills(1).price(), 5'001);
  EXPECT_EQ(taker.fills(1).quantity(), 2);
}

TEST_F(StreamTest, TheTradesOfStopsThatItSetOffAreNotItsFills) {
  const auto market = build_market({.accounts = 2});
  operator_ = trader_;
  v1::OrderFrame frame;
  const auto add = [&](std::size_t account,
                       Side side,
                       std::int64_t price,
                       std::int64_t quantity,
                       std::int64_t stop) {
    PlaceOrder order{.account = market.accounts[account], .instrument = market.instruments[0]};
    order.side = side;
    order.price = Price(price);
    order.quantity = Quantity(quantity);
    order.stop_price = Price(stop);
    proto::write_command(order, *frame.add_commands());
  };
  add(0, Side::sell, 5'000, 1, 0);
  add(0, Side::sell, 5'001, 3, 0);
  add(1, Side::buy, 5'010, 2, 5'000);
  add(1, Side::buy, 5'000, 1, 0);
  v1::AnswerFrame answers;
  ASSERT_TRUE(exchange(frame, answers).ok());
  ASSERT_EQ(answers.answers_size(), 4) << answers.DebugString();
  const v1::Answer& last = answers.answers(3);
  EXPECT_EQ(last.filled(), 1) << last.DebugString();
  ASSERT_EQ(last.fills_size(), 1) << last.DebugString();
  EXPECT_EQ(last.fills(0).price(), 5'000);
  v1::ListOrdersRequest request;
  request.set_account(market.accounts[0].value());
  request.set_at_least_sequence(last.sequence());
  v1::ListOrdersResponse response;
  ASSERT_TRUE(stub<v1::MarketData>()->ListOrders(Call(trader_), request, &response).ok());
  ASSERT_EQ(response.orders_size(), 1);
  EXPECT_EQ(response.orders(0).filled(), 2);  // the stop was set off
}

TEST_F(StreamTest, ARepeatAfterReconnectingGetsTheFirstAnswer) {
  v1::Command command = create_market("ONCE");
  command.set_client(42);
  command.set_client_sequence(1);
  v1::AnswerFrame first;
  ASSERT_TRUE(exchange(frame_of({command}), first).ok());
  channel_ = connect();
  v1::AnswerFrame repeat;
  ASSERT_TRUE(exchange(frame_of({command}), repeat).ok());
  EXPECT_FALSE(repeat.answers(0).has_reject()) << repeat.DebugString();
  EXPECT_EQ(repeat.answers(0).id(), first.answers(0).id());
  EXPECT_EQ(repeat.answers(0).first_event(), first.answers(0).first_event());

  v1::Command other = create_market("OTHER");
  other.set_client(42);
  other.set_client_sequence(1);
  v1::AnswerFrame conflict;
  ASSERT_TRUE(exchange(frame_of({other}), conflict).ok());
  EXPECT_EQ(conflict.answers(0).reject().name(), "client_sequence_conflict");
  other.set_client_sequence(5'000);
  v1::AnswerFrame jump;
  ASSERT_TRUE(exchange(frame_of({other}), jump).ok());
  EXPECT_EQ(jump.answers(0).reject().name(), "client_sequence_jump");
}

TEST_F(StreamTest, AFrameOutOfBoundsEndsTheStreamInWords) {
  v1::AnswerFrame answers;
  v1::OrderFrame crowded;
  for (int i = 0; i < 4'097; ++i) crowded.add_commands();
  EXPECT_EQ(exchange(crowded, answers).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(exchange(v1::OrderFrame(), answers).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  v1::OrderFrame huge = frame_of({create_market("BIG")});
  huge.mutable_commands(0)->mutable_create_market()->set_name(std::string(5 << 20, 'x'));
  EXPECT_EQ(exchange(huge, answers).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(StreamTest, BytesThatAreNoMessageEndTheStreamInWords) {
  grpc::GenericStub raw(channel_);
  Call call(operator_);
  grpc::CompletionQueue queue;
  const auto stream = raw.PrepareCall(call, "/origo.v1.OrderEntry/Trade", &queue);
  const auto done = [&] {
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    return ok;
  };
  stream->StartCall(nullptr);
  EXPECT_TRUE(done());
  const grpc::Slice slice("\x0a\xff\xff", 3);
  stream->Write(grpc::ByteBuffer(&slice, 1), nullptr);
  EXPECT_TRUE(done());
  grpc::Status status;
  stream->Finish(&status, nullptr);
  done();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), testing::HasSubstr("OrderFrame"));
}

// What a replaced token began is over; a stream of another user goes on.
TEST_F(StreamTest, AReplacedTokenEndsItsStreams) {
  const auto [user, token] = add_user(1, Role::market_operator, {});
  Call call(token);
  const auto stream = stub<v1::OrderEntry>()->Trade(call);
  Call other_call(operator_);
  const auto other = stub<v1::OrderEntry>()->Trade(other_call);
  v1::AnswerFrame answers;
  ASSERT_TRUE(stream->Write(frame_of({create_market("A")})));
  ASSERT_TRUE(stream->Read(&answers));
  ASSERT_TRUE(other->Write(frame_of({create_market("B")})));
  ASSERT_TRUE(other->Read(&answers));

  v1::Command replace;
  replace.mutable_replace_token()->set_user(user);
  const v1::Answer replaced = submit(replace, admin_);
  ASSERT_EQ(replaced.token().size(), 64u) << replaced.DebugString();

  const Sequence before = sequencer_->sequence();
  stream->Write(frame_of({create_market("C")}));
  EXPECT_FALSE(stream->Read(&answers));
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(status.error_message(), "authorization: this token was replaced");
  EXPECT_EQ(sequencer_->sequence(), before);

  ASSERT_TRUE(other->Write(frame_of({create_market("D")})));
  ASSERT_TRUE(other->Read(&answers));
  EXPECT_FALSE(answers.answers(0).has_reject());
  other->WritesDone();
  EXPECT_TRUE(other->Finish().ok());

  Call fresh(replaced.token());
  const auto anew = stub<v1::OrderEntry>()->Trade(fresh);
  ASSERT_TRUE(anew->Write(frame_of({create_market("E")})));
  ASSERT_TRUE(anew->Read(&answers));
  EXPECT_FALSE(answers.answers(0).has_reject());
  anew->WritesDone();
  EXPECT_TRUE(anew->Finish().ok());
}

// Two commands a second, ten seconds saved up.
class LimitedStreamTest : public StreamTest {
 protected:
  void SetUp() override {
    options_.rates = {.user_commands_per_second = 2,
                      .address_commands_per_second = 1'000,
                      .burst = std::chrono::milliseconds(10'000)};
    options_.on_limited = [this](RateLimit limit, std::size_t commands) {
      EXPECT_EQ(limit, RateLimit::user);
      limited_ += commands;
    };
    serve(options_);
    operator_ = add_user(1, Role::market_operator, {}).second;
  }
  static v1::Command cancel() {
    v1::Command command;
    command.mutable_cancel_order()->mutable_target()->set_account(1);
    command.mutable_cancel_order()->mutable_target()->set_order(1);
    return command;
  }
  GrpcOptions options_;
  std::atomic<std::size_t> limited_{0};
};

TEST_F(LimitedStreamTest, CommandsBeyondTheRateAreRefusedOneByOneAndCancelsPass) {
  v1::OrderFrame frame;
  for (int i = 0; i < 30; ++i) {
    *frame.add_commands() = create_market("M" + std::to_string(i));
    *frame.add_commands() = cancel();
  }
  for (int i = 0; i < 20; ++i) frame.mutable_commands()->RemoveLast();  // 20 of each
  v1::OrderFrame more;
  for (int i = 0; i < 5; ++i) *more.add_commands() = create_market("N" + std::to_string(i));
  Call call(operator_);
  const auto stream = stub<v1::OrderEntry>()->Trade(call);
  v1::AnswerFrame answers;
  ASSERT_TRUE(stream->Write(frame));
  ASSERT_TRUE(stream->Read(&answers));
  ASSERT_EQ(answers.answers_size(), 40);
  for (const v1::Answer& answer : answers.answers()) {
    EXPECT_NE(answer.reject().name(), "rate_limited");
  }
  const Sequence before = sequencer_->sequence();
  ASSERT_TRUE(stream->Write(more));
  ASSERT_TRUE(stream->Read(&answers));
  ASSERT_EQ(answers.answers_size(), 5);
  const v1::Reject& reject = answers.answers(4).reject();
  EXPECT_EQ(reject.name(), "rate_limited");
  EXPECT_THAT(
      reject.rule(),
      testing::MatchesRegex(
          "exceeds 2 commands a second of this user; nothing was done, try again in [0-9]+ ms"));
  EXPECT_EQ(answers.answers(4).sequence(), 0u);
  EXPECT_GE(limited_, 4u);  // one may have come back meanwhile
  EXPECT_LE(sequencer_->sequence().value(), before.value() + 1);

  // The stream goes on, and by unary calls it is the same allowance.
  v1::Answer answer;
  Call unary(operator_);
  const grpc::Status status = stub<v1::Admin>()->Submit(unary, create_market("O"), &answer);
  if (!status.ok()) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_THAT(status.error_message(),
                testing::HasSubstr("rate_limited: exceeds 2 commands a second"));
    EXPECT_EQ(unary->GetServerTrailingMetadata().count("retry-after-ms"), 1u);
  }
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(LimitedStreamTest, WhoeverHasUsedUpTheRateCanStillLeaveTheMarket) {
  v1::OrderFrame frame;
  for (int i = 0; i < 40; ++i) *frame.add_commands() = create_market("M" + std::to_string(i));
  v1::AnswerFrame answers;
  ASSERT_TRUE(exchange(frame, answers).ok());
  EXPECT_EQ(answers.answers(39).reject().name(), "rate_limited");
  Call place(operator_);
  v1::Answer answer;
  const grpc::Status refused = stub<v1::OrderEntry>()->Place(place, v1::PlaceOrder(), &answer);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << refused.error_message();
  EXPECT_EQ(place->GetServerTrailingMetadata().count("retry-after-ms"), 1u);
  for (int i = 0; i < 4; ++i) {
    Call call(operator_);
    EXPECT_TRUE(stub<v1::OrderEntry>()->Cancel(call, cancel().cancel_order(), &answer).ok());
    Call mass(operator_);
    v1::MassCancel all;
    all.set_account(1);
    EXPECT_TRUE(stub<v1::OrderEntry>()->MassCancel(mass, all, &answer).ok());
    Call reduce(operator_);
    v1::ReduceOrder less;
    less.mutable_target()->set_account(1);
    less.mutable_target()->set_order(1);
    less.set_by(1);
    EXPECT_TRUE(stub<v1::OrderEntry>()->Reduce(reduce, less, &answer).ok());
    Call end(operator_);
    EXPECT_TRUE(stub<v1::OrderEntry>()->EndSession(end, v1::EndSession(), &answer).ok());
    Call kill(operator_);
    EXPECT_TRUE(stub<v1::OrderEntry>()->SetKillSwitch(kill, v1::SetKillSwitch(), &answer).ok());
  }
}

TEST_F(StreamTest, AFullDiskEndsTheStreamInWords) {
  journal_.set_health({storage::StatusCode::full, "no space"});
  v1::AnswerFrame answers;
  const auto status = exchange(frame_of({create_market("FULL")}), answers);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_message(), testing::HasSubstr("disk_full"));
  journal_.set_health({});
  EXPECT_TRUE(exchange(frame_of({create_market("ROOM")}), answers).ok());
  EXPECT_FALSE(answers.answers(0).has_reject());
}

}  // namespace
}  // namespace origo::gateway
