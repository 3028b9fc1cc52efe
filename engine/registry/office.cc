#include "engine/registry/office.h"

#include <algorithm>

#include "engine/market/filter.h"
#include "engine/registry/captured_co2.h"
#include "engine/registry/fields.h"

// From a scheme's rules to certificates in circulation.
namespace origo {
namespace {

bool fits_attribute(FieldKind field, AttributeKind attribute) {
  switch (field) {
    case FieldKind::text:
    case FieldKind::member:
    case FieldKind::choice:
      return attribute == AttributeKind::symbol;
    case FieldKind::number:
      return attribute == AttributeKind::number;
    case FieldKind::date:
      return attribute == AttributeKind::date;
    case FieldKind::flag:
      return attribute == AttributeKind::flag;
    case FieldKind::co2_programme:
    case FieldKind::co2_mass:
      return false;  // the core says them itself
  }
  return false;
}

// Whether the device or its production receives support, which may shorten the request deadline.
bool is_supported(const Vocabulary& vocabulary, const AttributeValues& values) {
  const AttributeId support = vocabulary.find_attribute("support");
  return support.is_set() &&
         std::any_of(values.begin(), values.end(), [&](const AttributeValue& value) {
           if (value.attribute != support) return false;
           if (vocabulary.get_attribute(support).kind != AttributeKind::symbol)
             return value.value != 0;
           return vocabulary.word(SymbolId(static_cast<std::uint32_t>(value.value))) != "none";
         });
}

// Calls visit(list, conditions) for all conditions of the scheme's rules.
template <class Visit>
void for_each_condition(const Scheme& scheme, Visit&& visit) {
  for (const RecipientRule& rule : scheme.recipients) visit("recipients", rule.when);
  for (const ClaimRule& rule : scheme.claims) visit("claims", rule.when);
  for (const ClaimBar& bar : scheme.claims_barred) {
    visit("claims_barred", bar.when);
    visit("claims_barred", bar.unless);
  }
}

}  // namespace

const Scheme* Office::scheme_today(RegistryId registry) const {
  const SchemeId version = registry_.scheme_on(registry_.get(registry).scheme, date_of(now_));
  return version.is_set() ? &registry_.get(version) : nullptr;
}

Verdict Office::check_attribute(const char* name, AttributeKind kind) const {
  const AttributeId attribute = state_.vocabulary.find_attribute(name);
  if (!attribute.is_set() || state_.vocabulary.get_attribute(attribute).kind != kind)
    return Refusal(Reject::attribute_unknown, name);
  return std::nullopt;
}

// Whether what the fields become exists, with a kind that fits.
Verdict Office::check_attributes(const Scheme& scheme) const {
  for (const std::vector<FieldRule>* rules : {&scheme.device_fields, &scheme.production_fields}) {
    for (const FieldRule& rule : *rules) {
      if (rule.attribute.empty()) continue;
      const AttributeId attribute = state_.vocabulary.find_attribute(rule.attribute);
      if (!attribute.is_set()) return Refusal(Reject::attribute_unknown, rule.attribute);
      const bool derived = attribute <= CoreAttributes::expiry ||  // the core's own
                           rule.attribute == kCo2Counting || rule.attribute == kCo2Share ||
                           rule.attribute == kCo2Programme;
      if (derived || !fits_attribute(rule.kind, state_.vocabulary.get_attribute(attribute).kind))
        return Refusal(Reject::scheme_invalid, rule.name);
    }
  }
  return std::nullopt;
}

// What is measured and carried, and the instruments that deliver it, count in a scheme's unit, so
// no version changes it once a registry runs the scheme.
Verdict Office::check_unit(const Scheme& scheme) const {
  const bool in_use =
      std::any_of(registry_.books.begin(), registry_.books.end(), [&](const RegistryBook& book) {
        return book.scheme == scheme.code;
      });
  if (!in_use) return std::nullopt;
  const auto known = std::find_if(registry_.schemes.rbegin(),
                                  registry_.schemes.rend(),
                                  [&](const Scheme& other) { return other.code == scheme.code; });
  ENSURE(known != registry_.schemes.rend());
  if (known->dimension != scheme.dimension) return Refusal(Reject::scheme_invalid, "dimension");
  if (known->unit_size != scheme.unit_size) return Refusal(Reject::scheme_invalid, "unit_size");
  return std::nullopt;
}

// Whether the conditions of rules speak of attributes that there are, and of values they can have.
Verdict Office::check_conditions(const Scheme& scheme) const {
  Vocabulary scratch = state_.vocabulary;  // a refused scheme leaves no words behind
  Verdict bad;
  for_each_condition(scheme, [&](const char* list, const std::vector<ClauseSpec>& when) {
    if (!bad && !make_filter(when, scratch)) bad = Refusal(Reject::scheme_invalid, list);
  });
  return bad;
}

bool Office::meets(const AttributeValues& said, const std::vector<ClauseSpec>& when) const {
  const Result<Filter> filter = make_filter(when, state_.vocabulary);
  ENSURE(static_cast<bool>(filter));  // as when the scheme was loaded
  return filter->matches(said);
}

// Lots keep the rules of their issuance; until when they change hands also follows the rules of
// each day.
void Office::follow_sale_rules(const std::string& code, std::vector<LotId>& ended) {
  const bool ruled =
      std::any_of(registry_.schemes.begin(), registry_.schemes.end(), [&](const Scheme& scheme) {
        return scheme.code == code && scheme.sale.basis != ClockBasis::none;
      });
  if (!ruled) return;
  bool changed = false;
  for (Lot& lot : registry_.lots) {
    const Scheme& scheme = registry_.get(lot.scheme);
    if (scheme.code != code) continue;
    const Date until =
        transferable_until(scheme, clock_days(*registry_.find(lot.declaration), lot.issued_on));
    if (until == lot.transferable_until) continue;
    if (lot.watched) {
      state_.due.erase({.at = end_of(lot.transferable_until),
                        .kind = DueKind::transfer_end,
                        .id = lot.id.value()});
      if (end_of(until) <= now_ && now_ < end_of(lot.transferable_until)) ended.push_back(lot.id);
      if (now_ < end_of(until) && until != kNever)
        state_.due.insert(
            {.at = end_of(until), .kind = DueKind::transfer_end, .id = lot.id.value()});
    }
    lot.transferable_until = until;
    changed = true;
  }
  if (changed)
    state_.market.standings = Standings();  // what lots can be delivered is found out anew
}

Result<SchemeId> Office::load(const LoadScheme& command, std::vector<LotId>& ended) {
  if (const Verdict bad = check_attributes(command.scheme)) return *bad;
  if (const Verdict bad = check_conditions(command.scheme)) return *bad;
  if (const Verdict bad = check_unit(command.scheme)) return *bad;
  if (const Verdict bad = check_programmes(command.scheme)) return *bad;
  registry_.schemes.push_back(command.scheme);
  for_each_condition(command.scheme, [&](const char*, const std::vector<ClauseSpec>& when) {
    static_cast<void>(make_filter(when, state_.vocabulary));  // from now on its words are known
  });
  follow_sale_rules(command.scheme.code, ended);
  const SchemeId id(static_cast<std::uint32_t>(registry_.schemes.size()));
  events_.append(SchemeLoaded{.scheme = id,
                              .code = command.scheme.code,
                              .valid_from = command.scheme.valid_from,
                              .source = command.source});
  return id;
}

Result<RegistryId> Office::create(const CreateRegistry& command) {
  const bool taken =
      std::any_of(registry_.books.begin(), registry_.books.end(), [&](const RegistryBook& book) {
        return book.code == command.code;
      });
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

Result<Measured> Office::count(const Scheme& scheme,
                               Measured gross,
                               const std::vector<Deduction>& deductions) {
  Measured deducted;
  for (const Deduction& deduction : deductions) {
    const bool known =
        std::find(scheme.deduction_kinds.begin(), scheme.deduction_kinds.end(), deduction.kind) !=
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
  if (state_.parties.get(device->on(command.period.first).producer).frozen)
    return Reject::participant_frozen;
  const Scheme* scheme = scheme_today(device->registry);
  if (scheme == nullptr) return Reject::scheme_unknown;
  const Period& period = command.period;
  if (const Verdict bad = check_making(*device, command.carrier, period)) return *bad;
  if (end_of(period.last) > now_) return Reject::period_in_future;
  if (period.first < device->start()) return Reject::period_before_device;
  if (scheme->production_months_max > 0 &&
      period.last >= add_months(period.first, scheme->production_months_max))
    return Reject::period_too_long;
  const Result<Measured> counted = count(*scheme, command.gross, command.deductions);
  if (!counted) return counted.refusal();
  if (const Verdict bad = check_fields(*scheme,
                                       scheme->production_fields,
                                       command.fields,
                                       {.today = date_of(now_), .end = period.last}))
    return *bad;
  const Result<std::vector<FuelCo2>> co2 = fuel_co2(*scheme, command);
  if (!co2) return co2.refusal();
  // Declared periods of a carrier are disjoint, so only the neighbours can overlap.
  const auto after = device->periods.lower_bound({command.carrier, period});
  const auto same_carrier = [&](const auto& entry) { return entry.first.first == command.carrier; };
  if (after != device->periods.end() && same_carrier(*after) &&
      after->first.second.first <= period.last)
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
  declaration.co2 = *co2;
  collect_attributes(
      scheme->production_fields, command.fields, state_.vocabulary, declaration.attributes);
  registry_.get(command.device).periods.emplace(std::pair(command.carrier, period), id);
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
Verdict Office::check_holder(AccountId id,
                             const std::vector<ParticipantKind>& kinds,
                             Reject otherwise) const {
  const Participant& holder = state_.parties.get(state_.parties.get(id).participant);
  const bool may = std::any_of(kinds.begin(), kinds.end(), [&](ParticipantKind kind) {
    return Parties::has_kind(holder, kind);
  });
  if (!may) return Refusal(otherwise);
  return std::nullopt;
}

const std::vector<ParticipantKind>& Office::recipients(const Scheme& scheme,
                                                       const Declaration& declaration) const {
  AttributeValues said = registry_.maker_of(declaration).attributes;
  said.insert(said.end(), declaration.attributes.begin(), declaration.attributes.end());
  std::sort(said.begin(), said.end());
  for (const RecipientRule& rule : scheme.recipients) {
    if (meets(said, rule.when)) return rule.kinds;
  }
  return scheme.holders;
}

Result<DeclarationId> Office::request(const RequestIssuance& command) {
  const Declaration* declaration = registry_.find(command.declaration);
  if (declaration == nullptr) return Reject::declaration_unknown;
  if (declaration->state != DeclarationState::declared) return Reject::issuance_already_requested;
  const Device& device = registry_.get(declaration->device);
  const DeviceVersion& maker = registry_.maker_of(*declaration);
  if (!device.approved) return Reject::device_not_approved;
  if (state_.parties.get(maker.producer).frozen) return Reject::participant_frozen;
  const Account* account = state_.parties.find(command.account);
  if (account == nullptr) return Reject::account_unknown;
  if (const Verdict bad = check_unfrozen(command.account)) return *bad;
  if (account->registry != device.registry) return Reject::account_registry_mismatch;
  const Scheme* scheme = scheme_today(device.registry);
  if (scheme == nullptr) return Reject::scheme_unknown;
  if (const Verdict bad = check_holder(
          command.account, recipients(*scheme, *declaration), Reject::account_kind_barred))
    return *bad;
  const bool supported = is_supported(state_.vocabulary, maker.attributes) ||
                         is_supported(state_.vocabulary, declaration->attributes);
  const Clock& clock = supported && scheme->request_deadline_supported.basis != ClockBasis::none
                           ? scheme->request_deadline_supported
                           : scheme->request_deadline;
  const Date today = date_of(now_);
  if (today > last_day(clock, clock_days(*declaration, today)))
    return Reject::issuance_deadline_passed;
  Declaration& requested = registry_.declarations[command.declaration.value() - 1];
  requested.state = DeclarationState::requested;
  requested.account = command.account;
  events_.append(IssuanceRequested{.declaration = command.declaration, .account = command.account});
  return command.declaration;
}

}  // namespace origo
