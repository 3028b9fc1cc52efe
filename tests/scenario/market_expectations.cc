#include <algorithm>

#include "proto/codec/json.h"
#include "tests/scenario/expectations.h"

// What a market is expected to do: trades, cancels, fired stops, books, orders.
namespace origo::scenario {
namespace {

const char* side_name(Side side) {
  return side == Side::buy ? "B" : "S";
}

// Orders at any price come first, wherever they are listed: they do in a call.
void put_market_first(Json& levels) {
  std::stable_partition(levels.begin(), levels.end(), [](const Json& level) {
    return level.is_array() && !level.empty() && level[0] == "MKT";
  });
}

const char* state_of(const OrderState& order) {
  if (!order.ended) return order.waiting ? "waiting" : "live";
  return order.filled == order.quantity ? "filled" : "cancelled";
}

}  // namespace

std::vector<Json> Expectations::trades_of(const StepOutcome& outcome, bool with_uncrossed) {
  std::vector<Json> trades;
  for (const Event& event : outcome.events) {
    const auto* trade = std::get_if<Trade>(&event);
    if (trade == nullptr || (trade->uncrossed && !with_uncrossed)) continue;
    const InstrumentSpec& units = spec(trade->instrument);
    trades.push_back(Json::array({name(Kind::order, trade->taker.value()),
                                  name(Kind::order, trade->maker.value()),
                                  trade->price.value() * units.tick,
                                  trade->quantity.value() * units.lot}));
  }
  if (!aggregate_trades_) return trades;
  std::vector<Json> sums;
  for (const Json& trade : trades) {
    const auto same = std::find_if(sums.begin(), sums.end(), [&](const Json& sum) {
      return sum[0] == trade[0] && sum[1] == trade[1] && sum[2] == trade[2];
    });
    if (same == sums.end())
      sums.push_back(trade);
    else
      (*same)[3] = (*same)[3].get<std::int64_t>() + trade[3].get<std::int64_t>();
  }
  return sums;
}

void Expectations::check_trades(StrictObject& expect, const StepOutcome& outcome) {
  const Json* expected = expect.find("trades");
  // Where an auction's fills are expected, who is paired with whom is not.
  const std::vector<Json> got = trades_of(outcome, !expect.has("fills"));
  if (!aggregate_trades_) {
    compare("trades", expected == nullptr ? Json::array() : *expected, Json(got));
    return;
  }
  // The order of sums says nothing.
  std::vector<Json> wanted;
  if (expected != nullptr) wanted.assign(expected->begin(), expected->end());
  compare("trades", Json(sorted(wanted)), Json(sorted(got)));
}

void Expectations::check_cancels(StrictObject& expect, const StepOutcome& outcome) {
  std::vector<Json> wanted;
  if (const Json* expected = expect.find("cancels"))
    wanted.assign(expected->begin(), expected->end());
  if (told_otherwise_) {
    std::erase_if(wanted, [&](const Json& cancel) {
      return cancel.is_array() && cancel[0] == outcome.order;
    });
  }
  std::vector<Json> got;
  for (const Event& event : outcome.events) {
    const auto* ended = std::get_if<OrderEnded>(&event);
    if (ended == nullptr || ended->reason == OrderEnd::filled) continue;
    const std::string order = name(Kind::order, ended->order.value());
    if (told_otherwise_ && order == outcome.order) continue;
    Json cancel = Json::array(
        {order, ended->open.value() * spec(ended->instrument).lot, proto::to_json(ended->reason)});
    // A market order's remainder and an immediate order's are the same thing.
    const OrderState* state = observer_.find(ended->order);
    if (state != nullptr && state->type == OrderType::market && ended->reason == OrderEnd::ioc) {
      Json other = cancel;
      other[2] = "market_remainder";
      if (std::find(wanted.begin(), wanted.end(), other) != wanted.end()) cancel = other;
    }
    got.push_back(cancel);
  }
  compare("cancels", Json(sorted(wanted)), Json(sorted(got)));
}

void Expectations::check_triggered(StrictObject& expect, const StepOutcome& outcome) {
  Json got = Json::array();
  for (const Event& event : outcome.events) {
    if (const auto* fired = std::get_if<StopTriggered>(&event))
      got.push_back(name(Kind::order, fired->order.value()));
  }
  const Json* expected = expect.find("triggered");
  compare("triggered", expected == nullptr ? Json::array() : *expected, got);
}

// Of the uncross that the step caused, or of the one that it asked about.
PriceFinding Expectations::auction_of(const StepOutcome& outcome, InstrumentId id) {
  if (outcome.indicative) return world_.driver().indication(id);
  PriceFinding finding;
  for (const Event& event : outcome.events) {
    const auto* uncrossed = std::get_if<Uncrossed>(&event);
    if (uncrossed == nullptr || uncrossed->instrument != id) continue;
    finding = {.outcome = PriceOutcome::found,
               .price = uncrossed->price,
               .volume = uncrossed->volume,
               .surplus_side = uncrossed->surplus_side,
               .surplus = uncrossed->surplus};
  }
  return finding;
}

// {order: [price, quantity]} of the uncross.
Json Expectations::fills_of(const StepOutcome& outcome) {
  Json fills = Json::object();
  for (const Event& event : outcome.events) {
    const auto* trade = std::get_if<Trade>(&event);
    if (trade == nullptr || !trade->uncrossed) continue;
    const InstrumentSpec& units = spec(trade->instrument);
    for (const OrderId order : {trade->maker, trade->taker}) {
      Json& fill = fills[name(Kind::order, order.value())];
      if (fill.is_null()) fill = Json::array({trade->price.value() * units.tick, 0});
      fill[1] = fill[1].get<std::int64_t>() + trade->quantity.value() * units.lot;
    }
  }
  return fills;
}

void Expectations::check_auction(StrictObject& expect, const StepOutcome& outcome) {
  if (const Json* expected = expect.find("fills")) {
    // As objects that do not keep an order.
    compare("fills", Json(nlohmann::json(*expected)), Json(nlohmann::json(fills_of(outcome))));
  }
  const Json* expected = expect.find_or_null("auction");
  if (expected == nullptr) return;
  const InstrumentId id(
      static_cast<std::uint32_t>(world_.names().find(Kind::instrument, outcome.instrument)));
  const InstrumentSpec& units = spec(id);
  const PriceFinding found = auction_of(outcome, id);
  Json got;
  if (found.outcome == PriceOutcome::found) {
    const char* side = found.surplus.is_zero() ? "N" : side_name(found.surplus_side);
    got["px"] = found.price.value() * units.tick;
    got["vol"] = found.volume.value() * units.lot;
    got["surplus"] = Json::array({side, found.surplus.value() * units.lot});
  }
  compare("auction", *expected, got.is_null() ? got : pick(got, *expected));
}

// [phase, which call] for each change.
void Expectations::check_phases(StrictObject& expect, const StepOutcome& outcome) {
  const Json* expected = expect.find("phases");
  if (expected == nullptr) return;
  Json got = Json::array();
  for (const Event& event : outcome.events) {
    const auto* changed = std::get_if<PhaseChanged>(&event);
    if (changed == nullptr) continue;
    got.push_back(Json::array({proto::to_json(changed->phase), proto::to_json(changed->call)}));
  }
  compare("phases", *expected, got);
}

// [instrument, day, price, method, volume, trades] for each that was decided.
void Expectations::check_references(StrictObject& expect, const StepOutcome& outcome) {
  const Json* expected = expect.find("references");
  if (expected == nullptr) return;
  Json got = Json::array();
  for (const Event& event : outcome.events) {
    const auto* decided = std::get_if<ReferencePriceDecided>(&event);
    if (decided == nullptr) continue;
    const InstrumentSpec& units = spec(decided->instrument);
    got.push_back(Json::array({name(Kind::instrument, decided->instrument.value()),
                               proto::to_json(decided->day),
                               decided->price.value() * units.tick,
                               proto::to_json(decided->method),
                               decided->volume.value() * units.lot,
                               decided->trades}));
  }
  compare("references", *expected, got);
}

void Expectations::check_side(const std::string& key,
                              const Json& expected,
                              const std::string& instrument,
                              Side side) {
  const InstrumentId id(
      static_cast<std::uint32_t>(world_.names().find(Kind::instrument, instrument)));
  if (!id.is_set()) throw FileMistake("no instrument \"" + instrument + "\"");
  if (key == "counts") {
    check_count(expected, id, side);
  } else {
    check_levels(key, expected, id, side);
  }
}

void Expectations::check_count(const Json& expected, InstrumentId id, Side side) {
  const BookCount count = observer_.count(id, side);
  Json got = Json::array({count.orders, count.open.value() * spec(id).lot});
  if (expected.is_array() && expected.size() == 1) got.erase(1);
  compare(std::string("counts ") + side_name(side), expected, got);
}

void Expectations::check_levels(const std::string& key,
                                const Json& expected,
                                InstrumentId id,
                                Side side) {
  if (!expected.is_array()) throw FileMistake(key + " must hold lists of levels");
  const InstrumentSpec& units = spec(id);
  Json got = Json::array();
  for (const LevelView& level :
       key == "combined" ? world_.driver().combined(id, side) : world_.driver().levels(id, side)) {
    const Json price = level.price.is_zero() ? Json("MKT") : Json(level.price.value() * units.tick);
    got.push_back(Json::array({price, level.open.value() * units.lot, level.orders}));
  }
  Json wanted = expected;
  put_market_first(wanted);
  put_market_first(got);
  while (key == "top" && got.size() > wanted.size()) got.erase(got.size() - 1);
  // Trailing fields may be left out.
  for (std::size_t i = 0; i < std::min(got.size(), wanted.size()); ++i) {
    while (wanted[i].is_array() && got[i].size() > wanted[i].size())
      got[i].erase(got[i].size() - 1);
  }
  compare(key + " " + side_name(side), wanted, got);
}

void Expectations::check_book(const std::string& key,
                              const Json& expected,
                              const std::string& instrument) {
  if (!expected.is_object()) throw FileMistake("\"" + key + "\" must be an object");
  for (const auto& [name_or_side, value] : expected.items()) {
    if (name_or_side == "B" || name_or_side == "S") {
      check_side(key, value, instrument, name_or_side == "B" ? Side::buy : Side::sell);
    } else {
      check_book(key, value, name_or_side);
    }
  }
}

void Expectations::check_market(StrictObject& expect, const StepOutcome& outcome) {
  for (const char* key : {"book", "top", "combined", "counts"}) {
    if (const Json* expected = expect.find(key)) check_book(key, *expected, outcome.instrument);
  }
  if (const Json* orders = expect.find("orders")) check_orders(*orders);
  if (const Json* last = expect.find_or_null("last")) {
    const InstrumentId id(
        static_cast<std::uint32_t>(world_.names().find(Kind::instrument, outcome.instrument)));
    const InstrumentSpec& units = world_.spec_of(outcome.instrument);
    const Price traded = observer_.last(id);
    const std::int64_t got = traded.is_positive() ? traded.value() * units.tick : units.last;
    compare("last", *last, got == 0 && last->is_null() ? Json() : Json(got));
  }
}

void Expectations::check_orders(const Json& orders) {
  for (const auto& [order, expected] : orders.items()) {
    const OrderState* state = observer_.find(OrderId(world_.names().find(Kind::order, order)));
    if (state == nullptr) {
      differences_.push_back("orders: \"" + order + "\" was never accepted");
      continue;
    }
    const InstrumentSpec& units = spec(state->instrument);
    Json all;
    all["open"] = state->open.value() * units.lot;
    all["filled"] = state->filled.value() * units.lot;
    all["visible"] = state->visible.value() * units.lot;
    all["hidden"] = state->hidden().value() * units.lot;
    all["px"] = state->price.value() * units.tick;
    all["qty"] = state->quantity.value() * units.lot;
    all["state"] = state_of(*state);
    compare("orders " + order, expected, pick(all, expected));
  }
}

}  // namespace origo::scenario
