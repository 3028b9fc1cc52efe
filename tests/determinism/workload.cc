#include "tests/determinism/workload.h"

#include <cstdio>
#include <string>

#include "engine/core/ensure.h"

namespace origo {
namespace {

constexpr Currency kEuro = currency_of("EUR");
constexpr std::int64_t kMegawattHour = 1'000'000;
constexpr Date kStart{20'600};  // 27 May 2026
constexpr int kTraders = 6;

Scheme plain_scheme() {
  Scheme scheme;
  scheme.code = "PLAIN";
  scheme.name = "Plain scheme";
  scheme.operator_name = "Registry";
  scheme.valid_from = Date(18'000);
  scheme.unit_size = kMegawattHour;
  scheme.production_months_max = 12;
  scheme.transferable = {.basis = ClockBasis::production_end, .months = 12, .days = 0};
  scheme.cancellable = {.basis = ClockBasis::production_end, .months = 18, .days = 0};
  scheme.carriers = {"biomethane"};
  scheme.holders = {ParticipantKind::producer, ParticipantKind::trader};
  scheme.receivers = scheme.holders;
  scheme.purposes = {"disclosure"};
  scheme.beneficiary_required = true;
  scheme.serial_format = "{registry}-{lot}-{serial}";
  return scheme;
}

}  // namespace

Answer Workload::send(UserId principal, const Command& command) {
  ++sequence_;
  const CommandHeader header{.sequence = Sequence(sequence_),
                             .time = Instant(now_ns_),
                             .origin = {.principal = principal}};
  return exchange_.apply(header, command, events_);
}

std::uint64_t Workload::create(UserId principal, const Command& command) {
  const Answer answer = send(principal, command);
  if (!answer.ok()) {
    std::fprintf(stderr,
                 "command %zu of the set-up refused: %u %s\n",
                 command.index() + 1,
                 static_cast<unsigned>(answer.code),
                 answer.detail.c_str());
  }
  ENSURE(answer.ok());
  return answer.id;
}

void Workload::set_up() {
  now_ns_ = kStart.days() * kDayNs;
  create(UserId(), Bootstrap{.venue_name = "Venue", .admin_token = {255}});
  admin_ = UserId(1);
  create(admin_, SetRelaxations{.four_eyes = true, .holds = true});
  load_registry();
  for (int number = 0; number < kTraders; ++number) add_trader(number);
  for (const Trader& trader : traders_) {
    issue_certificates(trader, 50'000);
    issue_certificates(trader, draw_.between(1, 5'000));
  }
  open_market();
}

void Workload::load_registry() {
  const Scope node{};
  for (const Role role : {Role::registry_operator, Role::issuing_body, Role::market_operator}) {
    create(admin_, GrantRole{.user = admin_, .role = role, .scope = node});
  }
  create(admin_, LoadScheme{.scheme = plain_scheme(), .source = {}});
  registry_ = RegistryId(static_cast<std::uint32_t>(create(
      admin_,
      CreateRegistry{.code = "REG", .name = "Registry", .scheme = "PLAIN", .country = "FR"})));
}

void Workload::add_trader(int number) {
  const std::string name = "trader " + std::to_string(number);
  Trader trader;
  trader.participant = ParticipantId(static_cast<std::uint32_t>(
      create(admin_,
             CreateParticipant{.name = name,
                               .country = "FR",
                               .kinds = {ParticipantKind::producer, ParticipantKind::trader}})));
  Hash256 token{};
  token[0] = static_cast<std::uint8_t>(number + 1);
  trader.user = UserId(static_cast<std::uint32_t>(create(
      admin_,
      CreateUser{
          .participant = trader.participant, .name = name, .person = name, .token = token})));
  const Scope own{.kind = ScopeKind::participant, .id = trader.participant.value()};
  for (const Role role : {Role::trader, Role::holder, Role::producer, Role::participant_admin}) {
    create(admin_, GrantRole{.user = trader.user, .role = role, .scope = own});
  }
  trader.account = AccountId(static_cast<std::uint32_t>(
      create(admin_,
             OpenAccount{.participant = trader.participant, .registry = registry_, .name = name})));
  create(admin_,
         DepositCash{.account = trader.account,
                     .currency = kEuro,
                     .amount = Cash(1'000'000'000'000),
                     .reference = "opening"});
  traders_.push_back(trader);
}

void Workload::issue_certificates(const Trader& trader, std::int64_t megawatt_hours) {
  const DeviceId device(
      static_cast<std::uint32_t>(create(trader.user,
                                        RegisterDevice{.registry = registry_,
                                                       .producer = trader.participant,
                                                       .name = "plant",
                                                       .country = "FR",
                                                       .carriers = {"biomethane"},
                                                       .start = Date(18'000),
                                                       .fields = {}})));
  create(admin_, ApproveDevice{.device = device});
  const Period march{.first = Date(20'513), .last = Date(20'543)};
  const DeclarationId declaration(static_cast<std::uint32_t>(
      create(trader.user,
             DeclareProduction{.device = device,
                               .carrier = "biomethane",
                               .period = march,
                               .gross = Measured(megawatt_hours * kMegawattHour + 999),
                               .deductions = {},
                               .fields = {}})));
  create(trader.user, RequestIssuance{.declaration = declaration, .account = trader.account});
  create(admin_, ApproveIssuance{.declaration = declaration});
}

void Workload::open_market() {
  const MarketId market(
      static_cast<std::uint32_t>(create(admin_, CreateMarket{.code = "M", .name = "Market"})));
  create(admin_,
         SetFees{.market = market,
                 .fees = {.maker = {.rate_ppm = -50, .per_contract = Cash(0)},
                          .taker = {.rate_ppm = 333, .per_contract = Cash(1)}}});
  const InstrumentTerms terms{.currency = kEuro,
                              .tick_value = Cash(1),
                              .dimension = Dimension::energy_wh,
                              .contract_size = kMegawattHour,
                              .quantity_max = Quantity(1'000),
                              .price_max = Price(10'000),
                              .price_min = Price(1)};
  // Each narrower than the one before, so that a seller of one may meet a buyer of another.
  std::vector<ClauseSpec> filter;
  for (const ClauseSpec& clause :
       {ClauseSpec{.attribute = "carrier", .any_of = {"biomethane"}},
        ClauseSpec{.attribute = "registry", .any_of = {"REG"}},
        ClauseSpec{.attribute = "vintage", .any_of = {}, .min = 2026, .max = 2026}}) {
    filter.push_back(clause);
    const std::string code = "I" + std::to_string(filter.size());
    instruments_.emplace_back(static_cast<std::uint32_t>(create(
        admin_,
        CreateInstrument{
            .market = market, .code = code, .name = code, .filter = filter, .terms = terms})));
  }
}

void Workload::run(std::uint64_t commands) {
  for (std::uint64_t done = 0; done < commands; ++done) {
    now_ns_ += draw_.between(0, 2'000'000'000);
    if (draw_.one_in(5'000)) now_ns_ += kDayNs;
    const Trader& trader = traders_[draw_.below(traders_.size())];
    const Command command = draw_command(trader);
    const Answer answer = send(trader.user, command);
    const bool resting = std::holds_alternative<PlaceOrder>(command) && answer.ok();
    if (resting) orders_.emplace_back(answer.id);
  }
}

Command Workload::draw_command(const Trader& trader) {
  const std::uint64_t kind = draw_.below(100);
  if (kind < 60) return draw_order(trader);
  if (kind < 75) return CancelOrder{.target = draw_target(trader)};
  if (kind < 85) {
    const OrderRef target = draw_target(trader);
    const Quantity quantity(draw_.between(0, 60));
    const Price price(draw_.one_in(2) ? 0 : draw_.between(480, 520));
    return AmendOrder{.target = target, .quantity = quantity, .price = price};
  }
  if (kind < 90) {
    const OrderRef target = draw_target(trader);
    return ReduceOrder{.target = target, .by = Quantity(draw_.between(1, 10))};
  }
  if (kind < 91) {
    return MassCancel{.account = trader.account,
                      .instrument = {},
                      .side = static_cast<std::uint8_t>(draw_.below(3)),
                      .price_min = {},
                      .price_max = {}};
  }
  const LotId lot(static_cast<std::uint32_t>(1 + draw_.below(2 * kTraders)));
  const Units units(draw_.between(0, 40));
  if (kind < 97) {
    const AccountId to = traders_[draw_.below(traders_.size())].account;
    return TransferCertificates{.from = trader.account, .to = to, .lot = lot, .units = units};
  }
  return CancelCertificates{
      .account = trader.account,
      .lot = lot,
      .units = units,
      .beneficiary = draw_.one_in(10) ? "" : "Works " + std::to_string(draw_.below(9)),
      .country = "FR",
      .purpose = "disclosure",
      .period = {},
      .note = ""};
}

Command Workload::draw_order(const Trader& trader) {
  PlaceOrder order;
  order.account = trader.account;
  order.instrument = instruments_[draw_.below(instruments_.size())];
  order.side = draw_.one_in(2) ? Side::buy : Side::sell;
  order.type = draw_.one_in(12) ? OrderType::market : OrderType::limit;
  order.time_in_force = static_cast<TimeInForce>(draw_.between(1, 5));
  if (order.type == OrderType::market) order.time_in_force = TimeInForce::ioc;
  if (order.type == OrderType::limit) order.price = Price(draw_.between(480, 520));
  order.quantity = Quantity(draw_.between(0, 50));
  if (order.time_in_force == TimeInForce::gtd) {
    order.expire_at = Instant(now_ns_ + draw_.between(1'000'000'000, 3'600'000'000'000));
  }
  return order;
}

OrderRef Workload::draw_target(const Trader& trader) {
  OrderRef target;
  target.account = trader.account;
  target.order = OrderId(1);
  if (!orders_.empty()) target.order = orders_[draw_.below(orders_.size())];
  // The newest are most likely alive.
  const std::size_t newest = orders_.size() < 50 ? orders_.size() : 50;
  if (newest > 0 && !draw_.one_in(4))
    target.order = orders_[orders_.size() - 1 - draw_.below(newest)];
  return target;
}

}  // namespace origo
