#include <algorithm>

#include "engine/registry/office.h"

// What cancelled certificates are used for: by whose rules, and each of them once.
namespace origo {
namespace {

bool holds_on(Date today, Date first, Date last) {
  return first <= today && today <= last;
}

bool is_among(const std::string& word, const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_barred(const ClaimBar& bar, const std::string& use, const ClaimRule* rule) {
  return is_among(use, bar.uses) ||
         (bar.double_counting && rule != nullptr && rule->forbids_double_counting);
}

}  // namespace

// The rule by which the cancellation's certificates may be used so today: the first that applies.
Result<const ClaimRule*> Office::find_rule(const Scheme& scheme,
                                           const Cancellation& cancellation,
                                           const std::string& use) const {
  const Date today = date_of(now_);
  const AttributeValues& said = registry_.get(cancellation.lot).attributes;
  const std::string& purpose = state_.vocabulary.word(cancellation.purpose);
  const auto rule =
      std::find_if(scheme.claims.begin(), scheme.claims.end(), [&](const ClaimRule& each) {
        return each.use == use && holds_on(today, each.first, each.last) &&
               is_among(purpose, each.purposes) && meets(said, each.when);
      });
  const ClaimRule* const found = rule == scheme.claims.end() ? nullptr : &*rule;
  for (const ClaimBar& bar : scheme.claims_barred) {
    if (holds_on(today, bar.first, bar.last) && is_barred(bar, use, found) &&
        meets(said, bar.when) && (bar.unless.empty() || !meets(said, bar.unless)))
      return Refusal(Reject::use_barred, bar.name);
  }
  if (found == nullptr) return Refusal(Reject::use_not_allowed);
  return found;
}

Result<ClaimId> Office::claim(const ClaimUse& command) {
  const Cancellation* cancellation = registry_.find(command.cancellation);
  if (cancellation == nullptr) return Reject::cancellation_unknown;
  if (const Verdict bad = check_unfrozen(cancellation->account)) return *bad;
  Lot& lot = registry_.get(cancellation->lot);
  if (lot.ended[cancellation->range].converted_into.is_set())
    return Reject::conversion_not_claimable;
  const Scheme* scheme = scheme_today(lot.registry);
  if (scheme == nullptr) return Reject::scheme_unknown;
  const Result<const ClaimRule*> rule = find_rule(*scheme, *cancellation, command.use);
  if (!rule) return rule.refusal();
  const Period& consumed = cancellation->period;
  const bool meets_consumption = consumed == Period() || (command.period.first <= consumed.last &&
                                                          consumed.first <= command.period.last);
  if (command.period.first > date_of(now_) || !meets_consumption)
    return Reject::reporting_period_invalid;
  if (command.units > cancellation->left)
    return Refusal(Reject::units_not_claimable,
                   std::to_string(cancellation->left.value()) + " left");

  // From here on the claim succeeds.
  registry_.last_claim = next(registry_.last_claim);
  UseClaimed event{.claim = registry_.last_claim,
                   .details = command,
                   .account = cancellation->account,
                   .lot = lot.id,
                   .date = date_of(now_),
                   .rule = (*rule)->name,
                   .ranges = {}};
  Cancellation& used = registry_.get(command.cancellation);
  Units open = command.units;
  while (true) {
    EndedRange& whole = lot.ended[used.range];
    if (!whole.claim.is_set() && !whole.voided.is_set()) {
      const SerialRange part{.first = whole.range.first,
                             .count = std::min(open, whole.range.count)};
      lot.ended[cut_ended(lot, used.range, part)].claim = event.claim;
      event.ranges.push_back(part);
      open -= part.count;
      if (open.is_zero()) break;
    }
    used.range = lot.ended[used.range].next;
    ENSURE(used.range != 0);  // as many are left
  }
  used.left -= command.units;
  lot.claimed += command.units;
  events_.append(event);
  return event.claim;
}

}  // namespace origo
