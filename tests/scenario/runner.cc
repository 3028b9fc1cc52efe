#include "tests/scenario/runner.h"

#include "proto/codec/json.h"
#include "tests/scenario/expectations.h"
#include "tests/scenario/features.h"

namespace origo::scenario {
namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : "; ") + line;
  return out;
}

std::string step_name(const Json& step, std::size_t number) {
  std::string out = "step " + std::to_string(number);
  if (!step.is_object()) return out;
  for (const char* key : {"do", "id"}) {
    const auto found = step.find(key);
    if (found != step.end() && found->is_string()) out += " " + found->get<std::string>();
  }
  return out;
}

std::string log_line(const std::string& where, const StepOutcome& outcome) {
  std::string out = where + ": " + std::string(info_of(outcome.answer.code).name);
  for (const Event& event : outcome.events) out += "\n    " + proto::to_json(event).dump();
  return out;
}

// Runs the steps; what was different, or empty.
std::string run_steps(World& world, const Scenario& scenario, ScenarioResult& result) {
  Observer observer;
  Stepper stepper(world, observer);
  Expectations expectations(world, observer, scenario.aggregate_trades);
  static const Json nothing_special = Json::object();
  std::size_t number = 0;
  for (const Json& step : scenario.steps) {
    const std::string where = step_name(step, ++number);
    const StepOutcome outcome = stepper.run(step, where);
    result.log.push_back(log_line(where, outcome));
    if (!outcome.answer.ok()) result.rejects.insert(outcome.answer.code);
    const auto expect = step.find("expect");
    const std::vector<std::string> differences =
        expectations.check(expect == step.end() ? nothing_special : *expect, outcome, where);
    if (!differences.empty()) return where + ": " + joined(differences);
    const std::vector<std::string> faults = world.driver().faults();
    if (!faults.empty()) return where + ": " + joined(faults);
  }
  const std::vector<std::string> wrong = world.driver().finish();
  return wrong.empty() ? "" : "at the end: " + joined(wrong);
}

}  // namespace

ScenarioResult run_scenario(Driver& driver, SchemeFiles& files, const Scenario& scenario) {
  ScenarioResult result{.id = scenario.id, .title = scenario.title};
  try {
    if (!scenario.mistake.empty()) throw FileMistake(scenario.mistake);
    result.reason = missing_feature(scenario);
    if (!result.reason.empty()) {
      result.ending = Ending::skipped;
      return result;
    }
    if (!driver.is_core() && !scenario.core_only.empty()) throw NotOffered(scenario.core_only);
    World world(driver, files, scenario);
    world.build();
    result.reason = run_steps(world, scenario, result);
  } catch (const NotOffered& missing) {
    result.ending = Ending::skipped;
    result.reason = missing.what();
    return result;
  } catch (const FileMistake& mistake) {
    result.reason = mistake.what();
  }
  if (!result.reason.empty()) result.ending = Ending::failed;
  return result;
}

}  // namespace origo::scenario
