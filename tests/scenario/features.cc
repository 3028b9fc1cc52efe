#include "tests/scenario/features.h"

#include <map>
#include <set>

namespace origo::scenario {
namespace {

// Choices that an expectation may depend on, with those that hold here. The others are skipped by
// name.
const std::map<std::string, std::set<std::string>>& semantics_offered() {
  static const std::map<std::string, std::set<std::string>> offered = {
      {"market.remainder", {"cancel"}},
      {"stp", {"none", "cancel_newest", "cancel_oldest", "cancel_both", "decrement"}},
      {"iceberg.alloc", {"queue"}},
      {"iceberg.entry", {"full_peak"}},
      {"iceberg.amend_up", {"keep", "lose"}},
      {"amend.below_filled", {"cancel", "reject"}},
      {"stop.ref", {"last"}},
      {"stop.immediate", {"trigger", "reject"}},
      {"auction.ladder", {"t7", "xetra_nearest", "euronext", "jpx", "midpoint"}},
      {"auction.iceberg", {"full"}},
      {"auction.market_remainder", {"cancel", "keep"}},
      {"auction.mtl_remainder", {"limit", "keep"}},
      {"call.ioc_fok", {"reject"}},
      {"pab.tie", {"pro_rata"}},
      {"pab.rounding", {"floor_then_time"}},
      {"pab.price", {"bid"}}};
  return offered;
}

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string missing_in_step(const Json& step) {
  if (!step.is_object()) return {};
  const std::string verb = text_of(step, "do");
  static const std::set<std::string> verbs = {"pab_offer", "pab_allocate", "export"};
  if (verbs.contains(verb)) return verb;
  const auto expect = step.find("expect");
  if (expect != step.end() && expect->is_object() && expect->contains("alloc")) return "alloc";
  return {};
}

}  // namespace

std::string missing_feature(const Scenario& scenario) {
  if (!scenario.semantics.is_null()) {
    if (!scenario.semantics.is_object())
      throw FileMistake(scenario.id + ": semantics must be an object");
    for (const auto& [key, value] : scenario.semantics.items()) {
      const auto known = semantics_offered().find(key);
      const std::string word = value.is_string() ? value.get<std::string>() : value.dump();
      if (known == semantics_offered().end() || !known->second.contains(word))
        return key + " " + word;
    }
  }
  for (const Json& step : scenario.steps) {
    if (std::string missing = missing_in_step(step); !missing.empty()) return missing;
  }
  return {};
}

}  // namespace origo::scenario
