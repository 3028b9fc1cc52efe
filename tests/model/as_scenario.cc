#include <map>
#include <set>

#include "tests/model/minimal.h"
#include "tests/support/readable.h"

// Writes a minimal case as a scenario file. See docs/scenarios.md for the format.
namespace origo {
namespace {

using Words = std::vector<std::string>;

std::string quoted(const std::string& word) {
  return '"' + word + '"';
}

std::string joined(const Words& words, char open, char close) {
  std::string out(1, open);
  for (const std::string& word : words) out += (out.size() > 1 ? ", " : "") + word;
  return out + close;
}

std::string object(const Words& members) {
  return joined(members, '{', '}');
}

std::string list(const Words& elements) {
  return joined(elements, '[', ']');
}

std::string text(const std::string& key, const std::string& value) {
  return quoted(key) + ": " + quoted(value);
}

std::string number(const std::string& key, std::int64_t value) {
  return quoted(key) + ": " + std::to_string(value);
}

std::string raw(const std::string& key, const std::string& value) {
  return quoted(key) + ": " + value;
}

std::string word_of(TimeInForce tif) {
  static const std::map<TimeInForce, std::string> words = {{TimeInForce::gtc, "GTC"},
                                                           {TimeInForce::day, "DAY"},
                                                           {TimeInForce::gtd, "GTD"},
                                                           {TimeInForce::ioc, "IOC"},
                                                           {TimeInForce::fok, "FOK"},
                                                           {TimeInForce::auction_only, "AUC"},
                                                           {TimeInForce::continuous_only, "CONT"}};
  return words.at(tif);
}

std::string word_of(Side side) {
  return side == Side::buy ? "B" : "S";
}

// Scenarios have a registry of their own, so what says which one becomes another attribute: filters
// imply each other as before.
std::string attribute_of(const ClauseSpec& clause) {
  if (clause.attribute == "registry") return "issuing_body";
  return clause.attribute == "scheme" ? "label" : clause.attribute;
}

std::string filter_of(const std::vector<ClauseSpec>& filter) {
  Words members;
  for (const ClauseSpec& clause : filter) {
    Words words;
    for (const std::string& word : clause.any_of) words.push_back(quoted(word));
    const std::string range = object({number("min", clause.min), number("max", clause.max)});
    members.push_back(raw(attribute_of(clause), words.empty() ? range : list(words)));
  }
  return object(members);
}

// Only what differs from the default.
Words rules_of(const TradingRules& rules) {
  Words words;
  const auto add = [&](const char* key, bool chosen) {
    if (chosen) words.push_back(raw(key, "true"));
  };
  if (!rules.min_visible.is_zero())
    words.push_back(number("min_visible", rules.min_visible.value()));
  add("iceberg_raise_requeues", rules.iceberg_raise_requeues);
  add("amend_below_filled_refused", rules.amend_below_filled_refused);
  add("stop_through_refused", rules.stop_through_refused);
  add("market_orders_stay", rules.market_orders_stay);
  add("market_to_limit_stays", rules.market_to_limit_stays);
  const auto add_number = [&](const char* key, std::uint32_t value) {
    if (value > 0) words.push_back(number(key, value));
  };
  add_number("dynamic_collar_ppm", rules.dynamic_collar_ppm);
  add_number("static_collar_ppm", rules.static_collar_ppm);
  add_number("volatility_call_s", rules.volatility_call_s);
  add_number("volatility_random_s", rules.volatility_random_s);
  add("limit_orders_only", rules.limit_orders_only);
  add_number("price_band_ppm", rules.price_band_ppm);
  add_number("reference_trades", rules.reference_trades);
  add("auction_tick_grid", rules.auction_tick_grid);
  return words;
}

std::string instrument_of(const Instrument& instrument) {
  const InstrumentTerms& terms = instrument.terms;
  Words words{raw("filter", filter_of(instrument.spec)),
              text("currency", to_string(terms.currency)),
              number("size", terms.contract_size),
              number("tick_value", terms.tick_value.value()),
              number("price_min", terms.price_min.value()),
              number("price_max", terms.price_max.value()),
              number("quantity_max", terms.quantity_max.value())};
  const auto add = [&](const char* key, std::int64_t value) {
    if (value != 0) words.push_back(number(key, value));
  };
  add("quantity_min", terms.quantity_min.value());
  add("value_min", terms.value_min.value());
  add("value_max", terms.value_max.value());
  const Words rules = rules_of(instrument.rules);
  if (!rules.empty()) words.push_back(raw("rules", object(rules)));
  return object(words);
}

std::string two_digits(std::int64_t value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

std::string iso(Instant instant) {
  const Date date = date_of(instant);
  const std::int64_t seconds = (instant.ns() - start_of(date).ns()) / 1'000'000'000;
  return to_string(date) + "T" + two_digits(seconds / 3600) + ":" + two_digits(seconds / 60 % 60) +
         ":" + two_digits(seconds % 60) + "Z";
}

// Writes step after step while a pair runs them.
class Writer {
 public:
  explicit Writer(const Pair& set_up) : pair_(set_up), start_(set_up.core().time()), now_(start_) {}

  void add(const Step& step) {
    if (step.header.time != now_) {
      now_ = step.header.time;
      time_passes();
    }
    Words words = std::visit([&](const auto& command) { return step_of(command); }, step.command);
    const InstrumentId instrument = instrument_of_step(step.command);
    if (const auto* place = std::get_if<PlaceOrder>(&step.command);
        place != nullptr && place->cancel_on_disconnect && step.header.origin.client.is_set()) {
      words.push_back(number("client", as_number(step.header.origin.client.value())));
      words.push_back(number("client_sequence", as_number(step.header.origin.client_sequence)));
    }
    if (std::holds_alternative<SetKillSwitch>(step.command) &&
        step.header.origin.principal != UserId(1))
      words.push_back(text("principal", trader_of(step.header.origin.principal)));
    const OrderId before = pair_.core().market().last_order;
    static_cast<void>(pair_.apply(step));
    if (words.empty()) {
      left_out_ += (left_out_.empty() ? "" : "; ") + name_of(step.command);
      return;
    }
    if (std::holds_alternative<PlaceOrder>(step.command) && pair_.said().answer.ok())
      names_[next(before)] = last_name_;
    words.push_back(raw("expect", expectation_of(pair_.said(), instrument)));
    steps_.push_back("  " + object(words));
  }

  [[nodiscard]] std::string file(const std::string& id, const std::string& what) const {
    Words instruments;
    std::uint32_t settle_days = 0;
    for (const Instrument& instrument : pair_.core().market().instruments) {
      if (used_.count(instrument.id) == 0) continue;
      settle_days = pair_.core().market().find(instrument.market)->settle_days;
      instruments.push_back(raw(instrument.code, instrument_of(instrument)));
    }
    std::string note = left_out_.empty() ? "" : "left out: " + left_out_ + "; ";
    for (const char c : what) note += c == '"' ? '\'' : c == '\n' ? ' ' : c;
    std::string all;
    for (const std::string& step : steps_) all += (all.empty() ? "" : ",\n") + step;
    const std::string scenario =
        object({text("id", id),
                text("title", "a difference between the core and its plain twin"),
                text("note", note),
                text("start", iso(start_)),
                number("settle_days", settle_days),
                raw("instruments", object(instruments)),
                raw("steps", "[\n" + all + "]")});
    return "{\"format\": \"origo-scenario/1\", \"feature\": \"model\", \"scenarios\": [\n" +
           scenario + "]}\n";
  }

 private:
  static std::int64_t as_number(std::uint64_t value) { return static_cast<std::int64_t>(value); }
  static std::string name_of(const Command& command) {
    const std::string words = readable(command);
    return words.substr(0, words.find('{'));
  }
  // Accounts of one participant are one, since they share what prevents self-trades.
  [[nodiscard]] std::string holder_of(AccountId account) const {
    return "t" + std::to_string(pair_.core().parties().get(account).participant.value());
  }
  [[nodiscard]] std::string trader_of(UserId user) const {
    return "t" + std::to_string(pair_.core().parties().get(user).participant.value());
  }
  [[nodiscard]] std::string name_of(OrderId order) const {
    const auto found = names_.find(order);
    return found == names_.end() ? "none" : found->second;
  }
  std::string code_of(InstrumentId id) {
    const Instrument* instrument = pair_.core().market().find(id);
    if (instrument == nullptr) return "NONE";
    used_.insert(id);
    return instrument->code;
  }
  [[nodiscard]] std::int64_t seconds_of(Instant instant) const {
    return (instant.ns() - start_.ns()) / 1'000'000'000;
  }
  // The order that is meant, by the name it was placed under.
  Words target_of(const OrderRef& target) const {
    const Market& market = pair_.core().market();
    OrderId order = target.order;
    const OrderSlot slot = market.by_client_id.find({target.account, target.client_order_id});
    if (!order.is_set() && slot != kNoSlot) order = market.store.orders[slot].id;
    const OrderSlot live = market.find_order(order);
    const bool own = live != kNoSlot && market.store.orders[live].account == target.account;
    Words words{text("id", name_of(order))};
    if (!own) words.push_back(text("acct", holder_of(target.account)));
    return words;
  }
  static InstrumentId instrument_of_step(const Command& command) {
    const auto* place = std::get_if<PlaceOrder>(&command);
    return place == nullptr ? InstrumentId() : place->instrument;
  }

  template <class C>
  Words step_of(const C&) {
    return {};
  }
  Words step_of(const PlaceOrder& c) {
    last_name_ = "o" + std::to_string(++placed_);
    Words words{text("do", "place"),
                text("id", last_name_),
                text("acct", holder_of(c.account)),
                text("instrument", code_of(c.instrument)),
                text("side", word_of(c.side)),
                number("qty", c.quantity.value())};
    const auto add_if = [&](const char* key, std::int64_t value) {
      if (value != 0) words.push_back(number(key, value));
    };
    if (c.type == OrderType::limit) words.push_back(number("px", c.price.value()));
    if (c.type == OrderType::market) words.push_back(text("type", "market"));
    if (c.type == OrderType::market_to_limit) words.push_back(text("type", "mtl"));
    if (c.time_in_force != TimeInForce::gtc) words.push_back(text("tif", word_of(c.time_in_force)));
    if (c.expire_at.is_set()) words.push_back(number("expire", seconds_of(c.expire_at)));
    add_if("protection", c.protection_price.value());
    add_if("stop", c.stop_price.value());
    add_if("peak", c.peak.value());
    add_if("min_visible", c.min_visible.value());
    add_if("min_qty", c.min_quantity.value());
    if (c.post_only) words.push_back(raw("post_only", "true"));
    if (c.cancel_on_disconnect) words.push_back(raw("cancel_on_disconnect", "true"));
    if (c.self_trade != SelfTrade::allowed) words.push_back(text("stp", readable(c.self_trade)));
    return words;
  }
  Words step_of(const AmendOrder& c) {
    Words words{text("do", "amend")};
    for (const std::string& word : target_of(c.target)) words.push_back(word);
    if (!c.quantity.is_zero()) words.push_back(number("qty", c.quantity.value()));
    if (!c.price.is_zero()) words.push_back(number("px", c.price.value()));
    if (!c.stop_price.is_zero()) words.push_back(number("stop", c.stop_price.value()));
    return words;
  }
  Words step_of(const ReduceOrder& c) {
    Words words{text("do", "reduce")};
    for (const std::string& word : target_of(c.target)) words.push_back(word);
    words.push_back(number("by", c.by.value()));
    return words;
  }
  Words step_of(const CancelOrder& c) {
    Words words{text("do", "cancel")};
    for (const std::string& word : target_of(c.target)) words.push_back(word);
    return words;
  }
  Words step_of(const MassCancel& c) {
    Words words{text("do", "mass_cancel"), text("acct", holder_of(c.account))};
    if (c.instrument.is_set()) words.push_back(text("instrument", code_of(c.instrument)));
    if (c.side != 0) words.push_back(text("side", word_of(static_cast<Side>(c.side))));
    words.push_back(raw(
        "range", list({std::to_string(c.price_min.value()), std::to_string(c.price_max.value())})));
    return words;
  }
  Words step_of(const SetPhase& c) { return {text("do", "phase"), text("to", readable(c.phase))}; }
  Words step_of(const SetReferencePrice& c) {
    return {text("do", "set_ref"),
            text("instrument", code_of(c.instrument)),
            number("px", c.price.value())};
  }
  Words step_of(const SetKillSwitch& c) {
    return {text("do", "set_kill_switch"),
            text("participant", "t" + std::to_string(c.participant.value())),
            raw("engaged", c.engaged ? "true" : "false"),
            text("reason", c.reason)};
  }
  Words step_of(const EndSession& c) {
    return {text("do", "command"),
            text("type", "end_session"),
            text("principal", "node"),
            raw("fields", object({number("client", as_number(c.client.value()))}))};
  }

  // What falls due before the next step happens when the clock says so.
  void time_passes() {
    Step tick{.header = {.sequence = next(pair_.core().sequence()), .time = now_, .origin = {}},
              .command = Tick{}};
    Pair later = pair_;
    static_cast<void>(later.apply(tick));
    steps_.push_back("  " + object({text("do", "time"),
                                    number("now", seconds_of(now_)),
                                    raw("expect", expectation_of(later.said(), InstrumentId()))}));
  }

  std::string expectation_of(const Twin::Said& said, InstrumentId instrument) {
    Words trades;
    Words cancels;
    Words triggered;
    for (const Event& event : said.events) {
      if (const auto* trade = std::get_if<Trade>(&event))
        trades.push_back(list({quoted(name_of(trade->taker)),
                               quoted(name_of(trade->maker)),
                               std::to_string(trade->price.value()),
                               std::to_string(trade->quantity.value())}));
      if (const auto* stop = std::get_if<StopTriggered>(&event))
        triggered.push_back(quoted(name_of(stop->order)));
      const auto* ended = std::get_if<OrderEnded>(&event);
      if (ended != nullptr && ended->reason != OrderEnd::filled)
        cancels.push_back(list({quoted(name_of(ended->order)),
                                std::to_string(ended->open.value()),
                                quoted(readable(ended->reason))}));
    }
    Words words;
    if (!said.answer.ok()) {
      words.push_back(text("result", "rejected:" + std::string(info_of(said.answer.code).klass)));
      words.push_back(text("reject", std::string(info_of(said.answer.code).name)));
    }
    if (!trades.empty()) words.push_back(raw("trades", list(trades)));
    if (!cancels.empty()) words.push_back(raw("cancels", list(cancels)));
    if (!triggered.empty()) words.push_back(raw("triggered", list(triggered)));
    if (pair_.core().market().find(instrument) != nullptr)
      words.push_back(raw("book", book_of(instrument)));
    return object(words);
  }

  [[nodiscard]] std::string book_of(InstrumentId instrument) const {
    Words sides[2];
    for (const Twin::LevelView& level : pair_.twin().levels(instrument))
      sides[level.side == Side::buy ? 0 : 1].push_back(
          list({level.price == 0 ? quoted("MKT") : std::to_string(level.price),
                std::to_string(level.open),
                std::to_string(level.orders)}));
    return object({raw("B", list(sides[0])), raw("S", list(sides[1]))});
  }

  Pair pair_;
  Instant start_;
  Instant now_;
  std::set<InstrumentId> used_;
  std::map<OrderId, std::string> names_;
  std::size_t placed_ = 0;
  std::string last_name_;
  Words steps_;
  std::string left_out_;
};

}  // namespace

std::string as_scenario(const Pair& set_up, const Minimal& minimal, const std::string& id) {
  Writer writer(set_up);
  for (const Step& step : minimal.steps) writer.add(step);
  return writer.file(id, minimal.what);
}

}  // namespace origo
