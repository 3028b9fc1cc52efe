#include "gateway/node/event_scan.h"

#include "engine/core/ensure.h"
#include "engine/core/event.h"

namespace origo::gateway {

std::uint32_t append_fills(std::span<const std::uint8_t> events, std::vector<Fill>& fills) {
  constexpr auto kTrade = static_cast<std::uint16_t>(boost::mp11::mp_find<Event, Trade>::value + 1);
  std::uint32_t count = 0;
  while (!events.empty()) {
    Decoder decoder(events.data(), events.size());
    std::uint32_t length = 0;
    std::uint16_t number = 0;
    decoder.get(length);
    decoder.get(number);
    ENSURE(decoder.ok());
    if (number == kTrade) {
      Trade trade;
      decoder.get(trade);
      ENSURE(decoder.ok());
      fills.push_back({.trade = trade.trade,
                       .maker = trade.maker,
                       .price = trade.price,
                       .quantity = trade.quantity});
      ++count;
    }
    events = events.subspan(sizeof(length) + length);
  }
  return count;
}

}  // namespace origo::gateway
