#include "tests/scenario/steps.h"

#include <algorithm>
#include <limits>
#include <set>

#include "proto/codec/names.h"

namespace origo::scenario {
namespace {

// The words that scenario files use, where they differ from the command's own name.
std::string command_name(const std::string& verb) {
  static const std::map<std::string, std::string> names = {{"declare", "declare_production"},
                                                           {"issue", "approve_issuance"},
                                                           {"transfer", "transfer_certificates"},
                                                           {"deposit", "deposit_cash"},
                                                           {"withdraw", "withdraw_cash"},
                                                           {"grant", "grant_role"},
                                                           {"revoke", "revoke_role"},
                                                           {"freeze", "set_frozen"},
                                                           {"approve", "approve_proposal"}};
  const auto found = names.find(verb);
  return found == names.end() ? verb : found->second;
}

// An empty command called `name`; nothing: there is no such command.
std::optional<Command> command_called(const std::string& name) {
  std::optional<Command> found;
  boost::mp11::mp_for_each<Command>([&](auto empty) {
    if (proto::type_name<decltype(empty)>() == name) found = Command(empty);
  });
  return found;
}

template <class IdType>
IdType id_of(std::uint64_t value) {
  return IdType(static_cast<typename IdType::Rep>(value));
}

}  // namespace

std::string StepOutcome::reject_class() const {
  if (!edge_reject.empty()) return edge_reject;
  return std::string(info_of(answer.code).klass);
}

StepOutcome Stepper::run(const Json& json, const std::string& where) {
  StrictObject step(json, where);
  static_cast<void>(step.find("expect"));
  static_cast<void>(step.find("note"));
  outcome_ = StepOutcome{};
  outcome_.instrument = world_.default_instrument();
  envelope_ = Envelope{};
  envelope_.principal = step.text_if_any("principal").value_or("");
  envelope_.as = step.text_if_any("as").value_or("");
  envelope_.client = ClientId(static_cast<std::uint64_t>(step.number_if_any("client").value_or(0)));
  envelope_.client_sequence =
      static_cast<std::uint64_t>(step.number_if_any("client_sequence").value_or(0));
  envelope_.times = step.number_if_any("times").value_or(1);
  const std::string verb = step.text("do");
  if (verb == "command") {
    generic(step);
  } else if (!do_market_verb(step, verb)) {
    command(step, command_name(verb));
  }
  step.finish();
  return outcome_;
}

bool Stepper::do_market_verb(StrictObject& step, const std::string& verb) {
  if (verb == "place") {
    place(step);
  } else if (verb == "cancel") {
    cancel(step);
  } else if (verb == "amend") {
    amend(step);
  } else if (verb == "reduce") {
    reduce(step);
  } else if (verb == "mass_cancel" && !step.has("account")) {
    mass_cancel(step);
  } else if (verb == "phase") {
    phase(step);
  } else if (verb == "time" || verb == "set_date") {
    set_time(step);
  } else if (verb == "set_last" || verb == "set_ref") {
    set_last(step);
  } else if (verb == "issue_lot") {
    issue_lot(step);
  } else if (verb != "noop") {
    return false;
  }
  return true;
}

std::optional<std::int64_t> Stepper::scaled(const Json& value, std::int64_t unit, const char* reject) {
  const bool too_large = value.is_number_unsigned() &&
                         value.get<std::uint64_t>() >
                             static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!value.is_number_integer() || too_large || value.get<std::int64_t>() % unit != 0) {
    outcome_.edge_reject = reject;
    return std::nullopt;
  }
  return value.get<std::int64_t>() / unit;
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
  for (const char* unused : {"peak", "min_visible", "stop"}) {
    static_cast<void>(step.find(unused));
  }
  order.instrument = instrument(step);
  order.account = id_of<AccountId>(world_.resolve(Kind::account, owner));
  const std::string side = step.text("side");
  order.side = side == "B" ? Side::buy : side == "S" ? Side::sell : Side{};
  const std::string type = step.text_if_any("type").value_or("limit");
  static const std::map<std::string, OrderType> types = {
      {"limit", OrderType::limit}, {"market", OrderType::market}, {"mtl", OrderType::market_to_limit}};
  order.type = types.contains(type) ? types.at(type) : OrderType{};
  static const std::map<std::string, SelfTrade> preventions = {{"none", SelfTrade::allowed},
                                                               {"cancel_newest", SelfTrade::cancel_newest},
                                                               {"cancel_oldest", SelfTrade::cancel_oldest},
                                                               {"cancel_both", SelfTrade::cancel_both},
                                                               {"decrement", SelfTrade::decrement}};
  const std::string prevention = step.text_if_any("stp").value_or(world_.default_self_trade());
  order.self_trade = preventions.contains(prevention) ? preventions.at(prevention) : SelfTrade{9};
  if (const Json* post_only = step.find("post_only")) order.post_only = *post_only == true;
  static const std::map<std::string, TimeInForce> kinds = {{"GTC", TimeInForce::gtc},
                                                           {"DAY", TimeInForce::day},
                                                           {"GTD", TimeInForce::gtd},
                                                           {"IOC", TimeInForce::ioc},
                                                           {"FOK", TimeInForce::fok}};
  const auto tif = kinds.find(step.text_if_any("tif").value_or("GTC"));
  order.time_in_force = tif == kinds.end() ? TimeInForce{} : tif->second;
  outcome_.time_in_force = order.time_in_force;
  order.client_order_id = client_order_id(outcome_.order);
  const InstrumentSpec& spec = world_.spec_of(outcome_.instrument);
  if (const Json* expire = step.find("expire")) order.expire_at = world_.instant(*expire, "expire");
  if (const Json* lots = step.find("lots")) FromJson(world_).read(*lots, order.lots, "lots");
  const Json* price = step.find("px");
  const Json* protection = step.find("protection");
  const auto quantity = scaled(step.get("qty"), spec.lot, "bad_qty");
  if (!quantity) return;
  order.quantity = Quantity(*quantity);
  if (const Json* least = step.find("min_qty")) {
    const auto contracts = scaled(*least, spec.lot, "bad_qty");
    if (!contracts) return;
    order.min_quantity = Quantity(*contracts);
  }
  if (price != nullptr) {
    const auto ticks = scaled(*price, spec.tick, "bad_px");
    if (!ticks) return;
    order.price = Price(*ticks);
  }
  if (protection != nullptr) {
    const auto ticks = scaled(*protection, spec.tick, "bad_px");
    if (!ticks) return;
    order.protection_price = Price(*ticks);
  }
  execute(order);
}

// An order of its own account is named by the client's number, a foreign one by the exchange's.
OrderRef Stepper::target(StrictObject& step) {
  const std::string name = step.text("id");
  const OrderId order(world_.names().find(Kind::order, name));
  const OrderState* state = observer_.find(order);
  if (state != nullptr) outcome_.instrument = world_.names().name_of(Kind::instrument, state->instrument.value());
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

void Stepper::cancel(StrictObject& step) { execute(CancelOrder{.target = target(step)}); }

void Stepper::amend(StrictObject& step) {
  AmendOrder amend{.target = target(step), .quantity = {}, .price = {}};
  const InstrumentSpec& spec = world_.spec_of(outcome_.instrument);
  const Json* quantity = step.find("qty");
  const Json* price = step.find("px");
  if (price != nullptr) {
    const auto ticks = scaled(*price, spec.tick, "bad_px");
    if (!ticks) return;
    if (*ticks == 0) {  // the API says "keep" by 0
      outcome_.edge_reject = "bad_px";
      return;
    }
    amend.price = Price(*ticks);
  }
  if (quantity != nullptr) {
    const auto contracts = scaled(*quantity, spec.lot, "bad_qty");
    if (!contracts) return;
    if (*contracts == 0) {  // likewise; a new total of nothing is a reduction by everything
      execute(ReduceOrder{.target = amend.target, .by = Quantity(std::numeric_limits<std::int64_t>::max())});
      return;
    }
    amend.quantity = Quantity(*contracts);
  }
  execute(amend);
}

void Stepper::reduce(StrictObject& step) {
  ReduceOrder reduce{.target = target(step), .by = {}};
  const auto by = scaled(step.get("by"), world_.spec_of(outcome_.instrument).lot, "bad_qty");
  if (!by) return;
  reduce.by = Quantity(*by);
  execute(reduce);
}

void Stepper::mass_cancel(StrictObject& step) {
  MassCancel cancel;
  if (step.has("instrument")) cancel.instrument = instrument(step);
  const InstrumentSpec& spec = world_.spec_of(outcome_.instrument);
  if (const auto side = step.text_if_any("side")) cancel.side = *side == "B" ? 1 : *side == "S" ? 2 : 9;
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
  SetPhase set{.market = id_of<MarketId>(world_.names().find(Kind::market, "M")), .phase = Phase{}, .reason = "scenario"};
  const std::string to = step.text("to");
  if (to == "continuous") set.phase = Phase::continuous;
  if (to == "closed") set.phase = Phase::closed;
  if (to == "halt") set.phase = Phase::halt;
  if (set.phase == world_.phase()) return;  // it is in that phase already
  execute(set);
}

void Stepper::set_time(StrictObject& step) {
  const Json* now = step.find("now");
  const Json& value = now != nullptr ? *now : step.get("date");
  absorb(world_.driver().set_time(world_.instant(value, step.where())));
}

void Stepper::set_last(StrictObject& step) {
  const InstrumentId id = instrument(step);
  const auto ticks = scaled(step.get("px"), world_.spec_of(outcome_.instrument).tick, "bad_px");
  if (ticks && step.text("do") == "set_last") observer_.set_last(id, Price(*ticks));
}

// Declares, requests and issues in one step.
void Stepper::issue_lot(StrictObject& step) {
  DeclareProduction declare;
  if (!step.has("carrier")) declare.carrier = "biomethane";
  const std::string as = envelope_.as;
  const std::string approver = envelope_.principal;
  envelope_.as = envelope_.principal = "";
  const AccountId account = id_of<AccountId>(world_.resolve(Kind::account, step.text("account")));
  FromJson(world_).members(step, declare);
  world_.fill_required(declare);
  execute(declare);
  if (!outcome_.answer.ok()) return;
  const DeclarationId declared = id_of<DeclarationId>(outcome_.answer.id);
  execute(RequestIssuance{.declaration = declared, .account = account});
  if (!outcome_.answer.ok()) return;
  envelope_.as = as;
  envelope_.principal = approver;
  execute(ApproveIssuance{.declaration = declared});
}

void Stepper::command(StrictObject& step, const std::string& name) {
  std::optional<Command> command = command_called(name);
  if (!command) step.fail("no such step: \"" + name + "\"");
  if (auto* load = std::get_if<LoadScheme>(&*command)) {
    if (const auto file = step.text_if_any("file")) {
      *load = world_.files().scheme(*file);
    }
    // Single parts of the file replaced, to see what the core makes of them.
    if (const Json* change = step.find("change")) {
      StrictObject part(*change, step.where() + ".change");
      FromJson(world_).members(part, load->scheme);
      part.finish();
    }
  }
  std::visit([&](auto& body) { FromJson(world_).members(step, body); }, *command);
  execute(*command);
}

void Stepper::generic(StrictObject& step) {
  std::optional<Command> command = command_called(step.text("type"));
  if (!command) step.fail("no such command: \"" + step.text("type") + "\"");
  static const Json none = Json::object();
  const Json* given = step.find("fields");
  StrictObject fields(given == nullptr ? none : *given, step.where() + ".fields");
  std::visit([&](auto& body) { FromJson(world_).members(fields, body); }, *command);
  fields.finish();
  execute(*command);
}

void Stepper::absorb(const std::vector<Event>& events) {
  for (const Event& event : events) {
    observer_.see(event);
    if (const auto* changed = std::get_if<PhaseChanged>(&event)) world_.set_phase(changed->phase);
  }
  outcome_.events.insert(outcome_.events.end(), events.begin(), events.end());
}

void Stepper::execute(Command command) {
  Submission submission{.principal = {},
                        .command = std::move(command),
                        .client = envelope_.client,
                        .client_sequence = envelope_.client_sequence};
  if (envelope_.principal == "node") {
    submission.principal = UserId();
  } else if (!envelope_.principal.empty()) {
    submission.principal = id_of<UserId>(world_.resolve(Kind::user, envelope_.principal));
  } else {
    submission.principal = principal_for(submission.command);
  }
  for (std::int64_t left = envelope_.times; left > 0; --left) {
    const Reply reply = world_.driver().execute(submission);
    outcome_.answer = reply.answer;
    absorb(reply.events);
    if (!reply.answer.ok()) return;
  }
  bind(submission.command);
}

// The user whose business the command is.
UserId Stepper::principal_for(const Command& command) const {
  const auto owner = [&](AccountId account) { return world_.user_of(account); };
  return std::visit(
      [&](const auto& body) -> UserId {
        using T = std::remove_cvref_t<decltype(body)>;
        if constexpr (std::is_same_v<T, Bootstrap> || std::is_same_v<T, Tick> ||
                      std::is_same_v<T, QuarantineRecord>) {
          return UserId();
        } else if constexpr (requires { body.target.account; }) {
          return owner(body.target.account);
        } else if constexpr (std::is_same_v<T, TransferCertificates> || std::is_same_v<T, TrustAccount>) {
          return owner(body.from);
        } else if constexpr (std::is_same_v<T, DeclareProduction>) {
          return world_.producer_of(body.device);
        } else if constexpr (std::is_same_v<T, RequestIssuance>) {
          return world_.producer_of(body.declaration);
        } else if constexpr (std::is_same_v<T, RegisterDevice>) {
          return world_.user_of(body.producer);
        } else if constexpr (std::is_same_v<T, ApproveIssuance>) {
          return world_.user_called("issuer");
        } else if constexpr (std::is_same_v<T, OpenAccount>) {
          return world_.user_called(body.registry.is_set() ? "registrar" : "operator");
        } else if constexpr (std::is_same_v<T, ApproveDevice>) {
          return world_.user_called("registrar");
        } else if constexpr (std::is_same_v<T, DepositCash> || std::is_same_v<T, CreateMarket> ||
                             std::is_same_v<T, SetCalendar> || std::is_same_v<T, SetFees> ||
                             std::is_same_v<T, SetPhase> || std::is_same_v<T, CreateInstrument> ||
                             std::is_same_v<T, DefineAttribute> || std::is_same_v<T, SetFrozen>) {
          return world_.user_called("operator");
        } else if constexpr (requires { body.account; }) {
          return owner(body.account);
        } else {
          return world_.user_called("admin");
        }
      },
      command);
}

// Gives what was created the name that the step or the command has for it.
void Stepper::bind(const Command& command) {
  const std::uint64_t id = outcome_.answer.id;
  if (id == 0) return;
  Names& names = world_.names();
  const auto name_it = [&](Kind kind, const std::string& own) {
    if (!envelope_.as.empty()) names.bind(kind, envelope_.as, id);
    else if (!own.empty()) names.bind(kind, own, id);
  };
  if (outcome_.answer.proposed) return name_it(Kind::proposal, "");
  std::visit(
      [&](const auto& body) {
        using T = std::remove_cvref_t<decltype(body)>;
        if constexpr (std::is_same_v<T, CreateParticipant>) {
          name_it(Kind::participant, body.name);
        } else if constexpr (std::is_same_v<T, CreateUser>) {
          name_it(Kind::user, body.name);
        } else if constexpr (std::is_same_v<T, OpenAccount>) {
          name_it(Kind::account, body.name);
          world_.record_account(id_of<AccountId>(id), body.participant);
        } else if constexpr (std::is_same_v<T, LoadScheme>) {
          name_it(Kind::scheme, "");
        } else if constexpr (std::is_same_v<T, CreateRegistry>) {
          name_it(Kind::registry, body.code);
        } else if constexpr (std::is_same_v<T, RegisterDevice>) {
          name_it(Kind::device, body.name);
          world_.record_device(id_of<DeviceId>(id), body.producer);
        } else if constexpr (std::is_same_v<T, DeclareProduction>) {
          name_it(Kind::declaration, "");
          world_.record_declaration(id_of<DeclarationId>(id), body.device);
        } else if constexpr (std::is_same_v<T, ApproveIssuance>) {
          name_it(Kind::lot, "");
        } else if constexpr (std::is_same_v<T, TransferCertificates> || std::is_same_v<T, WithdrawCash>) {
          name_it(Kind::transfer, "");
        } else if constexpr (std::is_same_v<T, CancelCertificates>) {
          name_it(Kind::cancellation, "");
        } else if constexpr (std::is_same_v<T, CreateMarket>) {
          name_it(Kind::market, body.code);
        } else if constexpr (std::is_same_v<T, CreateInstrument>) {
          name_it(Kind::instrument, body.code);
        } else if constexpr (std::is_same_v<T, PlaceOrder>) {
          name_it(Kind::order, outcome_.order);
        }
      },
      command);
}

}  // namespace origo::scenario
