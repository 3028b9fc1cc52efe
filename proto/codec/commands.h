#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/core/command.h"
#include "engine/core/encoding.h"
#include "origo/v1/commands.pb.h"
#include "proto/codec/decode_error.h"

// The public command messages and the engine's commands.
namespace origo::proto {

// Appends the canonical bytes of the command in `message`. On error appends nothing.
// Strict as reflect.h says; a command without a body is an error as well.
[[nodiscard]] std::optional<DecodeError> append_command(const v1::Command& message, Bytes& out);

// The same for the message of one command, e.g. v1::PlaceOrder.
[[nodiscard]] std::optional<DecodeError> append_command_body(const google::protobuf::Message& body,
                                                             Bytes& out);

// The plain way, by reflection only: what append_command must agree with.
[[nodiscard]] std::optional<DecodeError> read_command(const v1::Command& message, Command& out);

// Sets the body of `message`. Requires: the command is one that clients may send.
void write_command(const Command& command, v1::Command& message);

// Whether clients may send it: all but Bootstrap, Tick and QuarantineRecord.
[[nodiscard]] bool is_public(const Command& command);

// Where a command carries a token's digest: CreateUser and ReplaceToken. nullptr: it does not.
[[nodiscard]] std::string* token_digest_of(v1::Command& message);

// The first field anywhere within `message` that this version does not know, as an error.
[[nodiscard]] std::optional<DecodeError> find_unknown_field(
    const google::protobuf::Message& message);

}  // namespace origo::proto
