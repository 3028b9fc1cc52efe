#include "tests/scenario/world.h"

// The market that a scenario may take for granted: its instruments, prices, fees and phase.
namespace origo::scenario {
namespace {

constexpr std::int64_t kAmpleQuantity = 1'000'000'000;

}  // namespace

void World::build_market() {
  const std::uint64_t market =
      must("operator",
           CreateMarket{.code = "M",
                        .name = "Scenario market",
                        .settle_days = static_cast<std::uint32_t>(scenario_.settle_days)});
  names_.bind(Kind::market, "M", market);
  const MarketId id(static_cast<std::uint32_t>(market));
  std::string phase = "continuous";
  for (const auto& [name, spec] : instruments_) {
    create_instrument(name);
    if (spec.phase != "continuous") phase = spec.phase;
  }
  set_starting_prices();
  set_fees(id);
  if (phase == "closed") phase_ = Phase::closed;
  if (phase == "halt") phase_ = Phase::halt;
  if (phase == "call") phase_ = Phase::call;
  if (phase == "pre_open") phase_ = Phase::pre_open;
  if (phase_ != Phase::continuous)
    must("operator", SetPhase{.market = id, .phase = phase_, .reason = "scenario"});
}

void World::set_fees(MarketId market) {
  if (scenario_.fees.is_null() && scenario_.fee_tiers.is_null()) return;
  SetFees fees{.market = market, .fees = {}, .tiers = {}};
  FromJson reader(*this);
  if (!scenario_.fees.is_null()) reader.read(scenario_.fees, fees.fees, "fees");
  if (!scenario_.fee_tiers.is_null()) reader.read(scenario_.fee_tiers, fees.tiers, "fee_tiers");
  must("operator", fees);
}

// Before fees, phases and orders, which the trades that make them would meet.
void World::set_starting_prices() {
  if (!has_stops_) return;
  for (const auto& [name, price] : starting_prices(scenario_, default_instrument_)) {
    const std::int64_t tick = spec_of(name).tick;
    if (price % tick == 0) static_cast<void>(last_.trade_at(name, Price(price / tick)));
  }
}

// The venue's choices: the scenario's semantics, unless the instrument says otherwise.
TradingRules World::rules_of(const InstrumentSpec& spec) {
  const auto chosen = [&](const char* key) {
    return scenario_.semantics.is_object() ? scenario_.semantics.value(key, "") : "";
  };
  TradingRules rules{.min_visible = {},
                     .iceberg_raise_requeues = chosen("iceberg.amend_up") == "lose",
                     .amend_below_filled_refused = chosen("amend.below_filled") == "reject",
                     .stop_through_refused = chosen("stop.immediate") == "reject",
                     .market_orders_stay = chosen("auction.market_remainder") == "keep",
                     .market_to_limit_stays = chosen("auction.mtl_remainder") == "keep"};
  if (const std::string ladder = chosen("auction.ladder"); !ladder.empty())
    FromJson(*this).read(Json(ladder), rules.auction, "auction.ladder");
  if (!spec.rules.is_null()) FromJson(*this).read(spec.rules, rules, "rules");
  return rules;
}

void World::create_instrument(const std::string& name) {
  InstrumentSpec& spec = instruments_.at(name);
  CreateInstrument create;
  create.market = MarketId(static_cast<std::uint32_t>(names_.find(Kind::market, "M")));
  create.code = name;
  create.name = name;
  const std::string registry = minting_ ? kMintRegistry : scenario_.registries.front().first;
  if (spec.filter.is_null()) spec.filter = Json{{"registry", registry}};
  FromJson(*this).read(spec.filter, create.filter, "filter of " + name);
  const std::int64_t price_max = spec.price_max > 0 ? spec.price_max : ample_price_;
  const std::int64_t quantity_max = spec.quantity_max > 0 ? spec.quantity_max : kAmpleQuantity;
  create.terms = {.currency = currency_of(spec.currency),
                  .tick_value = Cash(spec.tick_value),
                  .dimension = Dimension::energy_wh,
                  .contract_size = spec.size > 0 ? spec.size : unit_sizes_.at(registry),
                  .quantity_max = Quantity(quantity_max),
                  .price_max = Price(price_max),
                  .price_min = Price(spec.price_min),
                  .quantity_min = Quantity(spec.quantity_min),
                  .value_min = Cash(spec.value_min),
                  .value_max = Cash(spec.value_max)};
  create.rules = rules_of(spec);
  const InstrumentId id(static_cast<std::uint32_t>(must("operator", create)));
  names_.bind(Kind::instrument, name, id.value());
  if (spec.reference > 0)
    must("operator",
         SetReferencePrice{.instrument = id, .price = Price(spec.reference / spec.tick)});
}

}  // namespace origo::scenario
