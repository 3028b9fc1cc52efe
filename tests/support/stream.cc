#include "tests/support/stream.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace origo {
namespace {

constexpr Date kStart{20'600};  // 27 May 2026
constexpr std::int64_t kMegawattHour = 1'000'000;
constexpr RegistryId kKilowattHours{1};
constexpr RegistryId kMegawattHours{2};
constexpr std::size_t kTraders = 5;

Scheme scheme_of(const std::string& code, std::int64_t unit_size) {
  Scheme scheme;
  scheme.code = code;
  scheme.name = code;
  scheme.operator_name = "Registry";
  scheme.valid_from = Date(18'000);
  scheme.unit_size = unit_size;
  scheme.production_months_max = 12;
  scheme.carriers = {"biomethane"};
  scheme.holders = {ParticipantKind::producer, ParticipantKind::trader};
  scheme.receivers = scheme.holders;
  scheme.purposes = {"disclosure"};
  scheme.beneficiary_required = true;
  scheme.serial_format = "{registry}-{lot}-{serial}";
  return scheme;
}

Hash256 token_of(std::uint32_t number) {
  Hash256 token{};
  token[0] = static_cast<std::uint8_t>(number);
  token[1] = 1;
  return token;
}

// Not SHA-256, but told apart as well as one needs here.
Hash128 digest_of(const Command& command) {
  std::uint64_t sum = 0xcbf29ce484222325u;
  for (const std::uint8_t byte : encoded(command)) sum = (sum ^ byte) * 0x100000001b3u;
  Hash128 digest{};
  for (std::size_t i = 0; i < 8; ++i) digest[i] = static_cast<std::uint8_t>(sum >> (8 * i));
  return digest;
}

}  // namespace

// ---- set-up ----

Stream::Stream(std::uint64_t seed, Calls calls)
    : draw_(seed), calls_(calls), settles_later_(seed % 4 == 1) {
  now_ns_ = kStart.days() * kDayNs;
  plan_node();
  for (std::size_t number = 0; number < kTraders; ++number) plan_trader(number);
  plan_markets();
  // The second market then opens with a call, before anything has a price.
  if (calls_ == Calls::some)
    plan(kAdmin, SetPhase{.market = MarketId(2), .phase = Phase::call, .reason = "opening"});
  set_up_size_ = planned_.size();
}

void Stream::plan(UserId principal, const Command& command) {
  planned_.emplace_back(principal, command);
}

void Stream::plan_node() {
  plan(UserId(), Bootstrap{.venue_name = "Venue", .admin_token = token_of(1)});
  plan(kAdmin, SetRelaxations{.four_eyes = true, .holds = false, .exit_hold_ns = 3600 * kSecond});
  for (const Role role : {Role::registry_operator, Role::issuing_body, Role::market_operator})
    plan(kAdmin, GrantRole{.user = kAdmin, .role = role, .scope = {}});
  Scheme fine = scheme_of("FINE", 1000);
  fine.transferable = {.basis = ClockBasis::production_end, .months = 12, .days = 0};
  fine.cancellable = {.basis = ClockBasis::production_end, .months = 12, .days = 20};
  Scheme coarse = scheme_of("COARSE", kMegawattHour);
  coarse.cancellable = {.basis = ClockBasis::production_start, .months = 13, .days = 0};
  coarse.receivers = {ParticipantKind::trader};
  plan(kAdmin, LoadScheme{.scheme = fine, .source = {}});
  plan(kAdmin, LoadScheme{.scheme = coarse, .source = {}});
  plan(kAdmin, CreateRegistry{.code = "KWH", .name = "kWh", .scheme = "FINE", .country = "GB"});
  plan(kAdmin, CreateRegistry{.code = "MWH", .name = "MWh", .scheme = "COARSE", .country = "NL"});
}

// The fourth may not receive in the MWh registry; the fifth has no account there.
void Stream::plan_trader(std::size_t number) {
  const auto id = static_cast<std::uint32_t>(number + 2);
  const std::string name = "trader " + std::to_string(number);
  traders_.push_back({.user = UserId(id),
                      .participant = ParticipantId(id),
                      .accounts = {},
                      .receives = number < 3,
                      .client = ClientId(5 + id)});
  const Trader& trader = traders_.back();
  std::vector<ParticipantKind> kinds{ParticipantKind::producer};
  if (number != 3) kinds.push_back(ParticipantKind::trader);
  plan(kAdmin, CreateParticipant{.name = name, .country = "FR", .kinds = kinds});
  plan(kAdmin,
       CreateUser{
           .participant = trader.participant, .name = name, .person = name, .token = token_of(id)});
  const Scope own{.kind = ScopeKind::participant, .id = id};
  for (const Role role : {Role::trader, Role::holder, Role::producer, Role::participant_admin})
    plan(kAdmin, GrantRole{.user = trader.user, .role = role, .scope = own});
  plan_account(number, kKilowattHours);
  plan_plant(number, AccountId(accounts_), kKilowattHours);
  if (number != 4) {
    plan_account(number, kMegawattHours);
    plan_plant(number, AccountId(accounts_), kMegawattHours);
  }
  plan_account(number, RegistryId());
  if (number == 0) plan_account(number, kKilowattHours);
}

void Stream::plan_account(std::size_t number, RegistryId registry) {
  Trader& trader = traders_[number];
  ++accounts_;
  trader.accounts.emplace_back(accounts_);
  plan(kAdmin,
       OpenAccount{.participant = trader.participant, .registry = registry, .name = "account"});
  for (const char* currency : {"EUR", "GBP"}) {
    plan(kAdmin,
         DepositCash{.account = AccountId(accounts_),
                     .currency = currency_of(currency),
                     .amount = Cash(draw_.between(1, 200'000)),
                     .reference = "opening"});
  }
}

void Stream::plan_plant(std::size_t trader, AccountId account, RegistryId registry) {
  plants_.push_back({.trader = trader,
                     .account = account,
                     .device = DeviceId(static_cast<std::uint32_t>(plants_.size() + 1)),
                     .next = add_days(kStart, -362)});
  Plant& plant = plants_.back();
  plan(traders_[trader].user,
       RegisterDevice{.registry = registry,
                      .producer = traders_[trader].participant,
                      .name = "plant",
                      .country = "FR",
                      .carriers = {"biomethane"},
                      .start = Date(18'000),
                      .fields = {}});
  plan(kAdmin, ApproveDevice{.device = plant.device});
  const auto some_days = [&](std::int32_t most) {
    return static_cast<std::int32_t>(draw_.between(0, most));
  };
  const Date first = add_days(plant.next, some_days(10));
  plan_issuance(plant, first, add_days(first, some_days(10)));
  const Date second = add_days(plant.next, 60 + some_days(120));
  plan_issuance(plant, second, add_days(second, some_days(30)));
}

void Stream::plan_issuance(Plant& plant, Date first, Date last) {
  const UserId producer = traders_[plant.trader].user;
  ++declarations_;
  plan(producer,
       DeclareProduction{.device = plant.device,
                         .carrier = "biomethane",
                         .period = {.first = first, .last = last},
                         .gross = Measured(draw_.between(1, 120 * kMegawattHour)),
                         .deductions = {},
                         .fields = {}});
  plan(producer,
       RequestIssuance{.declaration = DeclarationId(declarations_), .account = plant.account});
  plan(kAdmin, ApproveIssuance{.declaration = DeclarationId(declarations_)});
  plant.next = add_days(last, 1);
}

void Stream::plan_markets() {
  std::vector<Instant> day_ends;
  for (int day = 0; day < 40; ++day)
    day_ends.emplace_back(now_ns_ + day * kDayNs + 17 * 3600 * kSecond);
  for (std::uint32_t market = 1; market <= 2; ++market) {
    CreateMarket create{.code = "M" + std::to_string(market), .name = "Market"};
    if (settles_later_) create.settle_days = 6 - 2 * market;
    plan(kAdmin, create);
    plan(kAdmin, SetFees{.market = MarketId(market), .fees = draw_fees(), .tiers = {}});
  }
  plan(kAdmin,
       SetCalendar{.market = MarketId(1), .day_ends = day_ends, .phases = {}, .source = {}});
  plan_lattice();
  plan_others();
}

void Stream::list(MarketId market,
                  const char* code,
                  const std::vector<ClauseSpec>& filter,
                  const InstrumentTerms& terms,
                  const TradingRules& rules) {
  plan(kAdmin,
       CreateInstrument{.market = market,
                        .code = code,
                        .name = code,
                        .filter = filter,
                        .terms = terms,
                        .rules = rules});
}

// Five instruments that trade with one another; each differs in limits or in a venue's choice.
void Stream::plan_lattice() {
  InstrumentTerms terms{.currency = currency_of("EUR"),
                        .tick_value = Cash(1),
                        .dimension = Dimension::energy_wh,
                        .contract_size = kMegawattHour,
                        .quantity_max = Quantity(25),
                        .price_max = Price(110),
                        .price_min = Price(90)};
  const ClauseSpec gas{.attribute = "carrier", .any_of = {"biomethane", "hydrogen"}};
  const ClauseSpec recent{.attribute = "vintage", .any_of = {}, .min = 2025, .max = 2027};
  const ClauseSpec coarse{.attribute = "scheme", .any_of = {"COARSE"}};
  list(MarketId(1), "ANY", {gas}, terms, {});
  list(MarketId(1),
       "COARSE",
       {gas, coarse},
       terms,
       {.min_visible = Quantity(3), .market_orders_stay = true, .reference_trades = 3});
  list(MarketId(1),
       "RECENT",
       {gas, recent},
       terms,
       {.iceberg_raise_requeues = true,
        .market_to_limit_stays = true,
        .dynamic_collar_ppm = calls_ == Calls::some ? 80'000u : 0,
        .volatility_call_s = calls_ == Calls::some ? 40u : 0});
  terms.price_min = Price(97);  // a buy here takes no ask below
  list(MarketId(1),
       "COARSE-RECENT",
       {gas, recent, coarse},
       terms,
       {.amend_below_filled_refused = true});
  terms.quantity_min = Quantity(2);
  terms.value_min = Cash(250);
  terms.value_max = Cash(2'000);
  list(MarketId(1),
       "KWH",
       {gas, {.attribute = "registry", .any_of = {"KWH"}}},
       terms,
       {.stop_through_refused = true});
}

void Stream::plan_others() {
  InstrumentTerms terms{.currency = currency_of("GBP"),
                        .tick_value = Cash(7),
                        .dimension = Dimension::energy_wh,
                        .contract_size = 10'000,
                        .quantity_max = Quantity(25),
                        .price_max = Price(110),
                        .price_min = Price(90)};
  TradingRules small;
  small.limit_orders_only = settles_later_;
  small.price_band_ppm = settles_later_ ? 50'000 : 0;
  list(MarketId(2), "SMALL", {{.attribute = "registry", .any_of = {"KWH"}}}, terms, small);
  terms.contract_size = kMegawattHour;
  list(MarketId(2),
       "PAST",
       {{.attribute = "vintage", .any_of = {}, .min = 2020, .max = 2025}},
       terms,
       {.min_visible = Quantity(2),
        .iceberg_raise_requeues = true,
        .amend_below_filled_refused = true,
        .stop_through_refused = true,
        .static_collar_ppm = calls_ == Calls::some ? 60'000u : 0,
        .volatility_call_s = calls_ == Calls::some ? 20u : 0,
        .volatility_random_s = calls_ == Calls::some ? 15u : 0,
        .price_band_ppm = settles_later_ ? 70'000u : 0});
}

// ---- random commands ----

Step Stream::next(const Exchange& exchange) {
  if (!planned_.empty()) {
    const auto [principal, command] = planned_.front();
    planned_.pop_front();
    return stamped(principal, command);
  }
  tell_time(exchange);
  Step step = random(exchange);
  recent_.push_back(step);
  if (recent_.size() > 30) recent_.pop_front();
  return step;
}

// Mostly moments pass, sometimes days; sometimes exactly until something is due. In whole seconds,
// as scenario files tell the time.
void Stream::tell_time(const Exchange& exchange) {
  now_ns_ += draw_.between(0, 2) * kSecond;
  if (draw_.one_in(100)) now_ns_ += draw_.between(0, 3600) * kSecond;
  if (draw_.one_in(500)) now_ns_ += draw_.between(0, 10 * kDayNs / kSecond) * kSecond;
  const Instant due = exchange.next_due();
  if (draw_.one_in(60) && due.ns() > now_ns_ && due.ns() < now_ns_ + 30 * kDayNs)
    now_ns_ = std::max(now_ns_, due.ns() - draw_.between(0, 1) * kSecond);
}

Step Stream::stamped(UserId principal, const Command& command) {
  ++sequence_;
  Step step{.header = {.sequence = Sequence(sequence_),
                       .time = Instant(now_ns_),
                       .origin = {.principal = principal}},
            .command = command};
  // The first trader mostly asks under its client id, so that its window of remembered numbers is
  // filled; the others do so now and then.
  for (Trader& trader : traders_) {
    if (trader.user != principal) continue;
    const bool plain = trader.client == traders_[0].client ? draw_.one_in(8) : !draw_.one_in(3);
    if (plain) {
      auto* order = std::get_if<PlaceOrder>(&step.command);
      if (order != nullptr && !draw_.one_in(20)) order->cancel_on_disconnect = false;
      break;
    }
    step.header.origin.client = trader.client;
    step.header.origin.client_sequence = ++trader.client_numbers;
    step.header.origin.digest = digest_of(command);
  }
  return step;
}

Step Stream::random(const Exchange& exchange) {
  const Trader& trader = traders_[draw_.below(traders_.size())];
  const std::uint64_t kind = draw_.below(100);
  if (kind < 2) return repeat();
  if (kind < 4 && issue_more(exchange)) {
    const auto [principal, command] = planned_.front();
    planned_.pop_front();
    return stamped(principal, command);
  }
  if (kind < 6)
    return stamped(UserId(),
                   Tick{.sweep_limit = static_cast<std::uint32_t>(draw_.below(4)),
                        .draw = draw_.below(1'000)});
  if (kind < 10) return stamped(kAdmin, draw_operation(exchange));
  if (draw_.one_in(150)) return end_session();
  // Now and then somebody reaches for what belongs to others.
  const UserId principal =
      draw_.one_in(50) ? traders_[draw_.below(traders_.size())].user : trader.user;
  return stamped(principal, draw_of_trader(exchange, trader));
}

Step Stream::repeat() {
  for (const Step& step : recent_) {
    if (!step.header.origin.client.is_set()) continue;
    Step again = step;
    ++sequence_;
    again.header.sequence = Sequence(sequence_);
    again.header.time = Instant(now_ns_);
    if (draw_.one_in(4)) again.header.origin.digest[15] ^= 1;
    return again;
  }
  return stamped(UserId(), Tick{.sweep_limit = 0});
}

// Mostly by the node; a user ends its own and asks for those of others in vain.
Step Stream::end_session() {
  const ClientId client = traders_[draw_.below(traders_.size())].client;
  const UserId principal = draw_.one_in(4) ? traders_[draw_.below(traders_.size())].user : UserId();
  return stamped(principal, EndSession{.client = client});
}

// Declares what a plant made since; false if nothing has ended yet.
bool Stream::issue_more(const Exchange& exchange) {
  // A declaration of a frozen producer was refused and took no number.
  declarations_ = static_cast<std::uint32_t>(exchange.registry().declarations.size());
  Plant& plant = plants_[draw_.below(plants_.size())];
  const Date first = add_days(plant.next, static_cast<std::int32_t>(draw_.between(0, 40)));
  const Date last = add_days(first, static_cast<std::int32_t>(draw_.between(0, 40)));
  if (end_of(last) > Instant(now_ns_)) return false;
  plan_issuance(plant, first, last);
  return true;
}

}  // namespace origo
