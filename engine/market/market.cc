#include "engine/market/market.h"

#include <algorithm>

namespace origo {

Instant Venue::day_end_after(Instant now) const {
  const auto next_end = std::upper_bound(day_ends.begin(), day_ends.end(), now);
  return next_end == day_ends.end() ? end_of(date_of(now)) : *next_end;
}

bool Venue::trades_again_before(Instant end) const {
  for (const PhaseChange& change : schedule) {
    if (change.at >= end) return false;
    if (change.phase == Phase::continuous || change.phase == Phase::call) return true;
  }
  return false;
}

void Market::note_registries(Instrument& instrument) {
  const auto number = static_cast<std::uint32_t>(registry_sets.size());
  instrument.registry_set = registry_sets.emplace(instrument.registries, number).first->second;
}

OrderImage Market::image_of(OrderSlot slot) const {
  const Order& order = store.orders[slot];
  OrderImage image;
  image.id = order.id;
  image.priority = order.id;
  image.account = order.account;
  image.side = order.side;
  image.type = order.type;
  image.time_in_force = order.time_in_force;
  image.instrument = store.levels[order.level].place.instrument();
  const Level& level = store.levels[order.level];
  image.waiting = level.place.queue() == Queue::stops;
  image.price = level.price;
  if (const Condition* condition = condition_of(order)) {
    image.peak = condition->peak;
    image.min_visible = condition->min_visible;
    image.hidden = condition->hidden;
    if (image.waiting) {
      image.stop_price = condition->stop_price;
      image.price = condition->limit;
    }
  }
  image.total = order.total;
  image.open = order.open;
  image.fees = order.fees;
  image.cash = order.cash;
  image.nominated = order.nominated;
  image.post_only = order.post_only;
  image.self_trade = order.self_trade;
  if (order.side == Side::buy) {
    image.reserved = order.reserved;
  } else {
    for_each_promise(order, [&](HoldingSlot holding, std::uint32_t units, Quantity contracts) {
      image.promised.push_back(
          {.holding = holding, .units_per_contract = units, .contracts = contracts});
    });
  }
  if (order.extra == kNoSlot) return image;
  const OrderExtra& extra = extras[order.extra];
  if (extra.priority.is_set()) image.priority = extra.priority;
  image.client_order_id = extra.client_order_id;
  image.expire_at = extra.expire_at;
  image.as_maker = extra.as_maker;
  image.as_taker = extra.as_taker;
  image.session = extra.session;
  return image;
}

OrderSlot Market::revive(const OrderImage& image) {
  const OrderSlot slot = store.orders.take();
  Order& order = store.orders[slot];
  order.id = image.id;
  order.account = image.account;
  order.side = image.side;
  order.type = image.type;
  order.time_in_force = image.time_in_force;
  order.total = image.total;
  order.open = image.open;
  order.fees = image.fees;
  order.cash = image.cash;
  order.nominated = image.nominated;
  order.post_only = image.post_only;
  order.self_trade = image.self_trade;
  OrderExtra extra;
  if (image.priority != image.id) extra.priority = image.priority;
  extra.client_order_id = image.client_order_id;
  extra.expire_at = image.expire_at;
  extra.as_maker = image.as_maker;
  extra.as_taker = image.as_taker;
  extra.session = image.session;
  if (image.waiting || image.peak.is_positive()) {
    extra.condition = conditions.take();
    conditions[extra.condition] = {.stop_price = image.stop_price,
                                   .limit = image.waiting ? image.price : Price(),
                                   .peak = image.peak,
                                   .min_visible = image.min_visible,
                                   .hidden = image.hidden};
    order.is_iceberg = image.peak.is_positive();
  }
  if (extra != OrderExtra()) {
    order.extra = extras.take();
    extras[order.extra] = extra;
  }
  return slot;
}

void Market::enrol(OrderSlot slot) {
  const Order& order = store.orders[slot];
  by_id.insert(order.id, slot, store.orders);
  if (account_orders.size() <= order.account.value())
    account_orders.resize(order.account.value() + std::size_t{1});
  account_orders[order.account.value()].add(slot, order.id);
  if (order.extra == kNoSlot) return;
  const OrderExtra& extra = extras[order.extra];
  if (extra.client_order_id.is_set())
    by_client_id.insert({order.account, extra.client_order_id}, slot);
  if (extra.session.is_set()) sessions[extra.session].add(slot, order.id);
}

void Market::drop_extra(ExtraSlot slot) {
  if (extras[slot].condition != kNoSlot) conditions.give_back(extras[slot].condition);
  extras.give_back(slot);
}

void Market::strike(OrderSlot slot) {
  const Order order = store.orders[slot];
  ClientId session;
  if (order.extra != kNoSlot) {
    if (extras[order.extra].client_order_id.is_set())
      by_client_id.erase({order.account, extras[order.extra].client_order_id});
    session = extras[order.extra].session;
    drop_extra(order.extra);
  }
  by_id.erase(order.id, slot);
  store.orders.give_back(slot);
  account_orders[order.account.value()].count_out(store.orders);
  if (!session.is_set()) return;
  const auto of_session = sessions.find(session);
  of_session->second.count_out(store.orders);
  if (of_session->second.live() == 0) sessions.erase(of_session);
}

std::vector<OrderImage> Market::live_orders() const {
  std::vector<OrderImage> images;
  images.reserve(store.orders.live());
  for (OrderSlot slot = 0; slot < store.orders.places(); ++slot) {
    if (store.orders[slot].id.is_set()) images.push_back(image_of(slot));
  }
  std::ranges::sort(images, {}, &OrderImage::id);
  return images;
}

// Orders are kept as images: how they lie in memory is not part of the state.
void Market::encode(Encoder& out) const {
  out.put(venues);
  out.put(instruments);
  out.put(schedules);
  out.put(volumes);
  out.put(undrawn);
  out.put(settlements);
  out.put(live_orders());
  out.put(last_order);
  out.put(last_trade);
}

std::vector<OrderImage> Market::decode(Decoder& in) {
  *this = Market();
  std::vector<OrderImage> images;
  in.get(venues);
  in.get(instruments);
  in.get(schedules);
  in.get(volumes);
  in.get(undrawn);
  in.get(settlements);
  in.get(images);
  in.get(last_order);
  in.get(last_trade);
  if (in.ok()) books.resize(instruments.size());
  for (Instrument& instrument : instruments) note_registries(instrument);
  return images;
}

PriceRange price_range(const Instrument& instrument) {
  PriceRange range{.low = instrument.terms.price_min, .high = instrument.terms.price_max};
  const std::int64_t ppm = instrument.rules.price_band_ppm;
  if (ppm == 0 || instrument.reference.is_zero()) return range;
  constexpr std::int64_t kMillion = 1'000'000;
  const Int128 base = instrument.reference.value();
  const Int128 low = (base * (kMillion - ppm) + kMillion - 1) / kMillion;
  const Int128 high = base * (kMillion + ppm) / kMillion;
  range.low = Price(static_cast<std::int64_t>(std::max(low, Int128{range.low.value()})));
  range.high = Price(static_cast<std::int64_t>(std::min(high, Int128{range.high.value()})));
  return range;
}

Cash value_of(Price price, Quantity quantity, const InstrumentTerms& terms) {
  const Int128 value = Int128{price.value()} * quantity.value() * terms.tick_value.value();
  ENSURE(value >= 0);
  ENSURE(value <= kSupplyMax);
  return Cash(static_cast<std::int64_t>(value));
}

std::int64_t units_per_contract(const InstrumentTerms& terms,
                                Dimension dimension,
                                std::int64_t unit_size) {
  ENSURE(unit_size > 0);
  if (dimension != terms.dimension || terms.contract_size % unit_size != 0) return 0;
  const std::int64_t units = terms.contract_size / unit_size;
  return units <= kUnitsPerContractMax ? units : 0;
}

}  // namespace origo
