#include "gateway/node/prices.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "engine/core/ensure.h"
#include "gateway/node/history_rows.h"

namespace origo::gateway {

namespace {

using namespace history_rows;
using storage::HistoryKind;
using storage::Outcome;

// What a page reads at most before it ends, so that no query takes long.
constexpr std::size_t kRowsMax = 50'000;
constexpr std::int64_t kMillionth = 1'000'000;  // Wh in a MWh, g in a tonne

constexpr HistoryKind table_of(Interval stored) {
  return stored == Interval::minute ? kMinutes : kDays;
}

std::string time_key(Instant at) {
  return key_of(static_cast<std::uint64_t>(at.ns()));
}

std::string prefix_of(const PriceAttributes& of) {
  return key_of(of.currency.packed) + static_cast<char>(of.dimension);
}

std::string key_of_row(const PriceAttributes& of, Instant day) {
  return prefix_of(of) + time_key(day) + key_of(static_cast<std::uint32_t>(of.vintage)) +
         of.country + '\0' + of.carrier;
}

// Whether certificates of `kind` are among those that are asked for.
bool agrees(const PriceAttributes& kind, const PriceAttributes& wanted) {
  return (wanted.carrier.empty() || kind.carrier == wanted.carrier) &&
         (wanted.country.empty() || kind.country == wanted.country) &&
         (wanted.vintage == 0 || kind.vintage == wanted.vintage);
}

const Candle& candle_of(const Candle& row) {
  return row;
}
const Candle& candle_of(const AttributeCandle& row) {
  return row.candle;
}

// Reads rows of a table from page.from on and joins them to spans. `take(row)`: whether it counts.
template <class Row, class Take>
Outcome<CandleList> join(const storage::History& history,
                         HistoryKind table,
                         const std::string& prefix,
                         Interval interval,
                         const CandlePage& page,
                         Take take) {
  Outcome<CandleList> found;
  std::vector<Candle>& spans = found.value.entries;
  bool readable = true;
  std::size_t rows = 0;
  Instant span;  // of the row before
  const auto visit = [&](std::string_view, std::string_view value) {
    Row row;
    readable = read(value, row);
    if (!readable) return false;
    const Instant start = start_of(interval, candle_of(row).start);
    if (start >= page.to) return false;
    // Only a whole span ends a page.
    const bool full = spans.size() == page.limit || rows >= kRowsMax;
    if (full && start != span) {
      found.value.next = start;
      return false;
    }
    ++rows;
    span = start;
    if (!take(row)) return true;
    if (spans.empty() || spans.back().start != start) spans.push_back({.start = start});
    merge(spans.back(), candle_of(row));
    return true;
  };
  found.status = history.scan({.kind = table,
                               .prefix = prefix,
                               .from = prefix + time_key(start_of(interval, page.from)),
                               .limit = std::numeric_limits<std::size_t>::max()},
                              visit);
  if (found.ok() && !readable) found.status = damaged();
  return found;
}

}  // namespace

void PriceRecorder::add(const Trade& trade, Instant time) {
  trade_ = trade;
  time_ = time;
  delivered_ = 0;
  for (const Interval stored : {Interval::minute, Interval::day}) {
    add(trade.instrument, stored);
    if (trade.sell_instrument != trade.instrument) add(trade.sell_instrument, stored);
  }
}

void PriceRecorder::add(InstrumentId instrument, Interval stored) {
  Row& row = rows_[{instrument, stored}];
  const Instant start = start_of(stored, time_);
  if (row.candle.start != start || row.key.empty()) {
    put(row, stored);
    row = {.key = key_of(instrument.value(), static_cast<std::uint64_t>(start.ns())),
           .candle = {.start = start}};
    load(table_of(stored), row.key, row.candle);
  }
  const std::int64_t price = trade_.price.value();
  const std::int64_t quantity = trade_.quantity.value();
  add_trade(row.candle, trade_.trade, price, quantity, price * quantity);
  row.changed = true;
}

// What is stored under `key` already, if anything is.
template <class T>
void PriceRecorder::load(HistoryKind table, const std::string& key, T& row) {
  const auto stored = history_.get(table, key);
  if (!stored.ok()) {
    trouble_ = stored.status;
  } else if (stored.value && !read(*stored.value, row)) {
    trouble_ = damaged();
  }
}

void PriceRecorder::put(Row& row, Interval stored) {
  if (row.changed) history_rows::put(batch_, table_of(stored), row.key, row.candle);
  row.changed = false;
}

void PriceRecorder::add_delivery(const CertificatesMoved& moved, const Exchange& exchange) {
  if (TradeId(moved.reference) == trade_.trade)
    add_delivery(moved.lot, moved.range.count, exchange);
}

void PriceRecorder::add_deliveries(const PendingSettlement& settlement, const Exchange& exchange) {
  ENSURE(settlement.trade == trade_.trade);
  for (const PendingDelivery& delivery : settlement.deliveries) {
    if (delivery.from != delivery.to) add_delivery(delivery.lot, delivery.units, exchange);
  }
  trade_.trade = TradeId();  // so that they do not count again when they move
}

void PriceRecorder::add_delivery(LotId of, Units units, const Exchange& exchange) {
  const Registry& registry = exchange.registry();
  const Lot& lot = registry.get(of);
  const Device* const device = registry.find(lot.device);
  const Declaration* const declaration = registry.find(lot.declaration);
  ENSURE(device != nullptr && declaration != nullptr);
  const InstrumentTerms& terms = exchange.market().get(trade_.instrument).terms;
  const PriceAttributes kind{.currency = terms.currency,
                             .dimension = terms.dimension,
                             .carrier = declaration->carrier,
                             .country = device->country,
                             .vintage = year_of(lot.period.last)};
  const Instant day = start_of(Interval::day, time_);
  const std::string key = key_of_row(kind, day);
  const auto [at, fresh] = by_kind_.try_emplace(key);
  KindRow& row = at->second;
  if (fresh) {
    row.entry = {.attributes = kind, .candle = {.start = day}};
    load(kAttributeDays, key, row.entry);
  }
  const Int128 contract = Int128{trade_.price.value()} * terms.tick_value.value();  // minor units
  const std::int64_t amount = units.value() * lot.unit_size;
  // Rounded as a running sum, so that the parts of a trade are worth what the trade is.
  const auto worth = [&](std::int64_t part) {
    return divide_half_up(contract * part, terms.contract_size);
  };
  const std::int64_t turnover = worth(delivered_ + amount) - worth(delivered_);
  delivered_ += amount;
  add_trade(row.entry.candle,
            trade_.trade,
            divide_half_up(contract * 1'000 * kMillionth, terms.contract_size),
            amount,
            turnover);
  row.changed = true;
}

storage::Status PriceRecorder::flush() {
  for (auto& [of, row] : rows_) put(row, of.second);
  const Instant today = start_of(Interval::day, time_);
  for (auto at = by_kind_.begin(); at != by_kind_.end();) {
    KindRow& row = at->second;
    if (row.changed) history_rows::put(batch_, kAttributeDays, at->first, row.entry);
    row.changed = false;
    at = row.entry.candle.start == today ? std::next(at) : by_kind_.erase(at);
  }
  return trouble_;
}

std::int64_t average_of_kind(const Candle& candle) {
  return divide_half_up(Int128{candle.turnover} * 1'000 * kMillionth, candle.volume);
}

Outcome<CandleList> PriceView::candles(InstrumentId instrument,
                                       Interval interval,
                                       CandlePage page) const {
  const HistoryKind table = table_of(interval < Interval::day ? Interval::minute : Interval::day);
  return join<Candle>(
      history_, table, key_of(instrument.value()), interval, page, [](const Candle&) {
        return true;
      });
}

Outcome<CandleList> PriceView::candles(const PriceAttributes& wanted,
                                       Interval interval,
                                       CandlePage page) const {
  ENSURE(interval >= Interval::day);
  return join<AttributeCandle>(
      history_, kAttributeDays, prefix_of(wanted), interval, page, [&](const AttributeCandle& row) {
        return agrees(row.attributes, wanted);
      });
}

}  // namespace origo::gateway
