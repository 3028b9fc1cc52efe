#include "engine/syntax.h"

#include <algorithm>
#include <functional>

#include "engine/core/text.h"
#include "engine/market/fees.h"
#include "engine/market/market_syntax.h"
#include "engine/registry/office.h"
#include "engine/registry/scheme_syntax.h"

namespace origo {
namespace {

constexpr std::uint32_t kBandMaxPpm = 1'000'000;
constexpr std::uint32_t kSettleDaysMax = 30;
constexpr std::uint32_t kReferenceTradesMax = 100;
constexpr std::size_t kFieldsMax = 200;
constexpr std::size_t kCarbonSourcesMax = 100;

// Which scopes a role can be given in: the node takes any role, a narrower scope only its own kind.
bool scope_fits(Role role, const Scope& scope) {
  if (scope.kind == ScopeKind::node && scope.id != 0) return false;
  switch (role) {
    case Role::trader:
    case Role::holder:
    case Role::producer:
    case Role::participant_admin:
      return scope.kind == ScopeKind::participant;
    case Role::registry_operator:
    case Role::issuing_body:
      return scope.kind == ScopeKind::registry || scope.kind == ScopeKind::node;
    case Role::market_operator:
    case Role::auctioneer:
    case Role::admin:
      return scope.kind == ScopeKind::node;
    case Role::auditor:
      return scope.kind >= ScopeKind::node && scope.kind <= ScopeKind::registry;
  }
  return false;
}

Verdict check_grant(Role role, const Scope& scope) {
  if (role < Role::trader || role > Role::admin) return Refusal(Reject::enum_invalid, "role");
  if (!scope_fits(role, scope)) return Reject::role_scope_invalid;
  return std::nullopt;
}

Verdict check_token(const Hash256& token) {
  if (token == Hash256{}) return Reject::token_invalid;
  return std::nullopt;
}

// An amount of money that comes in or goes out.
Verdict check_payment(Cash amount, Currency currency, const std::string& reference) {
  if (!amount.is_positive()) return Reject::amount_not_positive;
  if (!is_valid(currency)) return Reject::currency_invalid;
  return check_text(reference);
}

// Whether the calendar holds both days, in order.
Verdict check_period(const Period& period) {
  if (period.first < kDateMin || period.first > period.last || period.last > kNever)
    return Reject::period_invalid;
  return std::nullopt;
}

Verdict check_count(const std::vector<Field>& fields) {
  if (fields.size() > kFieldsMax) return Refusal(Reject::too_many_items, "fields");
  return std::nullopt;
}

// What was measured, and what is taken off it.
Verdict check_measurement(Measured gross, const std::vector<Deduction>& deductions) {
  if (!gross.is_positive()) return Reject::measured_not_positive;
  if (deductions.size() > kFieldsMax) return Refusal(Reject::too_many_items, "deductions");
  Measured deducted;
  for (const Deduction& deduction : deductions) {
    const auto times = std::count_if(deductions.begin(), deductions.end(), [&](const Deduction& d) {
      return d.kind == deduction.kind;
    });
    if (times > 1) return Refusal(Reject::deduction_unknown, deduction.kind);
    if (deduction.amount.is_negative() || deduction.amount > gross - deducted)
      return Refusal(Reject::deduction_invalid, deduction.kind);
    deducted += deduction.amount;
  }
  return std::nullopt;
}

// Why somebody intervenes, in words.
Verdict check_reason(const std::string& reason) {
  if (const Verdict bad = check_text(reason)) return bad;
  if (reason.empty()) return Reject::reason_missing;
  return std::nullopt;
}

// What comes in: with a proof all of it is said, without one nothing is.
Verdict check_proof(const BookInput& c) {
  constexpr std::int64_t kGhgMax = 1'000'000;  // mg per MJ, either way: manure is below zero
  if (c.proof.empty()) {
    const bool silent = c.feedstock.empty() && c.feedstock_country.empty() &&
                        c.sustainability_scheme.empty() && c.ghg_intensity == 0;
    if (!silent) return Refusal(Reject::proof_invalid, "proof");
    return std::nullopt;
  }
  for (const auto& [field, text] : {std::pair("proof", &c.proof),
                                    std::pair("feedstock", &c.feedstock),
                                    std::pair("feedstock_country", &c.feedstock_country),
                                    std::pair("sustainability_scheme", &c.sustainability_scheme)}) {
    // Words as production says them: not empty, no list of a number.
    if (check_name(*text) || text->find_first_not_of("; ") == std::string::npos ||
        (text == &c.proof && text->find(';') != std::string::npos))
      return Refusal(Reject::proof_invalid, field);
  }
  if (c.ghg_intensity < -kGhgMax || c.ghg_intensity > kGhgMax)
    return Refusal(Reject::proof_invalid, "ghg_intensity");
  return std::nullopt;
}

Verdict check_energy(Measured energy) {
  if (!energy.is_positive()) return Refusal(Reject::amount_not_positive, "energy");
  if (energy.value() > kSupplyMax) return Refusal(Reject::amount_above_cap, "energy");
  return std::nullopt;
}

bool is_source(Co2Source source) {
  return source >= Co2Source::ets_power && source <= Co2Source::recycled;
}

bool has_known_words(const FuelEvidence& evidence) {
  const bool co2 =
      std::all_of(evidence.co2.begin(), evidence.co2.end(), [](const BuiltInCo2& each) {
        return is_source(each.origin.source);
      });
  const bool electricity = std::all_of(
      evidence.electricity.begin(), evidence.electricity.end(), [](const ElectricityUse& use) {
        return use.path >= ElectricityCase::direct_line &&
               use.path <= ElectricityCase::redispatch && use.zone >= ZoneRelation::same &&
               use.zone <= ZoneRelation::other && use.match <= TimeMatch::stored_hour;
      });
  return evidence.kind >= FuelKind::biogas && evidence.kind <= FuelKind::other_synthetic_gas &&
         co2 && electricity;
}

// Whether an order of this kind can stand in a book.
bool can_rest(const PlaceOrder& c) {
  return c.type == OrderType::limit && c.time_in_force != TimeInForce::ioc &&
         c.time_in_force != TimeInForce::fok;
}

// What nearly every order is: a limit and a quantity, and nothing that needs a second look.
bool is_plain(const PlaceOrder& c) {
  const std::int64_t special = c.protection_price.value() | c.expire_at.ns() |
                               c.min_quantity.value() | c.stop_price.value() | c.peak.value() |
                               c.min_visible.value();
  return special == 0 && c.lots.empty() && !c.post_only && c.type == OrderType::limit &&
         (c.time_in_force == TimeInForce::gtc || c.time_in_force == TimeInForce::ioc) &&
         (c.side == Side::buy || c.side == Side::sell) && c.self_trade <= SelfTrade::decrement &&
         c.quantity.is_positive() && c.price.is_positive();
}

// What an order may say about a stop price, and what it shows of itself.
Verdict check_conditions(const PlaceOrder& c) {
  if (c.stop_price.is_negative()) return Reject::stop_price_invalid;
  const bool takes_stop = c.type != OrderType::market_to_limit && !c.post_only &&
                          c.min_quantity.is_zero() && c.time_in_force != TimeInForce::auction_only;
  if (c.stop_price.is_positive() && !takes_stop) return Reject::stop_barred;
  if (c.peak.is_negative() || c.peak > c.quantity) return Reject::peak_invalid;
  if (c.peak.is_positive() && !can_rest(c)) return Reject::peak_barred;
  if (c.min_visible.is_negative() || c.min_visible > c.peak) return Reject::min_visible_invalid;
  return std::nullopt;
}

// One case per command; those that are not listed carry nothing that could be malformed.
struct Syntax {
  template <class C>
  Verdict operator()(const C&) const {
    return std::nullopt;
  }

  // the node
  Verdict operator()(const Bootstrap& c) const {
    if (const Verdict bad = check_name(c.venue_name)) return bad;
    return check_token(c.admin_token);
  }
  Verdict operator()(const SetRelaxations& c) const {
    if (c.exit_hold_ns < 0 || c.exit_hold_ns > 365 * kDayNs) return Reject::instant_invalid;
    return std::nullopt;
  }
  Verdict operator()(const DefineAttribute& c) const {
    if (const Verdict bad = check_code(c.name)) return bad;
    if (c.kind < AttributeKind::symbol || c.kind > AttributeKind::flag)
      return Refusal(Reject::enum_invalid, "kind");
    return std::nullopt;
  }

  // who takes part
  Verdict operator()(const CreateParticipant& c) const {
    if (const Verdict bad = check_name(c.name)) return bad;
    if (const Verdict bad = check_country(c.country)) return bad;
    if (c.kinds.empty() || c.kinds.size() > 7) return Reject::kinds_missing;
    if (!std::all_of(c.kinds.begin(), c.kinds.end(), is_kind))
      return Refusal(Reject::enum_invalid, "kinds");
    return std::nullopt;
  }
  Verdict operator()(const CreateUser& c) const {
    if (const Verdict bad = check_name(c.name)) return bad;
    if (const Verdict bad = check_text(c.person)) return Refusal(bad->code, "person");
    return check_token(c.token);
  }
  Verdict operator()(const GrantRole& c) const { return check_grant(c.role, c.scope); }
  Verdict operator()(const RevokeRole& c) const { return check_grant(c.role, c.scope); }
  Verdict operator()(const ReplaceToken& c) const { return check_token(c.token); }
  Verdict operator()(const OpenAccount& c) const { return check_name(c.name); }
  Verdict operator()(const TrustAccount& c) const {
    if (c.from == c.to) return Reject::same_account;
    return std::nullopt;
  }
  Verdict operator()(const SetFrozen& c) const {
    if (const Verdict bad = check_text(c.reason)) return bad;
    if (c.target != FreezeTarget::participant && c.target != FreezeTarget::account)
      return Refusal(Reject::enum_invalid, "target");
    return std::nullopt;
  }
  Verdict operator()(const SetKillSwitch& c) const { return check_text(c.reason); }
  Verdict operator()(const DepositCash& c) const {
    return check_payment(c.amount, c.currency, c.reference);
  }
  Verdict operator()(const WithdrawCash& c) const {
    return check_payment(c.amount, c.currency, c.reference);
  }

  // registry
  Verdict operator()(const LoadScheme& c) const { return check_scheme(c.scheme); }
  Verdict operator()(const CreateRegistry& c) const {
    if (const Verdict bad = check_code(c.code)) return bad;
    if (const Verdict bad = check_name(c.name)) return bad;
    return check_country(c.country);
  }
  Verdict operator()(const RegisterDevice& c) const {
    if (const Verdict bad = check_name(c.name)) return bad;
    if (const Verdict bad = check_country(c.country)) return bad;
    if (c.start < kDateMin || c.start > kNever)
      return Refusal(Reject::device_field_invalid, "start");
    return check_count(c.fields);
  }
  Verdict operator()(const ChangeDevice& c) const {
    if (!c.name.empty()) {
      if (const Verdict bad = check_name(c.name)) return bad;
    }
    const auto is_day = [](Date day) { return day >= kDateMin && day <= kNever; };
    if (!is_day(c.valid_from) || c.valid_from == Date())
      return Refusal(Reject::device_field_invalid, "valid_from");
    if (!is_day(c.start)) return Refusal(Reject::device_field_invalid, "start");
    if (!is_day(c.last_day)) return Refusal(Reject::device_field_invalid, "last_day");
    return check_count(c.fields);
  }
  Verdict operator()(const RefuseDeviceChange& c) const { return check_reason(c.reason); }
  Verdict operator()(const SuspendDevice& c) const { return check_reason(c.reason); }
  Verdict operator()(const FreezeCertificates& c) const {
    if (c.units.is_negative()) return Reject::units_not_positive;
    if (c.first.is_negative()) return Reject::serials_not_in_lot;
    return check_reason(c.reason);
  }
  Verdict operator()(const DeclareProduction& c) const {
    if (const Verdict bad = check_period(c.period)) return bad;
    if (const Verdict bad = check_measurement(c.gross, c.deductions)) return bad;
    return check_count(c.fields);
  }
  Verdict operator()(const RecordEvidence& c) const {
    if (!has_known_words(c.evidence)) return Refusal(Reject::enum_invalid, "evidence");
    if (!is_sound(c.evidence)) return Reject::evidence_invalid;
    if (const Verdict bad = check_text(c.reference)) return Refusal(bad->code, "reference");
    return std::nullopt;
  }
  Verdict operator()(const WithdrawCertificates& c) const {
    if (!c.units.is_positive()) return Reject::units_not_positive;
    if (c.first.is_negative()) return Reject::serials_not_in_lot;
    return check_reason(c.reason);
  }
  Verdict operator()(const CorrectDeclaration& c) const {
    if (const Verdict bad = check_measurement(c.gross, c.deductions)) return bad;
    return check_reason(c.reason);
  }
  Verdict operator()(const ConvertCertificates& c) const {
    if (!c.units.is_positive()) return Reject::units_not_positive;
    if (c.efficiency_ppm > kWholePpm) return Reject::efficiency_invalid;
    if (c.co2.size() > kFuelSourcesMax) return Refusal(Reject::too_many_items, "co2");
    if (!std::all_of(c.co2.begin(), c.co2.end(), is_source))
      return Refusal(Reject::enum_invalid, "co2");
    if (const Verdict bad = check_text(c.note)) return Refusal(bad->code, "note");
    return std::nullopt;
  }
  Verdict operator()(const ClaimUse& c) const {
    if (!c.units.is_positive()) return Reject::units_not_positive;
    if (const Verdict bad = check_code(c.use)) return Refusal(bad->code, "use");
    if (const Verdict bad = check_name(c.claimant)) return Refusal(bad->code, "claimant");
    if (const Verdict bad = check_period(c.period)) return bad;
    if (c.period == Period()) return Reject::reporting_period_invalid;
    if (const Verdict bad = check_text(c.activity)) return Refusal(bad->code, "activity");
    if (c.emissions.is_negative()) return Reject::emissions_invalid;
    if (const Verdict bad = check_text(c.reference)) return Refusal(bad->code, "reference");
    return std::nullopt;
  }
  Verdict operator()(const RecordCarbonSources& c) const {
    if (c.sources.size() > kCarbonSourcesMax) return Refusal(Reject::too_many_items, "sources");
    for (const CarbonSource& source : c.sources) {
      if (!source.units.is_positive() || !source.mass.is_positive()) return Reject::carbon_exceeded;
    }
    return std::nullopt;
  }
  Verdict operator()(const TransferCertificates& c) const {
    if (!c.units.is_positive()) return Reject::units_not_positive;
    if (c.from == c.to) return Reject::same_account;
    return std::nullopt;
  }
  Verdict operator()(const CancelCertificates& c) const {
    if (!c.units.is_positive()) return Reject::units_not_positive;
    if (!c.beneficiary.empty()) {
      if (const Verdict bad = check_name(c.beneficiary)) return Refusal(bad->code, "beneficiary");
    }
    if (const Verdict bad = check_text(c.note)) return Refusal(bad->code, "note");
    if (const Verdict bad = check_text(c.consumption_evidence))
      return Refusal(bad->code, "consumption_evidence");
    if (c.purpose == kBalancePurpose) return Refusal(Reject::purpose_invalid, "take_into_balance");
    if (!c.country.empty()) {
      if (const Verdict bad = check_country(c.country)) return bad;
    }
    return check_period(c.period);
  }

  // mass balance
  Verdict operator()(const OpenSite& c) const {
    if (const Verdict bad = check_name(c.name)) return bad;
    return check_country(c.country);
  }
  Verdict operator()(const BookInput& c) const {
    if (const Verdict bad = check_energy(c.energy)) return bad;
    if (const Verdict bad = check_proof(c)) return bad;
    if (const Verdict bad = check_text(c.note)) return Refusal(bad->code, "note");
    return std::nullopt;
  }
  Verdict operator()(const BookOutput& c) const {
    if (const Verdict bad = check_energy(c.energy)) return bad;
    if (const Verdict bad = check_text(c.receiver)) return Refusal(bad->code, "receiver");
    if (const Verdict bad = check_text(c.note)) return Refusal(bad->code, "note");
    return std::nullopt;
  }
  Verdict operator()(const TakeIntoBalance& c) const {
    if (!c.units.is_positive()) return Reject::units_not_positive;
    if (const Verdict bad = check_text(c.note)) return Refusal(bad->code, "note");
    return std::nullopt;
  }

  // market
  Verdict operator()(const CreateMarket& c) const {
    if (const Verdict bad = check_code(c.code)) return bad;
    if (const Verdict bad = check_name(c.name)) return bad;
    if (c.settle_days > kSettleDaysMax) return Reject::settle_days_invalid;
    return std::nullopt;
  }
  Verdict operator()(const SetCalendar& c) const {
    const std::vector<Instant>& ends = c.day_ends;
    if (ends.size() > kCalendarMax) return Refusal(Reject::too_many_items, "day_ends");
    const bool ascending =
        std::adjacent_find(ends.begin(), ends.end(), std::greater_equal<>()) == ends.end();
    if (ends.empty() || !ascending || ends.back() > kInstantMax) return Reject::calendar_invalid;
    return check_schedule(c.phases);
  }
  Verdict operator()(const SetFees& c) const {
    if (!is_sound(c.fees)) return Reject::fees_invalid;
    return check_tiers(c.tiers);
  }
  Verdict operator()(const SetPhase& c) const {
    if (const Verdict bad = check_reason(c.reason)) return bad;
    if (!is_phase(c.phase)) return Reject::phase_invalid;
    return std::nullopt;
  }
  Verdict operator()(const CreateInstrument& c) const {
    if (const Verdict bad = check_code(c.code)) return bad;
    if (const Verdict bad = check_name(c.name)) return bad;
    if (const Verdict bad = check_terms(c.terms)) return bad;
    if (c.rules.min_visible.is_negative()) return Reject::rules_invalid;
    if (c.rules.auction > AuctionRules::midpoint) return Refusal(Reject::rules_invalid, "auction");
    if (c.rules.price_band_ppm > kBandMaxPpm)
      return Refusal(Reject::rules_invalid, "price_band_ppm");
    if (c.rules.reference_trades > kReferenceTradesMax)
      return Refusal(Reject::rules_invalid, "reference_trades");
    if (!has_sound_collars(c.rules)) return Reject::collar_invalid;
    if (c.filter.empty()) return Reject::filter_empty;
    if (c.filter.size() > 64) return Refusal(Reject::too_many_items, "filter");
    const bool long_list =
        std::any_of(c.filter.begin(), c.filter.end(), [](const ClauseSpec& clause) {
          return clause.any_of.size() > 1000;
        });
    if (long_list) return Refusal(Reject::too_many_items, "filter");
    return std::nullopt;
  }
  Verdict operator()(const SetReferencePrice& c) const {
    if (!c.price.is_positive()) return Reject::price_not_positive;
    return std::nullopt;
  }
  Verdict operator()(const PlaceOrder& c) const {
    if (is_plain(c)) [[likely]]
      return std::nullopt;
    if (c.side != Side::buy && c.side != Side::sell) return Refusal(Reject::enum_invalid, "side");
    if (c.type < OrderType::limit || c.type > OrderType::market_to_limit)
      return Reject::order_type_invalid;
    const TimeInForce tif = c.time_in_force;
    if (tif < TimeInForce::gtc || tif > TimeInForce::continuous_only)
      return Reject::time_in_force_invalid;
    if (!c.quantity.is_positive()) return Reject::quantity_not_positive;
    if (c.type != OrderType::limit) {
      if (!c.price.is_zero()) return Reject::price_on_market_order;
      if (c.type == OrderType::market && tif == TimeInForce::gtd)
        return Reject::time_in_force_invalid;
    } else if (!c.price.is_positive()) {
      return Reject::price_not_positive;
    }
    const bool takes_protection = c.type == OrderType::market && c.side == Side::buy;
    if (!takes_protection && !c.protection_price.is_zero())
      return Refusal(Reject::price_on_market_order, "protection_price");
    if (c.protection_price.is_negative())
      return Refusal(Reject::price_not_positive, "protection_price");
    if ((tif == TimeInForce::gtd) != c.expire_at.is_set()) return Reject::expiry_missing;
    if (c.expire_at > kInstantMax || c.expire_at < Instant()) return Reject::instant_invalid;
    if (c.side == Side::buy && !c.lots.empty()) return Reject::lots_on_buy;
    if (c.lots.size() > 1000) return Refusal(Reject::too_many_items, "lots");
    if (c.min_quantity.is_negative() || c.min_quantity > c.quantity)
      return Reject::min_quantity_invalid;
    if (c.post_only && (!can_rest(c) || c.min_quantity.is_positive()))
      return Reject::post_only_invalid;
    if (c.self_trade > SelfTrade::decrement) return Reject::self_trade_invalid;
    return check_conditions(c);
  }
  Verdict operator()(const AmendOrder& c) const {
    if (c.quantity.is_negative()) return Reject::quantity_not_positive;
    if (c.price.is_negative()) return Reject::price_not_positive;
    if (c.stop_price.is_negative()) return Reject::stop_price_invalid;
    return std::nullopt;
  }
  Verdict operator()(const ReduceOrder& c) const {
    if (!c.by.is_positive()) return Refusal(Reject::quantity_not_positive, "by");
    return std::nullopt;
  }
  Verdict operator()(const MassCancel& c) const {
    if (c.side > 2) return Refusal(Reject::enum_invalid, "side");
    if (c.price_min.is_negative() || c.price_max.is_negative()) return Reject::price_not_positive;
    if (!c.price_max.is_zero() && c.price_min > c.price_max) return Reject::range_invalid;
    return std::nullopt;
  }
};

}  // namespace

Verdict check_syntax_of(const PlaceOrder& command) {
  return Syntax()(command);
}
Verdict check_syntax_of(const AmendOrder& command) {
  return Syntax()(command);
}
Verdict check_syntax_of(const ReduceOrder& command) {
  return Syntax()(command);
}
Verdict check_syntax_of(const CancelOrder& command) {
  return Syntax()(command);
}

Verdict check_syntax(const Command& command) {
  return std::visit(Syntax(), command);
}

}  // namespace origo
