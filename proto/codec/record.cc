#include "proto/codec/record.h"

#include "proto/codec/enums.h"

namespace origo::proto {
namespace {

bool finish(Decoder& decoder, Command& command) {
  decoder.get(command);
  return decoder.ok() && decoder.at_end() && enums_known(command);
}

}  // namespace

void append_record(const CommandHeader& header, std::span<const std::uint8_t> body, Bytes& out) {
  Encoder(out).put(header);
  out.insert(out.end(), body.begin(), body.end());
}

void append_record(const CommandHeader& header, const Command& command, Bytes& out) {
  Encoder encoder(out);
  encoder.put(header);
  encoder.put(command);
}

bool read_record(std::span<const std::uint8_t> record, CommandHeader& header, Command& command) {
  Decoder decoder(record.data(), record.size());
  decoder.get(header);
  return decoder.ok() && finish(decoder, command);
}

bool read_command(std::span<const std::uint8_t> body, Command& command) {
  Decoder decoder(body.data(), body.size());
  return finish(decoder, command);
}

}  // namespace origo::proto
