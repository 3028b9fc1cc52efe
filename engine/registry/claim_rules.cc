#include "engine/registry/claim_rules.h"

#include <algorithm>
#include <set>
#include <string>

#include "engine/core/text.h"

namespace origo {

Verdict check_claim_rules(const Scheme& scheme) {
  const auto is_use = [](const std::string& use) { return !check_code(use); };
  const auto is_purpose = [&](const std::string& purpose) {
    return std::find(scheme.purposes.begin(), scheme.purposes.end(), purpose) !=
           scheme.purposes.end();
  };
  const auto is_cited = [](const auto& rule) {
    return !check_name(rule.name) && rule.first <= rule.last && !check_text(rule.text) &&
           !check_name(rule.source) && rule.confidence >= Confidence::high &&
           rule.confidence <= Confidence::low;
  };
  std::set<std::string> names;
  for (const ClaimRule& rule : scheme.claims) {
    const bool of_purposes = !rule.purposes.empty() &&
                             std::all_of(rule.purposes.begin(), rule.purposes.end(), is_purpose);
    if (!is_cited(rule) || !is_use(rule.use) || !of_purposes || !names.insert(rule.name).second)
      return Refusal(Reject::scheme_invalid, "claims");
  }
  names.clear();
  for (const ClaimBar& bar : scheme.claims_barred) {
    const bool bars_some = bar.double_counting || !bar.uses.empty();
    if (!is_cited(bar) || !bars_some || !std::all_of(bar.uses.begin(), bar.uses.end(), is_use) ||
        !names.insert(bar.name).second)
      return Refusal(Reject::scheme_invalid, "claims_barred");
  }
  return std::nullopt;
}

}  // namespace origo
