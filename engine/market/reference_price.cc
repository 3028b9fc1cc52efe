#include "engine/market/reference_price.h"

namespace origo {
namespace {

void average(const DayPrices& day, ReferencePriceDecided& into) {
  Int128 turnover = 0;
  for (std::uint32_t place = 0; place < day.kept; ++place) {
    turnover += Int128{day.latest[place].price.value()} * day.latest[place].quantity.value();
    into.volume += day.latest[place].quantity;
  }
  into.price = Price(divide_half_up(turnover, into.volume.value()));
  into.trades = day.kept;
}

}  // namespace

void end_day(Instrument& instrument, Date date, Events& events) {
  DayPrices& day = instrument.day;
  ReferencePriceDecided decided{
      .instrument = instrument.id, .day = date, .price = instrument.reference};
  if (day.set_by_hand) {
    decided.method = ReferenceMethod::set_by_hand;
  } else if (!day.closing.is_zero()) {
    decided.method = ReferenceMethod::closing_call;
    decided.price = day.closing;
    decided.volume = day.closing_volume;
    decided.trades = day.closing_trades;
  } else if (day.kept > 0) {
    decided.method = ReferenceMethod::vwap;
    average(day, decided);
  }
  day.next = 0;
  day.kept = 0;
  day.closing = Price();
  day.set_by_hand = false;
  if (decided.price.is_zero()) return;
  instrument.reference = decided.price;
  events.append(decided);
}

}  // namespace origo
