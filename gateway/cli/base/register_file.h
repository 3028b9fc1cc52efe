#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/command.h"

// What published registers hold, as commands and facts. Nothing here knows a node.
namespace origo::gateway {

// A row that cannot be imported: `rule` says what must hold.
struct RefusedRow {
  std::size_t line = 0;
  std::string rule;
};

// A plant and what registers it; registry and producer are filled in by whoever sends it.
struct Plant {
  std::size_t line = 0;
  std::string key;       // by which it is known again: "ODRE 458", at the end of the device's name
  std::string producer;  // who owns it
  RegisterDevice device;
  Measured capacity;       // Wh a year (ODRE), W (REPD, REGO)
  Date last_day = kNever;  // of operation
};

struct Plants {
  std::string error;  // the whole file is unreadable
  std::vector<Plant> rows;
  std::vector<RefusedRow> refused;
  std::map<std::string, std::size_t> passed_over;  // rows that are no plants in service, by why
};

// Points d'injection de biométhane en France (ODRE): semicolons. Fields of the scheme FR-GO.
[[nodiscard]] Plants read_odre_plants(const std::string& text);
// UK Renewable Energy Planning Database: plants whose development status is Operational. Fields of
// the scheme RED-GO.
[[nodiscard]] Plants read_repd_plants(const std::string& text);
// Accredited stations of the British register. Fields of the scheme GB-REGO. Live ones of the REGO
// scheme that generate general output.
[[nodiscard]] Plants read_rego_stations(const std::string& text);

// What was measured in one period.
struct Volume {
  std::size_t line = 0;
  std::string meter;  // whose reading it is: the grid operator
  Period period;
  Measured amount;  // Wh
};

struct Volumes {
  std::string error;
  std::vector<Volume> rows;  // by meter and period; none overlap
  std::vector<RefusedRow> refused;
};

// Provisional hourly injection (ODRE): a gas day of a grid operator, whose 24 hours must give the
// day's total within 0.01 MWh; the total counts, to the nearest Wh.
[[nodiscard]] Volumes read_odre_hourly(const std::string& text);
// National monthly injection (ODRE).
[[nodiscard]] Volumes read_odre_monthly(const std::string& text);

// One row of the British register of certificates: a block as it stands after trading.
struct RegoBlock {
  std::size_t line = 0;
  std::string accreditation;
  std::string station;
  std::int64_t capacity_kw = 0;
  std::string country;
  std::string technology;
  Period period;
  std::int64_t first = 0;  // counter in the station's month
  std::int64_t count = 0;
  std::string printed;  // "start - end", as the scheme's serial format writes a range
  std::string status;   // Issued, Redeemed, Retired, Expired
  Date status_date;
  std::string holder;
};

struct RegoBlocks {
  std::string error;
  std::vector<RegoBlock> rows;  // by station, month and first certificate
  std::vector<RefusedRow> refused;
};

// Refused: a count that is not end - start + 1, numbers of another station or month, certificates
// that are not of 1 MWh, station-months whose blocks leave a gap, overlap or do not begin at 0.
[[nodiscard]] RegoBlocks read_rego_blocks(const std::string& text);

}  // namespace origo::gateway
