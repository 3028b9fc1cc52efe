#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/core/command.h"
#include "engine/core/encoding.h"

// Journal records: the canonical encoding of CommandHeader followed by that of Command.
namespace origo::proto {

// Appends the record of a command whose body is encoded already.
void append_record(const CommandHeader& header, std::span<const std::uint8_t> body, Bytes& out);
void append_record(const CommandHeader& header, const Command& command, Bytes& out);

// Reads one whole record. False if it is anything but the canonical bytes of a known command: cut
// short, trailing bytes, unknown number, unknown enum. What `header` and `command` hold then is
// unspecified.
[[nodiscard]] bool read_record(std::span<const std::uint8_t> record,
                               CommandHeader& header,
                               Command& command);

// Reads a whole command; strict in the same way.
[[nodiscard]] bool read_command(std::span<const std::uint8_t> body, Command& command);

}  // namespace origo::proto
