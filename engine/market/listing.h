#pragma once

#include "engine/core/result.h"
#include "engine/state.h"

namespace origo {

// Market operation: markets, their fees, and instruments.
class Listing {
 public:
  explicit Listing(const Working& working) : working_(working), state_(working.state) {}

  // Rejects: code_invalid, code_taken, name_invalid.
  Result<MarketId> create(const CreateMarket& command);
  // Holds for orders entered from now on. Rejects: market_unknown, fees_invalid.
  Result<MarketId> set(const SetFees& command);
  // Rejects: instrument_unknown, price_outside_collar.
  Result<InstrumentId> set(const SetReferencePrice& command);
  // Rejects: market_unknown, code_invalid, code_taken, name_invalid, currency_invalid,
  //          instrument_terms_invalid, notional_too_large, those of make_filter,
  //          instrument_undeliverable, instrument_duplicate.
  Result<InstrumentId> create(const CreateInstrument& command);

 private:
  [[nodiscard]] std::vector<RegistryId> delivering(const std::vector<ClauseSpec>& filter,
                                                   const InstrumentTerms& terms) const;
  Working working_;
  State& state_;
};

}  // namespace origo
