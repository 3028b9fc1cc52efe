#include "storage/replay.h"

#include <string>

#include "engine/rights.h"
#include "proto/codec/record.h"

namespace origo::storage {

Status Replay::apply(Bytes record, Events& events) {
  const std::uint64_t expected = exchange_.sequence().value() + 1;
  const auto damaged = [expected](const std::string& what) {
    return Status{StatusCode::damaged, "journal record " + std::to_string(expected) + what};
  };
  if (const auto found = quarantines_.find(expected); found != quarantines_.end()) {
    return set_aside(record, found->second, events);
  }
  if (!proto::read_record(as_core_bytes(record), header_, command_)) {
    return damaged(" is not a command that this version knows");
  }
  if (header_.sequence.value() != expected) {
    return damaged(" says that it is number " + std::to_string(header_.sequence.value()));
  }
  if (header_.time < exchange_.time()) return damaged(" is earlier than the one before it");
  if (applying_ != nullptr) applying_->store(expected, std::memory_order_relaxed);
  exchange_.apply(header_, command_, events);
  if (applying_ != nullptr) applying_->store(0, std::memory_order_relaxed);
  return {};
}

// The rights of those who consent are judged here, where the record stands, and so by every replay.
Status Replay::set_aside(Bytes record, const QuarantineRecord& quarantine, Events& events) {
  const Sequence expected = next(exchange_.sequence());
  if (!may_quarantine(exchange_.state(), quarantine.first, quarantine.second)) {
    return {StatusCode::damaged,
            "journal record " + std::to_string(expected.value()) +
                " is set aside by others than two operators of the node"};
  }
  if (!proto::read_record(as_core_bytes(record), header_, command_)) header_ = {};
  header_.sequence = expected;
  header_.time = exchange_.time();
  exchange_.set_aside(header_, events);
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

origo::Bytes encode_state(const Exchange& exchange) {
  origo::Bytes state;
  Encoder encoder(state);
  exchange.encode(encoder);
  return state;
}

bool decode_state(Bytes bytes, Exchange& exchange) {
  const std::span<const std::uint8_t> state = as_core_bytes(bytes);
  Decoder decoder(state.data(), state.size());
  return exchange.decode(decoder) && decoder.at_end();
}

Chain state_digest(const Exchange& exchange) {
  Hasher hasher;
  hasher.begin();
  hasher.update(as_bytes(encode_state(exchange)));
  return hasher.finish();
}

}  // namespace origo::storage
