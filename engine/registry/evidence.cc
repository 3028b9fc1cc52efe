#include <algorithm>
#include <array>
#include <boost/describe/enum_to_string.hpp>

#include "engine/registry/captured_co2.h"
#include "engine/registry/office.h"

// What was verified of a production, and what its certificates are told to be because of it.
namespace origo {
namespace {

struct ResultAttribute {
  const char* name;
  AttributeKind kind;
};
constexpr std::array kResults = {
    ResultAttribute{"ghg_intensity", AttributeKind::number},  // mg CO2e per MJ
    ResultAttribute{"ghg_saving_ppm", AttributeKind::number},
    ResultAttribute{"gas_class", AttributeKind::symbol},
    ResultAttribute{"rfnbo", AttributeKind::flag},
    ResultAttribute{"electricity_case", AttributeKind::symbol},
    ResultAttribute{kCo2Source, AttributeKind::symbol},
    ResultAttribute{"green_e", AttributeKind::flag},
};

// The word by which an attribute says it.
template <class Enum>
const char* word_of(Enum value) {
  return boost::describe::enum_to_string(value, "");
}

}  // namespace

// Whether the attributes that results are told in are there, with their kinds.
Verdict Office::check_result_attributes() const {
  for (const ResultAttribute& result : kResults) {
    if (const Verdict bad = check_attribute(result.name, result.kind)) return bad;
  }
  return std::nullopt;
}

Result<DeclarationId> Office::record(const RecordEvidence& command) {
  const Declaration* declaration = registry_.find(command.declaration);
  if (declaration == nullptr) return Reject::declaration_unknown;
  if (declaration->state == DeclarationState::issued) return Reject::evidence_closed;
  if (const Verdict bad = check_result_attributes()) return *bad;
  const FuelMaking making{.plant_start = registry_.get(declaration->device).start(),
                          .last_day = declaration->period.last};
  const FuelVerdict verdict = judge_fuel(command.evidence, making);
  registry_.get(command.declaration).evidence = {{.details = command, .verdict = verdict}};
  events_.append(EvidenceRecorded{.details = command, .verdict = verdict});
  return command.declaration;
}

// Says what was verified, in place of what the producer declared.
void Office::say_results(const Declaration& declaration, AttributeValues& values) {
  const auto attribute = [&](const char* name) { return state_.vocabulary.find_attribute(name); };
  const auto say = [&](const char* name, std::int64_t value) {
    values.push_back({attribute(name), value});
  };
  const auto say_word = [&](const char* name, const char* word) {
    say(name, state_.vocabulary.intern(word).value());
  };
  if (!declaration.evidence.empty()) {
    std::erase_if(values, [&](const AttributeValue& value) {
      return std::any_of(kResults.begin(), kResults.end(), [&](const ResultAttribute& result) {
        return value.attribute == attribute(result.name);
      });
    });
    const FuelEvidence& shown = declaration.evidence.front().details.evidence;
    const FuelVerdict& verdict = declaration.evidence.front().verdict;
    say("ghg_intensity", verdict.total_mg_per_mj);
    say("ghg_saving_ppm", verdict.saving_ppm);
    switch (verdict.gas_class) {
      case GasClass::none:
        break;
      case GasClass::renewable:
        say_word("gas_class", "renewable");
        break;
      case GasClass::low_carbon_hydrogen:
        say_word("gas_class", "low_carbon_hydrogen");
        [[fallthrough]];
      case GasClass::low_carbon_gas:
        say_word("gas_class", "low_carbon");
        break;
    }
    if (shown.kind == FuelKind::rfnbo) say("rfnbo", verdict.rfnbo == EligibilityRule::none ? 1 : 0);
    for (const ElectricityUse& use : shown.electricity)
      say_word("electricity_case", word_of(use.path));
    for (const BuiltInCo2& source : shown.co2) say_word(kCo2Source, word_of(source.origin.source));
    if (!shown.green_e.empty()) say("green_e", verdict.green_e == EligibilityRule::none ? 1 : 0);
  }
  for (const ConversionInput& input : declaration.inputs) {
    for (const Co2Source source : input.co2) say_word(kCo2Source, word_of(source));
  }
  for (const FuelCo2& co2 : declaration.co2) {
    say_word(kCo2Counting, word_of(co2.programme.counting));
    say(kCo2Share, co2.programme.user_share_ppm);
    say_word(kCo2Programme, co2.programme.name.c_str());
  }
}

}  // namespace origo
