#include <algorithm>

#include "tests/model/twin.h"

// Who meets whom in the plain model, and what they pay and deliver.
namespace origo {
std::map<std::int64_t, std::list<OrderId>>& Twin::side_of(const Order& order) {
  Instrument& instrument = instruments_[order.details.instrument];
  return order.details.side == Side::buy ? instrument.bids : instrument.asks;
}

// Whether all that fits `narrow` fits `wide` too, and both trade the same thing.
bool Twin::is_within(const Instrument& narrow, const Instrument& wide) {
  const InstrumentTerms& a = narrow.details.terms;
  const InstrumentTerms& b = wide.details.terms;
  if (a.currency != b.currency || a.tick_value != b.tick_value || a.dimension != b.dimension ||
      a.contract_size != b.contract_size)
    return false;
  const auto all_of = [](const auto& some, const auto& all) {
    return std::all_of(some.begin(), some.end(), [&](const auto& one) {
      return std::find(all.begin(), all.end(), one) != all.end();
    });
  };
  const auto implied = [&](const ClauseSpec& wanted) {
    return std::any_of(
        narrow.details.filter.begin(), narrow.details.filter.end(), [&](const ClauseSpec& given) {
          return given.attribute == wanted.attribute &&
                 (wanted.any_of.empty() ? wanted.min <= given.min && given.max <= wanted.max
                                        : all_of(given.any_of, wanted.any_of));
        });
  };
  return std::all_of(wide.details.filter.begin(), wide.details.filter.end(), implied) &&
         all_of(narrow.registries, wide.registries);
}

// The resting orders that `order` may trade with, in the order in which it does. Collars are the
// buyer's: what is asked below its instrument's is passed over.
std::vector<OrderId> Twin::opposite(const Order& order) {
  const bool buys = order.details.side == Side::buy;
  const Instrument& own = instruments_[order.details.instrument];
  const std::int64_t floor = buys ? own.details.terms.price_min.value() : 0;
  std::vector<OrderId> found;
  for (const auto& [id, instrument] : instruments_) {
    const bool reached = id == order.details.instrument ||
                         (buys ? is_within(instrument, own) : is_within(own, instrument));
    std::map<std::int64_t, std::list<OrderId>> levels = buys ? instrument.asks : instrument.bids;
    levels.erase(0);  // at any price: they wait for a call
    if (!reached) continue;
    for (const auto& [price, queue] : levels) {
      if (buys ? floor <= price && price <= order.worst : price >= order.worst)
        found.insert(found.end(), queue.begin(), queue.end());
    }
  }
  std::sort(found.begin(), found.end(), [&](OrderId a, OrderId b) {
    const Order& x = orders_[a];
    const Order& y = orders_[b];
    if (x.price != y.price) return buys ? x.price < y.price : x.price > y.price;
    return x.place < y.place;
  });
  return found;
}

OrderId Twin::best_opposite(const Order& order) {
  const std::vector<OrderId> all = opposite(order);
  return all.empty() ? OrderId() : all.front();
}

// What could trade at once. Where an own order will stop the run, an iceberg before it at the same
// price has shown its next peak behind it by then.
std::int64_t Twin::fillable(const Order& order) {
  const SelfTrade mode = order.details.self_trade;
  const bool stops = mode == SelfTrade::cancel_newest || mode == SelfTrade::cancel_both;
  std::vector<OrderId> all = opposite(order);
  // From the first price outside a collar on nothing is within reach.
  const auto outside = std::find_if(
      all.begin(), all.end(), [&](OrderId id) { return is_outside(order, orders_[id]); });
  if (outside != all.end()) {
    const std::int64_t price = orders_[*outside].price;
    std::erase_if(all, [&](OrderId id) {
      return order.details.side == Side::buy ? orders_[id].price >= price
                                             : orders_[id].price <= price;
    });
  }
  const auto is_own = [&](OrderId id) {
    return mode != SelfTrade::allowed && same_participant(order, orders_[id]);
  };
  const auto first_own = std::find_if(all.begin(), all.end(), is_own);
  const auto last = stops ? first_own : all.end();
  std::int64_t sum = 0;
  for (auto at = all.begin(); at != last; ++at) {
    const Order& maker = orders_[*at];
    const bool beside_own = last != all.end() && maker.price == orders_[*last].price;
    if (!is_own(*at)) sum += beside_own ? maker.visible : maker.open;
  }
  return sum;
}

bool Twin::same_participant(const Order& a, const Order& b) const {
  return accounts_.at(a.details.account).participant == accounts_.at(b.details.account).participant;
}

// Two own orders meet; true: the taker is to end.
bool Twin::prevent(Order& taker, Order& maker) {
  const SelfTrade mode = taker.details.self_trade;
  if (mode == SelfTrade::cancel_newest) return true;
  if (mode == SelfTrade::cancel_both || mode == SelfTrade::cancel_oldest) {
    end(maker.id, OrderEnd::stp);
    return mode == SelfTrade::cancel_both;
  }
  const std::int64_t less = std::min(taker.open, maker.open);
  const auto decrease = [&](Order& order) {
    keep_place(order,
               {.total = order.total - less, .price = order.price, .stop_price = order.stop_price});
  };
  if (maker.open > less) {
    decrease(maker);
    return true;
  }
  const bool taker_ends = taker.open == less;
  if (!taker_ends) decrease(taker);
  end(maker.id, OrderEnd::stp);
  return taker_ends;
}

// What an aggressor does, and which stops its trades have reached.
Answer Twin::aggress(Order& order) {
  moves_.clear();
  const Answer answer = phase_of(order) == Phase::continuous ? match(order) : join_call(order);
  queue_reached();
  return answer;
}

// Trades what can be traded at once, then rests or ends the order.
Answer Twin::match(Order& order) {
  const OrderId id = order.id;
  const TimeInForce tif = order.details.time_in_force;
  const bool fails = tif == TimeInForce::fok && fillable(order) < order.open;
  bool stopped = false;
  bool interrupted = false;
  std::int64_t traded = 0;
  if (!fails) {
    for (OrderId maker = best_opposite(order);
         order.open > 0 && maker.is_set() && !stopped && !interrupted;
         maker = best_opposite(order)) {
      if (order.details.self_trade != SelfTrade::allowed &&
          same_participant(order, orders_[maker])) {
        stopped = prevent(order, orders_[maker]);
      } else if (is_outside(order, orders_[maker])) {
        interrupted = true;
        interrupt(order, orders_[maker]);
      } else {
        const std::int64_t before = order.open;
        trade(order, orders_[maker]);
        traded += before - order.open;
      }
    }
  }
  Answer answer = done(id.value());
  answer.filled = Quantity(traded);
  if (order.open == 0) {
    end(id, OrderEnd::filled);
  } else if (stopped) {
    end(id, OrderEnd::stp);
  } else if (fails) {
    end(id, OrderEnd::fok);
  } else if (tif == TimeInForce::ioc) {
    end(id, OrderEnd::ioc);
  } else if (interrupted && tif == TimeInForce::continuous_only) {
    end(id, OrderEnd::phase);
  } else if (order.details.type == OrderType::market && !order.has_stood && !interrupted) {
    end(id, OrderEnd::market_remainder);
  } else {
    answer.open = Quantity(order.open);
    stand(order);
  }
  return answer;
}

void Twin::trade(Order& taker, Order& maker) {
  const std::int64_t quantity = std::min(taker.open, maker.visible);
  maker.visible -= quantity;
  exchange({.maker = maker, .taker = taker, .price = maker.price, .quantity = quantity});
  if (maker.open == 0) {
    end(maker.id, OrderEnd::filled);
  } else {
    if (is_used_up(maker)) refresh(maker);
    say_level(maker.details.instrument, maker.details.side, maker.price);
  }
}

// Certificates against cash.
void Twin::exchange(const Match& match) {
  Order& maker = match.maker;
  Order& taker = match.taker;
  const bool buys = taker.details.side == Side::buy;
  Order& buy = buys ? taker : maker;
  Order& sell = buys ? maker : taker;
  taker.open -= match.quantity;
  maker.open -= match.quantity;
  note_price(maker.details.instrument, match.price, taker.details.side);
  note_price(taker.details.instrument, match.price, taker.details.side);
  const std::set<InstrumentId> traded{buy.details.instrument, sell.details.instrument};
  for (const InstrumentId each : traded)
    instruments_[each].day.push_back({.price = match.price, .quantity = match.quantity});
  count_volume(buy, sell, match.quantity);
  const TradeId id(++trades_);
  say(Trade{.trade = id,
            .instrument = buy.details.instrument,
            .sell_instrument = sell.details.instrument,
            .price = Price(match.price),
            .quantity = Quantity(match.quantity),
            .aggressor = taker.details.side,
            .maker = maker.id,
            .taker = taker.id,
            .buyer = buy.details.account,
            .seller = sell.details.account,
            .maker_open = Quantity(maker.open),
            .taker_open = Quantity(taker.open),
            .uncrossed = match.uncrossed,
            .with_itself = match.both_stood && same_participant(buy, sell)});
  const InstrumentTerms& terms = instruments_[maker.details.instrument].details.terms;
  const MarketId market = instruments_[maker.details.instrument].details.market;
  PendingSettlement pending{.trade = id,
                            .market = market,
                            .buyer = buy.details.account,
                            .seller = sell.details.account,
                            .currency = terms.currency,
                            .due = venues_[market].settles_at};
  PendingSettlement* const later = venues_[market].settle_days > 0 ? &pending : nullptr;
  deliver(id, sell, buy.details.account, match.quantity, later);
  settle(id,
         buy,
         sell,
         match.price * match.quantity * terms.tick_value.value(),
         match.quantity,
         taker.details.side,
         later);
}

void Twin::deliver(
    TradeId trade, Order& sell, AccountId buyer, std::int64_t contracts, PendingSettlement* later) {
  while (contracts > 0) {
    Promise& first = sell.promises.front();
    const std::int64_t part = std::min(contracts, first.contracts);
    const LotId lot = first.lot;
    const Units units(part * first.units_per_contract);
    first.contracts -= part;
    contracts -= part;
    if (first.contracts == 0) sell.promises.pop_front();
    const AccountId to = receiver(buyer, lots_[lot].registry);
    if (later != nullptr) {
      later->deliveries.push_back(
          {.lot = lot, .from = sell.details.account, .to = to, .units = units});
      continue;
    }
    if (to == sell.details.account) continue;
    move({.from = sell.details.account, .to = to, .lot = lot, .units = units},
         MoveReason::trade,
         trade.value());
  }
}

void Twin::settle(TradeId trade,
                  Order& buy,
                  Order& sell,
                  std::int64_t cash,
                  std::int64_t quantity,
                  Side aggressor,
                  PendingSettlement* later) {
  const Currency currency = instruments_[buy.details.instrument].details.terms.currency;
  std::int64_t& payer = cash_[{buy.details.account, currency}];
  std::int64_t& payee = cash_[{sell.details.account, currency}];
  std::int64_t& venue = cash_[{kVenue, currency}];
  if (later == nullptr) {
    payer -= cash;
    payee += cash;
  }
  const bool buyer_took = aggressor == Side::buy;
  Role& buy_role = buyer_took ? buy.taker : buy.maker;
  Role& sell_role = buyer_took ? sell.maker : sell.taker;
  const FeeRate& buy_rate = buyer_took ? buy.fees.taker : buy.fees.maker;
  const FeeRate& sell_rate = buyer_took ? sell.fees.maker : sell.fees.taker;
  for (Role* role : {&buy_role, &sell_role}) {
    role->notional += cash;
    role->quantity += quantity;
  }
  std::int64_t buyer_fee = fee_due(buy_rate, buy_role) - buy_role.paid;
  std::int64_t seller_fee = std::min(fee_due(sell_rate, sell_role) - sell_role.paid, cash);
  const auto collect = [&](std::int64_t fee, std::int64_t& from) {
    if (fee <= 0 || later != nullptr) return;
    from -= fee;
    venue += fee;
  };
  collect(buyer_fee, payer);
  collect(seller_fee, payee);
  // A rebate is at most what the venue has, or will have had of this trade.
  std::int64_t left = later == nullptr ? venue : cash_available(kVenue, currency);
  if (later != nullptr)
    left += std::max<std::int64_t>(buyer_fee, 0) + std::max<std::int64_t>(seller_fee, 0);
  const auto rebate = [&](std::int64_t& fee, std::int64_t& to) {
    if (fee >= 0) return;
    fee = std::max(fee, -left);
    left += fee;
    if (later != nullptr) return;
    to -= fee;
    venue += fee;
  };
  rebate(buyer_fee, payer);
  rebate(seller_fee, payee);
  buy_role.paid += buyer_fee;
  sell_role.paid += seller_fee;
  buy.reserved = worst_case(buy);
  if (later != nullptr) {
    later->cash = Cash(cash);
    later->buyer_fee = Cash(buyer_fee);
    later->seller_fee = Cash(seller_fee);
    return schedule(*later);
  }
  say(TradeSettled{.trade = trade,
                   .currency = currency,
                   .cash = Cash(cash),
                   .buyer_fee = Cash(buyer_fee),
                   .seller_fee = Cash(seller_fee)});
}

}  // namespace origo
