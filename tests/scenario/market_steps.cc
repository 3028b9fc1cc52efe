#include <limits>
#include <map>

#include "tests/scenario/steps.h"

// Steps in the words of a market: orders, phases, time, the last price.
namespace origo::scenario {
namespace {

// The value that a scenario's word stands for; one that does not exist, if it is no word at all.
template <class E>
E value_of(const std::map<std::string, E>& words, const std::string& word, E none) {
  const auto found = words.find(word);
  return found == words.end() ? none : found->second;
}

OrderType type_of(const std::string& word) {
  static const std::map<std::string, OrderType> words = {{"limit", OrderType::limit},
                                                         {"market", OrderType::market},
                                                         {"mtl", OrderType::market_to_limit}};
  return value_of(words, word, OrderType{});
}

TimeInForce time_in_force_of(const std::string& word) {
  static const std::map<std::string, TimeInForce> words = {{"GTC", TimeInForce::gtc},
                                                           {"DAY", TimeInForce::day},
                                                           {"GTD", TimeInForce::gtd},
                                                           {"IOC", TimeInForce::ioc},
                                                           {"FOK", TimeInForce::fok},
                                                           {"AUC", TimeInForce::auction_only},
                                                           {"CONT", TimeInForce::continuous_only}};
  return value_of(words, word, TimeInForce{});
}

SelfTrade self_trade_of(const std::string& word) {
  static const std::map<std::string, SelfTrade> words = {
      {"none", SelfTrade::allowed},
      {"cancel_newest", SelfTrade::cancel_newest},
      {"cancel_oldest", SelfTrade::cancel_oldest},
      {"cancel_both", SelfTrade::cancel_both},
      {"decrement", SelfTrade::decrement}};
  return value_of(words, word, SelfTrade{9});
}

Phase phase_of(const std::string& word) {
  static const std::map<std::string, Phase> words = {{"continuous", Phase::continuous},
                                                     {"halt", Phase::halt},
                                                     {"closed", Phase::closed},
                                                     {"call", Phase::call},
                                                     {"pre_open", Phase::pre_open}};
  return value_of(words, word, Phase{});
}

}  // namespace

std::optional<std::int64_t> Stepper::scaled(const Json& value,
                                            std::int64_t unit,
                                            const char* reject) {
  const bool too_large = value.is_number_unsigned() &&
                         value.get<std::uint64_t>() >
                             static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!value.is_number_integer() || too_large || value.get<std::int64_t>() % unit != 0) {
    if (outcome_.edge_reject.empty()) outcome_.edge_reject = reject;
    return std::nullopt;
  }
  return value.get<std::int64_t>() / unit;
}

bool Stepper::read_price(StrictObject& step, const char* key, Price& price) {
  const Json* value = step.find(key);
  if (value == nullptr) return true;
  const auto ticks = scaled(*value, world_.spec_of(outcome_.instrument).tick, "bad_px");
  if (ticks) price = Price(*ticks);
  return ticks.has_value();
}

bool Stepper::read_quantity(StrictObject& step, const char* key, Quantity& quantity) {
  const Json* value = step.find(key);
  if (value == nullptr) return true;
  const auto contracts = scaled(*value, world_.spec_of(outcome_.instrument).lot, "bad_qty");
  if (contracts) quantity = Quantity(*contracts);
  return contracts.has_value();
}

ClientOrderId Stepper::client_order_id(const std::string& order) {
  const auto [entry, added] = client_order_ids_.emplace(order, client_order_ids_.size() + 1);
  return ClientOrderId(entry->second);
}

InstrumentId Stepper::instrument(StrictObject& step) {
  if (const auto name = step.text_if_any("instrument")) outcome_.instrument = *name;
  const std::uint64_t known = world_.names().find(Kind::instrument, outcome_.instrument);
  return id_of<InstrumentId>(known != 0 ? known : 999'999);
}

void Stepper::place(StrictObject& step) {
  PlaceOrder order;
  outcome_.order = step.text("id");
  const std::string owner = step.text_if_any("acct").value_or("P_" + outcome_.order);
  order.instrument = instrument(step);
  order.account = id_of<AccountId>(world_.resolve(Kind::account, owner));
  const std::string side = step.text("side");
  order.side = side == "B" ? Side::buy : side == "S" ? Side::sell : Side{};
  order.type = type_of(step.text_if_any("type").value_or("limit"));
  order.time_in_force = time_in_force_of(step.text_if_any("tif").value_or("GTC"));
  order.self_trade = self_trade_of(step.text_if_any("stp").value_or(world_.default_self_trade()));
  order.post_only = step.flag_or("post_only", false);
  order.cancel_on_disconnect = step.flag_or("cancel_on_disconnect", false);
  outcome_.time_in_force = order.time_in_force;
  order.client_order_id = client_order_id(outcome_.order);
  if (const Json* expire = step.find("expire")) order.expire_at = world_.instant(*expire, "expire");
  if (const Json* lots = step.find("lots")) FromJson(world_).read(*lots, order.lots, "lots");
  static_cast<void>(step.get("qty"));
  // All are read, so that no key is unknown; the first that is between two steps refuses the order.
  bool whole = true;
  whole = read_quantity(step, "qty", order.quantity) && whole;
  whole = read_quantity(step, "min_qty", order.min_quantity) && whole;
  whole = read_quantity(step, "peak", order.peak) && whole;
  whole = read_quantity(step, "min_visible", order.min_visible) && whole;
  whole = read_price(step, "px", order.price) && whole;
  whole = read_price(step, "stop", order.stop_price) && whole;
  whole = read_price(step, "protection", order.protection_price) && whole;
  // A stop order without a limit is a market order once it is triggered.
  if (!order.stop_price.is_zero() && step.find("px") == nullptr && order.type == OrderType::limit)
    order.type = OrderType::market;
  if (whole) execute(order);
}

// An order of its own account is named by the client's number, a foreign one by the exchange's.
OrderRef Stepper::target(StrictObject& step) {
  const std::string name = step.text("id");
  const OrderId order(world_.names().find(Kind::order, name));
  const OrderState* state = observer_.find(order);
  if (state != nullptr)
    outcome_.instrument = world_.names().name_of(Kind::instrument, state->instrument.value());
  const auto claimed = step.text_if_any("acct");
  OrderRef ref;
  if (claimed) {
    ref.account = id_of<AccountId>(world_.resolve(Kind::account, *claimed));
  } else if (state != nullptr) {
    ref.account = state->account;
  } else {
    ref.account = id_of<AccountId>(world_.resolve(Kind::account, "P_" + name));
  }
  const bool own = state != nullptr && state->account == ref.account;
  if (state != nullptr && (!own || step.flag_or("by_order_id", false))) {
    ref.order = order;
  } else {
    ref.client_order_id = client_order_id(name);
  }
  return ref;
}

void Stepper::cancel(StrictObject& step) {
  execute(CancelOrder{.target = target(step)});
}

void Stepper::amend(StrictObject& step) {
  AmendOrder amend{.target = target(step), .quantity = {}, .price = {}, .stop_price = {}};
  bool whole = true;
  whole = read_price(step, "px", amend.price) && whole;
  whole = read_price(step, "stop", amend.stop_price) && whole;
  whole = read_quantity(step, "qty", amend.quantity) && whole;
  if (!whole) return;
  // The API says "keep" by 0.
  if (step.has("px") && amend.price.is_zero()) {
    outcome_.edge_reject = "bad_px";
  } else if (step.has("qty") && amend.quantity.is_zero()) {
    // A new total of nothing is a reduction by everything.
    execute(ReduceOrder{.target = amend.target,
                        .by = Quantity(std::numeric_limits<std::int64_t>::max())});
  } else {
    execute(amend);
  }
}

void Stepper::reduce(StrictObject& step) {
  ReduceOrder reduce{.target = target(step), .by = {}};
  static_cast<void>(step.get("by"));
  if (read_quantity(step, "by", reduce.by)) execute(reduce);
}

void Stepper::mass_cancel(StrictObject& step) {
  MassCancel cancel;
  if (step.has("instrument")) cancel.instrument = instrument(step);
  const InstrumentSpec& spec = world_.spec_of(outcome_.instrument);
  if (const auto side = step.text_if_any("side"))
    cancel.side = *side == "B" ? 1 : *side == "S" ? 2 : 9;
  if (const Json* range = step.find("range")) {
    if (!range->is_array() || range->size() != 2) step.fail("\"range\" must be [lowest, highest]");
    // Inclusive, and ticks between the ends only.
    const std::int64_t low = as_number((*range)[0], "range");
    const std::int64_t high = as_number((*range)[1], "range");
    cancel.price_min = Price(low > 0 ? (low + spec.tick - 1) / spec.tick : low);
    cancel.price_max = Price(high > 0 ? high / spec.tick : high);
  }
  std::vector<AccountId> accounts = world_.accounts();
  if (const auto account = step.text_if_any("acct")) {
    accounts = {id_of<AccountId>(world_.resolve(Kind::account, *account))};
  }
  for (const AccountId account : accounts) {
    cancel.account = account;
    execute(cancel);
    if (!outcome_.answer.ok()) return;
  }
}

void Stepper::phase(StrictObject& step) {
  const SetPhase set{.market = id_of<MarketId>(world_.names().find(Kind::market, "M")),
                     .phase = phase_of(step.text("to")),
                     .reason = "scenario"};
  if (set.phase == world_.phase()) return;  // it is in that phase already
  execute(set);
}

void Stepper::set_time(StrictObject& step) {
  const Json* now = step.find("now");
  const Json& value = now != nullptr ? *now : step.get("date");
  absorb(world_.driver().set_time(world_.instant(value, step.where())));
}

// Where no stop order could see it, the last price is only what the scenario says it is.
void Stepper::set_last(StrictObject& step) {
  const InstrumentId id = instrument(step);
  Price price;
  static_cast<void>(step.get("px"));
  if (!read_price(step, "px", price)) return;
  observer_.set_last(id, price);
  if (world_.has_stops() && price != world_.last().of(id))
    absorb(world_.last().trade_at(outcome_.instrument, price));
}

void Stepper::set_reference(StrictObject& step) {
  SetReferencePrice set{.instrument = instrument(step), .price = {}};
  static_cast<void>(step.get("px"));
  if (read_price(step, "px", set.price)) execute(set);
}

}  // namespace origo::scenario
