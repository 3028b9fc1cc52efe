#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/scenario/strict_object.h"

namespace origo::scenario {

struct InstrumentSpec {
  std::int64_t tick = 1;       // prices in the scenario are multiples of it
  std::int64_t lot = 1;        // quantities likewise
  std::int64_t last = 0;       // trade price so far; 0: none
  std::int64_t reference = 0;  // of calls; 0: none
  std::string phase = "continuous";
  std::string currency = "EUR";
  std::int64_t size = 0;  // Wh or g CO2e in one contract; 0: one certificate
  std::int64_t tick_value = 1;
  std::int64_t price_min = 1;
  std::int64_t price_max = 0;     // 0: ample
  std::int64_t quantity_max = 0;  // 0: ample
  std::int64_t quantity_min = 0;  // contracts, as the former
  std::int64_t value_min = 0;
  std::int64_t value_max = 0;
  Json rules;   // null: what the scenario's semantics choose
  Json filter;  // null: what the default registry issues
};

struct AccountSpec {
  std::vector<std::string> kinds;  // empty: by first use
  std::vector<std::string> roles = {"trader", "holder", "producer", "participant_admin"};
  std::string country = "DE";
  std::string registry;  // empty: the first one; "-": a cash account
  std::optional<std::map<std::string, std::int64_t>> cash;  // none: ample
  std::optional<std::int64_t> units;                        // none: ample
};

struct RegistrySpec {
  std::string scheme;  // a file of schemes/, without its ending
  std::string country;
};

struct DeviceSpec {
  std::string registry;               // empty: the first one
  std::string producer = "plant";     // participant
  std::string country;                // empty: the registry's
  std::vector<std::string> carriers;  // empty: the scheme's first
  std::string start = "2015-01-01";
  Json fields = Json::object();  // required ones that are missing get sample values
};

// One scenario, with what must be there before its first step.
struct Scenario {
  std::string id;
  std::string title;
  Json semantics;  // null: all defaults
  bool aggregate_trades = false;
  std::string start = "2026-01-01";
  bool bootstrapped = true;
  std::string core_only;         // why a node cannot show it; empty: it can
  Json relaxations;              // null: nothing needs two users, no exit is held
  std::int64_t settle_days = 0;  // of its market; 0: trades settle at once
  Json fees;                     // null: none
  Json fee_tiers;                // null: none
  std::map<std::string, InstrumentSpec> instruments;
  std::map<std::string, AccountSpec> accounts;
  std::vector<std::pair<std::string, RegistrySpec>> registries;
  std::vector<std::pair<std::string, DeviceSpec>> devices;  // registered and approved
  Json steps;
  std::string mistake;  // what is wrong with it; empty: nothing
};

struct ScenarioFile {
  std::string path;
  std::string feature;
  std::vector<Scenario> scenarios;
};

// Throws FileMistake if the file as a whole cannot be read; a mistake within one scenario is its
// own.
[[nodiscard]] ScenarioFile read_scenario_file(const std::filesystem::path& path);

}  // namespace origo::scenario
