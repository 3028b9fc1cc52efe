#include "engine/ledger/serial_range.h"
#include "tests/scenario/expectations.h"

// What is expected of the uses of cancelled certificates.
namespace origo::scenario {

void Expectations::check_claims(StrictObject& expect, const StepOutcome& outcome) {
  if (const Json* expected = expect.find("claim")) {
    Json all;
    if (const auto* claimed = last_of<UseClaimed>(outcome.events)) {
      const ClaimUse& details = claimed->details;
      all["number"] = claimed->claim.value();
      all["cancellation"] = name(Kind::cancellation, details.cancellation.value());
      all["account"] = name(Kind::account, claimed->account.value());
      all["lot"] = name(Kind::lot, claimed->lot.value());
      all["units"] = details.units.value();
      all["serials"] = print(claimed->ranges);
      all["use"] = details.use;
      all["rule"] = claimed->rule;
      all["claimant"] = details.claimant;
      all["period"] =
          Json::array({date_json(details.period.first), date_json(details.period.last)});
      all["activity"] = details.activity;
      all["emissions"] = details.emissions.value();
      all["reference"] = details.reference;
      all["date"] = date_json(claimed->date);
    }
    compare("claim", *expected, all.is_null() ? all : pick(all, *expected));
  }
  if (const Json* expected = expect.find("claims_voided")) {
    Json got = Json::array();
    for (const Event& event : outcome.events) {
      if (const auto* one = std::get_if<UseVoided>(&event))
        got.push_back(Json::array({name(Kind::claim, one->claim.value()),
                                   name(Kind::cancellation, one->cancellation.value()),
                                   name(Kind::lot, one->lot.value()),
                                   print(one->range)}));
    }
    compare("claims_voided", *expected, got);
  }
}

}  // namespace origo::scenario
