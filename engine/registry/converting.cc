#include "engine/registry/office.h"

// Carrier conversion: certificates used up as the input of a production, and what follows
// downstream.
namespace origo {
namespace {

constexpr std::size_t kInputsMax = 1'000;
constexpr std::int64_t kPpmOfInput = 1'000'000;
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
  const bool fits =
      declaration->state != DeclarationState::issued && account->participant == maker.producer &&
      lot->dimension == Dimension::energy_wh && scheme->dimension == Dimension::energy_wh &&
      registry_.find(lot->declaration)->carrier != declaration->carrier;
  if (!fits) return Reject::conversion_barred;
  if (declaration->inputs.size() >= kInputsMax) return Refusal(Reject::too_many_items, "inputs");
  if (!command.co2.empty()) {
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
  const Measured yields(divide_floor(input * command.efficiency_ppm, kPpmOfInput));
  Declaration& output = registry_.get(command.declaration);
  output.inputs.push_back({.cancellation = *cancelled,
                           .lot = command.lot,
                           .units = command.units,
                           .efficiency_ppm = command.efficiency_ppm,
                           .yields = yields,
                           .co2 = command.co2});
  if (lot->flagged.is_set()) output.flagged = lot->flagged;
  events_.append(
      CertificatesConverted{.cancellation = *cancelled, .details = command, .yields = yields});
  return cancelled;
}

// What was made from certificates counts no more than they yield.
Verdict Office::check_yield(const Declaration& declaration, Measured counted) const {
  if (declaration.inputs.empty()) return std::nullopt;
  Int128 yields = 0;
  for (const ConversionInput& input : declaration.inputs) yields += input.yields.value();
  if (counted.value() > yields) return Refusal(Reject::conversion_exceeded);
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
      }
    }
  }
}

}  // namespace origo
