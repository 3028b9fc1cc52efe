#include "gateway/node/event_scan.h"

namespace origo::gateway {

std::uint32_t append_fills(std::span<const std::uint8_t> events,
                           OrderId own,
                           const Parties& parties,
                           std::vector<Fill>& fills) {
  std::uint32_t count = 0;
  for_each_framed(events, [&](std::uint16_t number, std::span<const std::uint8_t> body) {
    if (number != event_number<Trade>()) return;
    const auto trade = decode_event<Trade>(body);
    if (trade.taker != own) return;
    const bool own_maker =
        parties.get(trade.buyer).participant == parties.get(trade.seller).participant;
    fills.push_back({.trade = trade.trade,
                     .maker = own_maker ? trade.maker : OrderId(),
                     .price = trade.price,
                     .quantity = trade.quantity});
    ++count;
  });
  return count;
}

}  // namespace origo::gateway
