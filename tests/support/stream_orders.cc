#include <algorithm>

#include "tests/support/stream.h"

// Random commands of traders: orders of all kinds, mostly near the market, and their changes.
namespace origo {
namespace {

constexpr std::uint32_t kInstruments = 7;
constexpr std::uint64_t kClientOrderIds = 12;

}  // namespace

Command Stream::draw_of_trader(const Exchange& exchange, const Trader& trader) {
  const std::uint64_t kind = draw_.below(100);
  if (kind < 62) return draw_place(exchange, trader);
  if (kind < 72) return CancelOrder{.target = draw_target(exchange, trader)};
  if (kind < 83) return draw_amend(exchange, trader);
  if (kind < 88) {
    const OrderRef target = draw_target(exchange, trader);
    return ReduceOrder{.target = target, .by = Quantity(draw_.between(0, 12))};
  }
  if (kind < 89) return draw_mass_cancel(trader);
  if (kind < 94) return draw_transfer(exchange, trader);
  if (kind < 96) return draw_cancellation(exchange, trader);
  if (kind < 97) {
    const AccountId account = draw_account(trader);
    const Currency currency = currency_of(draw_.one_in(2) ? "EUR" : "GBP");
    const Cash amount(draw_.between(0, 3'000));
    return WithdrawCash{
        .account = account, .currency = currency, .amount = amount, .reference = "out"};
  }
  if (kind < 98) {
    const std::uint64_t last = exchange.registry().last_transfer.value();
    const std::uint64_t back = draw_.below(8);
    return RecallExit{.transfer = TransferId(last > back ? last - back : 1)};
  }
  if (draw_.one_in(6)) return draw_kill_switch(exchange, trader);
  const AccountId to = draw_account(traders_[draw_.below(traders_.size())]);
  return TrustAccount{.from = draw_account(trader), .to = to, .trusted = !draw_.one_in(3)};
}

Command Stream::draw_place(const Exchange& exchange, const Trader& trader) {
  PlaceOrder order;
  order.account = draw_account(trader);
  order.instrument = InstrumentId(static_cast<std::uint32_t>(1 + draw_.below(kInstruments)));
  if (draw_.one_in(2)) order.instrument = InstrumentId(1);
  if (draw_.one_in(300)) order.instrument = InstrumentId(kInstruments + 1);
  order.side = draw_.one_in(2) ? Side::buy : Side::sell;
  // Some accounts can hardly sell, some participants can hardly buy.
  if (!trader.receives && !draw_.one_in(6)) order.account = trader.accounts.front();
  const bool cash_only = !exchange.parties().get(order.account).registry.is_set();
  if (cash_only && !draw_.one_in(20)) order.side = Side::buy;
  if (!cash_only && !trader.receives && !draw_.one_in(6)) order.side = Side::sell;
  order.type = draw_type(exchange, order.instrument);
  order.time_in_force = draw_time_in_force(exchange, order.instrument);
  if (order.type == OrderType::market && !draw_.one_in(8)) order.time_in_force = TimeInForce::day;
  order.quantity = Quantity(draw_.one_in(8) ? draw_.between(0, 26) : draw_.between(1, 10));
  if (order.type == OrderType::limit) {
    order.price = Price(draw_.one_in(40) ? draw_.between(0, 112) : draw_.between(96, 104));
  } else if (draw_.one_in(order.type == OrderType::market && order.side == Side::buy ? 2 : 30)) {
    order.protection_price =
        Price(draw_.one_in(8) ? draw_.between(88, 112) : draw_.between(96, 108));
  }
  if (order.time_in_force == TimeInForce::gtd) {
    const std::int64_t seconds = draw_.one_in(3) ? 5 * 86'400 : 3'600;
    order.expire_at = Instant(now_ns_ + draw_.between(0, seconds) * kSecond);
  }
  if (draw_.one_in(3)) order.client_order_id = ClientOrderId(1 + draw_.below(kClientOrderIds));
  if (order.side == Side::sell && draw_.one_in(6)) {
    for (std::uint64_t left = draw_.between(1, 3) > 1 ? 2 : 1; left > 0; --left)
      order.lots.push_back(draw_lot(exchange, order.account));
  }
  if (draw_.one_in(3)) order.self_trade = static_cast<SelfTrade>(draw_.between(0, 4));
  order.cancel_on_disconnect = draw_.one_in(6);
  draw_conditions(exchange, order);
  return order;
}

// Mostly limit orders; but before there is a price, hardly any in a call.
OrderType Stream::draw_type(const Exchange& exchange, InstrumentId id) {
  const Instrument* instrument = exchange.market().find(id);
  const bool opening = instrument != nullptr && instrument->last.is_zero() &&
                       gathers(exchange.market().find(instrument->market)->phase);
  if (opening && !draw_.one_in(20)) return OrderType::market_to_limit;
  if (draw_.one_in(10)) return OrderType::market;
  return draw_.one_in(12) ? OrderType::market_to_limit : OrderType::limit;
}

// Mostly what the phase takes.
TimeInForce Stream::draw_time_in_force(const Exchange& exchange, InstrumentId id) {
  const Instrument* instrument = exchange.market().find(id);
  const bool call =
      instrument != nullptr && gathers(exchange.market().find(instrument->market)->phase);
  if (draw_.one_in(call ? 4 : 60)) return TimeInForce::auction_only;
  if (draw_.one_in(call ? 60 : 20)) return TimeInForce::continuous_only;
  if (draw_.one_in(3)) return TimeInForce::gtc;
  return static_cast<TimeInForce>(draw_.between(1, call && !draw_.one_in(8) ? 3 : 5));
}

// Most that does not fit the rest of the order is left out. Stops wait near the last price, so that
// one that fires often reaches the next.
void Stream::draw_conditions(const Exchange& exchange, PlaceOrder& order) {
  const std::int64_t quantity = order.quantity.value();
  const bool rests = order.type == OrderType::limit && order.time_in_force != TimeInForce::ioc &&
                     order.time_in_force != TimeInForce::fok;
  order.post_only = draw_.one_in(rests ? 12 : 200);
  if (!order.post_only && draw_.one_in(12)) order.min_quantity = Quantity(draw_.between(1, 3));
  if (draw_.one_in(100)) order.min_quantity = Quantity(draw_.between(-1, quantity + 1));
  const bool takes_stop = order.type != OrderType::market_to_limit && !order.post_only &&
                          order.min_quantity.is_zero() &&
                          order.time_in_force != TimeInForce::auction_only;
  if (draw_.one_in(takes_stop ? 5 : 100)) {
    order.stop_price = draw_near_last(exchange, order.instrument, order.side);
    if (draw_.one_in(60)) order.stop_price = Price(draw_.between(-1, 112));
  }
  if (!draw_.one_in(rests ? 4 : 100)) return;
  order.peak = Quantity(draw_.between(1, std::max<std::int64_t>(1, quantity / 2)));
  if (draw_.one_in(40)) order.peak = Quantity(draw_.between(-1, quantity + 1));
  if (draw_.one_in(3)) order.min_visible = Quantity(draw_.between(0, order.peak.value() + 1));
  if (order.min_visible > order.peak && !draw_.one_in(4)) order.min_visible = order.peak;
}

// Mostly on the side where a stop still waits.
Price Stream::draw_near_last(const Exchange& exchange, InstrumentId id, Side side) {
  const Instrument* instrument = exchange.market().find(id);
  const std::int64_t last = instrument == nullptr ? 0 : instrument->last.value();
  const std::int64_t away = draw_.between(-1, 4);
  const std::int64_t around = last == 0 ? 100 : last;
  return Price(side == Side::buy ? around + away : around - away);
}

Command Stream::draw_amend(const Exchange& exchange, const Trader& trader) {
  AmendOrder amend;
  amend.target = draw_target(exchange, trader);
  amend.quantity = Quantity(draw_.one_in(3) ? 0 : draw_.between(1, 20));
  amend.price = Price(draw_.one_in(2) ? 0 : draw_.between(94, 106));
  const OrderSlot slot = exchange.market().find_order(amend.target.order);
  const bool waits = slot != kNoSlot && exchange.market().image_of(slot).waiting;
  if (!draw_.one_in(waits ? 2 : 40)) return amend;
  const InstrumentId instrument =
      waits ? exchange.market().image_of(slot).instrument : InstrumentId(1);
  const Side side = waits ? exchange.market().store.orders[slot].side : Side::buy;
  amend.stop_price = draw_near_last(exchange, instrument, side);
  if (draw_.one_in(20)) amend.stop_price = Price(draw_.between(88, 112));
  return amend;
}

Command Stream::draw_mass_cancel(const Trader& trader) {
  MassCancel mass;
  mass.account = draw_account(trader);
  mass.instrument = InstrumentId(static_cast<std::uint32_t>(draw_.below(kInstruments + 1)));
  mass.side = static_cast<std::uint8_t>(draw_.below(3));
  mass.price_min = Price(draw_.one_in(2) ? 0 : draw_.between(95, 103));
  mass.price_max = Price(draw_.one_in(2) ? 0 : draw_.between(97, 105));
  return mass;
}

// Mostly a live order of the trader, by one of its ids; else any number.
OrderRef Stream::draw_target(const Exchange& exchange, const Trader& trader) {
  const Market& market = exchange.market();
  OrderRef target;
  target.account = draw_account(trader);
  target.order = OrderId(1 + draw_.below(market.last_order.value() + 1));
  if (draw_.one_in(12)) return target;
  std::vector<OrderSlot> live;
  for (const AccountId account : trader.accounts)
    market.for_each_order_of(account, [&](OrderSlot slot) { live.push_back(slot); });
  if (live.empty()) return target;
  const OrderImage image = market.image_of(live[draw_.below(live.size())]);
  target.account = image.account;
  target.order = image.id;
  if (!draw_.one_in(8)) return target;
  target.order = {};
  target.client_order_id = image.client_order_id;
  if (draw_.one_in(4)) target.client_order_id = ClientOrderId(draw_.below(kClientOrderIds + 1));
  return target;
}

AccountId Stream::draw_account(const Trader& trader) {
  return trader.accounts[draw_.below(trader.accounts.size())];
}

}  // namespace origo
