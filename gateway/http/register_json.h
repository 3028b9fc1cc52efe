#pragma once

#include <optional>
#include <string>

#include "engine/exchange.h"
#include "engine/registry/lineage.h"
#include "gateway/node/history.h"
#include "proto/codec/json.h"

// What the public register shows. Nobody's name and no account: whoever cancelled is named by the
// statement alone, and moves between accounts are not told, as with their serial numbers and times
// anybody could find the trade, and so its price, behind a statement.
namespace origo::gateway::web {

// A device as it is today, in a list; `whole`: with its fields and history.
[[nodiscard]] proto::Json device_json(const Exchange& exchange, const Device& device, bool whole);
// A lot in a list; `whole`: with its attributes, evidence and clocks as of `today`.
[[nodiscard]] proto::Json lot_json(const Exchange& exchange, const Lot& lot, bool whole);
// What became of some of a lot's certificates; nothing for a move between accounts.
[[nodiscard]] std::optional<proto::Json> event_json(const Registry& registry,
                                                    const Lot& lot,
                                                    const LotEntry& entry);
[[nodiscard]] proto::Json lineage_json(const Registry& registry, const LineageStep& step);

// The same as rows of comma-separated values, and the line that names the columns.
[[nodiscard]] std::string device_csv_header();
[[nodiscard]] std::string device_csv(const Exchange& exchange, const Device& device);
[[nodiscard]] std::string lot_csv_header();
[[nodiscard]] std::string lot_csv(const Registry& registry, const Lot& lot);
[[nodiscard]] std::string statement_csv_header();
[[nodiscard]] std::string statement_csv(const StatementEntry& entry);

}  // namespace origo::gateway::web
