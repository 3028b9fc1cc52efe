#pragma once

#include <optional>

#include "engine/core/command.h"
#include "engine/core/scheme.h"
#include "engine/registry/registry.h"
#include "origo/v1/commands.pb.h"
#include "origo/v1/registry.pb.h"
#include "origo/v1/scheme.pb.h"
#include "proto/codec/decode_error.h"

// Parts of commands as the public messages show them again.
namespace origo::proto {

void write_scheme(const Scheme& scheme, v1::Scheme& out);
// The way back, strictly: what is wrong, or nothing. `out` is unspecified then.
[[nodiscard]] std::optional<DecodeError> read_scheme(const v1::Scheme& message, Scheme& out);
void write_evidence(const Evidence& evidence, v1::Evidence& out);
void write_carbon_source(const CarbonSource& source, v1::CarbonSource& out);
void write_fees(const FeeSchedule& fees, v1::FeeSchedule& out);
void write_tier(const FeeTier& tier, v1::FeeTier& out);
void write_clause(const ClauseSpec& clause, v1::ClauseSpec& out);
void write_terms(const InstrumentTerms& terms, v1::InstrumentTerms& out);
void write_rules(const TradingRules& rules, v1::TradingRules& out);

}  // namespace origo::proto
