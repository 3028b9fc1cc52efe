#include "proto/codec/record.h"

#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include "tests/fuzz/proto_inputs.h"
#include "tests/unit/proto/draw_command.h"

namespace origo::proto {
namespace {

Bytes drawn_record(Draw& draw, std::size_t index) {
  CommandHeader header;
  draw_into(draw, header);
  Bytes record;
  append_record(header, draw_command(draw, index), record);
  return record;
}

TEST(Record, ReadsBackWhatWasAppended) {
  Draw draw(3);
  for (std::size_t index = 0; index < kCommandCount; ++index) {
    for (int round = 0; round < 20; ++round) {
      const Bytes record = drawn_record(draw, index);
      CommandHeader header;
      Command command;
      ASSERT_TRUE(read_record(record, header, command)) << index;
      Bytes again;
      append_record(header, command, again);
      EXPECT_EQ(again, record);
      Bytes from_body;
      append_record(header, encoded(command), from_body);
      EXPECT_EQ(from_body, record);
    }
  }
}

TEST(Record, EveryTruncationFails) {
  Draw draw(4);
  for (std::size_t index = 0; index < kCommandCount; ++index) {
    const Bytes record = drawn_record(draw, index);
    for (std::size_t size = 0; size < record.size(); ++size) {
      CommandHeader header;
      Command command;
      EXPECT_FALSE(read_record(std::span(record).first(size), header, command))
          << index << " " << size;
    }
  }
}

TEST(Record, TrailingBytesFail) {
  Draw draw(5);
  for (std::size_t index = 0; index < kCommandCount; ++index) {
    Bytes record = drawn_record(draw, index);
    record.push_back(0);
    CommandHeader header;
    Command command;
    EXPECT_FALSE(read_record(record, header, command)) << index;
  }
}

TEST(Record, UnknownCommandsAndEnumsFail) {
  Command command;
  for (const int number : {0, 1037, 65535}) {
    Bytes body;
    Encoder(body).put(static_cast<std::uint16_t>(number));
    EXPECT_FALSE(read_command(body, command)) << number;
  }
  PlaceOrder order;
  order.side = static_cast<Side>(0);
  EXPECT_FALSE(read_command(encoded(Command(order)), command));
  order.side = static_cast<Side>(3);
  EXPECT_FALSE(read_command(encoded(Command(order)), command));
  order.side = Side::sell;
  EXPECT_TRUE(read_command(encoded(Command(order)), command));
  CreateParticipant participant;
  participant.kinds = {ParticipantKind::trader, static_cast<ParticipantKind>(77)};
  EXPECT_FALSE(read_command(encoded(Command(participant)), command));
}

// The fuzzer's checks on seeded inputs, so that every run of the tests has some.
TEST(Record, MutatedInputsNeverSlipThrough) {
  Draw draw(6);
  for (int round = 0; round < 20'000; ++round) {
    Bytes input = drawn_record(draw, draw.below(kCommandCount));
    if (draw.one_in(2)) input.resize(draw.below(input.size() + 1));
    for (std::uint64_t left = draw.below(4); left > 0 && !input.empty(); --left) {
      input[draw.below(input.size())] = static_cast<std::uint8_t>(draw.bits());
    }
    check_record_input(input.data(), input.size());
  }
}

TEST(Record, MutatedMessagesReadTheSameBothWays) {
  const google::protobuf::LogSilencer quiet;  // text that is not UTF-8
  Draw draw(7);
  for (int round = 0; round < 20'000; ++round) {
    v1::Command message;
    Command command = draw_command(draw, draw.below(kCommandCount));
    while (!is_public(command)) command = draw_command(draw, draw.below(kCommandCount));
    write_command(command, message);
    std::string input = message.SerializeAsString();
    if (draw.one_in(4)) input.resize(draw.below(input.size() + 1));
    for (std::uint64_t left = draw.below(4); left > 0 && !input.empty(); --left) {
      input[draw.below(input.size())] = static_cast<char>(draw.bits());
    }
    check_message_input(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  }
}

}  // namespace
}  // namespace origo::proto
