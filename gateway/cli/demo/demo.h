#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/cli/base/allocation.h"
#include "gateway/cli/base/demo_data.h"
#include "gateway/cli/demo/cast.h"
#include "gateway/cli/session.h"

// The demo: real sites and volumes of France, invented companies, every step over the public API.
namespace origo::gateway {

struct DemoOptions {
  std::string sites = "scripts/demo/sites.csv";
  std::string months = "scripts/demo/monthly.csv";
  std::string scheme = "schemes/fr_grdf.toml";
  std::string first = "2022-11";  // months issued, both included
  std::string last = "2023-03";
  std::uint64_t live = 0;  // orders sent after the demo, slowly
  bool live_for_ever = false;
};

inline constexpr const char* kRegistryCode = "FR-GRDF";
inline constexpr const char* kMarketCode = "FR-GAS";
inline constexpr const char* kCarrier = "biomethane";

struct DemoInstrument {
  std::string code;
  std::string name;
  std::vector<ClauseSpec> filter;
  std::string region;  // that it is limited to; empty: all
  Price mid;           // around which the invented orders lie, in cents
  InstrumentId id;
};

// What the steps share.
struct Stage {
  DemoOptions options;
  std::vector<Site> sites;
  std::vector<MonthTotal> months;  // only those that are issued
  Measured published;              // their sum
  RegistryId registry;
  std::map<std::string, ParticipantId> producers;  // by region
  std::map<std::uint32_t, DeviceId> devices;       // by the site's id
  std::vector<DemoInstrument> instruments;
};

// Reads the data; a Failure names file and line.
[[nodiscard]] Stage load_stage(const DemoOptions& options);

// Participants, users, roles, accounts, cash, registry, market, instruments.
void set_up(Stage& stage, Session& admin, Cast& cast);
// Registers and approves every site.
void register_sites(Stage& stage, Cast& cast);
// Declares, requests and issues the months, in order.
void issue_months(Stage& stage, Cast& cast);
// Sells through the book, with fees; leaves resting orders.
void trade(Stage& stage, Cast& cast);
// Moves certificates between trusted accounts.
void transfer(Cast& cast);
// Cancels in consumers' names and prints some statements.
void cancel(Cast& cast);
// A gentle flow of small orders, each good for two minutes; until `options.live` orders or Ctrl-C.
void trade_on(Stage& stage, Cast& cast);

// Whether the demo's registry is there already.
[[nodiscard]] std::optional<RegistryId> find_registry(Session& session);
[[nodiscard]] std::vector<DemoInstrument> demo_instruments();
// Fills in the ids of instruments that exist.
void find_instruments(Stage& stage, Session& session);

}  // namespace origo::gateway
