#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/scenario/in_process_driver.h"
#include "tests/scenario/runner.h"

namespace origo::scenario {
namespace {

std::vector<std::string> files() {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("tests/scenario/files")) {
    if (entry.path().extension() == ".json") found.push_back(entry.path().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

// Refusals that no command can earn, and why. Everything else has a scenario.
const std::map<Reject, std::string>& unreachable() {
  static const std::map<Reject, std::string> reasons = {
      {Reject::malformed, "said at the edge, of bytes that are no command"},
      {Reject::quarantined, "said of a record that stops the core, which none may"},
      {Reject::rate_limited, "said at the edge, to whoever sends too much"}};
  return reasons;
}

TEST(ScenarioFiles, AllPassAndEveryRefusalIsEarned) {
  std::set<Reject> earned;
  std::set<std::string> ids;
  InProcessDriver driver;
  SchemeFiles schemes("schemes");
  for (const std::string& path : files()) {
    const ScenarioFile file = read_scenario_file(path);
    for (const Scenario& scenario : file.scenarios) {
      EXPECT_TRUE(ids.insert(scenario.id).second) << scenario.id << " is used twice";
      const ScenarioResult result = run_scenario(driver, schemes, scenario);
      EXPECT_NE(result.ending, Ending::failed)
          << path << " " << scenario.id << ": " << result.reason;
      earned.insert(result.rejects.begin(), result.rejects.end());
    }
  }
  const std::vector<Reject> all = {
#define ORIGO_REJECT_CODE(number, name, klass, field, rule) Reject::name,
      ORIGO_REJECTS(ORIGO_REJECT_CODE)
#undef ORIGO_REJECT_CODE
  };
  for (const Reject code : all) {
    EXPECT_NE(earned.contains(code), unreachable().contains(code))
        << info_of(code).name << " is earned by " << (earned.contains(code) ? "a" : "no")
        << " scenario";
  }
}

Scenario scenario_of(const std::string& steps) {
  Scenario scenario;
  scenario.id = "T";
  scenario.steps = Json::parse(steps);
  return scenario;
}

ScenarioResult run(const std::string& steps) {
  InProcessDriver driver;
  SchemeFiles schemes("schemes");
  return run_scenario(driver, schemes, scenario_of(steps));
}

struct Wrong {
  const char* steps;
  const char* reason;  // how the failure begins
};

TEST(ScenarioRunner, SaysWhichStepFailsAndHow) {
  const std::vector<Wrong> cases = {
      {R"([{"do": "place", "id": "a", "side": "B", "qty": 1, "px": 1, "colour": "red"}])",
       R"(step 1 place a: unknown key "colour")"},
      {R"([{"do": "dance"}])", R"(step 1 dance: no such step: "dance")"},
      {R"([{"id": "a"}])", R"(step 1 a: needs "do")"},
      {R"([{"do": "noop", "expect": {"happiness": 1}}])",
       R"(step 1 noop: expect: unknown key "happiness")"},
      {R"([{"do": "noop", "expect": {"result": "refused"}}])",
       "step 1 noop: expect: \"result\" must be"},
      {R"([{"do": "noop"}, {"do": "place", "id": "a", "side": "B", "qty": 2, "px": 5, "expect": {"book": {"B": []}}}])",
       "step 2 place a: book B: expected [], got [[5,2,1]]"},
      {R"([{"do": "place", "id": "a", "side": "B", "qty": 0, "px": 5}])",
       "step 1 place a: result: expected accepted, got rejected:bad_qty (quantity_not_positive"},
      {R"([{"do": "place", "id": "a", "side": "B", "qty": 1, "px": 5}, {"do": "place", "id": "b", "side": "S", "qty": 1, "px": 5}])",
       R"(step 2 place b: trades: expected [], got [["b","a",5,1]])"},
      {R"([{"do": "set_last", "px": 9}, {"do": "place", "id": "t", "side": "B", "qty": 1, "px": 5, "stop": 8}])",
       R"(step 2 place t: triggered: expected [], got ["t"])"},
      {R"([{"do": "place", "id": "a", "side": "S", "qty": 9, "px": 5, "peak": 2, "expect": {"orders": {"a": {"hidden": 6}}, "counts": {"S": [1, 2]}}}])",
       R"(step 1 place a: counts S: expected [1,2], got [1,9]; orders a: expected {"hidden":6}, got {"hidden":7})"},
      {R"([{"do": "time", "now": 10}, {"do": "time", "now": 9}])", "the clock never goes back"},
  };
  for (const Wrong& wrong : cases) {
    const ScenarioResult result = run(wrong.steps);
    EXPECT_EQ(result.ending, Ending::failed) << wrong.steps;
    EXPECT_EQ(result.reason.substr(0, std::string(wrong.reason).size()), wrong.reason);
  }
}

// The same told in two ways: refused, or accepted and cancelled.
TEST(ScenarioRunner, TakesEitherWayOfTellingThatAnOrderDidNothing) {
  const std::string own =
      R"([{"do": "place", "id": "a", "side": "S", "qty": 5, "px": 9, "acct": "me"},)";
  const std::vector<std::string> same = {
      R"([{"do": "place", "id": "b", "side": "B", "qty": 1, "px": 9, "tif": "FOK", "expect": {"result": "rejected:no_liquidity"}}])",
      R"([{"do": "place", "id": "b", "side": "B", "qty": 1, "px": 9, "tif": "IOC", "expect": {"result": "rejected:no_liquidity"}}])",
      own +
          R"({"do": "place", "id": "b", "side": "B", "qty": 1, "px": 9, "acct": "me", "stp": "cancel_newest", "expect": {"result": "rejected:stp"}}])",
      own +
          R"({"do": "place", "id": "b", "side": "B", "qty": 1, "px": 9, "post_only": true, "expect": {"cancels": [["b", 1, "user"]]}}])"};
  for (const std::string& steps : same) {
    const ScenarioResult result = run(steps);
    EXPECT_EQ(result.ending, Ending::passed) << steps << ": " << result.reason;
  }
  const std::vector<std::string> different = {
      own +
          R"({"do": "place", "id": "b", "side": "B", "qty": 9, "px": 9, "tif": "IOC", "expect": {"result": "rejected:no_liquidity"}}])",
      own +
          R"({"do": "place", "id": "b", "side": "B", "qty": 1, "px": 9, "acct": "me", "stp": "cancel_both", "expect": {"result": "rejected:stp"}}])",
      R"([{"do": "place", "id": "b", "side": "B", "qty": 1, "px": 9, "stop": 9, "tif": "IOC", "expect": {"result": "rejected:stop_side"}}])",
      own + R"({"do": "place", "id": "b", "side": "B", "qty": 1, "px": 9, "post_only": true}])"};
  for (const std::string& steps : different) EXPECT_EQ(run(steps).ending, Ending::failed) << steps;
}

TEST(ScenarioRunner, SetsTheLastPriceByATradeWhereNoOrderStandsInTheWay) {
  // The first price can be made before the first order; nothing sees when.
  const ScenarioResult early = run(
      R"([{"do": "place", "id": "b", "side": "B", "qty": 5, "px": 100}, {"do": "set_last", "px": 95, "expect": {"last": 95}},)"
      R"( {"do": "place", "id": "t", "side": "S", "qty": 1, "stop": 94, "expect": {"orders": {"t": {"state": "waiting"}}}},)"
      R"( {"do": "set_last", "px": 101, "expect": {"last": 101, "counts": {"B": [1, 5], "S": [0, 0]}}}])");
  EXPECT_EQ(early.ending, Ending::passed) << early.reason;
  const std::map<std::string, std::string> cases = {
      {R"([{"do": "place", "id": "b", "side": "B", "qty": 5, "px": 100}, {"do": "place", "id": "t", "side": "S", "qty": 1, "stop": 90}, {"do": "set_last", "px": 100}])",
       "set_last where the market says post_only_would_trade"},
      {R"([{"do": "place", "id": "a", "side": "S", "qty": 5, "px": 100}, {"do": "place", "id": "t", "side": "S", "qty": 1, "stop": 90}, {"do": "set_last", "px": 100}])",
       "set_last where the market says post_only_would_trade"},
      {R"([{"do": "place", "id": "t", "side": "S", "qty": 1, "stop": 90}, {"do": "phase", "to": "call"}, {"do": "set_last", "px": 100}])",
       "set_last where the market does not trade"}};
  for (const auto& [steps, reason] : cases) {
    const ScenarioResult result = run(steps);
    EXPECT_EQ(result.ending, Ending::skipped) << steps;
    EXPECT_EQ(result.reason, reason);
  }
}

TEST(ScenarioRunner, SkipsWhatIsNotOfferedByName) {
  const std::map<std::string, std::string> cases = {
      {R"([{"do": "pab_offer", "qty": 10}])", "pab_offer"},
      {R"([{"do": "noop", "expect": {"alloc": {}}}])", "alloc"}};
  for (const auto& [steps, feature] : cases) {
    const ScenarioResult result = run(steps);
    EXPECT_EQ(result.ending, Ending::skipped) << steps;
    EXPECT_EQ(result.reason, feature);
  }
  const ScenarioResult plain = run(
      R"([{"do": "place", "id": "a", "side": "B", "qty": 1, "px": 1, "post_only": false, "stp": "none"}])");
  EXPECT_EQ(plain.ending, Ending::passed) << plain.reason;
}

TEST(ScenarioRunner, ComparesWhatACallFindsAndWhoTradesAtIt) {
  const auto with = [](const std::string& indicated, const std::string& uncrossed) {
    return run(R"([{"do": "phase", "to": "call"},
      {"do": "place", "id": "b", "side": "B", "qty": 5, "px": 12},
      {"do": "place", "id": "s", "side": "S", "qty": 3, "px": 10},
      {"do": "indicative", "expect": {"auction": )" +
               indicated + R"(}},
      {"do": "phase", "to": "continuous", "expect": )" +
               uncrossed + "}]");
  };
  const std::string found = R"({"px": 12, "vol": 3, "surplus": ["B", 2]})";
  const std::string fills = R"({"auction": {"px": 12}, "fills": {"s": [12, 3], "b": [12, 3]}})";
  EXPECT_EQ(with(found, fills).reason, "");
  const std::map<std::pair<std::string, std::string>, std::string> cases = {
      {{R"({"px": 11})", fills},
       R"(step 4 indicative: auction: expected {"px":11}, got {"px":12})"},
      {{"null", fills},
       R"(step 4 indicative: auction: expected null, got {"px":12,"vol":3,"surplus":["B",2]})"},
      {{found, R"({"auction": {"vol": 4}, "fills": {"b": [12, 3], "s": [12, 3]}})"},
       R"(step 5 phase: auction: expected {"vol":4}, got {"vol":3})"},
      {{found, R"({"fills": {"b": [12, 3]}})"},
       R"(step 5 phase: fills: expected {"b":[12,3]}, got {"b":[12,3],"s":[12,3]})"},
      {{found, "{}"}, R"(step 5 phase: trades: expected [], got [["s","b",12,3]])"}};
  for (const auto& [given, reason] : cases)
    EXPECT_EQ(with(given.first, given.second).reason, reason);
}

TEST(ScenarioRunner, SkipsSemanticsByName) {
  InProcessDriver driver;
  SchemeFiles schemes("schemes");
  Scenario scenario = scenario_of(R"([{"do": "noop"}])");
  scenario.semantics = Json{{"amend.below_filled", "ignore"}};
  EXPECT_EQ(run_scenario(driver, schemes, scenario).reason, "amend.below_filled ignore");
  scenario.semantics = Json{{"amend.below_filled", "cancel"}};
  EXPECT_EQ(run_scenario(driver, schemes, scenario).ending, Ending::passed);
}

TEST(SchemeFiles, AreFoundByNameHereOrAboveTheProgram) {
  const std::filesystem::path here = std::filesystem::current_path();
  EXPECT_EQ(SchemeFiles::find_folder("", "/nowhere/program"), "schemes");
  EXPECT_EQ(SchemeFiles::find_folder(here / "schemes", "/nowhere/program"), here / "schemes");
  EXPECT_THROW(static_cast<void>(SchemeFiles::find_folder("tests", "/nowhere/program")),
               FileMistake);
  std::filesystem::current_path(std::filesystem::temp_directory_path());
  EXPECT_EQ(SchemeFiles::find_folder("", here / "build/dev/bin/origo-scenario"), here / "schemes");
  EXPECT_THROW(static_cast<void>(SchemeFiles::find_folder("", "/nowhere/program")), FileMistake);
  std::filesystem::current_path(here);
}

}  // namespace
}  // namespace origo::scenario
