#include "engine/registry/balance_check.h"

#include <map>
#include <tuple>

namespace origo {
namespace {

struct Booked {
  Measured in;
  Measured out;
};
// By site, which of its balances, and proof; of proof 0 all gas.
using Bookings = std::map<std::tuple<SiteId, std::size_t, ProofId>, Booked>;

class Checker {
 public:
  Checker(const Site& site, Bookings& booked, std::vector<std::string>& broken)
      : site_(site), booked_(booked), broken_(broken) {}

  void check() {
    for (place_ = 0; place_ < site_.balances.size(); ++place_) {
      const Balance& balance = site_.balances[place_];
      if (!balance.closed && place_ + 1 != site_.balances.size())
        complain("has an open balance behind another");
      if (place_ > 0 && balance.period.first <= before().period.last)
        complain("has periods that overlap");
      Measured carried;
      check_line(ProofId(), balance.gas);
      for (const auto& [proof, line] : balance.proofs) {
        check_line(proof, line);
        carried += line.carried_out;
      }
      if (carried > balance.gas.carried_out) complain("carries proofs without gas");
      if (place_ == 0 || !follows()) continue;
      for (const auto& [proof, line] : before().proofs) {
        if (line.carried_out.is_positive() && !balance.proofs.contains(proof))
          complain("has lost a proof between two periods");
      }
    }
  }

 private:
  [[nodiscard]] const Balance& before() const { return site_.balances[place_ - 1]; }
  // Whether the balance goes on from the day after the one before.
  [[nodiscard]] bool follows() const {
    return site_.balances[place_].period.first == add_days(before().period.last, 1);
  }
  void complain(const char* of) {
    broken_.push_back("balances: site-" + std::to_string(site_.id.value()) + " " + of);
  }
  void check_line(ProofId proof, const BalanceLine& line) {
    const Balance& balance = site_.balances[place_];
    const Booked booked = booked_[{site_.id, place_, proof}];
    booked_.erase({site_.id, place_, proof});
    if (line.in != booked.in || line.out != booked.out)
      complain("has sums that its bookings don't make");
    if (line.held().is_negative() || line.carried_in.is_negative() || line.lapsed.is_negative() ||
        line.carried_out.is_negative())
      complain("has less than nothing");
    if (balance.closed && !line.held().is_zero()) complain("holds something that is closed");
    if (!balance.closed && !(line.lapsed + line.carried_out).is_zero())
      complain("has ended what is open");
    Measured handed_on;
    if (place_ > 0 && follows()) {
      const auto found = before().proofs.find(proof);
      handed_on = !proof.is_set()                  ? before().gas.carried_out
                  : found == before().proofs.end() ? Measured()
                                                   : found->second.carried_out;
    }
    if (line.carried_in != handed_on) complain("goes on with other than was carried");
  }

  const Site& site_;
  Bookings& booked_;
  std::vector<std::string>& broken_;
  std::size_t place_ = 0;
};

// Which of the site's balances the day lies in; their number if in none.
std::size_t place_of(const Site& site, Date day) {
  std::size_t place = 0;
  for (; place < site.balances.size(); ++place) {
    const Period& period = site.balances[place].period;
    if (period.first <= day && day <= period.last) break;
  }
  return place;
}

}  // namespace

void check_balances(const State& state, std::vector<std::string>& broken) {
  const Registry& registry = state.registry;
  Bookings booked;
  for (const Booking& booking : registry.bookings) {
    const Site& site = *registry.find(booking.site);
    const std::size_t place = place_of(site, booking.day);
    const auto add = [&](ProofId proof) {
      Booked& sum = booked[{booking.site, place, proof}];
      (comes_in(booking.kind) ? sum.in : sum.out) += booking.energy;
    };
    add(ProofId());
    if (booking.proof.is_set()) add(booking.proof);
  }
  std::size_t open = 0;
  for (const Site& site : registry.sites) {
    Checker(site, booked, broken).check();
    const Balance* balance = site.open_balance();
    if (balance == nullptr) continue;
    ++open;
    if (!state.due.contains({.at = closing_time(site, *balance),
                             .kind = DueKind::balance_end,
                             .id = site.id.value()}))
      broken.push_back("balances: site-" + std::to_string(site.id.value()) + " never closes");
  }
  if (!booked.empty()) broken.push_back("balances: a booking is in none");
  for (const Due& due : state.due) open -= due.kind == DueKind::balance_end ? 1 : 0;
  if (open != 0) broken.push_back("balances: more or fewer close than are open");
  for (const Proof& proof : registry.proofs) {
    if (registry.find_proof(proof.registry, proof.number) != &proof)
      broken.push_back("balances: proof-" + std::to_string(proof.id.value()) + " is not found");
  }
  if (registry.proof_numbers.size() != registry.proofs.size())
    broken.push_back("balances: more or fewer numbers than proofs");
}

}  // namespace origo
