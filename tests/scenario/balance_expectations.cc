#include "proto/codec/json.h"
#include "tests/scenario/expectations.h"

// What is expected of mass balances.
namespace origo::scenario {

void Expectations::check_mass_balances(StrictObject& expect, const StepOutcome& outcome) {
  const auto site_name = [&](SiteId site) { return name(Kind::site, site.value()); };
  for (const Event& event : outcome.events) {
    if (const auto* entered = std::get_if<ProofEntered>(&event))
      proof_numbers_[entered->proof.id] = entered->proof.number;
  }
  const auto number = [&](ProofId proof) { return proof.is_set() ? proof_numbers_[proof] : "-"; };
  Json booked = Json::array();
  Json lapsed = Json::array();
  Json closed = Json::array();
  for (const Event& event : outcome.events) {
    if (const auto* one = std::get_if<BalanceBooked>(&event)) {
      booked.push_back(Json::array({site_name(one->booking.site),
                                    proto::to_json(one->booking.kind),
                                    number(one->booking.proof),
                                    one->booking.energy.value(),
                                    to_string(one->booking.day)}));
    }
    if (const auto* one = std::get_if<ProofLapsed>(&event))
      lapsed.push_back(
          Json::array({site_name(one->site), number(one->proof), one->energy.value()}));
    if (const auto* one = std::get_if<BalanceClosed>(&event)) {
      closed.push_back(Json::array({site_name(one->site),
                                    to_string(one->period.last),
                                    one->gas_carried.value(),
                                    one->proofs_carried.value(),
                                    one->proofs_lapsed.value()}));
    }
  }
  if (const Json* expected = expect.find("booked")) compare("booked", *expected, booked);
  if (const Json* expected = expect.find("lapsed")) compare("lapsed", *expected, lapsed);
  if (const Json* expected = expect.find("closed")) compare("closed", *expected, closed);
  const Json* balances = expect.find("balances");
  if (balances == nullptr) return;
  for (const auto& [site, expected] : balances->items()) {
    const BalanceView view =
        world_.driver().balance(id_of<SiteId>(world_.resolve(Kind::site, site)));
    Json all;
    all["period"] = view.period == Period()
                        ? Json()
                        : Json::array({to_string(view.period.first), to_string(view.period.last)});
    all["closed"] = view.closed;
    all["gas"] = view.gas.value();
    all["proofs"] = Json::object();
    for (const auto& [proof, energy] : view.proofs) all["proofs"][proof] = energy.value();
    compare("balances " + site, expected, pick(all, expected));
  }
}

}  // namespace origo::scenario
