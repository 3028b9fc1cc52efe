#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/core/booking.h"
#include "engine/core/encoding.h"

// The mass balances of sites: data only; Balancing (balancing.h) decides.
namespace origo {

// One sum of a balance, in Wh.
// Invariant: none is negative, and carried_in + in = out + lapsed + carried_out + held().
struct BalanceLine {
  Measured carried_in;  // from the period before
  Measured in;
  Measured out;
  Measured lapsed;       // at the end of the period
  Measured carried_out;  // likewise
  [[nodiscard]] Measured held() const { return carried_in + in - out - lapsed - carried_out; }
};

// Invariant: once closed nothing is held, and no more of the proofs is carried on than of the gas.
struct Balance {
  Period period;
  BalanceLine gas;                        // all of it, with a proof or without
  std::map<ProofId, BalanceLine> proofs;  // of it, by characteristics
  std::uint16_t period_months = 0;        // by the rules of the day on which it was opened
  bool carry_surplus = false;             // likewise
  bool closed = false;
};

// Invariant: periods ascend, and only the last balance may be open.
struct Site {
  SiteId id;
  RegistryId registry;
  ParticipantId participant;
  std::string name;
  std::string country;
  std::string carrier;
  bool approved = false;
  std::vector<Balance> balances;  // of the periods in which anything was held or booked
  // The one that books now; nullptr: none yet in its period.
  [[nodiscard]] const Balance* open_balance() const {
    return balances.empty() || balances.back().closed ? nullptr : &balances.back();
  }
};

// When the balance is closed: in the ten minutes after its period, sites after one another, so that
// the end of a period holds nobody up. Until then the site books nothing.
[[nodiscard]] inline Instant closing_time(const Site& site, const Balance& balance) {
  constexpr std::uint32_t kSpreadS = 600;
  constexpr std::int64_t kSecondNs = 1'000'000'000;
  return Instant(end_of(balance.period.last).ns() + (site.id.value() % kSpreadS) * kSecondNs);
}

BOOST_DESCRIBE_STRUCT(BalanceLine, (), (carried_in, in, out, lapsed, carried_out))
BOOST_DESCRIBE_STRUCT(Balance, (), (period, gas, proofs, period_months, carry_surplus, closed))
BOOST_DESCRIBE_STRUCT(Site,
                      (),
                      (id, registry, participant, name, country, carrier, approved, balances))

}  // namespace origo
