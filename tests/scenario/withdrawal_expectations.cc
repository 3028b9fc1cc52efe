#include "engine/ledger/serial_range.h"
#include "proto/codec/json.h"
#include "tests/scenario/expectations.h"

// What is expected of evidence, and of certificates that were taken back.
namespace origo::scenario {
namespace {

// The verdict as its fields are called, numbers as numbers.
Json verdict_json(const FuelVerdict& verdict) {
  Json all = proto::to_json(verdict);
  all["total_mg_per_mj"] = verdict.total_mg_per_mj;
  all["saving_ppm"] = verdict.saving_ppm;
  return all;
}

}  // namespace

void Expectations::check_withdrawals(StrictObject& expect, const StepOutcome& outcome) {
  Json verdict;
  Json withdrawn = Json::array();
  Json lost = Json::array();
  Json voided = Json::array();
  Json flagged = Json::array();
  const auto lot_name = [&](LotId lot) { return name(Kind::lot, lot.value()); };
  for (const Event& event : outcome.events) {
    if (const auto* recorded = std::get_if<EvidenceRecorded>(&event))
      verdict = verdict_json(recorded->verdict);
    if (const auto* one = std::get_if<CertificatesWithdrawn>(&event)) {
      withdrawn.push_back(Json::array({lot_name(one->lot),
                                       one->requested.value(),
                                       one->withdrawn.value(),
                                       one->voided.value(),
                                       one->shortfall.value()}));
    }
    if (const auto* one = std::get_if<HoldingWithdrawn>(&event)) {
      lost.push_back(Json::array(
          {lot_name(one->lot), name(Kind::account, one->account.value()), one->units.value()}));
    }
    if (const auto* one = std::get_if<ClaimVoided>(&event)) {
      voided.push_back(Json::array({name(Kind::cancellation, one->cancellation.value()),
                                    lot_name(one->lot),
                                    print(one->range)}));
    }
    if (const auto* one = std::get_if<LotFlagged>(&event)) flagged.push_back(lot_name(one->lot));
  }
  if (const Json* expected = expect.find("verdict"))
    compare("verdict", *expected, verdict.is_null() ? verdict : pick(verdict, *expected));
  if (const Json* expected = expect.find("withdrawn")) compare("withdrawn", *expected, withdrawn);
  if (const Json* expected = expect.find("lost")) compare("lost", *expected, lost);
  if (const Json* expected = expect.find("voided")) compare("voided", *expected, voided);
  if (const Json* expected = expect.find("flagged")) compare("flagged", *expected, flagged);
}

}  // namespace origo::scenario
