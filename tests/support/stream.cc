#include "tests/support/stream.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace origo {
namespace {

constexpr Date kStart{20'600};  // 27 May 2026
constexpr std::int64_t kMegawattHour = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr UserId kAdmin{1};
constexpr RegistryId kKilowattHours{1};
constexpr RegistryId kMegawattHours{2};
constexpr std::size_t kTraders = 5;
constexpr std::uint32_t kInstruments = 7;
constexpr std::uint64_t kClientOrderIds = 12;

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

Stream::Stream(std::uint64_t seed) : draw_(seed) {
  now_ns_ = kStart.days() * kDayNs;
  plan_node();
  for (std::size_t number = 0; number < kTraders; ++number) plan_trader(number);
  plan_markets();
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
  traders_.push_back({.user = UserId(id), .participant = ParticipantId(id), .accounts = {}});
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
    plan(kAdmin, CreateMarket{.code = "M" + std::to_string(market), .name = "Market"});
    plan(kAdmin, SetFees{.market = MarketId(market), .fees = draw_fees()});
  }
  plan(kAdmin, SetCalendar{.market = MarketId(1), .day_ends = day_ends, .source = {}});
  InstrumentTerms terms{.currency = currency_of("EUR"),
                        .tick_value = Cash(1),
                        .dimension = Dimension::energy_wh,
                        .contract_size = kMegawattHour,
                        .quantity_max = Quantity(25),
                        .price_max = Price(110),
                        .price_min = Price(90)};
  const auto list = [&](MarketId market, const char* code, const std::vector<ClauseSpec>& filter) {
    plan(kAdmin,
         CreateInstrument{
             .market = market, .code = code, .name = code, .filter = filter, .terms = terms});
  };
  const ClauseSpec gas{.attribute = "carrier", .any_of = {"biomethane", "hydrogen"}};
  list(MarketId(1), "ANY", {gas});
  const ClauseSpec recent{.attribute = "vintage", .any_of = {}, .min = 2025, .max = 2027};
  const ClauseSpec coarse{.attribute = "scheme", .any_of = {"COARSE"}};
  list(MarketId(1), "COARSE", {gas, coarse});
  list(MarketId(1), "RECENT", {gas, recent});
  terms.price_min = Price(97);  // a buy here takes no ask below
  list(MarketId(1), "COARSE-RECENT", {gas, recent, coarse});
  list(MarketId(1), "KWH", {gas, {.attribute = "registry", .any_of = {"KWH"}}});
  terms.price_min = Price(90);
  terms.currency = currency_of("GBP");
  terms.contract_size = 10'000;
  terms.tick_value = Cash(7);
  list(MarketId(2), "SMALL", {{.attribute = "registry", .any_of = {"KWH"}}});
  terms.contract_size = kMegawattHour;
  list(MarketId(2), "PAST", {{.attribute = "vintage", .any_of = {}, .min = 2020, .max = 2025}});
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

// Mostly moments pass, sometimes days; sometimes exactly until something is due.
void Stream::tell_time(const Exchange& exchange) {
  now_ns_ += draw_.between(0, 2 * kSecond);
  if (draw_.one_in(20)) now_ns_ += draw_.between(0, 3600 * kSecond);
  if (draw_.one_in(250)) now_ns_ += draw_.between(0, 10 * kDayNs);
  const Instant due = exchange.next_due();
  if (draw_.one_in(60) && due.ns() > now_ns_ && due.ns() < now_ns_ + 30 * kDayNs)
    now_ns_ = due.ns() - draw_.between(0, 1);
}

Step Stream::stamped(UserId principal, const Command& command) {
  ++sequence_;
  Step step{.header = {.sequence = Sequence(sequence_),
                       .time = Instant(now_ns_),
                       .origin = {.principal = principal}},
            .command = command};
  // Few clients, so that their windows of remembered numbers are filled.
  if (principal == traders_[0].user && !draw_.one_in(8)) {
    ++client_numbers_;
    step.header.origin.client = ClientId(7);
    step.header.origin.client_sequence = client_numbers_;
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
    return stamped(UserId(), Tick{.sweep_limit = static_cast<std::uint32_t>(draw_.below(4))});
  if (kind < 12) return stamped(kAdmin, draw_operation(exchange));
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

Command Stream::draw_of_trader(const Exchange& exchange, const Trader& trader) {
  const std::uint64_t kind = draw_.below(100);
  if (kind < 62) return draw_place(trader);
  if (kind < 72) return CancelOrder{.target = draw_target(exchange, trader)};
  if (kind < 83) return draw_amend(exchange, trader);
  if (kind < 88) {
    const OrderRef target = draw_target(exchange, trader);
    return ReduceOrder{.target = target, .by = Quantity(draw_.between(0, 12))};
  }
  if (kind < 89) return draw_mass_cancel(trader);
  if (kind < 94) return draw_transfer(exchange, trader);
  if (kind < 96) return draw_cancellation(exchange, trader);
  if (kind < 97) {
    const AccountId account = draw_account(trader);
    const Currency currency = currency_of(draw_.one_in(2) ? "EUR" : "GBP");
    const Cash amount(draw_.between(0, 3'000));
    return WithdrawCash{
        .account = account, .currency = currency, .amount = amount, .reference = "out"};
  }
  if (kind < 98) {
    const std::uint64_t last = exchange.registry().last_transfer.value();
    const std::uint64_t back = draw_.below(8);
    return RecallExit{.transfer = TransferId(last > back ? last - back : 1)};
  }
  const AccountId to = draw_account(traders_[draw_.below(traders_.size())]);
  return TrustAccount{.from = draw_account(trader), .to = to, .trusted = !draw_.one_in(3)};
}

Command Stream::draw_place(const Trader& trader) {
  PlaceOrder order;
  order.account = draw_account(trader);
  order.instrument = InstrumentId(static_cast<std::uint32_t>(1 + draw_.below(kInstruments)));
  if (draw_.one_in(2)) order.instrument = InstrumentId(1);
  order.side = draw_.one_in(2) ? Side::buy : Side::sell;
  order.type = draw_.one_in(10)   ? OrderType::market
               : draw_.one_in(12) ? OrderType::market_to_limit
                                  : OrderType::limit;
  order.time_in_force =
      draw_.one_in(3) ? TimeInForce::gtc : static_cast<TimeInForce>(draw_.between(1, 5));
  order.quantity = Quantity(draw_.one_in(8) ? draw_.between(0, 26) : draw_.between(1, 10));
  if (order.type == OrderType::limit) {
    order.price = Price(draw_.one_in(40) ? draw_.between(0, 112) : draw_.between(95, 105));
  } else if (draw_.one_in(3)) {
    order.protection_price = Price(draw_.between(88, 112));
  }
  if (order.time_in_force == TimeInForce::gtd) {
    const std::int64_t length = draw_.one_in(3) ? 5 * kDayNs : 3600 * kSecond;
    order.expire_at = Instant(now_ns_ + draw_.between(0, length));
  }
  if (draw_.one_in(3)) order.client_order_id = ClientOrderId(1 + draw_.below(kClientOrderIds));
  if (order.side == Side::sell && draw_.one_in(5)) {
    for (std::uint64_t left = draw_.between(1, 3) > 1 ? 2 : 1; left > 0; --left)
      order.lots.emplace_back(static_cast<std::uint32_t>(1 + draw_.below(plants_.size() * 2 + 2)));
  }
  order.post_only = order.type == OrderType::limit && draw_.one_in(12);
  if (draw_.one_in(10)) order.min_quantity = Quantity(draw_.between(-1, order.quantity.value() + 1));
  if (draw_.one_in(3)) order.self_trade = static_cast<SelfTrade>(draw_.between(0, 4));
  return order;
}

Command Stream::draw_amend(const Exchange& exchange, const Trader& trader) {
  AmendOrder amend;
  amend.target = draw_target(exchange, trader);
  amend.quantity = Quantity(draw_.one_in(3) ? 0 : draw_.between(1, 20));
  amend.price = Price(draw_.one_in(2) ? 0 : draw_.between(94, 106));
  return amend;
}

Command Stream::draw_mass_cancel(const Trader& trader) {
  MassCancel mass;
  mass.account = draw_account(trader);
  mass.instrument = InstrumentId(static_cast<std::uint32_t>(draw_.below(kInstruments + 1)));
  mass.side = static_cast<std::uint8_t>(draw_.below(3));
  mass.price_min = Price(draw_.one_in(2) ? 0 : draw_.between(95, 103));
  mass.price_max = Price(draw_.one_in(2) ? 0 : draw_.between(97, 105));
  return mass;
}

Command Stream::draw_transfer(const Exchange& exchange, const Trader& trader) {
  TransferCertificates transfer;
  transfer.from = draw_account(trader);
  transfer.to = draw_account(draw_.one_in(2) ? trader : traders_[draw_.below(traders_.size())]);
  transfer.lot = draw_lot(exchange, transfer.from);
  const Units there = exchange.holdings().available(transfer.from, transfer.lot);
  const std::int64_t most = draw_.one_in(4) ? there.value() : there.value() / 7;
  transfer.units = Units(draw_.between(0, std::max<std::int64_t>(most, 20)));
  if (draw_.one_in(5)) transfer.units = there;
  return transfer;
}

Command Stream::draw_cancellation(const Exchange& exchange, const Trader& trader) {
  CancelCertificates cancel;
  cancel.account = draw_account(trader);
  cancel.lot = draw_lot(exchange, cancel.account);
  const Units there = exchange.holdings().available(cancel.account, cancel.lot);
  cancel.units = Units(draw_.between(0, std::max<std::int64_t>(there.value() / 5, 20)));
  cancel.beneficiary = draw_.one_in(8) ? "" : "Works " + std::to_string(draw_.below(9));
  cancel.country = "FR";
  cancel.purpose = draw_.one_in(8) ? "heat" : "disclosure";
  return cancel;
}

Command Stream::draw_operation(const Exchange& exchange) {
  for (const Venue& venue : exchange.market().venues) {
    if (venue.phase != Phase::continuous && draw_.one_in(3))
      return SetPhase{.market = venue.id, .phase = Phase::continuous, .reason = "open"};
  }
  const MarketId market(static_cast<std::uint32_t>(1 + draw_.below(2)));
  const std::uint64_t kind = draw_.below(100);
  if (kind < 10) {
    const Phase phase = static_cast<Phase>(draw_.between(1, 3));
    return SetPhase{.market = market, .phase = phase, .reason = "test"};
  }
  if (kind < 20) return SetFees{.market = market, .fees = draw_fees()};
  if (kind < 50) {
    const AccountId account = draw_account(traders_[draw_.below(traders_.size())]);
    const Currency currency = currency_of(draw_.one_in(2) ? "EUR" : "GBP");
    const Cash amount(draw_.between(0, 10'000));
    return DepositCash{
        .account = account, .currency = currency, .amount = amount, .reference = "in"};
  }
  return draw_freeze(exchange);
}

// Thaws more often than it freezes, so that the market lives.
Command Stream::draw_freeze(const Exchange& exchange) {
  SetFrozen freeze;
  freeze.reason = "test";
  freeze.frozen = false;
  for (const Participant& participant : exchange.parties().participants()) {
    if (!participant.frozen || draw_.one_in(3)) continue;
    freeze.id = participant.id.value();
    return freeze;
  }
  freeze.target = FreezeTarget::account;
  for (const Account& account : exchange.parties().accounts()) {
    if (!account.frozen || draw_.one_in(3)) continue;
    freeze.id = account.id.value();
    return freeze;
  }
  const Trader& trader = traders_[draw_.below(traders_.size())];
  freeze.frozen = draw_.one_in(3);
  freeze.id = draw_account(trader).value();
  if (draw_.one_in(3)) {
    freeze.target = FreezeTarget::participant;
    freeze.id = trader.participant.value();
  }
  return freeze;
}

// Sound ones: a rebate is at most the other role's fee.
FeeSchedule Stream::draw_fees() {
  // At every other rate some notionals make exactly half a minor unit: 5 % of 110 is 5.5.
  constexpr std::int32_t kRound[] = {5'000, 50'000, 100'000};
  const auto draw_rate = [&] {
    if (draw_.one_in(2)) return kRound[draw_.below(std::size(kRound))];
    return static_cast<std::int32_t>(draw_.between(0, 100'000));
  };
  FeeSchedule fees;
  fees.taker.rate_ppm = draw_rate();
  fees.taker.per_contract = Cash(draw_.between(0, 9));
  fees.maker.rate_ppm = draw_rate();
  fees.maker.per_contract = Cash(draw_.between(0, 9));
  if (draw_.one_in(2)) {
    fees.maker.rate_ppm = -std::min(fees.maker.rate_ppm, fees.taker.rate_ppm);
    fees.maker.per_contract = Cash(-draw_.between(0, fees.taker.per_contract.value()));
  } else if (draw_.one_in(4)) {
    std::swap(fees.maker, fees.taker);
  }
  return fees;
}

// Mostly a live order of the account, by one of its ids; else any number.
OrderRef Stream::draw_target(const Exchange& exchange, const Trader& trader) {
  OrderRef target;
  target.account = draw_account(trader);
  if (draw_.one_in(10)) {
    target.client_order_id = ClientOrderId(draw_.below(kClientOrderIds + 1));
    return target;
  }
  const Market& market = exchange.market();
  target.order = OrderId(1 + draw_.below(market.last_order.value() + 1));
  for (std::size_t tries = 0; tries < 4; ++tries) {
    bool drawn = false;
    market.for_each_order_of(target.account, [&](OrderSlot slot) {
      if (drawn) return;
      target.order = market.store.orders[slot].id;
      drawn = draw_.one_in(3);
    });
    if (drawn) return target;
    if (draw_.one_in(8)) return target;
    target.account = draw_account(trader);
  }
  return target;
}

AccountId Stream::draw_account(const Trader& trader) {
  return trader.accounts[draw_.below(trader.accounts.size())];
}

// Mostly a lot that the account holds.
LotId Stream::draw_lot(const Exchange& exchange, AccountId account) {
  LotId lot(static_cast<std::uint32_t>(1 + draw_.below(plants_.size() * 2)));
  exchange.holdings().for_each_of(account, [&](HoldingSlot slot) {
    if (!draw_.one_in(10)) lot = exchange.holdings().get(slot).lot;
    return draw_.one_in(2);
  });
  return lot;
}

}  // namespace origo
