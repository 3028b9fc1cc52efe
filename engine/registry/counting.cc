#include <algorithm>
#include <map>
#include <set>

#include "engine/registry/captured_co2.h"
#include "engine/registry/fields.h"
#include "engine/registry/office.h"

// Who counts the CO2 of fuels that were made from captured CO2, what certificates that takes, and
// where the carbon came from. Source: [S3], the Methanation council's interim report (2022-03).
namespace origo {
namespace {

bool means_the_same(const Co2Programme& a, const Co2Programme& b) {
  return a.name != b.name || (a.counting == b.counting && a.user_share_ppm == b.user_share_ppm);
}

}  // namespace

// Whether lots can say how their CO2 is counted, and no version of the scheme counts otherwise
// under the same name: what a device carries over is kept apart by that name.
Verdict Office::check_programmes(const Scheme& scheme) const {
  if (scheme.co2_programmes.empty()) return std::nullopt;
  for (const auto& [name, kind] : {std::pair(kCo2Counting, AttributeKind::symbol),
                                   std::pair(kCo2Share, AttributeKind::number),
                                   std::pair(kCo2Programme, AttributeKind::symbol),
                                   std::pair(kCo2Source, AttributeKind::symbol)}) {
    if (const Verdict bad = check_attribute(name, kind)) return bad;
  }
  for (const Scheme& other : registry_.schemes) {
    if (other.code != scheme.code) continue;
    for (const Co2Programme& known : other.co2_programmes) {
      for (const Co2Programme& programme : scheme.co2_programmes) {
        if (!means_the_same(known, programme))
          return Refusal(Reject::scheme_invalid, "co2_programmes");
      }
    }
  }
  return std::nullopt;
}

// What a production says of the captured CO2 in it; none: nothing.
// Rejects: programme_unknown (detail: the name), programme_missing.
Result<std::vector<FuelCo2>> Office::fuel_co2(const Scheme& scheme,
                                              const DeclareProduction& command) {
  std::string name;
  Measured captured;
  for (const Field& field : command.fields) {
    const auto rule = std::find_if(scheme.production_fields.begin(),
                                   scheme.production_fields.end(),
                                   [&](const FieldRule& each) { return each.name == field.name; });
    ENSURE(rule != scheme.production_fields.end());  // check_fields() passed
    if (rule->kind == FieldKind::co2_programme) name = field.value;
    if (rule->kind == FieldKind::co2_mass) captured = Measured(*parse_field(*rule, field.value));
  }
  if (name.empty()) {
    if (captured.is_positive()) return Reject::programme_missing;
    return std::vector<FuelCo2>();
  }
  const Date day = command.period.last;
  for (const Co2Programme& programme : scheme.co2_programmes) {
    if (programme.name == name && programme.first <= day && day <= programme.last)
      return std::vector<FuelCo2>{{.programme = programme, .captured = captured}};
  }
  return Refusal(Reject::programme_unknown, name);
}

// Whether what is to be issued says all of its captured CO2, and the capturer has been compensated.
Verdict Office::check_co2(const Declaration& declaration, const Scheme& scheme) const {
  Int128 traced = 0;
  for (const CarbonSource& source : declaration.sources) traced += source.mass.value();
  if (traced > declaration.counted.value()) return Reject::carbon_exceeded;
  if (declaration.co2.empty()) {
    const bool shown = std::any_of(
        declaration.evidence.begin(), declaration.evidence.end(), [](const Evidence& evidence) {
          return !evidence.details.evidence.co2.empty();
        });
    const bool said = std::any_of(declaration.inputs.begin(),
                                  declaration.inputs.end(),
                                  [](const ConversionInput& input) { return !input.co2.empty(); });
    if (!scheme.co2_programmes.empty() && (shown || said)) return Reject::programme_missing;
    return std::nullopt;
  }
  if (co2_in(registry_, declaration) == 0) return Reject::captured_mass_missing;
  if (co2_compensated(registry_, declaration) < co2_given_up(declaration))
    return Reject::capture_certificates_missing;
  return std::nullopt;
}

// Whether certificates may be used up for a declaration, as far as captured CO2 goes. `lot`: of
// fuel, or of captured CO2.
Verdict Office::check_co2_input(const Lot& lot, Units units, const Declaration& declaration) const {
  const Co2Programme* programme =
      declaration.co2.empty() ? nullptr : &declaration.co2.front().programme;
  if (lot.dimension == Dimension::energy_wh) {
    const std::vector<FuelCo2>& held = registry_.find(lot.declaration)->co2;
    const bool same =
        held.empty() ||
        (programme != nullptr && held.front().programme.counting == programme->counting &&
         held.front().programme.user_share_ppm == programme->user_share_ppm);
    return same ? Verdict() : Refusal(Reject::counting_mixed);
  }
  const std::string& scheme = registry_.get(lot.scheme).code;
  if (programme == nullptr ||
      std::find(programme->capture_schemes.begin(), programme->capture_schemes.end(), scheme) ==
          programme->capture_schemes.end())
    return Reject::capture_certificates_barred;
  if (programme->eligible_only) {
    const std::vector<CapturedCo2> sources = captured_co2(state_.vocabulary, lot.attributes);
    const bool eligible = !sources.empty() &&
                          std::all_of(sources.begin(), sources.end(), [&](const CapturedCo2& co2) {
                            return judge_co2(co2, declaration.period.last) == EligibilityRule::none;
                          });
    if (!eligible) return Reject::capture_source_barred;
  }
  // The last unit may be needed in part.
  const Int128 after = co2_compensated(registry_, declaration) +
                       Int128{units.value()} * lot.unit_size - lot.unit_size;
  if (after >= co2_given_up(declaration)) return Reject::capture_certificates_exceeded;
  return std::nullopt;
}

namespace {

// A part of a cancellation whose carbon may still be captured, or was for `declaration`.
bool is_free(const EndedRange& ended, CancellationId cancellation, DeclarationId declaration) {
  return ended.reason == MoveReason::cancellation && ended.reference == cancellation.value() &&
         !ended.converted_into.is_set() && !ended.voided.is_set() &&
         (!ended.captured_into.is_set() || ended.captured_into == declaration);
}

}  // namespace

Verdict Office::check_source(const CarbonSource& source, DeclarationId declaration) const {
  const Lot* lot = registry_.find(source.lot);
  if (lot == nullptr) return Reject::lot_unknown;
  Units free;
  bool known = false;
  for (const EndedRange& ended : lot->ended) {
    known = known || is_free(ended, source.cancellation, ended.captured_into);
    if (is_free(ended, source.cancellation, declaration)) free += ended.range.count;
  }
  const bool fuel = lot->dimension == Dimension::energy_wh && lot->co2.is_positive();
  if (!fuel || !known) return Reject::carbon_source_barred;
  if (source.units > free || source.mass.value() > co2_in(*lot, source.units))
    return Reject::carbon_exceeded;
  return std::nullopt;
}

// Notes on the lowest serials of a cancellation that their carbon went into `declaration`.
void Office::mark_captured(const CarbonSource& source, DeclarationId declaration) {
  Lot& lot = registry_.get(source.lot);
  std::map<Serial, std::size_t> free;
  for (std::size_t i = 0; i < lot.ended.size(); ++i) {
    if (is_free(lot.ended[i], source.cancellation, declaration))
      free.emplace(lot.ended[i].range.first, i);
  }
  Units left = source.units;
  for (const auto& [first, index] : free) {
    if (left.is_zero()) return;
    const Units taken = std::min(left, lot.ended[index].range.count);
    const std::size_t place = cut_ended(lot, index, {.first = first, .count = taken});
    lot.ended[place].captured_into = declaration;
    left -= taken;
  }
  ENSURE(left.is_zero());
}

Result<DeclarationId> Office::record(const RecordCarbonSources& command) {
  const Declaration* declaration = registry_.find(command.declaration);
  if (declaration == nullptr) return Reject::declaration_unknown;
  if (declaration->state == DeclarationState::issued) return Reject::evidence_closed;
  const Scheme* scheme = scheme_today(registry_.find(declaration->device)->registry);
  if (scheme == nullptr) return Reject::scheme_unknown;
  const std::vector<Co2Source> said = co2_sources(state_.vocabulary, declaration->attributes);
  const bool recycles = scheme->dimension == Dimension::mass_gco2e &&
                        std::find(said.begin(), said.end(), Co2Source::recycled) != said.end();
  if (!recycles) return Reject::carbon_source_barred;
  Int128 mass = 0;
  std::set<std::pair<LotId, CancellationId>> once;
  for (const CarbonSource& source : command.sources) {
    if (!once.emplace(source.lot, source.cancellation).second) return Reject::carbon_source_barred;
    if (const Verdict bad = check_source(source, command.declaration)) return *bad;
    mass += source.mass.value();
  }
  if (mass > declaration->counted.value()) return Reject::carbon_exceeded;

  Declaration& recorded = registry_.get(command.declaration);
  for (const CarbonSource& before : recorded.sources) {
    for (EndedRange& ended : registry_.get(before.lot).ended) {
      if (ended.captured_into == command.declaration) ended.captured_into = DeclarationId();
    }
  }
  recorded.flagged = WithdrawalId();
  for (const CarbonSource& source : command.sources) {
    mark_captured(source, command.declaration);
    recorded.flagged = std::max(recorded.flagged, registry_.get(source.lot).flagged);
  }
  recorded.sources = command.sources;
  events_.append(CarbonSourcesRecorded{.details = command});
  return command.declaration;
}

}  // namespace origo
