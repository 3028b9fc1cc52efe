#include <algorithm>

#include "tests/model/twin.h"

// Settlements that are still to come in the plain model.
namespace origo {
namespace {

bool is_weekday(Date date) {
  const Date monday = *make_date(1990, 1, 1);
  return (date.days() - monday.days()) % 7 < 5;
}

}  // namespace

// Day after day: those of the calendar, then Mondays to Fridays.
Instant Twin::business_day_end(const Venue& venue, Instant at, std::size_t days) {
  std::vector<Instant> ends;
  for (const Instant end : venue.day_ends) {
    if (end > at) ends.push_back(end);
  }
  if (ends.empty()) ends.push_back(end_of(date_of(at)));
  while (ends.size() <= days) {
    Date day = date_of(Instant(ends.back().ns() - 1));
    do {
      day = add_days(day, 1);
    } while (!is_weekday(day));
    ends.push_back(end_of(day));
  }
  return ends[days];
}

void Twin::begin_business_day(MarketId market, Instant at) {
  Venue& venue = venues_[market];
  venue.settles_at = business_day_end(venue, at, venue.settle_days);
  venue.day_over = business_day_end(venue, at, 0);
  end_settling_late(market);
}

bool Twin::ends_before(const Lot& lot, Instant settles_at) {
  return settles_at.is_set() && (settles_at >= end_of(lot.transferable_until) ||
                                 settles_at >= end_of(lot.cancellable_until));
}

void Twin::end_settling_late(MarketId market) {
  std::vector<OrderId> late;
  for (const auto& [id, order] : orders_) {
    if (instruments_[order.details.instrument].details.market != market) continue;
    const bool is_late =
        std::any_of(order.promises.begin(), order.promises.end(), [&](const Promise& promise) {
          return ends_before(lots_[promise.lot], venues_[market].settles_at);
        });
    if (is_late) late.push_back(id);
  }
  end_all(late, OrderEnd::certificate_expired);
}

void Twin::schedule(PendingSettlement pending) {
  say(SettlementScheduled{.settlement = pending});
  pending_[pending.trade] = std::move(pending);
}

void Twin::complete(TradeId trade) {
  const PendingSettlement pending = pending_[trade];
  pending_.erase(trade);
  for (const PendingDelivery& delivery : pending.deliveries) {
    if (delivery.from != delivery.to)
      move({.from = delivery.from, .to = delivery.to, .lot = delivery.lot, .units = delivery.units},
           MoveReason::trade,
           trade.value());
    sweep_late(delivery.lot);
  }
  const auto pay = [&](AccountId account, std::int64_t amount) {
    cash_[{account, pending.currency}] += amount;
  };
  pay(pending.buyer, -pending.cash.value() - pending.buyer_fee.value());
  pay(pending.seller, pending.cash.value() - pending.seller_fee.value());
  pay(kVenue, pending.buyer_fee.value() + pending.seller_fee.value());
  say(TradeSettled{.trade = trade,
                   .currency = pending.currency,
                   .cash = pending.cash,
                   .buyer_fee = pending.buyer_fee,
                   .seller_fee = pending.seller_fee});
}

}  // namespace origo
