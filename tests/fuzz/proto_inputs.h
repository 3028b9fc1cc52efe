#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/core/ensure.h"
#include "proto/codec/commands.h"
#include "proto/codec/record.h"

// What must hold for any bytes whatever; used by the fuzzer and by seeded tests.
namespace origo::proto {

// A record is refused, or is exactly the canonical bytes of what was read.
inline void check_record_input(const std::uint8_t* data, std::size_t size) {
  CommandHeader header;
  Command command;
  if (!read_record({data, size}, header, command)) return;
  Bytes again;
  append_record(header, command, again);
  ENSURE(again == Bytes(data, data + size));
}

// A message is refused, or gives a record that can be read; both ways of reading it agree.
inline void check_message_input(const std::uint8_t* data, std::size_t size) {
  v1::Command message;
  if (!message.ParseFromArray(data, static_cast<int>(size))) return;
  Bytes bytes;
  const auto error = append_command(message, bytes);
  Command plain;
  const auto plain_error = read_command(message, plain);
  ENSURE(error.has_value() == plain_error.has_value());
  if (error) {
    ENSURE(bytes.empty());
    ENSURE(error->code == plain_error->code);
    ENSURE(error->field == plain_error->field);
    return;
  }
  ENSURE(bytes == encoded(plain));
  Command read;
  ENSURE(read_command(bytes, read));
}

}  // namespace origo::proto
