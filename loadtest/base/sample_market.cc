#include "loadtest/base/sample_market.h"

#include <string>
#include <utility>

namespace origo::loadtest {
namespace {

constexpr std::int64_t kUnitWh = 1'000'000;  // 1 MWh

Scheme sample_scheme() {
  Scheme scheme;
  scheme.code = "LOAD";
  scheme.name = "Scheme of the load test";
  scheme.operator_name = "load test";
  scheme.valid_from = *make_date(2000, 1, 1);
  scheme.unit_size = kUnitWh;
  scheme.cancellable = {.basis = ClockBasis::issuance, .months = 120, .days = 0};
  scheme.carriers = {"biomethane"};
  scheme.holders = {ParticipantKind::trader};
  scheme.receivers = {ParticipantKind::trader};
  scheme.purposes = {"heat"};
  scheme.serial_format = "{registry}-{lot}-{serial}";
  return scheme;
}

InstrumentTerms sample_terms(const SampleMarketOptions& options) {
  InstrumentTerms terms;
  terms.currency = currency_of("EUR");
  terms.tick_value = Cash(1);
  terms.contract_size = kUnitWh;
  terms.quantity_max = Quantity(10'000);
  terms.price_min = Price(1);
  terms.price_max = options.price_max;
  return terms;
}

}  // namespace

std::uint64_t Random::next() {
  state_ += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31U);
}

std::uint64_t Random::below(std::uint64_t bound) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>(static_cast<Wide>(next()) * bound >> 64U);
}

SampleMarket build_sample_market(const SampleMarketOptions& options,
                                 Period production,
                                 const Send& send,
                                 const AddActor& add_actor) {
  const auto grant = [&](UserId user, Role role, ScopeKind kind, std::uint64_t id) {
    send(Actor::admin,
         GrantRole{.user = user,
                   .role = role,
                   .scope = {.kind = kind, .id = static_cast<std::uint32_t>(id)}});
  };
  send(Actor::admin, SetRelaxations{.four_eyes = true, .holds = true, .exit_hold_ns = 0});
  send(Actor::admin, LoadScheme{.scheme = sample_scheme(), .source = {}});
  const Answer registry =
      send(Actor::admin,
           CreateRegistry{.code = "LOAD-REG", .name = "Load", .scheme = "LOAD", .country = "FR"});
  const RegistryId registry_id(static_cast<std::uint32_t>(registry.id));
  grant(add_actor(Actor::market_operator, ParticipantId(1)),
        Role::market_operator,
        ScopeKind::node,
        0);

  const auto participant = [&](const std::string& name, std::vector<ParticipantKind> kinds) {
    const Answer made = send(
        Actor::admin, CreateParticipant{.name = name, .country = "FR", .kinds = std::move(kinds)});
    return ParticipantId(static_cast<std::uint32_t>(made.id));
  };
  const UserId issuer =
      add_actor(Actor::issuing_body, participant("Issuer", {ParticipantKind::registry}));
  grant(issuer, Role::issuing_body, ScopeKind::registry, registry_id.value());
  grant(issuer, Role::registry_operator, ScopeKind::registry, registry_id.value());
  const ParticipantId member =
      participant("Member", {ParticipantKind::trader, ParticipantKind::producer});
  const UserId trader = add_actor(Actor::trader, member);
  for (const Role role : {Role::trader, Role::holder, Role::producer, Role::participant_admin})
    grant(trader, role, ScopeKind::participant, member.value());

  SampleMarket market;
  for (std::uint32_t i = 0; i < options.accounts; ++i) {
    const Answer opened = send(Actor::trader,
                               OpenAccount{.participant = member,
                                           .registry = registry_id,
                                           .name = "account " + std::to_string(i + 1)});
    market.accounts.push_back(AccountId(static_cast<std::uint32_t>(opened.id)));
    send(Actor::market_operator,
         DepositCash{.account = market.accounts.back(),
                     .currency = currency_of("EUR"),
                     .amount = options.cash,
                     .reference = "load"});
  }
  const Answer venue =
      send(Actor::market_operator,
           CreateMarket{.code = "LOAD", .name = "Load", .settle_days = options.settle_days});
  const MarketId venue_id(static_cast<std::uint32_t>(venue.id));
  if (options.fees) {
    send(Actor::market_operator,
         SetFees{.market = venue_id,
                 .fees = {.maker = {.rate_ppm = -50, .per_contract = Cash()},
                          .taker = {.rate_ppm = 200, .per_contract = Cash()}}});
  }
  for (std::uint32_t i = 0; i < options.instruments; ++i) {
    // One device per instrument, so that each has lots of its own.
    const Answer device = send(Actor::trader,
                               RegisterDevice{.registry = registry_id,
                                              .producer = member,
                                              .name = "Plant " + std::to_string(i + 1),
                                              .country = "FR",
                                              .carriers = {"biomethane"},
                                              .start = production.first,
                                              .fields = {}});
    const DeviceId device_id(static_cast<std::uint32_t>(device.id));
    send(Actor::issuing_body, ApproveDevice{.device = device_id});
    const auto number = static_cast<std::int64_t>(device_id.value());
    const Answer instrument =
        send(Actor::market_operator,
             CreateInstrument{
                 .market = venue_id,
                 .code = "LOAD-" + std::to_string(i + 1),
                 .name = "Plant " + std::to_string(i + 1),
                 .filter = {{.attribute = "device", .any_of = {}, .min = number, .max = number}},
                 .terms = sample_terms(options)});
    market.instruments.push_back(InstrumentId(static_cast<std::uint32_t>(instrument.id)));
    // A lot of its own for each account, of a day of its own; or one lot, of which each gets a
    // range.
    const auto issue = [&](std::uint32_t account, std::int64_t units) {
      const Date day = add_days(production.first, static_cast<std::int32_t>(account));
      const Answer declared = send(Actor::trader,
                                   DeclareProduction{.device = device_id,
                                                     .carrier = "biomethane",
                                                     .period = {.first = day, .last = day},
                                                     .gross = Measured(units * kUnitWh),
                                                     .deductions = {},
                                                     .fields = {}});
      const DeclarationId declaration(static_cast<std::uint32_t>(declared.id));
      send(Actor::trader,
           RequestIssuance{.declaration = declaration, .account = market.accounts[account]});
      return LotId(static_cast<std::uint32_t>(
          send(Actor::issuing_body, ApproveIssuance{.declaration = declaration}).id));
    };
    if (!options.shared_lots) {
      for (std::uint32_t a = 0; a < options.accounts; ++a) issue(a, options.units_per_lot);
      continue;
    }
    const LotId lot = issue(0, options.units_per_lot * options.accounts);
    for (std::uint32_t a = 1; a < options.accounts; ++a) {
      send(Actor::trader,
           TransferCertificates{.from = market.accounts[0],
                                .to = market.accounts[a],
                                .lot = lot,
                                .units = Units(options.units_per_lot)});
    }
  }
  return market;
}

PlaceOrder OrderFlow::next_order() {
  if (random_.below(64) == 0) mid_ += random_.below(2) == 0 ? 1 : -1;
  if (mid_ < 1'000) mid_ = 1'000;
  if (mid_ > 9'000) mid_ = 9'000;
  PlaceOrder order;
  order.account = market_.accounts[random_.below(market_.accounts.size())];
  order.instrument = market_.instruments[random_.below(market_.instruments.size())];
  order.side = random_.below(2) == 0 ? Side::buy : Side::sell;
  // From 12 ticks through the middle to 20 behind it.
  const std::int64_t behind = static_cast<std::int64_t>(random_.below(33)) - 12;
  order.price = Price(order.side == Side::buy ? mid_ - behind : mid_ + behind);
  order.quantity = Quantity(static_cast<std::int64_t>(random_.below(20)) + 1);
  return order;
}

Command OrderFlow::next_command() {
  if (resting_.empty() || random_.below(10) < 6) return next_order();
  const std::size_t place = random_.below(resting_.size());
  const Resting chosen = resting_[place];
  resting_[place] = resting_.back();
  resting_.pop_back();
  return CancelOrder{
      .target = {.account = chosen.account, .order = chosen.order, .client_order_id = {}}};
}

}  // namespace origo::loadtest
