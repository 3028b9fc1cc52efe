#include "engine/registry/office.h"

#include <algorithm>

#include "engine/market/filter.h"
#include "engine/registry/fields.h"

// From a scheme's rules to certificates in circulation.
namespace origo {
namespace {

bool fits_attribute(FieldKind field, AttributeKind attribute) {
  switch (field) {
    case FieldKind::text:
    case FieldKind::member:
    case FieldKind::choice: return attribute == AttributeKind::symbol;
    case FieldKind::number: return attribute == AttributeKind::number;
    case FieldKind::date: return attribute == AttributeKind::date;
    case FieldKind::flag: return attribute == AttributeKind::flag;
  }
  return false;
}

// Whether the device or its production receives support, which may shorten the request deadline.
bool is_supported(const Vocabulary& vocabulary, const AttributeValues& values) {
  const AttributeId support = vocabulary.find_attribute("support");
  return support.is_set() && std::any_of(values.begin(), values.end(), [&](const AttributeValue& value) {
           if (value.attribute != support) return false;
           if (vocabulary.get_attribute(support).kind != AttributeKind::symbol) return value.value != 0;
           return vocabulary.word(SymbolId(static_cast<std::uint32_t>(value.value))) != "none";
         });
}

}  // namespace

const Scheme* Office::scheme_today(RegistryId registry) const {
  const SchemeId version = registry_.scheme_on(registry_.get(registry).scheme, date_of(now_));
  return version.is_set() ? &registry_.get(version) : nullptr;
}

// Whether what the fields become exists, with a kind that fits.
Verdict Office::check_attributes(const Scheme& scheme) const {
  for (const std::vector<FieldRule>* rules : {&scheme.device_fields, &scheme.production_fields}) {
    for (const FieldRule& rule : *rules) {
      if (rule.attribute.empty()) continue;
      const AttributeId attribute = state_.vocabulary.find_attribute(rule.attribute);
      if (!attribute.is_set()) return Refusal(Reject::attribute_unknown, rule.attribute);
      const bool derived = attribute <= CoreAttributes::expiry;  // the core's own
      if (derived || !fits_attribute(rule.kind, state_.vocabulary.get_attribute(attribute).kind))
        return Refusal(Reject::scheme_invalid, rule.name);
    }
  }
  return std::nullopt;
}

// What is measured and carried, and the instruments that deliver it, count in a scheme's unit, so no
// version changes it once a registry runs the scheme.
Verdict Office::check_unit(const Scheme& scheme) const {
  const bool in_use = std::any_of(registry_.books.begin(), registry_.books.end(),
                                  [&](const RegistryBook& book) { return book.scheme == scheme.code; });
  if (!in_use) return std::nullopt;
  const auto known = std::find_if(registry_.schemes.rbegin(), registry_.schemes.rend(),
                                  [&](const Scheme& other) { return other.code == scheme.code; });
  ENSURE(known != registry_.schemes.rend());
  if (known->dimension != scheme.dimension) return Refusal(Reject::scheme_invalid, "dimension");
  if (known->unit_size != scheme.unit_size) return Refusal(Reject::scheme_invalid, "unit_size");
  return std::nullopt;
}

// Whether the conditions of recipients speak of attributes that there are, and of values they can have.
Verdict Office::check_recipients(const Scheme& scheme) const {
  Vocabulary scratch = state_.vocabulary;  // a refused scheme leaves no words behind
  for (const RecipientRule& rule : scheme.recipients) {
    if (!make_filter(rule.when, scratch)) return Refusal(Reject::scheme_invalid, "recipients");
  }
  return std::nullopt;
}

// Lots keep the rules of their issuance; until when they change hands also follows the rules of each day.
void Office::follow_sale_rules(const std::string& code, std::vector<LotId>& ended) {
  const bool ruled = std::any_of(registry_.schemes.begin(), registry_.schemes.end(), [&](const Scheme& scheme) {
    return scheme.code == code && scheme.sale.basis != ClockBasis::none;
  });
  if (!ruled) return;
  bool changed = false;
  for (Lot& lot : registry_.lots) {
    const Scheme& scheme = registry_.get(lot.scheme);
    if (scheme.code != code) continue;
    const Date until = transferable_until(scheme, clock_days(*registry_.find(lot.declaration), lot.issued_on));
    if (until == lot.transferable_until) continue;
    if (lot.watched) {
      state_.due.erase({.at = end_of(lot.transferable_until), .kind = DueKind::transfer_end, .id = lot.id.value()});
      if (end_of(until) <= now_ && now_ < end_of(lot.transferable_until)) ended.push_back(lot.id);
      if (now_ < end_of(until) && until != kNever)
        state_.due.insert({.at = end_of(until), .kind = DueKind::transfer_end, .id = lot.id.value()});
    }
    lot.transferable_until = until;
    changed = true;
  }
  if (changed) state_.market.standings = Standings();  // what lots can be delivered is found out anew
}

Result<SchemeId> Office::load(const LoadScheme& command, std::vector<LotId>& ended) {
  if (const Verdict bad = check_attributes(command.scheme)) return *bad;
  if (const Verdict bad = check_recipients(command.scheme)) return *bad;
  if (const Verdict bad = check_unit(command.scheme)) return *bad;
  registry_.schemes.push_back(command.scheme);
  for (const RecipientRule& rule : command.scheme.recipients) {
    static_cast<void>(make_filter(rule.when, state_.vocabulary));  // from now on its words are known
  }
  follow_sale_rules(command.scheme.code, ended);
  const SchemeId id(static_cast<std::uint32_t>(registry_.schemes.size()));
  events_.append(SchemeLoaded{.scheme = id,
                              .code = command.scheme.code,
                              .valid_from = command.scheme.valid_from,
                              .source = command.source});
  return id;
}

Result<RegistryId> Office::create(const CreateRegistry& command) {
  const bool taken = std::any_of(registry_.books.begin(), registry_.books.end(),
                                 [&](const RegistryBook& book) { return book.code == command.code; });
  if (taken) return Reject::code_taken;
  if (!registry_.scheme_on(command.scheme, date_of(now_)).is_set()) return Reject::scheme_unknown;
  const RegistryId id(static_cast<std::uint32_t>(registry_.books.size() + 1));
  registry_.books.push_back({.id = id,
                             .code = command.code,
                             .name = command.name,
                             .scheme = command.scheme,
                             .country = command.country});
  events_.append(RegistryCreated{.registry = id, .details = command});
  return id;
}

Result<DeviceId> Office::register_device(const RegisterDevice& command) {
  if (registry_.find(command.registry) == nullptr) return Reject::registry_unknown;
  const Participant* producer = state_.parties.find(command.producer);
  if (producer == nullptr) return Reject::participant_unknown;
  if (producer->frozen) return Reject::participant_frozen;
  const Scheme* scheme = scheme_today(command.registry);
  if (scheme == nullptr) return Reject::scheme_unknown;
  if (!scheme->countries.empty() && std::find(scheme->countries.begin(), scheme->countries.end(),
                                              command.country) == scheme->countries.end())
    return Reject::country_not_allowed;
  const bool carriers_fit =
      !command.carriers.empty() && command.carriers.size() <= scheme->carriers.size() &&
      std::all_of(command.carriers.begin(), command.carriers.end(), [&](const std::string& carrier) {
        return std::find(scheme->carriers.begin(), scheme->carriers.end(), carrier) !=
               scheme->carriers.end();
      });
  if (!carriers_fit) return Reject::carrier_not_allowed;
  if (const Verdict bad = check_fields(*scheme, scheme->device_fields, command.fields,
                                       {.today = date_of(now_), .end = date_of(now_)}))
    return *bad;
  const DeviceId id(static_cast<std::uint32_t>(registry_.devices.size() + 1));
  Device& device = registry_.devices.emplace_back();
  device.id = id;
  device.registry = command.registry;
  device.producer = command.producer;
  device.name = command.name;
  device.country = command.country;
  device.carriers = command.carriers;
  device.start = command.start;
  device.fields = command.fields;
  collect_attributes(scheme->device_fields, command.fields, state_.vocabulary, device.attributes);
  events_.append(DeviceRegistered{.device = id, .details = command});
  return id;
}

Result<DeviceId> Office::approve(const ApproveDevice& command) {
  const Device* device = registry_.find(command.device);
  if (device == nullptr) return Reject::device_unknown;
  if (device->approved) return Reject::device_already_approved;
  registry_.devices[command.device.value() - 1].approved = true;
  events_.append(DeviceApproved{.device = command.device});
  return command.device;
}

Result<Measured> Office::count(const Scheme& scheme, Measured gross, const std::vector<Deduction>& deductions) {
  Measured deducted;
  for (const Deduction& deduction : deductions) {
    const bool known = std::find(scheme.deduction_kinds.begin(), scheme.deduction_kinds.end(), deduction.kind) !=
                       scheme.deduction_kinds.end();
    if (!known) return Refusal(Reject::deduction_unknown, deduction.kind);
    deducted += deduction.amount;
  }
  return scheme.measure == Measure::net ? gross - deducted : gross;
}

Result<DeclarationId> Office::declare(const DeclareProduction& command) {
  const Device* device = registry_.find(command.device);
  if (device == nullptr) return Reject::device_unknown;
  if (!device->approved) return Reject::device_not_approved;
  if (state_.parties.get(device->producer).frozen) return Reject::participant_frozen;
  const Scheme* scheme = scheme_today(device->registry);
  if (scheme == nullptr) return Reject::scheme_unknown;
  if (std::find(device->carriers.begin(), device->carriers.end(), command.carrier) ==
      device->carriers.end())
    return Reject::carrier_not_allowed;
  const Period& period = command.period;
  if (end_of(period.last) > now_) return Reject::period_in_future;
  if (period.first < device->start) return Reject::period_before_device;
  if (scheme->production_months_max > 0 &&
      period.last >= add_months(period.first, scheme->production_months_max))
    return Reject::period_too_long;
  const Result<Measured> counted = count(*scheme, command.gross, command.deductions);
  if (!counted) return counted.refusal();
  if (const Verdict bad = check_fields(*scheme, scheme->production_fields, command.fields,
                                       {.today = date_of(now_), .end = period.last}))
    return *bad;
  // Declared periods of a carrier are disjoint, so only the neighbours can overlap.
  const auto after = device->periods.lower_bound({command.carrier, period});
  const auto same_carrier = [&](const auto& entry) { return entry.first.first == command.carrier; };
  if (after != device->periods.end() && same_carrier(*after) && after->first.second.first <= period.last)
    return Reject::period_overlaps;
  if (after != device->periods.begin() && same_carrier(*std::prev(after)) &&
      std::prev(after)->first.second.last >= period.first)
    return Reject::period_overlaps;

  const DeclarationId id(static_cast<std::uint32_t>(registry_.declarations.size() + 1));
  Declaration& declaration = registry_.declarations.emplace_back();
  declaration.id = id;
  declaration.device = command.device;
  declaration.carrier = command.carrier;
  declaration.period = period;
  declaration.gross = command.gross;
  declaration.counted = *counted;
  collect_attributes(scheme->production_fields, command.fields, state_.vocabulary, declaration.attributes);
  registry_.devices[command.device.value() - 1].periods.emplace(std::pair(command.carrier, period), id);
  events_.append(ProductionDeclared{.declaration = id, .details = command});
  return id;
}

Verdict Office::check_unfrozen(AccountId id) const {
  const Account& account = state_.parties.get(id);
  if (state_.parties.get(account.participant).frozen) return Reject::participant_frozen;
  if (account.frozen) return Reject::account_frozen;
  return std::nullopt;
}

// Whether the account's holder is of one of `kinds`.
Verdict Office::check_holder(AccountId id, const std::vector<ParticipantKind>& kinds,
                             Reject otherwise) const {
  const Participant& holder = state_.parties.get(state_.parties.get(id).participant);
  const bool may = std::any_of(kinds.begin(), kinds.end(), [&](ParticipantKind kind) {
    return Parties::has_kind(holder, kind);
  });
  if (!may) return Refusal(otherwise);
  return std::nullopt;
}

const std::vector<ParticipantKind>& Office::recipients(const Scheme& scheme, const Device& device,
                                                       const Declaration& declaration) {
  AttributeValues said = device.attributes;
  said.insert(said.end(), declaration.attributes.begin(), declaration.attributes.end());
  std::sort(said.begin(), said.end());
  for (const RecipientRule& rule : scheme.recipients) {
    const Result<Filter> when = make_filter(rule.when, state_.vocabulary);
    ENSURE(static_cast<bool>(when));  // as when the scheme was loaded
    if (when->matches(said)) return rule.kinds;
  }
  return scheme.holders;
}

Result<DeclarationId> Office::request(const RequestIssuance& command) {
  const Declaration* declaration = registry_.find(command.declaration);
  if (declaration == nullptr) return Reject::declaration_unknown;
  if (declaration->state != DeclarationState::declared) return Reject::issuance_already_requested;
  const Device& device = *registry_.find(declaration->device);
  if (state_.parties.get(device.producer).frozen) return Reject::participant_frozen;
  const Account* account = state_.parties.find(command.account);
  if (account == nullptr) return Reject::account_unknown;
  if (const Verdict bad = check_unfrozen(command.account)) return *bad;
  if (account->registry != device.registry) return Reject::account_registry_mismatch;
  const Scheme* scheme = scheme_today(device.registry);
  if (scheme == nullptr) return Reject::scheme_unknown;
  if (const Verdict bad = check_holder(command.account, recipients(*scheme, device, *declaration),
                                       Reject::account_kind_barred))
    return *bad;
  const bool supported = is_supported(state_.vocabulary, device.attributes) ||
                         is_supported(state_.vocabulary, declaration->attributes);
  const Clock& clock = supported && scheme->request_deadline_supported.basis != ClockBasis::none
                           ? scheme->request_deadline_supported
                           : scheme->request_deadline;
  const Date today = date_of(now_);
  if (today > last_day(clock, clock_days(*declaration, today))) return Reject::issuance_deadline_passed;
  Declaration& requested = registry_.declarations[command.declaration.value() - 1];
  requested.state = DeclarationState::requested;
  requested.account = command.account;
  events_.append(IssuanceRequested{.declaration = command.declaration, .account = command.account});
  return command.declaration;
}

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
  const Device& device = *registry_.find(lot.device);
  const RegistryBook& book = registry_.get(lot.registry);
  AttributeValues values = device.attributes;
  values.insert(values.end(), declaration.attributes.begin(), declaration.attributes.end());
  const auto say = [&](AttributeId attribute, std::int64_t value) { values.push_back({attribute, value}); };
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

// Validates all of an issuance and says what it would bring into circulation.
Result<Office::Issuance> Office::plan(const ApproveIssuance& command) const {
  const Declaration* declaration = registry_.find(command.declaration);
  if (declaration == nullptr) return Reject::declaration_unknown;
  if (declaration->state != DeclarationState::requested) return Reject::issuance_not_requested;
  const Device& device = *registry_.find(declaration->device);
  if (state_.parties.get(device.producer).frozen) return Reject::participant_frozen;
  if (const Verdict bad = check_unfrozen(declaration->account)) return *bad;
  const Date today = date_of(now_);
  const SchemeId version = registry_.scheme_on(registry_.get(device.registry).scheme, today);
  if (!version.is_set()) return Reject::scheme_unknown;
  if (const Verdict bad = check_yield(*declaration, declaration->counted)) return *bad;

  Issuance planned;
  const auto carried = device.carried.find(declaration->carrier);
  if (carried != device.carried.end()) planned.carried_in = carried->second;
  const Int128 whole = Int128{declaration->counted.value()} + planned.carried_in.value();
  if (const Verdict bad = plan_units(*declaration, version, whole, planned)) return *bad;
  return planned;
}

Verdict Office::plan_units(const Declaration& declaration, SchemeId version, Int128 whole, Issuance& planned) const {
  const Scheme& scheme = registry_.get(version);
  planned.scheme = version;
  planned.units = Units(divide_floor(whole, scheme.unit_size));
  planned.carried_out = Measured(static_cast<std::int64_t>(whole % scheme.unit_size));
  const ClockDays days = clock_days(declaration, date_of(now_));
  planned.transferable_until = transferable_until(scheme, days);
  planned.cancellable_until = last_day(scheme.cancellable, days);
  if (planned.units.value() > kSupplyMax) return Refusal(Reject::amount_above_cap, "units");
  if (planned.units.is_positive() && now_ >= end_of(planned.cancellable_until)) return Reject::certificates_expired;
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
  registry_.devices[declaration.device.value() - 1].carried[declaration.carrier] = planned->carried_out;
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
    if (declaration.lot.is_set()) {
      declaration.later_lots.push_back(lot.id);
    } else {
      declaration.lot = lot.id;
    }
    registry_.lots.push_back(lot);
    state_.holdings.issue(lot.id, declaration.account, units, lot.cancellable_until);
    if (lot.cancellable_until != kNever)
      registry_.to_write_off.insert({.last_day = lot.cancellable_until, .lot = lot.id});
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
  return lot.id;
}

}  // namespace origo
