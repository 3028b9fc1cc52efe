#include "gateway/grpc/registry_views.h"

#include <variant>
#include <vector>

#include "engine/registry/captured_co2.h"
#include "engine/registry/serial_format.h"
#include "gateway/statement/document.h"
#include "proto/codec/commands.h"
#include "proto/codec/schemes.h"

namespace origo::gateway::registry_views {

std::string text_of(Date date) {
  return date == Date() ? std::string() : to_string(date);
}

void write(Period period, v1::Period& out) {
  out.set_first(text_of(period.first));
  out.set_last(text_of(period.last));
}

namespace {

void write(const std::vector<Field>& fields, google::protobuf::RepeatedPtrField<v1::Field>& out) {
  for (const Field& field : fields) {
    v1::Field& to = *out.Add();
    to.set_name(field.name);
    to.set_value(field.value);
  }
}

void write(const Vocabulary& vocabulary,
           const AttributeValues& attributes,
           google::protobuf::RepeatedPtrField<v1::Field>& out) {
  for (const AttributeValue& attribute : attributes) {
    v1::Field& to = *out.Add();
    to.set_name(vocabulary.get_attribute(attribute.attribute).name);
    to.set_value(print_value(vocabulary, attribute));
  }
}

void write(const std::vector<SerialRange>& ranges,
           const std::vector<std::string>& printed,
           google::protobuf::RepeatedPtrField<v1::SerialRange>& out) {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    v1::SerialRange& range = *out.Add();
    range.set_first(ranges[i].first.value());
    range.set_count(ranges[i].count.value());
    if (i < printed.size()) range.set_printed(printed[i]);
  }
}

void write(const Registry& registry,
           const Lot& lot,
           const SerialRange& range,
           v1::SerialRange& out) {
  out.set_first(range.first.value());
  out.set_count(range.count.value());
  out.set_printed(print_range(registry, lot, range));
}

}  // namespace

void write(const DeviceVersion& version, v1::DeviceVersion& out) {
  if (version.valid_from > kDateMin) out.set_valid_from(text_of(version.valid_from));
  out.set_producer(version.producer.value());
  out.set_name(version.name);
  for (const std::string& carrier : version.carriers) out.add_carriers(carrier);
  out.set_start(text_of(version.start));
  if (version.last_day != kNever) out.set_last_day(text_of(version.last_day));
  write(version.fields, *out.mutable_fields());
  out.set_change(version.change.value());
  out.set_asked_by(version.asked_by.value());
  out.set_approved_by(version.approved_by.value());
  out.set_approved_at(version.approved_at.value());
}

void write(const Exchange& exchange, const Device& device, v1::Device& out) {
  const DeviceVersion& today = device.on(date_of(exchange.time()));
  out.set_device(device.id.value());
  out.set_registry(device.registry.value());
  out.set_producer(today.producer.value());
  out.set_name(today.name);
  out.set_country(device.country);
  for (const std::string& carrier : today.carriers) out.add_carriers(carrier);
  out.set_start(text_of(device.start()));
  if (today.last_day != kNever) out.set_last_day(text_of(today.last_day));
  write(today.fields, *out.mutable_fields());
  out.set_approved(device.approved);
  out.set_suspended(device.suspended);
  if (device.waiting.is_set()) {
    const DeviceChange& waiting = exchange.registry().changes.at(device.waiting);
    v1::DeviceChange& to = *out.mutable_waiting();
    to.set_change(waiting.id.value());
    to.set_asked_by(waiting.asked_by.value());
    to.set_asked_at(waiting.asked_at.value());
    v1::Command command;
    proto::write_command(waiting.details, command);
    *to.mutable_details() = std::move(*command.mutable_change_device());
  }
  for (const auto& [line, remainder] : device.carried) {
    v1::Carried& to = *out.add_carried();
    to.set_carrier(line.carrier);
    to.set_amount(remainder.amount.value());
    to.set_co2_programme(line.co2_programme);
    to.set_co2(remainder.co2.value());
  }
}

namespace {

void write(const Registry& registry, const Declaration& declaration, v1::FuelCo2& out) {
  const auto& [programme, captured] = declaration.co2.front();
  out.set_programme(programme.name);
  out.set_counting(static_cast<v1::Co2Counting>(programme.counting));
  out.set_user_share_ppm(programme.user_share_ppm);
  out.set_captured(captured.value());
  out.set_inherited(static_cast<std::int64_t>(co2_in(registry, declaration) - captured.value()));
  out.set_given_up(co2_given_up(declaration));
  out.set_compensated(static_cast<std::int64_t>(co2_compensated(registry, declaration)));
}

}  // namespace

void write(const Exchange& exchange, const Declaration& declaration, v1::Declaration& out) {
  out.set_declaration(declaration.id.value());
  out.set_device(declaration.device.value());
  out.set_carrier(declaration.carrier);
  write(declaration.period, *out.mutable_period());
  out.set_gross(declaration.gross.value());
  out.set_counted(declaration.counted.value());
  write(exchange.vocabulary(), declaration.attributes, *out.mutable_attributes());
  out.set_state(static_cast<v1::DeclarationState>(declaration.state));
  out.set_account(declaration.account.value());
  out.set_lot(declaration.lot.value());
  for (const LotId lot : declaration.later_lots) out.add_later_lots(lot.value());
  for (const Evidence& evidence : declaration.evidence)
    proto::write_evidence(evidence, *out.add_evidence());
  out.set_flagged(declaration.flagged.value());
  if (!declaration.co2.empty()) write(exchange.registry(), declaration, *out.mutable_co2());
  for (const CarbonSource& source : declaration.sources)
    proto::write_carbon_source(source, *out.add_carbon_sources());
}

void write(const Exchange& exchange, const Lot& lot, v1::Lot& out) {
  if (lot.proof.is_set()) out.set_proof(exchange.registry().get(lot.proof).number);
  out.set_split_into(lot.split_into.value());
  out.set_lot(lot.id.value());
  out.set_registry(lot.registry.value());
  out.set_device(lot.device.value());
  out.set_declaration(lot.declaration.value());
  const Declaration* declaration = exchange.registry().find(lot.declaration);
  if (declaration != nullptr) {
    out.set_carrier(declaration->carrier);
    for (const Evidence& evidence : declaration->evidence)
      proto::write_evidence(evidence, *out.add_evidence());
  }
  write(lot.period, *out.mutable_period());
  out.set_issued_on(text_of(lot.issued_on));
  out.set_transferable_until(text_of(lot.transferable_until));
  out.set_cancellable_until(text_of(lot.cancellable_until));
  out.set_issued(lot.issued.value());
  out.set_held((lot.issued - lot.cancelled - lot.expired - lot.withdrawn).value());
  out.set_cancelled(lot.cancelled.value());
  out.set_expired(lot.expired.value());
  write(exchange.vocabulary(), lot.attributes, *out.mutable_attributes());
  out.set_unit_size(lot.unit_size);
  out.set_dimension(static_cast<v1::Dimension>(lot.dimension));
  out.set_first_serial(print_serial(exchange.registry(), lot, Serial(1)));
  out.set_withdrawn(lot.withdrawn.value());
  out.set_voided(lot.voided.value());
  out.set_claimed(lot.claimed.value());
  out.set_flagged(lot.flagged.value());
  Units frozen;
  for (const SerialRange& range : exchange.holdings().frozen(lot.id)) {
    frozen += range.count;
    write(exchange.registry(), lot, range, *out.add_frozen_ranges());
  }
  out.set_frozen(frozen.value());
  out.set_captured_co2(lot.co2.value());
}

void write(const Exchange& exchange,
           const PendingSums& pending,
           const Holding& holding,
           v1::Holding& out) {
  const Registry& registry = exchange.registry();
  const Lot& lot = registry.get(holding.lot);
  out.set_account(holding.account.value());
  out.set_lot(holding.lot.value());
  out.set_available(holding.available().value());
  out.set_reserved(holding.reserved.value());
  out.set_pending(pending.units_of(holding.account, holding.lot).value());
  out.set_cancellable_until(text_of(lot.cancellable_until));
  for (const SerialRange& range : exchange.holdings().ranges(holding))
    write(registry, lot, range, *out.add_ranges());
  out.set_frozen(exchange.holdings().frozen_units(holding).value());
  for (const SerialRange& range : exchange.holdings().frozen(holding))
    write(registry, lot, range, *out.add_frozen_ranges());
}

void write(const StatementEntry& entry,
           const std::string& public_url,
           v1::CancellationStatement& out) {
  out.set_cancellation(entry.cancellation.value());
  out.set_date(text_of(entry.date));
  out.set_account(entry.account.value());
  out.set_lot(entry.lot.value());
  out.set_registry(entry.registry);
  out.set_scheme(entry.scheme);
  out.set_units(entry.units.value());
  out.set_amount(entry.amount.value());
  out.set_dimension(static_cast<v1::Dimension>(entry.dimension));
  write(entry.ranges, entry.printed, *out.mutable_ranges());
  write(entry.voided, entry.voided_printed, *out.mutable_voided());
  for (const ClaimEntry& claim : entry.claims) write(claim, *out.add_claims());
  out.set_more_claims(entry.more_claims);
  out.set_unclaimed(entry.unclaimed.value());
  out.set_beneficiary(entry.beneficiary);
  out.set_country(entry.country);
  out.set_purpose(entry.purpose);
  if (entry.period != Period()) write(entry.period, *out.mutable_period());
  out.set_note(entry.note);
  out.set_consumption_evidence(entry.consumption_evidence);
  out.set_device(entry.device);
  out.set_device_country(entry.device_country);
  out.set_carrier(entry.carrier);
  write(entry.production_period, *out.mutable_production_period());
  out.set_registry_name(entry.registry_name);
  out.set_scheme_name(entry.scheme_name);
  out.set_unit_size(entry.unit_size);
  out.set_account_name(entry.account_name);
  out.set_holder(entry.holder);
  out.set_verification_code(entry.verification_code);
  out.set_verification_url(verification_url(entry, public_url));
}

void write(const ClaimEntry& entry, v1::Claim& out) {
  out.set_claim(entry.claim.value());
  out.set_date(text_of(entry.date));
  out.set_cancellation(entry.cancellation.value());
  out.set_account(entry.account.value());
  out.set_lot(entry.lot.value());
  out.set_units(entry.units.value());
  out.set_use(entry.use);
  out.set_rule(entry.rule);
  out.set_claimant(entry.claimant);
  write(entry.period, *out.mutable_period());
  out.set_activity(entry.activity);
  out.set_emissions(entry.emissions.value());
  out.set_reference(entry.reference);
  write(entry.ranges, entry.printed, *out.mutable_ranges());
  write(entry.voided, entry.voided_printed, *out.mutable_voided());
}

void write(const Registry& registry, const LineageStep& step, v1::LineageStep& out) {
  const Declaration& output = *registry.find(step.declaration);
  out.set_input(step.input.lot.value());
  out.set_declaration(output.id.value());
  if (output.lot.is_set()) out.add_outputs(output.lot.value());
  for (const LotId lot : output.later_lots) out.add_outputs(lot.value());
  out.set_cancellation(step.input.cancellation.value());
  out.set_units(step.input.units.value());
  out.set_efficiency_ppm(step.input.efficiency_ppm);
  out.set_yields(step.input.yields.value());
  for (const Co2Source source : step.input.co2) out.add_co2(static_cast<v1::Co2Source>(source));
  const Lot& input = registry.get(step.input.lot);
  Units voided;
  for (const SerialRange& range : voided_of(input, step.input.cancellation)) voided += range.count;
  out.set_voided(voided.value());
  out.set_input_carrier(registry.find(input.declaration)->carrier);
  out.set_output_carrier(output.carrier);
  out.set_kind(static_cast<v1::LineageKind>(step.kind));
  out.set_captured_co2(step.input.captured.value());
}

void write(const CarbonOrigin& origin, v1::CarbonOrigin& out) {
  for (const Co2Source source : origin.sources) out.add_sources(static_cast<v1::Co2Source>(source));
  out.set_mass(origin.mass.value());
}

void write(const Withdrawal& withdrawal, v1::Withdrawal& out) {
  out.set_withdrawal(withdrawal.id.value());
  out.set_lot(withdrawal.lot.value());
  out.set_correction(withdrawal.correction.value());
  out.set_date(text_of(withdrawal.date));
  out.set_requested(withdrawal.requested.value());
  out.set_withdrawn(withdrawal.withdrawn.value());
  out.set_voided(withdrawal.voided.value());
  out.set_shortfall(withdrawal.shortfall().value());
  out.set_reason(withdrawal.reason);
}

namespace {

// What an event in the life of a lot says beside its kind.
class LotEventWriter {
 public:
  LotEventWriter(const Registry& registry, const Lot& lot, v1::LotEvent& out)
      : registry_(registry), lot_(lot), out_(out) {}

  void operator()(const CertificatesIssued& e) const {
    tell(v1::LOT_EVENT_KIND_ISSUED, e.account, e.units, e.declaration.value());
  }
  void operator()(const CertificatesMoved& e) const {
    out_.set_kind(v1::LOT_EVENT_KIND_MOVED);
    out_.set_from(e.from.value());
    out_.set_to(e.to.value());
    tell(e.range);
    out_.set_reason(static_cast<v1::MoveReason>(e.reason));
    out_.set_reference(e.reference);
  }
  void operator()(const CertificatesCancelled& e) const {
    tell(v1::LOT_EVENT_KIND_CANCELLED, e.details.account, e.details.units, e.cancellation.value());
  }
  void operator()(const CertificatesExpired& e) const {
    tell(v1::LOT_EVENT_KIND_EXPIRED, e.account, e.units, 0);
  }
  void operator()(const CertificatesConverted& e) const {
    tell(v1::LOT_EVENT_KIND_CONVERTED,
         e.details.account,
         e.details.units,
         e.details.declaration.value());
  }
  void operator()(const CertificatesWithdrawn& e) const {
    tell(v1::LOT_EVENT_KIND_WITHDRAWN, AccountId(), e.withdrawn, e.withdrawal.value());
  }
  void operator()(const HoldingWithdrawn& e) const {
    tell(v1::LOT_EVENT_KIND_HOLDING_WITHDRAWN, e.account, e.units, e.withdrawal.value());
  }
  void operator()(const ClaimVoided& e) const {
    tell(v1::LOT_EVENT_KIND_CLAIM_VOIDED, AccountId(), e.range.count, e.cancellation.value());
    tell(e.range);
  }
  void operator()(const UseClaimed& e) const {
    tell(v1::LOT_EVENT_KIND_USE_CLAIMED, e.account, e.details.units, e.claim.value());
  }
  void operator()(const UseVoided& e) const {
    tell(v1::LOT_EVENT_KIND_USE_VOIDED, AccountId(), e.range.count, e.claim.value());
    tell(e.range);
  }
  void operator()(const LotFlagged& e) const {
    tell(v1::LOT_EVENT_KIND_FLAGGED, AccountId(), Units(), e.withdrawal.value());
  }
  void operator()(const CertificatesFrozen& e) const {
    tell(e.details.frozen ? v1::LOT_EVENT_KIND_FROZEN : v1::LOT_EVENT_KIND_RELEASED,
         AccountId(),
         e.units,
         0);
    out_.set_note(e.details.reason);
  }
  void operator()(const HoldingFrozen& e) const {
    tell(e.frozen ? v1::LOT_EVENT_KIND_HOLDING_FROZEN : v1::LOT_EVENT_KIND_HOLDING_RELEASED,
         e.account,
         e.range.count,
         0);
    tell(e.range);
  }
  void operator()(const SettlementUnwound& e) const {
    tell(v1::LOT_EVENT_KIND_SETTLEMENT_UNWOUND, AccountId(), Units(), e.trade.value());
  }
  void operator()(const ProofSplit& e) const {
    tell(v1::LOT_EVENT_KIND_PROOF_SPLIT, e.account, e.units, e.booking.value());
  }
  void operator()(const CarbonSourcesRecorded& e) const {
    Units units;
    for (const CarbonSource& source : e.details.sources) {
      if (source.lot == lot_.id) units += source.units;
    }
    tell(v1::LOT_EVENT_KIND_CARBON_CAPTURED, AccountId(), units, e.details.declaration.value());
  }
  template <class Other>
  void operator()(const Other&) const {}  // is of no lot

 private:
  void tell(v1::LotEventKind kind, AccountId account, Units units, std::uint64_t reference) const {
    out_.set_kind(kind);
    out_.set_account(account.value());
    out_.set_units(units.value());
    out_.set_reference(reference);
  }
  void tell(const SerialRange& range) const {
    write(registry_, lot_, range, *out_.mutable_range());
  }

  const Registry& registry_;
  const Lot& lot_;
  v1::LotEvent& out_;
};

}  // namespace

void write(const Registry& registry, const Lot& lot, const LotEntry& entry, v1::LotEvent& out) {
  out.set_event(entry.sequence.value());
  out.set_time(entry.time.ns());
  out.set_command(entry.command.value());
  std::visit(LotEventWriter(registry, lot, out), entry.event);
}

}  // namespace origo::gateway::registry_views
