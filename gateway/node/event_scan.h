#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/ensure.h"
#include "engine/core/event.h"
#include "engine/ledger/parties.h"
#include "gateway/node/command_sink.h"

// Looking through event bytes without decoding what is not of interest.
namespace origo::gateway {

// The number of an event in its frame: its position in the variant, from 1.
template <class E>
[[nodiscard]] constexpr std::uint16_t event_number() {
  return static_cast<std::uint16_t>(boost::mp11::mp_find<Event, E>::value + 1);
}

// Calls `visit(number, body)` for each event, in order. Malformed bytes stop the process: they are
// the core's own.
template <class Visit>
void for_each_framed(std::span<const std::uint8_t> events, Visit&& visit) {
  while (!events.empty()) {
    Decoder decoder(events.data(), events.size());
    std::uint32_t length = 0;
    std::uint16_t number = 0;
    decoder.get(length);
    decoder.get(number);
    ENSURE(decoder.ok());
    ENSURE(length >= sizeof(number));
    ENSURE(length - sizeof(number) <= decoder.left());
    visit(number, events.subspan(sizeof(length) + sizeof(number), length - sizeof(number)));
    events = events.subspan(sizeof(length) + length);
  }
}

// The event in a body that for_each_framed() found under its number.
template <class E>
[[nodiscard]] E decode_event(std::span<const std::uint8_t> body) {
  Decoder decoder(body.data(), body.size());
  E event;
  decoder.get(event);
  ENSURE(decoder.ok());
  ENSURE(decoder.at_end());
  return event;
}

// Appends a Fill for each trade of the incoming order `own` among `events`, which are one
// command's; returns how many. Others' stops that it has set off trade in the same command.
std::uint32_t append_fills(std::span<const std::uint8_t> events,
                           OrderId own,
                           const Parties& parties,
                           std::vector<Fill>& fills);

}  // namespace origo::gateway
