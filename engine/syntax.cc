#include "engine/syntax.h"

#include <algorithm>
#include <functional>

#include "engine/core/text.h"
#include "engine/market/fees.h"
#include "engine/registry/claim_rules.h"
#include "engine/registry/office.h"
#include "engine/registry/serial_format.h"

namespace origo {
namespace {

constexpr std::int64_t kQuantityMax = 1'000'000'000;
constexpr std::int64_t kContractSizeMax = 1'000'000'000'000'000;
constexpr std::int64_t kUnitSizeMax = 1'000'000'000'000;
constexpr std::uint32_t kCollarMaxPpm = 10'000'000;
constexpr std::uint32_t kBandMaxPpm = 1'000'000;
constexpr std::uint32_t kSettleDaysMax = 30;
constexpr std::uint32_t kReferenceTradesMax = 100;
constexpr std::size_t kFieldsMax = 200;
constexpr std::size_t kFeeTiersMax = 16;
constexpr std::size_t kCo2ProgrammesMax = 100;
constexpr std::size_t kCarbonSourcesMax = 100;
constexpr std::size_t kCalendarMax = 10'000;  // of day ends, and of changes of phase
constexpr std::int64_t kRandomPartMaxNs = 3'600'000'000'000;

bool is_kind(ParticipantKind kind) {
  return kind >= ParticipantKind::producer && kind <= ParticipantKind::municipality;
}

bool is_code(const std::string& word) {
  return !check_code(word);
}

// Whether a clock is sound, and what it counts from is declared.
bool is_clock(const Clock& clock, const Scheme& scheme) {
  const bool declares = std::any_of(
      scheme.production_fields.begin(), scheme.production_fields.end(), [](const FieldRule& field) {
        return field.attribute == kDeclaredDay && field.kind == FieldKind::date && field.required;
      });
  return clock.basis >= ClockBasis::none && clock.basis <= ClockBasis::declared &&
         clock.months <= 1200 && clock.days <= 36600 && clock.end <= ClockEnd::year &&
         (clock.basis != ClockBasis::declared || declares);
}

// Limits have an order and a meaning for the field's kind.
bool has_sound_limits(const FieldRule& field) {
  const bool bounded = field.kind == FieldKind::number || field.kind == FieldKind::text;
  if (!field.bounds.empty() &&
      (!bounded || field.bounds.size() != 2 || field.bounds[0] > field.bounds[1]))
    return false;
  return field.months_old_max == 0 ||
         (field.kind == FieldKind::date && field.months_old_max <= 1200);
}

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

bool keeps_calendar(std::uint16_t months) {
  return months > 0 && months <= 12 && 12 % months == 0;
}

// Balances are of energy, in calendar periods, and of proofs whose number production says.
bool is_sound(const MassBalance& balance, const Scheme& scheme) {
  const auto is_purpose = [&](const std::string& purpose) {
    return purpose != kBalancePurpose &&
           std::find(scheme.purposes.begin(), scheme.purposes.end(), purpose) !=
               scheme.purposes.end();
  };
  if (balance.period_months == 0)
    return scheme.measure != Measure::mass_balance && !balance.carry_surplus &&
           balance.split_purposes.empty();
  const bool says_number = std::any_of(
      scheme.production_fields.begin(), scheme.production_fields.end(), [](const FieldRule& field) {
        return field.attribute == kProofNumber && field.kind == FieldKind::text;
      });
  return keeps_calendar(balance.period_months) && scheme.dimension == Dimension::energy_wh &&
         says_number &&
         std::all_of(balance.split_purposes.begin(), balance.split_purposes.end(), is_purpose);
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

// Whether a programme's counting, share and compensation go together.
bool is_programme(const Co2Programme& programme) {
  const bool compensates = !programme.capture_schemes.empty();
  const std::uint32_t share = programme.user_share_ppm;
  const bool sound =
      !check_name(programme.name) && programme.first <= programme.last &&
      std::all_of(programme.capture_schemes.begin(), programme.capture_schemes.end(), is_code) &&
      (compensates || !programme.eligible_only);
  switch (programme.counting) {
    case Co2Counting::capturer_reports:
      return sound && share == 0;
    case Co2Counting::user_reports:
      return sound && share == kWholePpm && !compensates;
    case Co2Counting::shared:
      return sound && share > 0 && share < kWholePpm;
    case Co2Counting::neither:
      return sound && share == 0 && !compensates;
  }
  return false;
}

// Rows of one name keep their counting and don't overlap.
bool are_apart(const Co2Programme& a, const Co2Programme& b) {
  return a.name != b.name || (a.counting == b.counting && a.user_share_ppm == b.user_share_ppm &&
                              (a.last < b.first || b.last < a.first));
}

// A scheme of energy with programmes has one field for the name and one for the mass; others
// neither.
bool has_sound_programmes(const Scheme& scheme) {
  const std::vector<Co2Programme>& all = scheme.co2_programmes;
  if (all.size() > kCo2ProgrammesMax) return false;
  if (!all.empty() && scheme.dimension != Dimension::energy_wh) return false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!is_programme(all[i])) return false;
    for (std::size_t j = 0; j < i; ++j) {
      if (!are_apart(all[i], all[j])) return false;
    }
  }
  const auto fields_of = [](const std::vector<FieldRule>& fields, FieldKind kind) {
    return std::count_if(
        fields.begin(), fields.end(), [&](const FieldRule& field) { return field.kind == kind; });
  };
  const std::ptrdiff_t wanted = all.empty() ? 0 : 1;
  for (const FieldKind kind : {FieldKind::co2_programme, FieldKind::co2_mass}) {
    if (fields_of(scheme.production_fields, kind) != wanted ||
        fields_of(scheme.device_fields, kind) != 0)
      return false;
  }
  return true;
}

Verdict check_scheme(const Scheme& scheme) {
  const auto bad = [](std::string key) { return Refusal(Reject::scheme_invalid, std::move(key)); };
  if (check_code(scheme.code)) return bad("code");
  if (check_name(scheme.name)) return bad("name");
  if (check_name(scheme.operator_name)) return bad("operator");
  if (scheme.valid_to < scheme.valid_from) return bad("valid_to");
  if (scheme.dimension < Dimension::energy_wh || scheme.dimension > Dimension::mass_gco2e)
    return bad("dimension");
  if (scheme.unit_size < 1 || scheme.unit_size > kUnitSizeMax) return bad("unit_size");
  if (scheme.measure < Measure::gross || scheme.measure > Measure::mass_balance)
    return bad("measure");
  if (scheme.measure != Measure::net && !scheme.deduction_kinds.empty())
    return bad("deduction_kinds");
  if (scheme.production_months_max > 1200) return bad("production_months_max");
  if (!is_clock(scheme.request_deadline, scheme)) return bad("request_deadline");
  if (!is_clock(scheme.request_deadline_supported, scheme))
    return bad("request_deadline_supported");
  if (!is_clock(scheme.transferable, scheme)) return bad("transferable");
  if (!is_clock(scheme.cancellable, scheme)) return bad("cancellable");
  if (!is_clock(scheme.sale, scheme)) return bad("sale");
  if (scheme.carriers.empty() ||
      !std::all_of(scheme.carriers.begin(), scheme.carriers.end(), is_code))
    return bad("carriers");
  if (scheme.holders.empty()) return bad("holders");
  if (scheme.receivers.empty()) return bad("receivers");
  if (scheme.purposes.empty()) return bad("purposes");
  for (const std::vector<ParticipantKind>* kinds : {&scheme.receivers, &scheme.senders}) {
    const bool hold = std::all_of(kinds->begin(), kinds->end(), [&](ParticipantKind kind) {
      return std::find(scheme.holders.begin(), scheme.holders.end(), kind) != scheme.holders.end();
    });
    if (!hold) return bad(kinds == &scheme.senders ? "senders" : "receivers");
  }
  for (const RecipientRule& rule : scheme.recipients) {
    if (rule.kinds.empty()) return bad("recipients");
  }
  if (const Verdict unsound = check_claim_rules(scheme)) return unsound;
  for (const Member& member : scheme.members) {
    if (check_name(member.name) || member.last < member.first) return bad("members");
  }
  if (!is_sound(scheme.mass_balance, scheme)) return bad("mass_balance");
  if (!has_sound_programmes(scheme)) return bad("co2_programmes");
  if (check_name(scheme.serial_format) ||
      !is_serial_format(scheme.serial_format, scheme.device_fields))
    return bad("serial_format");
  for (const std::vector<FieldRule>* rules : {&scheme.device_fields, &scheme.production_fields}) {
    for (const FieldRule& rule : *rules) {
      if (check_name(rule.name)) return bad("fields");
      if (rule.kind == FieldKind::choice && rule.choices.empty()) return bad(rule.name);
      if (rule.kind == FieldKind::member && scheme.members.empty()) return bad(rule.name);
      if (!has_sound_limits(rule)) return bad(rule.name);
    }
  }
  return std::nullopt;
}

Verdict check_terms(const InstrumentTerms& terms) {
  if (!is_valid(terms.currency)) return Reject::currency_invalid;
  const auto bad = [](const char* which) {
    return Refusal(Reject::instrument_terms_invalid, which);
  };
  if (!terms.tick_value.is_positive()) return bad("tick_value");
  if (terms.dimension != Dimension::energy_wh && terms.dimension != Dimension::mass_gco2e)
    return bad("dimension");
  if (terms.contract_size < 1 || terms.contract_size > kContractSizeMax)
    return bad("contract_size");
  if (!terms.quantity_max.is_positive() || terms.quantity_max.value() > kQuantityMax)
    return bad("quantity_max");
  if (!terms.price_min.is_positive()) return bad("price_min");
  if (terms.price_max < terms.price_min) return bad("price_max");
  if (terms.quantity_min.is_negative() || terms.quantity_min > terms.quantity_max)
    return bad("quantity_min");
  if (terms.value_min.is_negative() || terms.value_max.is_negative()) return bad("value_min");
  if (!terms.value_max.is_zero() && terms.value_max < terms.value_min) return bad("value_max");
  if (!product_fits(terms.price_max.value(), terms.quantity_max.value()))
    return Reject::notional_too_large;
  const std::int64_t largest = terms.price_max.value() * terms.quantity_max.value();
  if (!product_fits(largest, terms.tick_value.value())) return Reject::notional_too_large;
  return std::nullopt;
}

bool has_sound_collars(const TradingRules& rules) {
  const bool has_collar = rules.dynamic_collar_ppm > 0 || rules.static_collar_ppm > 0;
  if (!has_collar) return rules.volatility_call_s == 0 && rules.volatility_random_s == 0;
  return rules.dynamic_collar_ppm <= kCollarMaxPpm && rules.static_collar_ppm <= kCollarMaxPpm &&
         rules.volatility_call_s >= 1 && rules.volatility_call_s <= 86'400 &&
         rules.volatility_random_s <= 3'600;
}

bool is_phase(Phase phase) {
  return phase >= Phase::continuous && phase <= Phase::pre_open;
}

Verdict check_schedule(const std::vector<PhaseChange>& changes) {
  if (changes.size() > kCalendarMax) return Refusal(Reject::too_many_items, "phases");
  const PhaseChange* before = nullptr;
  for (const PhaseChange& change : changes) {
    const bool sound = is_phase(change.phase) && change.at.ns() > 0 && change.at <= kInstantMax &&
                       change.random_ns >= 0 && change.random_ns <= kRandomPartMaxNs;
    if (!sound) return Reject::schedule_invalid;
    const bool follows =
        before == nullptr ||
        (before->at.ns() + before->random_ns < change.at.ns() && before->phase != change.phase);
    if (!follows) return Reject::schedule_invalid;
    before = &change;
  }
  return std::nullopt;
}

Verdict check_tiers(const std::vector<FeeTier>& tiers) {
  if (tiers.size() > kFeeTiersMax) return Reject::fee_tiers_invalid;
  std::int64_t below = 0;
  for (const FeeTier& tier : tiers) {
    if (tier.volume_from <= below || !is_sound(tier.fees)) return Reject::fee_tiers_invalid;
    below = tier.volume_from;
  }
  return std::nullopt;
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
