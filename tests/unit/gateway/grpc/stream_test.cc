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
    const v1::Answer granted =
        submit(Command(GrantRole{.user = UserId(1), .role = Role::market_operator, .scope = {}}), admin_);
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
    ASSERT_TRUE(stream->Write(frame_of({create_market(name), create_market(name), create_market(name + "b")})));
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
  unknown.mutable_create_market()->GetReflection()
      ->MutableUnknownFields(unknown.mutable_create_market())->AddVarint(99, 1);
  v1::Command bad_enum;
  bad_enum.mutable_set_phase()->set_market(1);
  v1::Command numberless = create_market("N");
  numberless.set_client(7);
  v1::AnswerFrame answers;
  const auto status = exchange(
      frame_of({empty, create_market("FIRST"), unknown, bad_enum, create_market("SECOND"), numberless}), answers);
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
