#include "tests/scenario/expectations.h"

#include <algorithm>

#include "engine/ledger/serial_range.h"
#include "proto/codec/json.h"

namespace origo::scenario {
namespace {

Json date_json(Date date) {
  if (date == kNever) return "never";
  return to_string(date);
}

std::string print_ranges(const std::vector<SerialRange>& ranges) {
  std::string out;
  for (const SerialRange& range : ranges) out += (out.empty() ? "" : ",") + print(range);
  return out;
}

// The event of a step that a detailed expectation speaks of: the last one of its kind.
template <class E>
const E* last_of(const std::vector<Event>& events) {
  const E* found = nullptr;
  for (const Event& event : events) {
    if (const E* one = std::get_if<E>(&event)) found = one;
  }
  return found;
}

// Only the keys that `expected` asks for, so that the rest is not compared.
Json pick(const Json& all, const Json& expected) {
  if (!expected.is_object()) return all;
  Json out = Json::object();
  for (const auto& [key, value] : expected.items()) {
    if (!all.contains(key)) throw FileMistake("unknown key \"" + key + "\" in an expectation");
    out[key] = all[key];
  }
  return out;
}

// What a node says of a message before the core has seen it.
bool is_edge_refusal(Reject code) { return code == Reject::malformed || code == Reject::enum_invalid; }

std::vector<Json> sorted(std::vector<Json> items) {
  std::sort(items.begin(), items.end(), [](const Json& a, const Json& b) { return a.dump() < b.dump(); });
  return items;
}

}  // namespace

void Expectations::compare(const std::string& key, const Json& expected, const Json& got) {
  if (expected == got) return;
  differences_.push_back(key + ": expected " + expected.dump() + ", got " + got.dump());
}

const InstrumentSpec& Expectations::spec(InstrumentId id) {
  return world_.spec_of(name(Kind::instrument, id.value()));
}

std::vector<std::string> Expectations::check(const Json& json, const StepOutcome& outcome, const std::string& where) {
  differences_.clear();
  killed_by_convention_ = false;
  StrictObject expect(json, where + ": expect");
  check_result(expect, outcome);
  check_trades(expect, outcome);
  check_cancels(expect, outcome);
  check_market(expect, outcome);
  check_balances(expect);
  check_facts(expect, outcome);
  static_cast<void>(expect.find("note"));
  expect.finish();
  return differences_;
}

void Expectations::check_result(StrictObject& expect, const StepOutcome& outcome) {
  const std::string expected = expect.text_if_any("result").value_or("accepted");
  if (expected != "accepted" && !expected.starts_with("rejected:")) {
    expect.fail("\"result\" must be \"accepted\" or \"rejected:<class>\"");
  }
  const std::string got = outcome.accepted() ? "accepted" : "rejected:" + outcome.reject_class();
  const bool at_once = outcome.time_in_force == TimeInForce::ioc || outcome.time_in_force == TimeInForce::fok;
  if (outcome.accepted() && expected != "accepted" && at_once && !outcome.order.empty() &&
      outcome.answer.filled.is_zero()) {
    killed_by_convention_ = true;
  } else if (expected != "accepted" && !world_.driver().is_core() && is_edge_refusal(outcome.answer.code)) {
    // Refused at the edge already, in the edge's words.
    for (const char* key : {"reject", "field", "detail"}) static_cast<void>(expect.find(key));
    return;
  } else if (expected != got) {
    std::string reason;
    if (!outcome.accepted()) {
      const RejectInfo& info = info_of(outcome.answer.code);
      reason = " (" + std::string(info.name) + ": " + std::string(info.field) + " " + std::string(info.rule) +
               (outcome.answer.detail.empty() ? "" : "; " + outcome.answer.detail) + ")";
    }
    differences_.push_back("result: expected " + expected + ", got " + got + reason);
  }
  const RejectInfo& info = info_of(outcome.answer.code);
  if (const auto reject = expect.text_if_any("reject")) compare("reject", *reject, std::string(info.name));
  if (const auto field = expect.text_if_any("field")) compare("field", *field, std::string(info.field));
  if (const auto detail = expect.text_if_any("detail")) compare("detail", *detail, outcome.answer.detail);
}

std::vector<Json> Expectations::trades_of(const StepOutcome& outcome) {
  std::vector<Json> trades;
  for (const Event& event : outcome.events) {
    const auto* trade = std::get_if<Trade>(&event);
    if (trade == nullptr) continue;
    const InstrumentSpec& units = spec(trade->instrument);
    trades.push_back(Json::array({name(Kind::order, trade->taker.value()), name(Kind::order, trade->maker.value()),
                                  trade->price.value() * units.tick, trade->quantity.value() * units.lot}));
  }
  if (!aggregate_trades_) return trades;
  std::vector<Json> sums;
  for (const Json& trade : trades) {
    const auto same = std::find_if(sums.begin(), sums.end(), [&](const Json& sum) {
      return sum[0] == trade[0] && sum[1] == trade[1] && sum[2] == trade[2];
    });
    if (same == sums.end()) sums.push_back(trade);
    else (*same)[3] = (*same)[3].get<std::int64_t>() + trade[3].get<std::int64_t>();
  }
  return sums;
}

void Expectations::check_trades(StrictObject& expect, const StepOutcome& outcome) {
  const Json* expected = expect.find("trades");
  const std::vector<Json> got = trades_of(outcome);
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
  if (const Json* expected = expect.find("cancels")) wanted.assign(expected->begin(), expected->end());
  static_cast<void>(expect.find("triggered"));
  std::vector<Json> got;
  for (const Event& event : outcome.events) {
    const auto* ended = std::get_if<OrderEnded>(&event);
    if (ended == nullptr || ended->reason == OrderEnd::filled) continue;
    const std::string order = name(Kind::order, ended->order.value());
    if (killed_by_convention_ && order == outcome.order) continue;
    Json cancel = Json::array({order, ended->open.value() * spec(ended->instrument).lot, proto::to_json(ended->reason)});
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

void Expectations::check_side(const std::string& key, const Json& expected, const std::string& instrument,
                              const std::string& side) {
  const InstrumentId id(static_cast<std::uint32_t>(world_.names().find(Kind::instrument, instrument)));
  if (!id.is_set()) throw FileMistake("no instrument \"" + instrument + "\"");
  const InstrumentSpec& units = world_.spec_of(instrument);
  std::vector<LevelView> levels = world_.driver().levels(id, side == "B" ? Side::buy : Side::sell);
  if (key == "counts") {
    std::int64_t orders = 0;
    std::int64_t open = 0;
    for (const LevelView& level : levels) {
      orders += level.orders;
      open += level.open.value() * units.lot;
    }
    Json got = Json::array({orders, open});
    if (expected.is_array() && expected.size() == 1) got.erase(1);
    compare(key + " " + side, expected, got);
    return;
  }
  if (!expected.is_array()) throw FileMistake(key + " must hold lists of levels");
  if (key == "top" && levels.size() > expected.size()) levels.resize(expected.size());
  Json got = Json::array();
  for (std::size_t i = 0; i < levels.size(); ++i) {
    Json level = Json::array({levels[i].price.value() * units.tick, levels[i].open.value() * units.lot, levels[i].orders});
    // Trailing fields may be left out.
    const std::size_t fields = i < expected.size() && expected[i].is_array() ? expected[i].size() : 3;
    while (level.size() > fields) level.erase(level.size() - 1);
    got.push_back(level);
  }
  compare(key + " " + side, expected, got);
}

void Expectations::check_book(const std::string& key, const Json& expected, const std::string& instrument) {
  if (!expected.is_object()) throw FileMistake("\"" + key + "\" must be an object");
  for (const auto& [name_or_side, value] : expected.items()) {
    if (name_or_side == "B" || name_or_side == "S") {
      check_side(key, value, instrument, name_or_side);
    } else {
      check_book(key, value, name_or_side);
    }
  }
}

void Expectations::check_market(StrictObject& expect, const StepOutcome& outcome) {
  for (const char* key : {"book", "top", "counts"}) {
    if (const Json* expected = expect.find(key)) check_book(key, *expected, outcome.instrument);
  }
  if (const Json* orders = expect.find("orders")) check_orders(*orders);
  if (const Json* last = expect.find("last")) {
    const InstrumentId id(static_cast<std::uint32_t>(world_.names().find(Kind::instrument, outcome.instrument)));
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
    const std::int64_t open = state->open.value() * units.lot;
    Json all;
    all["open"] = open;
    all["filled"] = state->filled.value() * units.lot;
    all["visible"] = open;
    all["hidden"] = 0;
    all["px"] = state->price.value() * units.tick;
    all["qty"] = state->quantity.value() * units.lot;
    all["state"] = !state->ended                       ? "live"
                   : state->filled == state->quantity ? "filled"
                                                      : "cancelled";
    compare("orders " + order, expected, pick(all, expected));
  }
}

void Expectations::check_balances(StrictObject& expect) {
  if (const Json* cash = expect.find("cash")) {
    for (const auto& [account, currencies] : cash->items()) {
      const AccountId id(static_cast<std::uint32_t>(world_.resolve(Kind::account, account)));
      for (const auto& [currency, expected] : currencies.items()) {
        const CashView view = world_.driver().cash(id, currency_of(currency));
        const Json got = expected.is_array() ? Json::array({view.available.value(), view.reserved.value()})
                                             : Json(view.available.value());
        compare("cash " + account + " " + currency, expected, got);
      }
    }
  }
  if (const Json* holdings = expect.find("holdings")) {
    for (const auto& [account, expected] : holdings->items()) {
      const AccountId id(static_cast<std::uint32_t>(world_.resolve(Kind::account, account)));
      Json got = Json::array();
      for (const HoldingView& view : world_.driver().holdings(id)) {
        got.push_back(name(Kind::lot, view.lot.value()) + ": " + view.serials +
                      (view.reserved.is_zero() ? "" : " reserved " + std::to_string(view.reserved.value())));
      }
      compare("holdings " + account, expected, got);
    }
  }
  if (const Json* lots = expect.find("lots")) check_lots(*lots);
  if (const Json* carried = expect.find("carried")) {
    for (const auto& [device, carriers] : carried->items()) {
      const DeviceId id(static_cast<std::uint32_t>(world_.resolve(Kind::device, device)));
      for (const auto& [carrier, expected] : carriers.items()) {
        compare("carried " + device + " " + carrier, expected, world_.driver().carried(id, carrier).value());
      }
    }
  }
}

void Expectations::check_lots(const Json& lots) {
  for (const auto& [lot, expected] : lots.items()) {
    const LotId id(static_cast<std::uint32_t>(world_.resolve(Kind::lot, lot)));
    const LotView view = world_.driver().lot(id);
    Json all;
    all["registry"] = name(Kind::registry, view.registry.value());
    all["device"] = name(Kind::device, view.device.value());
    all["issued_on"] = date_json(view.issued_on);
    all["transferable_until"] = date_json(view.transferable_until);
    all["cancellable_until"] = date_json(view.cancellable_until);
    all["issued"] = view.issued.value();
    all["held"] = view.held.value();
    all["cancelled"] = view.cancelled.value();
    all["expired"] = view.expired.value();
    all["first_serial"] = view.first_serial;
    compare("lots " + lot, expected, pick(all, expected));
  }
}

void Expectations::check_facts(StrictObject& expect, const StepOutcome& outcome) {
  if (const Json* expected = expect.find("issued")) {
    Json all;
    if (const auto* issued = last_of<CertificatesIssued>(outcome.events)) {
      all["lot"] = name(Kind::lot, issued->lot.value());
      all["account"] = name(Kind::account, issued->account.value());
      all["units"] = issued->units.value();
      all["counted"] = issued->counted.value();
      all["carried_in"] = issued->carried_in.value();
      all["carried_out"] = issued->carried_out.value();
      all["transferable_until"] = date_json(issued->transferable_until);
      all["cancellable_until"] = date_json(issued->cancellable_until);
    }
    compare("issued", *expected, all.is_null() ? all : pick(all, *expected));
  }
  if (const Json* expected = expect.find("statement")) {
    Json all;
    if (const auto* cancelled = last_of<CertificatesCancelled>(outcome.events)) {
      const CancelCertificates& details = cancelled->details;
      all["account"] = name(Kind::account, details.account.value());
      all["lot"] = name(Kind::lot, details.lot.value());
      all["units"] = details.units.value();
      all["serials"] = print_ranges(cancelled->ranges);
      all["beneficiary"] = details.beneficiary;
      all["country"] = details.country;
      all["purpose"] = details.purpose;
      all["period"] = Json::array({date_json(details.period.first), date_json(details.period.last)});
      all["note"] = details.note;
      all["date"] = date_json(cancelled->date);
      all["number"] = cancelled->cancellation.value();
    }
    compare("statement", *expected, all.is_null() ? all : pick(all, *expected));
  }
  if (const Json* expected = expect.find("settled")) {
    Json got = Json::array();
    for (const Event& event : outcome.events) {
      if (const auto* one = std::get_if<TradeSettled>(&event)) {
        got.push_back(Json::array({one->cash.value(), one->buyer_fee.value(), one->seller_fee.value()}));
      }
    }
    compare("settled", *expected, got);
  }
  if (const Json* expected = expect.find("expired")) {
    std::vector<Json> got;
    for (const Event& event : outcome.events) {
      if (const auto* one = std::get_if<CertificatesExpired>(&event)) {
        got.push_back(Json::array({name(Kind::lot, one->lot.value()), name(Kind::account, one->account.value()), one->units.value()}));
      }
    }
    // Which holder is written off first says nothing.
    const std::vector<Json> wanted(expected->begin(), expected->end());
    compare("expired", Json(sorted(wanted)), Json(sorted(got)));
  }
  if (const Json* expected = expect.find("moved")) {
    Json got = Json::array();
    for (const Event& event : outcome.events) {
      if (const auto* one = std::get_if<CertificatesMoved>(&event)) {
        got.push_back(Json::array({name(Kind::lot, one->lot.value()), name(Kind::account, one->from.value()),
                                   name(Kind::account, one->to.value()), print(one->range), proto::to_json(one->reason)}));
      }
    }
    compare("moved", *expected, got);
  }
  if (const Json* expected = expect.find("events")) {
    Json got = Json::array();
    for (const Event& event : outcome.events) {
      std::visit([&](const auto& one) { got.push_back(proto::type_name<std::remove_cvref_t<decltype(one)>>()); }, event);
    }
    compare("events", *expected, got);
  }
  if (const Json* expected = expect.find("answer")) {
    Json all;
    all["id"] = outcome.answer.id;
    all["filled"] = outcome.answer.filled.value();
    all["open"] = outcome.answer.open.value();
    compare("answer", *expected, pick(all, *expected));
  }
}

}  // namespace origo::scenario
