#include <algorithm>
#include <utility>

#include "engine/registry/balancing.h"
#include "engine/registry/captured_co2.h"
#include "engine/registry/office.h"

// From a declaration to certificates in circulation: their clocks, attributes and units.
namespace origo {

ClockDays Office::clock_days(const Declaration& declaration, Date issued) const {
  ClockDays days{.period = declaration.period, .issued = issued};
  const AttributeId declared = state_.vocabulary.find_attribute(kDeclaredDay);
  for (const AttributeValue& value : declaration.attributes) {
    if (value.attribute == declared) days.declared = Date(static_cast<std::int32_t>(value.value));
  }
  return days;
}

Date Office::transferable_until(const Scheme& scheme, const ClockDays& days) const {
  return std::min(last_day(scheme.transferable, days), registry_.sale_end(scheme.code, days));
}

// What is said of a lot: what the core derives, the device's fields and the production's.
AttributeValues Office::attributes_of(const Lot& lot, const Declaration& declaration) {
  const Device& device = registry_.get(lot.device);
  const RegistryBook& book = registry_.get(lot.registry);
  AttributeValues values = registry_.maker_of(declaration).attributes;
  values.insert(values.end(), declaration.attributes.begin(), declaration.attributes.end());
  const auto say = [&](AttributeId attribute, std::int64_t value) {
    values.push_back({attribute, value});
  };
  const auto say_word = [&](AttributeId attribute, const std::string& word) {
    say(attribute, state_.vocabulary.intern(word).value());
  };
  say_word(CoreAttributes::registry, book.code);
  say_word(CoreAttributes::scheme, book.scheme);
  say_word(CoreAttributes::carrier, declaration.carrier);
  say_word(CoreAttributes::country, device.country);
  say(CoreAttributes::device, device.id.value());
  say(CoreAttributes::vintage, year_of(lot.period.last));
  say(CoreAttributes::production_start, lot.period.first.days());
  say(CoreAttributes::production_end, lot.period.last.days());
  say(CoreAttributes::issued, lot.issued_on.days());
  say(CoreAttributes::expiry, lot.cancellable_until.days());
  say_results(declaration, values);
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

bool Office::keeps_apart(const Scheme& scheme, const Declaration& declaration) const {
  if (scheme.mass_balance.period_months == 0) return false;
  const AttributeId number = state_.vocabulary.find_attribute(kProofNumber);
  return std::any_of(declaration.attributes.begin(),
                     declaration.attributes.end(),
                     [&](const AttributeValue& value) { return value.attribute == number; });
}

// Validates all of an issuance and says what it would bring into circulation.
Result<Office::Issuance> Office::plan(const ApproveIssuance& command) const {
  const Declaration* declaration = registry_.find(command.declaration);
  if (declaration == nullptr) return Reject::declaration_unknown;
  if (declaration->state != DeclarationState::requested) return Reject::issuance_not_requested;
  const Device& device = registry_.get(declaration->device);
  if (!device.approved) return Reject::device_not_approved;
  if (state_.parties.get(registry_.maker_of(*declaration).producer).frozen)
    return Reject::participant_frozen;
  if (const Verdict bad = check_unfrozen(declaration->account)) return *bad;
  const Date today = date_of(now_);
  const SchemeId version = registry_.scheme_on(registry_.get(device.registry).scheme, today);
  if (!version.is_set()) return Reject::scheme_unknown;
  if (const Verdict bad = check_yield(*declaration, declaration->counted)) return *bad;
  if (const Verdict bad = check_co2(*declaration, registry_.get(version))) return *bad;

  Issuance planned;
  const auto carried = device.carried.find(declaration->line());
  const Remainder remainder = carried == device.carried.end() ? Remainder() : carried->second;
  planned.carried_in = remainder.amount;
  // A remainder that does not add up to units with this production stays as it is.
  const Remainder added =
      keeps_apart(registry_.get(version), *declaration) ? Remainder() : remainder;
  const Int128 co2 = co2_in(registry_, *declaration) + added.co2.value();
  if (co2 > kSupplyMax) return Refusal(Reject::amount_above_cap, "co2");
  planned.co2_in = Measured(static_cast<std::int64_t>(co2));
  const Int128 whole = Int128{declaration->counted.value()} + added.amount.value();
  if (const Verdict bad = plan_units(*declaration, version, whole, planned)) return *bad;
  planned.carried_out += remainder.amount - added.amount;
  planned.co2_out += remainder.co2 - added.co2;
  return planned;
}

Verdict Office::plan_units(const Declaration& declaration,
                           SchemeId version,
                           Int128 whole,
                           Issuance& planned) const {
  const Scheme& scheme = registry_.get(version);
  planned.scheme = version;
  planned.units = Units(divide_floor(whole, scheme.unit_size));
  planned.carried_out = Measured(static_cast<std::int64_t>(whole % scheme.unit_size));
  // The captured CO2 divides as the energy does; what rounding leaves is carried on.
  const Int128 issued = whole - planned.carried_out.value();
  planned.co2 = Measured(
      whole > 0 ? static_cast<std::int64_t>(Int128{planned.co2_in.value()} * issued / whole) : 0);
  planned.co2_out = planned.co2_in - planned.co2;
  const ClockDays days = clock_days(declaration, date_of(now_));
  planned.transferable_until = transferable_until(scheme, days);
  planned.cancellable_until = last_day(scheme.cancellable, days);
  if (planned.units.value() > kSupplyMax) return Refusal(Reject::amount_above_cap, "units");
  if (planned.units.is_positive() && now_ >= end_of(planned.cancellable_until))
    return Reject::certificates_expired;
  if (keeps_apart(scheme, declaration) && planned.units.is_positive())
    return Balancing(working()).check_issuance(declaration,
                                               Int128{planned.units.value()} * scheme.unit_size);
  return std::nullopt;
}

Verdict Office::check(const ApproveIssuance& command) const {
  const Result<Issuance> planned = plan(command);
  if (!planned) return planned.refusal();
  return std::nullopt;
}

Result<LotId> Office::issue(const ApproveIssuance& command) {
  const Result<Issuance> planned = plan(command);
  if (!planned) return planned.refusal();
  Declaration& declaration = registry_.get(command.declaration);
  declaration.state = DeclarationState::issued;
  registry_.get(declaration.device).carried[declaration.line()] = {.amount = planned->carried_out,
                                                                   .co2 = planned->co2_out};
  return bring_out(command.declaration, *planned, declaration.counted);
}

// Whole units of a declaration enter circulation; none: the event alone says what is carried.
LotId Office::bring_out(DeclarationId id, const Issuance& planned, Measured counted) {
  Declaration& declaration = registry_.get(id);
  const Device& device = *registry_.find(declaration.device);
  const Scheme& scheme = registry_.get(planned.scheme);
  const Units units = planned.units;
  Lot lot;
  lot.transferable_until = planned.transferable_until;
  lot.cancellable_until = planned.cancellable_until;
  if (units.is_positive()) {
    lot.id = LotId(static_cast<std::uint32_t>(registry_.lots.size() + 1));
    lot.registry = device.registry;
    lot.scheme = planned.scheme;
    lot.device = device.id;
    lot.declaration = declaration.id;
    lot.period = declaration.period;
    lot.issued_on = date_of(now_);
    lot.dimension = scheme.dimension;
    lot.unit_size = scheme.unit_size;
    lot.issued = units;
    lot.attributes = attributes_of(lot, declaration);
    lot.flagged = declaration.flagged;
    lot.co2 = planned.co2;
    if (declaration.lot.is_set()) {
      declaration.later_lots.push_back(lot.id);
    } else {
      declaration.lot = lot.id;
    }
    state_.holdings.issue(lot.id, declaration.account, units);
    if (lot.cancellable_until != kNever) registry_.await_write_off(lot.cancellable_until, lot.id);
  }
  events_.append(CertificatesIssued{.declaration = declaration.id,
                                    .lot = lot.id,
                                    .account = declaration.account,
                                    .units = units,
                                    .counted = counted,
                                    .carried_in = planned.carried_in,
                                    .carried_out = planned.carried_out,
                                    .transferable_until = lot.transferable_until,
                                    .cancellable_until = lot.cancellable_until});
  if (units.is_positive())
    events_.append(CertificatesMoved{.lot = lot.id,
                                     .from = AccountId(),
                                     .to = declaration.account,
                                     .range = {.first = Serial(1), .count = units},
                                     .reason = MoveReason::issuance,
                                     .reference = declaration.id.value()});
  if (lot.flagged.is_set()) events_.append(LotFlagged{.withdrawal = lot.flagged, .lot = lot.id});
  const LotId issued = lot.id;
  if (!issued.is_set()) return issued;
  registry_.lots.push_back(std::move(lot));
  if (keeps_apart(scheme, declaration))
    Balancing(working()).issue(declaration, registry_.get(issued));
  return issued;
}

}  // namespace origo
