#include "engine/registry/captured_co2.h"
#include "engine/registry/office.h"

// Carrier conversion: certificates used up as the input of a production, and what follows
// downstream.
namespace origo {
namespace {

constexpr std::size_t kInputsMax = 1'000;
constexpr const char* kConversion = "conversion";  // the purpose of such cancellations

}  // namespace

Result<CancellationId> Office::convert(const ConvertCertificates& command) {
  const Declaration* declaration = registry_.find(command.declaration);
  if (declaration == nullptr) return Reject::declaration_unknown;
  const Account* account = state_.parties.find(command.account);
  if (account == nullptr) return Reject::account_unknown;
  const Lot* lot = registry_.find(command.lot);
  if (lot == nullptr) return Reject::lot_unknown;
  const Device& device = registry_.get(declaration->device);
  const DeviceVersion& maker = registry_.maker_of(*declaration);
  const Scheme* scheme = scheme_today(device.registry);
  if (scheme == nullptr) return Reject::scheme_unknown;
  const bool fits = declaration->state != DeclarationState::issued &&
                    account->participant == maker.producer &&
                    scheme->dimension == Dimension::energy_wh &&
                    registry_.find(lot->declaration)->carrier != declaration->carrier;
  if (!fits) return Reject::conversion_barred;
  const bool energy = lot->dimension == Dimension::energy_wh;
  if (energy != (command.efficiency_ppm > 0)) return Reject::efficiency_invalid;
  if (!energy && !command.co2.empty()) return Refusal(Reject::capture_certificates_barred, "co2");
  if (declaration->inputs.size() >= kInputsMax) return Refusal(Reject::too_many_items, "inputs");
  if (const Verdict bad = check_co2_input(*lot, command.units, *declaration)) return *bad;
  const std::vector<Co2Source> co2 =
      energy ? command.co2 : co2_sources(state_.vocabulary, lot->attributes);
  if (!co2.empty()) {
    if (const Verdict bad = check_result_attributes()) return *bad;
  }
  const Result<CancellationId> cancelled =
      cancel({.account = command.account,
              .lot = command.lot,
              .units = command.units,
              .beneficiary = state_.parties.get(maker.producer).name,
              .country = device.country,
              .purpose = kConversion,
              .period = declaration->period,
              .note = command.note},
             command.declaration);
  if (!cancelled) return cancelled;
  const Int128 input = Int128{command.units.value()} * lot->unit_size;
  const Measured yields(divide_floor(input * command.efficiency_ppm, kWholePpm));
  const Measured captured(static_cast<std::int64_t>(co2_in(*lot, command.units)));
  Declaration& output = registry_.get(command.declaration);
  output.inputs.push_back({.cancellation = *cancelled,
                           .lot = command.lot,
                           .units = command.units,
                           .efficiency_ppm = command.efficiency_ppm,
                           .yields = yields,
                           .co2 = co2,
                           .captured = captured});
  if (lot->flagged.is_set()) output.flagged = lot->flagged;
  events_.append(CertificatesConverted{
      .cancellation = *cancelled, .details = command, .yields = yields, .co2 = captured});
  return cancelled;
}

// What was made from certificates counts no more than they yield.
Verdict Office::check_yield(const Declaration& declaration, Measured counted) const {
  Int128 yields = 0;
  bool converted = false;  // from energy; captured CO2 yields none
  for (const ConversionInput& input : declaration.inputs) {
    yields += input.yields.value();
    converted = converted || input.efficiency_ppm > 0;
  }
  if (converted && counted.value() > yields) return Refusal(Reject::conversion_exceeded);
  return std::nullopt;
}

// Flags all that was made, and is yet to be made, from what a withdrawal voided; breadth first.
void Office::flag_outputs(WithdrawalId id, std::vector<DeclarationId> made) {
  for (std::size_t i = 0; i < made.size(); ++i) {
    Declaration& declaration = registry_.get(made[i]);
    if (declaration.flagged == id) continue;
    declaration.flagged = id;
    std::vector<LotId> lots = declaration.later_lots;
    if (declaration.lot.is_set()) lots.insert(lots.begin(), declaration.lot);
    for (const LotId each : lots) {
      Lot& lot = registry_.get(each);
      lot.flagged = id;
      events_.append(LotFlagged{.withdrawal = id, .lot = each});
      for (const EndedRange& ended : lot.ended) {
        if (ended.converted_into.is_set()) made.push_back(ended.converted_into);
        if (ended.captured_into.is_set()) made.push_back(ended.captured_into);
      }
    }
  }
}

}  // namespace origo
