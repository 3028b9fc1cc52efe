#include "engine/market/market.h"

namespace origo {

const Venue* Market::find(MarketId id) const {
  if (!id.is_set() || id.value() > venues.size()) return nullptr;
  return &venues[id.value() - 1];
}

const Instrument* Market::find(InstrumentId id) const {
  if (!id.is_set() || id.value() > instruments.size()) return nullptr;
  return &instruments[id.value() - 1];
}

const Instrument& Market::get(InstrumentId id) const {
  ENSURE(find(id) != nullptr);
  return *find(id);
}

Instrument& Market::get(InstrumentId id) {
  ENSURE(find(id) != nullptr);
  return instruments[id.value() - 1];
}

const Order* Market::find(OrderId id) const {
  const OrderSlot slot = by_id.find(id);
  return slot == kNoSlot ? nullptr : &orders[slot];
}

void Market::encode(Encoder& out) const {
  out.put(venues);
  out.put(instruments);
  for (const Book& book : books) {
    book.bids.encode(out);
    book.asks.encode(out);
  }
  out.put(schedules);
  orders.encode(out);
  reservations.encode(out);
  out.put(account_orders);
  out.put(last_order);
  out.put(last_trade);
}

void Market::decode(Decoder& in) {
  *this = Market();
  in.get(venues);
  in.get(instruments);
  if (!in.ok()) return;
  books.resize(instruments.size());
  for (Book& book : books) {
    book.bids.decode(in);
    book.asks.decode(in);
  }
  in.get(schedules);
  orders.decode(in);
  reservations.decode(in);
  in.get(account_orders);
  in.get(last_order);
  in.get(last_trade);
  if (!in.ok()) return;
  // The look-ups follow from the orders; ids must be entered in ascending order.
  std::map<OrderId, OrderSlot> live;
  for (OrderSlot slot = 0; slot < orders.places(); ++slot) {
    if (orders[slot].id.is_set()) live.emplace(orders[slot].id, slot);
  }
  for (const auto& [id, slot] : live) {
    by_id.insert(id, slot);
    const Order& order = orders[slot];
    if (order.client_order_id.is_set())
      by_client_id.insert({order.account, order.client_order_id}, slot);
  }
}

Cash value_of(Price price, Quantity quantity, const InstrumentTerms& terms) {
  const Int128 value = Int128{price.value()} * quantity.value() * terms.tick_value.value();
  ENSURE(value >= 0);
  ENSURE(value <= kSupplyMax);
  return Cash(static_cast<std::int64_t>(value));
}

std::int64_t units_per_contract(const InstrumentTerms& terms, Dimension dimension, std::int64_t unit_size) {
  ENSURE(unit_size > 0);
  if (dimension != terms.dimension || terms.contract_size % unit_size != 0) return 0;
  return terms.contract_size / unit_size;
}

}  // namespace origo
