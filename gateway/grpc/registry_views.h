#pragma once

#include <string>

#include "engine/exchange.h"
#include "engine/market/settlements.h"
#include "engine/registry/lineage.h"
#include "gateway/node/history.h"
#include "origo/v1/registry.pb.h"

// The registries' records as queries show them.
namespace origo::gateway::registry_views {

// "2026-01-31"; empty for none.
[[nodiscard]] std::string text_of(Date date);

void write(Period period, v1::Period& out);
void write(const DeviceVersion& version, v1::DeviceVersion& out);
void write(const Exchange& exchange, const Device& device, v1::Device& out);
void write(const Exchange& exchange, const Declaration& declaration, v1::Declaration& out);
void write(const Exchange& exchange, const Lot& lot, v1::Lot& out);
void write(const Exchange& exchange,
           const PendingSums& pending,
           const Holding& holding,
           v1::Holding& out);
void write(const StatementEntry& entry,
           const std::string& public_url,
           v1::CancellationStatement& out);
void write(const ClaimEntry& entry, v1::Claim& out);
void write(const Registry& registry, const LineageStep& step, v1::LineageStep& out);
void write(const CarbonOrigin& origin, v1::CarbonOrigin& out);
void write(const Withdrawal& withdrawal, v1::Withdrawal& out);
void write(const Registry& registry, const Lot& lot, const LotEntry& entry, v1::LotEvent& out);

}  // namespace origo::gateway::registry_views
