#include "engine/ledger/serial_range.h"
#include "proto/codec/json.h"
#include "tests/scenario/expectations.h"

// What is expected of evidence, of certificates that were taken back or frozen, and of devices.
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
  Json frozen = Json::array();
  Json released = Json::array();
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
    if (const auto* one = std::get_if<HoldingFrozen>(&event)) {
      (one->frozen ? frozen : released)
          .push_back(Json::array(
              {lot_name(one->lot), name(Kind::account, one->account.value()), print(one->range)}));
    }
    if (const auto* one = std::get_if<LotFlagged>(&event)) flagged.push_back(lot_name(one->lot));
  }
  if (const Json* expected = expect.find("verdict"))
    compare("verdict", *expected, verdict.is_null() ? verdict : pick(verdict, *expected));
  if (const Json* expected = expect.find("withdrawn")) compare("withdrawn", *expected, withdrawn);
  if (const Json* expected = expect.find("lost")) compare("lost", *expected, lost);
  if (const Json* expected = expect.find("voided")) compare("voided", *expected, voided);
  if (const Json* expected = expect.find("flagged")) compare("flagged", *expected, flagged);
  if (const Json* expected = expect.find("frozen")) compare("frozen", *expected, frozen);
  if (const Json* expected = expect.find("released")) compare("released", *expected, released);
}

void Expectations::check_devices(StrictObject& expect) {
  const Json* devices = expect.find("devices");
  if (devices == nullptr) return;
  const auto day = [](Date date) { return date == Date() ? Json() : Json(to_string(date)); };
  for (const auto& [device, expected] : devices->items()) {
    const DeviceView view = world_.driver().device(
        DeviceId(static_cast<std::uint32_t>(world_.resolve(Kind::device, device))));
    Json all;
    all["producer"] = name(Kind::participant, view.producer.value());
    all["name"] = view.name;
    all["carriers"] = view.carriers;
    all["start"] = day(view.start);
    all["last_day"] = day(view.last_day);
    all["fields"] = Json::object();
    for (const auto& [field, value] : view.fields) all["fields"][field] = value;
    if (expected.contains("fields")) all["fields"] = pick(all["fields"], expected["fields"]);
    all["approved"] = view.approved;
    all["suspended"] = view.suspended;
    all["waiting"] = name(Kind::device_change, view.waiting.value());
    all["history"] = Json::array();
    for (const DeviceVersionView& version : view.history) {
      all["history"].push_back(Json::array({day(version.valid_from),
                                            name(Kind::device_change, version.change.value()),
                                            name(Kind::user, version.asked_by.value()),
                                            name(Kind::user, version.approved_by.value())}));
    }
    compare("devices " + device, expected, pick(all, expected));
  }
}

}  // namespace origo::scenario
