#include "tests/scenario/scenario_file.h"

#include <fstream>
#include <set>

namespace origo::scenario {
namespace {

InstrumentSpec read_instrument(const Json& json, const std::string& where) {
  StrictObject object(json, where);
  InstrumentSpec spec;
  spec.tick = object.number_if_any("tick").value_or(1);
  spec.lot = object.number_if_any("lot").value_or(1);
  spec.last = object.number_if_any("last").value_or(0);
  spec.reference = object.number_if_any("ref").value_or(0);
  spec.phase = object.text_if_any("phase").value_or(spec.phase);
  spec.currency = object.text_if_any("currency").value_or(spec.currency);
  spec.size = object.number_if_any("size").value_or(0);
  spec.tick_value = object.number_if_any("tick_value").value_or(1);
  spec.price_min = object.number_if_any("price_min").value_or(1);
  spec.price_max = object.number_if_any("price_max").value_or(0);
  spec.quantity_max = object.number_if_any("quantity_max").value_or(0);
  spec.quantity_min = object.number_if_any("quantity_min").value_or(0);
  spec.value_min = object.number_if_any("value_min").value_or(0);
  spec.value_max = object.number_if_any("value_max").value_or(0);
  if (const Json* rules = object.find("rules")) spec.rules = *rules;
  if (const Json* filter = object.find("filter")) spec.filter = *filter;
  object.finish();
  if (spec.tick < 1 || spec.lot < 1) object.fail("tick and lot must be 1 or more");
  return spec;
}

std::vector<std::string> read_words(const Json& json, const std::string& where) {
  if (!json.is_array()) throw FileMistake(where + " must be a list of words");
  std::vector<std::string> words;
  for (const Json& word : json) {
    if (!word.is_string()) throw FileMistake(where + " must be a list of words");
    words.push_back(word.get<std::string>());
  }
  return words;
}

AccountSpec read_account(const Json& json, const std::string& where) {
  StrictObject object(json, where);
  AccountSpec spec;
  if (const Json* kinds = object.find("kinds")) spec.kinds = read_words(*kinds, where + ".kinds");
  if (const Json* roles = object.find("roles")) spec.roles = read_words(*roles, where + ".roles");
  spec.country = object.text_if_any("country").value_or(spec.country);
  spec.registry = object.text_if_any("registry").value_or("");
  if (const Json* cash = object.find("cash")) {
    if (!cash->is_object()) object.fail("\"cash\" must be {\"EUR\": amount}");
    spec.cash.emplace();
    for (const auto& [currency, amount] : cash->items()) {
      spec.cash->emplace(currency, as_number(amount, where + ".cash"));
    }
  }
  spec.units = object.number_if_any("units");
  object.finish();
  return spec;
}

RegistrySpec read_registry(const Json& json, const std::string& where) {
  StrictObject object(json, where);
  RegistrySpec spec{.scheme = object.text("scheme"), .country = object.text("country")};
  object.finish();
  return spec;
}

DeviceSpec read_device(const Json& json, const std::string& where) {
  StrictObject object(json, where);
  DeviceSpec spec;
  spec.registry = object.text_if_any("registry").value_or("");
  spec.producer = object.text_if_any("producer").value_or(spec.producer);
  spec.country = object.text_if_any("country").value_or("");
  if (const Json* carriers = object.find("carriers"))
    spec.carriers = read_words(*carriers, where + ".carriers");
  spec.start = object.text_if_any("start").value_or(spec.start);
  if (const Json* fields = object.find("fields")) spec.fields = *fields;
  object.finish();
  return spec;
}

// Calls `read(name, value)` for each member of an object that may be absent.
template <class Read>
void for_each_member(StrictObject& object, const char* key, Read&& read) {
  const Json* members = object.find(key);
  if (members == nullptr) return;
  if (!members->is_object()) object.fail("\"" + std::string(key) + "\" must be an object");
  for (const auto& [name, value] : members->items()) read(name, value);
}

void read_into(Scenario& scenario, StrictObject& object) {
  scenario.title = object.text("title");
  for (const char* ignored : {"source", "basis", "note"}) static_cast<void>(object.find(ignored));
  if (const Json* semantics = object.find("semantics")) scenario.semantics = *semantics;
  if (const auto match = object.text_if_any("trades_match")) {
    if (*match != "aggregate") object.fail("\"trades_match\" can only be \"aggregate\"");
    scenario.aggregate_trades = true;
  }
  scenario.start = object.text_if_any("start").value_or(scenario.start);
  scenario.core_only = object.text_if_any("core_only").value_or("");
  scenario.bootstrapped = object.flag_or("bootstrap", true);
  scenario.settle_days = object.number_if_any("settle_days").value_or(0);
  if (const Json* relaxations = object.find("relaxations")) scenario.relaxations = *relaxations;
  if (const Json* fees = object.find("fees")) scenario.fees = *fees;
  if (const Json* tiers = object.find("fee_tiers")) scenario.fee_tiers = *tiers;
  for_each_member(object, "instruments", [&](const std::string& name, const Json& json) {
    scenario.instruments.emplace(name, read_instrument(json, scenario.id + ": instrument " + name));
  });
  for_each_member(object, "accounts", [&](const std::string& name, const Json& json) {
    scenario.accounts.emplace(name, read_account(json, scenario.id + ": account " + name));
  });
  for_each_member(object, "registries", [&](const std::string& name, const Json& json) {
    scenario.registries.emplace_back(name, read_registry(json, scenario.id + ": registry " + name));
  });
  for_each_member(object, "devices", [&](const std::string& name, const Json& json) {
    scenario.devices.emplace_back(name, read_device(json, scenario.id + ": device " + name));
  });
  scenario.steps = object.get("steps");
  if (!scenario.steps.is_array()) object.fail("\"steps\" must be a list");
  object.finish();
}

}  // namespace

ScenarioFile read_scenario_file(const std::filesystem::path& path) {
  std::ifstream in(path);
  if (!in) throw FileMistake(path.string() + ": cannot be read");
  Json json;
  try {
    json = Json::parse(in);
  } catch (const Json::parse_error& error) {
    throw FileMistake(path.string() + ": " + error.what());
  }
  StrictObject top(json, path.string());
  if (top.text("format") != "origo-scenario/1") top.fail("\"format\" must be \"origo-scenario/1\"");
  ScenarioFile file{
      .path = path.string(), .feature = top.text_if_any("feature").value_or(""), .scenarios = {}};
  for (const char* ignored : {"source", "basis", "note"}) static_cast<void>(top.find(ignored));
  const Json& scenarios = top.get("scenarios");
  if (!scenarios.is_array()) top.fail("\"scenarios\" must be a list");
  top.finish();
  std::set<std::string> ids;
  for (const Json& entry : scenarios) {
    StrictObject object(entry,
                        path.string() + ": scenario " + std::to_string(file.scenarios.size() + 1));
    Scenario& scenario = file.scenarios.emplace_back();
    scenario.id = object.text("id");
    if (!ids.insert(scenario.id).second)
      object.fail("the id \"" + scenario.id + "\" is given twice");
    try {
      StrictObject named(entry, scenario.id);
      static_cast<void>(named.find("id"));
      read_into(scenario, named);
    } catch (const FileMistake& mistake) {
      scenario.mistake = mistake.what();
    }
  }
  return file;
}

}  // namespace origo::scenario
