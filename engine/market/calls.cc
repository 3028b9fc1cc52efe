#include <algorithm>
#include <map>
#include <utility>

#include "engine/market/call_book.h"
#include "engine/market/desk.h"

// Calls: their prices, who trades at them, and what becomes of the orders that are left.
namespace origo {

bool Desk::uncrosses(MarketId market, Phase next) const {
  const Venue& venue = *market_.find(market);
  return venue.uncross_due &&
         (next == Phase::continuous || (next == Phase::closed && venue.call != CallKind::none));
}

Verdict Desk::check_leave(MarketId market, Phase next) const {
  if (!uncrosses(market, next)) return std::nullopt;
  for (const Instrument& instrument : market_.instruments) {
    if (instrument.market == market &&
        find_call_price(market_, instrument).outcome == PriceOutcome::no_reference)
      return Refusal(Reject::reference_missing, instrument.code);
  }
  return std::nullopt;
}

void Desk::leave_phase(MarketId market, Phase next) {
  Venue& venue = market_.venues[market.value() - 1];
  const bool now = uncrosses(market, next);
  if (now) venue.uncross_due = false;
  if (gathers(next)) venue.uncross_due = true;
  if (!now) return;
  // A closing call is one after which the day's trading is over, whatever it was taken for when it
  // began.
  CallKind call = std::exchange(venue.call, CallKind::none);
  if (next == Phase::closed && !venue.trades_again_before(venue.day_end)) {
    call = CallKind::closing;
  } else if (call == CallKind::closing) {
    call = CallKind::intraday;
  }
  std::map<InstrumentId, Price> prices;
  for (Instrument& instrument : market_.instruments) {
    if (instrument.market == market) prices.emplace(instrument.id, uncross(instrument, call));
  }
  end_all(market, TimeInForce::auction_only, OrderEnd::auction_end);
  for (const auto& [instrument, price] : prices) settle_leftovers(market_.get(instrument), price);
}

// Trades what the call's price lets trade; the price, or 0 if there is none.
Price Desk::uncross(Instrument& instrument, CallKind call) {
  const PriceFinding found = find_call_price(market_, instrument);
  if (call == CallKind::closing) instrument.day.closing = Price();
  if (found.outcome != PriceOutcome::found) return {};
  events_.append(Uncrossed{.instrument = instrument.id,
                           .price = found.price,
                           .volume = found.volume,
                           .surplus_side = found.surplus_side,
                           .surplus = found.surplus,
                           .call = call});
  std::uint32_t trades = 0;
  for (Quantity left = found.volume; left.is_positive();) {
    const OrderSlot buy = first_in_call(instrument, Side::buy);
    const OrderSlot sell = first_in_call(instrument, Side::sell);
    const Quantity quantity = std::min({left, order(buy).open, order(sell).open});
    cross(buy, sell, found.price, quantity, true);
    left -= quantity;
    ++trades;
  }
  if (call == CallKind::closing) {
    instrument.day.closing = found.price;
    instrument.day.closing_volume = found.volume;
    instrument.day.closing_trades = trades;
  }
  return found.price;
}

// Who is served first: orders at any price, then the best price, each by place.
OrderSlot Desk::first_in_call(const Instrument& instrument, Side side) const {
  const Book& book = market_.book(instrument.id);
  const BookSide& queue =
      book.at_any_price(side).empty() ? book.side(side) : book.at_any_price(side);
  ENSURE(!queue.empty());
  return market_.store.levels[queue.best()].first;
}

// Orders without a limit that the call has not filled: they end, or (market-to-limit) stand at its
// price, or stay for the next call. Oldest first.
void Desk::settle_leftovers(const Instrument& instrument, Price price) {
  std::map<OrderId, OrderSlot> left;
  for (const Side side : {Side::buy, Side::sell}) {
    const Book& book = market_.book(instrument.id);
    for (const BookSide* queue : {&book.at_any_price(side), &book.side(side)}) {
      queue->for_each(market_.store, [&](const Level& level) {
        for (OrderSlot slot = level.first; slot != kNoSlot; slot = order(slot).next) {
          const bool unlimited = level.price.is_zero() || order(slot).type == OrderType::market;
          if (unlimited) left.emplace(order(slot).id, slot);
        }
        return true;
      });
    }
  }
  for (const auto& [id, slot] : left) {
    Order& leftover = order(slot);
    const bool to_limit = leftover.type == OrderType::market_to_limit;
    if (to_limit ? instrument.rules.market_to_limit_stays : instrument.rules.market_orders_stay)
      continue;
    if (!to_limit || price.is_zero()) {
      end(slot, OrderEnd::market_remainder);
      continue;
    }
    const LevelReport level = leave_queue(slot);
    say_level(level);
    draw_place(leftover);
    if (leftover.side == Side::buy)
      set_reserved(leftover, worst_case(leftover, price, instrument.terms));
    rest(incoming(slot, instrument, price));
  }
}

// Two standing orders trade, at a price that is not one of theirs. The younger counts as the taker.
void Desk::cross(
    OrderSlot buy_slot, OrderSlot sell_slot, Price price, Quantity quantity, bool uncrossed) {
  Order& buy = order(buy_slot);
  Order& sell = order(sell_slot);
  Instrument& bought = market_.get(level_of(buy).place.instrument());
  Instrument& sold = market_.get(level_of(sell).place.instrument());
  const bool buyer_took = market_.priority_of(buy) > market_.priority_of(sell);
  const Side aggressor = buyer_took ? Side::buy : Side::sell;
  const Price buy_limit = level_of(buy).price;
  const AccountId buyer = buy.account;
  const AccountId seller = sell.account;
  take_off(buy_slot, quantity);
  take_off(sell_slot, quantity);
  note_trade(bought, price, quantity, aggressor);
  if (sold.id != bought.id) note_trade(sold, price, quantity, aggressor);
  market_.last_trade = next(market_.last_trade);
  const TradeId id = market_.last_trade;
  events_.append(Trade{.trade = id,
                       .instrument = bought.id,
                       .sell_instrument = sold.id,
                       .price = price,
                       .quantity = quantity,
                       .aggressor = aggressor,
                       .maker = buyer_took ? sell.id : buy.id,
                       .taker = buyer_took ? buy.id : sell.id,
                       .buyer = buyer,
                       .seller = seller,
                       .maker_open = buyer_took ? sell.open : buy.open,
                       .taker_open = buyer_took ? buy.open : sell.open,
                       .uncrossed = uncrossed,
                       .with_itself = state_.parties.get(buyer).participant ==
                                      state_.parties.get(seller).participant});
  PendingSettlement* const later = begin_settlement(id, sold, buyer, seller);
  deliver(id, sell_slot, buyer, quantity, later);
  settle(id,
         buy,
         sell,
         buy_limit,
         value_of(price, quantity, sold.terms),
         quantity,
         aggressor,
         sold.terms,
         later);
  count_volume(sold, buyer, seller, quantity);
  end_crossed(buy_slot);
  end_crossed(sell_slot);
}

// Off what the order has open and its level counts, off the hidden part first.
void Desk::take_off(OrderSlot slot, Quantity quantity) {
  Order& traded = order(slot);
  Level& level = market_.store.levels[traded.level];
  const Quantity from_hidden = std::min(quantity, market_.hidden_of(traded));
  if (from_hidden.is_positive()) market_.condition_of(traded)->hidden -= from_hidden;
  traded.open -= quantity;
  level.hidden -= from_hidden;
  level.open -= quantity - from_hidden;
}

void Desk::end_crossed(OrderSlot slot) {
  if (order(slot).open.is_zero()) {
    end(slot, OrderEnd::filled);
  } else {
    say_level(report_of(level_of(order(slot))));
  }
}

// Calls use an instrument's own orders only. When continuous trading begins, buys may so meet sells
// of narrower instruments: the best buy is served first, then the older, by the best sell in its
// reach; the price is the older order's.
void Desk::cross_lattice(MarketId market) {
  std::vector<InstrumentId> wide;
  for (const Instrument& instrument : market_.instruments) {
    if (instrument.market == market && !instrument.narrower.empty()) wide.push_back(instrument.id);
  }
  for (OrderSlot buy = best_crossing_buy(wide); buy != kNoSlot; buy = best_crossing_buy(wide)) {
    const OrderSlot sell = crossing_sell(buy);
    const bool buy_is_older = market_.priority_of(order(buy)) < market_.priority_of(order(sell));
    const Price price = level_of(order(buy_is_older ? buy : sell)).price;
    cross(buy, sell, price, std::min(order(buy).open, order(sell).open), false);
  }
}

// The first to be served of the buys that meet a sell; instruments without one are struck from
// `wide`.
OrderSlot Desk::best_crossing_buy(std::vector<InstrumentId>& wide) const {
  OrderSlot best = kNoSlot;
  std::erase_if(wide, [&](InstrumentId id) {
    const BookSide& bids = market_.book(id).side(Side::buy);
    if (bids.empty()) return true;
    const OrderSlot first = market_.store.levels[bids.best()].first;
    if (crossing_sell(first) == kNoSlot) return true;
    if (best == kNoSlot || comes_before(first, best)) best = first;
    return false;
  });
  return best;
}

// Whether the buy `a` is served before the buy `b`.
bool Desk::comes_before(OrderSlot a, OrderSlot b) const {
  const Price price_a = level_of(order(a)).price;
  const Price price_b = level_of(order(b)).price;
  return price_a == price_b ? market_.priority_of(order(a)) < market_.priority_of(order(b))
                            : price_a > price_b;
}

// The best sell that a standing buy meets over the lattice; kNoSlot: none.
OrderSlot Desk::crossing_sell(OrderSlot buy) const {
  const Order& standing = order(buy);
  return next_maker(incoming(buy, instrument_of(standing), level_of(standing).price));
}

}  // namespace origo
