#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/unit/scenario/scheme_ground.h"

// Every claim rule and every bar of a scheme file, kept and broken by scenarios made from it.
namespace origo::scenario {

using Scenarios = std::vector<Scenario>;

inline Json claim_step(const Ground& on, const std::string& use, const char* cancellation = "C") {
  return {{"do", "claim_use"},
          {"cancellation", cancellation},
          {"units", 1},
          {"use", use},
          {"claimant", "Ville de Lyon"},
          {"period", {to_string(on.period.first), to_string(on.period.last)}}};
}

// Production of the scheme's first carrier that meets the conditions; nothing: it cannot.
inline std::optional<Json> issue_meeting(const Ground& on, const std::vector<ClauseSpec>& when) {
  Json step = on.issue();
  for (const ClauseSpec& clause : when) {
    if (clause.attribute == "carrier") {
      if (!has(clause.any_of, on.scheme.carriers.front())) return std::nullopt;
      continue;
    }
    const auto field =
        std::find_if(on.scheme.production_fields.begin(),
                     on.scheme.production_fields.end(),
                     [&](const FieldRule& rule) { return rule.attribute == clause.attribute; });
    if (field == on.scheme.production_fields.end()) return std::nullopt;
    const std::string bound = std::to_string(clause.min);
    step["fields"][field->name] = !clause.any_of.empty() ? clause.any_of.front()
                                  : field->kind == FieldKind::flag
                                      ? (bound == "1" ? "true" : "false")
                                      : bound;
  }
  return step;
}

// Whether production that says nothing of its own accord does not meet the conditions.
inline bool is_special(const Ground& on, const std::vector<ClauseSpec>& when) {
  return std::any_of(when.begin(), when.end(), [&](const ClauseSpec& clause) {
    return std::any_of(on.scheme.production_fields.begin(),
                       on.scheme.production_fields.end(),
                       [&](const FieldRule& rule) {
                         return rule.attribute == clause.attribute && !rule.required;
                       });
  });
}

// A purpose for which no rule allows the use.
inline std::optional<std::string> purpose_against(const Scheme& scheme, const std::string& use) {
  for (const std::string& purpose : scheme.purposes) {
    const bool allowed =
        std::any_of(scheme.claims.begin(), scheme.claims.end(), [&](const ClaimRule& rule) {
          return rule.use == use && has(rule.purposes, purpose);
        });
    if (!allowed) return purpose;
  }
  return std::nullopt;
}

inline Scenarios claims(const Ground& on) {
  Scenarios made;
  if (on.scheme.claims.empty())
    made.push_back(on.scenario("no claim",
                               {on.issue(),
                                on.cancel({{"as", "C"}}),
                                wrong(claim_step(on, "disclosure"), Reject::use_not_allowed)}));
  for (const ClaimRule& rule : on.scheme.claims) {
    const std::optional<Json> issue = issue_meeting(on, rule.when);
    if (!issue) continue;
    Json steps{*issue};
    for (const std::string& purpose : rule.purposes) {
      steps.push_back(on.cancel({{"purpose", purpose}, {"as", "C"}}));
      steps.push_back(with(claim_step(on, rule.use),
                           {{"expect", {{"claim", {{"rule", rule.name}, {"units", 1}}}}}}));
      steps.push_back(wrong(claim_step(on, rule.use), Reject::units_not_claimable));
    }
    if (const auto other = purpose_against(on.scheme, rule.use)) {
      steps.push_back(on.cancel({{"purpose", *other}, {"as", "D"}}));
      steps.push_back(wrong(claim_step(on, rule.use, "D"), Reject::use_not_allowed));
    }
    made.push_back(on.scenario("claim " + rule.name, steps));
    if (is_special(on, rule.when))
      made.push_back(on.scenario("claim " + rule.name + " of other production",
                                 {on.issue(),
                                  on.cancel({{"purpose", rule.purposes.front()}, {"as", "C"}}),
                                  wrong(claim_step(on, rule.use), Reject::use_not_allowed)}));
  }
  return made;
}

inline Scenarios claims_barred(const Ground& on) {
  Scenarios made;
  for (const ClaimBar& bar : on.scheme.claims_barred) {
    const auto rule =
        std::find_if(on.scheme.claims.begin(), on.scheme.claims.end(), [&](const ClaimRule& each) {
          return has(bar.uses, each.use) || (bar.double_counting && each.forbids_double_counting);
        });
    const bool known = rule != on.scheme.claims.end();
    std::vector<ClauseSpec> when = bar.when;
    if (known) when.insert(when.end(), rule->when.begin(), rule->when.end());
    const std::optional<Json> issue = issue_meeting(on, when);
    if (!issue || (!known && bar.uses.empty())) continue;
    const std::string use = known ? rule->use : bar.uses.front();
    const std::string purpose = known ? rule->purposes.front() : on.scheme.purposes.front();
    Json steps{*issue, on.cancel({{"purpose", purpose}, {"as", "C"}})};
    if (bar.first > on.issued) {
      if (known) {
        steps.push_back(Ground::day(add_days(bar.first, -1)));
        steps.push_back(claim_step(on, use));
      }
      steps.push_back(Ground::day(bar.first));
    }
    Json refusal = wrong(claim_step(on, use), Reject::use_barred);
    refusal["expect"]["detail"] = bar.name;
    steps.push_back(refusal);
    made.push_back(on.scenario("bar " + bar.name, steps));
  }
  return made;
}

}  // namespace origo::scenario
