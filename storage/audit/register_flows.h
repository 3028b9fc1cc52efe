#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <variant>

#include "engine/core/event.h"

// How certificates are counted: in statistics and in the sums of an export alike.
namespace origo::storage::audit {

// What happened to certificates of a kind in some time, in units. Every move is in exactly one of
// issued, entered_otherwise, transferred, cancelled, expired, withdrawn and left_otherwise. Sums
// beyond 64 bits stay at the largest number.
struct RegisterFlows {
  Units opening;  // in circulation before
  Units issued;
  Units entered_otherwise;  // came into circulation for any other reason
  Units transferred;        // from account to account, for whatever reason
  Units traded;             // of those transferred
  Units cancelled;
  Units converted;  // of those cancelled
  Units expired;
  Units withdrawn;
  Units left_otherwise;                 // left circulation for any other reason
  Units voided;                         // cancelled, and the claim became void
  [[nodiscard]] Units closing() const;  // in circulation afterwards
};
BOOST_DESCRIBE_STRUCT(RegisterFlows,
                      (),
                      (opening,
                       issued,
                       entered_otherwise,
                       transferred,
                       traded,
                       cancelled,
                       converted,
                       expired,
                       withdrawn,
                       left_otherwise,
                       voided))

using RegisterSum = Units RegisterFlows::*;

// The sum that a move counts in. Total over reasons: what has no sum of its own is in circulation
// or is not, and where it came from or went says which.
[[nodiscard]] RegisterSum sum_of(const CertificatesMoved& moved);

// Adds to a sum that stays at the largest number.
void add_to(Units& sum, Units part);

// Calls `add(lot, sum, units)` for each sum that an event counts in.
template <class Add>
void count(const CertificatesMoved& moved, Add&& add) {
  add(moved.lot, sum_of(moved), moved.range.count);
  if (moved.reason == MoveReason::trade) add(moved.lot, &RegisterFlows::traded, moved.range.count);
}
template <class Add>
void count(const CertificatesConverted& converted, Add&& add) {
  add(converted.details.lot, &RegisterFlows::converted, converted.details.units);
}
template <class Add>
void count(const ClaimVoided& voided, Add&& add) {
  add(voided.lot, &RegisterFlows::voided, voided.range.count);
}
template <class Other, class Add>
void count(const Other&, Add&&) {}  // moves nothing

}  // namespace origo::storage::audit
