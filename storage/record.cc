#include "storage/record.h"

#include <string>

namespace origo::storage {

void append_record(origo::Bytes& out,
                   const CommandHeader& header,
                   std::span<const std::uint8_t> body) {
  Encoder(out).put(header);
  out.insert(out.end(), body.begin(), body.end());
}

bool decode_command(std::span<const std::uint8_t> body, Command& command) {
  Decoder decoder(body.data(), body.size());
  decoder.get(command);
  return decoder.ok() && decoder.at_end();
}

bool decode_record(Bytes bytes, Record& record) {
  Decoder decoder(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  decoder.get(record.header);
  decoder.get(record.command);
  return decoder.ok() && decoder.at_end();
}

Status Replay::apply(Bytes record, Events& events) {
  const std::uint64_t expected = exchange_.sequence().value() + 1;
  const auto damaged = [expected](const std::string& what) {
    return Status{StatusCode::damaged, "journal record " + std::to_string(expected) + what};
  };
  if (!decode_record(record, record_)) {
    return damaged(" is not a command that this version knows");
  }
  if (record_.header.sequence.value() != expected) {
    return damaged(" says that it is number " + std::to_string(record_.header.sequence.value()));
  }
  if (record_.header.time < exchange_.time()) return damaged(" is earlier than the one before it");
  exchange_.apply(record_.header, record_.command, events);
  return {};
}

void Replay::end_batch(std::span<const std::uint8_t> events) {
  event_chain_ = hasher_.extend(event_chain_, std::as_bytes(events));
}

Status Replay::apply(const BatchView& batch, Events& events) {
  events.clear();
  Status status;
  batch.for_each([&](std::uint64_t, Bytes record) {
    if (status.ok()) status = apply(record, events);
  });
  if (status.ok()) end_batch(events.bytes());
  return status;
}

Chain state_digest(const Exchange& exchange) {
  origo::Bytes state;
  Encoder encoder(state);
  exchange.encode(encoder);
  Hasher hasher;
  hasher.begin();
  hasher.update(as_bytes(state));
  return hasher.finish();
}

}  // namespace origo::storage
