#include "proto/codec/schemes.h"

#include "proto/codec/reflect.h"

namespace origo::proto {

void write_scheme(const Scheme& scheme, v1::Scheme& out) {
  reflect::write_message(scheme, out);
}
std::optional<DecodeError> read_scheme(const v1::Scheme& message, Scheme& out) {
  DecodeError error;
  if (!reflect::read_message(message, out, error)) return error;
  return std::nullopt;
}
void write_evidence(const Evidence& evidence, v1::Evidence& out) {
  reflect::write_message(evidence, out);
}
void write_carbon_source(const CarbonSource& source, v1::CarbonSource& out) {
  reflect::write_message(source, out);
}
void write_fees(const FeeSchedule& fees, v1::FeeSchedule& out) {
  reflect::write_message(fees, out);
}
void write_tier(const FeeTier& tier, v1::FeeTier& out) {
  reflect::write_message(tier, out);
}
void write_clause(const ClauseSpec& clause, v1::ClauseSpec& out) {
  reflect::write_message(clause, out);
}
void write_terms(const InstrumentTerms& terms, v1::InstrumentTerms& out) {
  reflect::write_message(terms, out);
}
void write_rules(const TradingRules& rules, v1::TradingRules& out) {
  reflect::write_message(rules, out);
}

}  // namespace origo::proto
