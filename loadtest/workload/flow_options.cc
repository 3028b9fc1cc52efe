#include "loadtest/workload/flow_options.h"

#include <cmath>
#include <numeric>
#include <sstream>
#include <stdexcept>

namespace origo::loadtest {

FlowMix parse_mix(const std::string& text) {
  if (text == "full") return kFullMix;
  if (text == "basic") return kBasicMix;
  FlowMix mix{};
  std::istringstream in(text);
  for (std::size_t i = 0; i < mix.size(); ++i) {
    char comma = ',';
    if ((i > 0 && !(in >> comma)) || comma != ',' || !(in >> mix[i])) {
      throw std::invalid_argument("a mix is full, basic or seven weights: G,I,F,M,C,R,P");
    }
  }
  if (in.peek() != std::istringstream::traits_type::eof()) {
    throw std::invalid_argument("a mix has seven weights, not more");
  }
  return mix;
}

std::string problem_with(const FlowOptions& options) {
  if (options.instruments == 0) return "at least one instrument";
  if (options.accounts == 0) return "at least one account";
  if (!std::isfinite(options.zipf) || options.zipf < 0) return "--zipf is 0 or more";
  if (!std::isfinite(options.spread) || options.spread > 1e6)
    return "--spread is at most 1,000,000 ticks";
  if (!(options.recent >= 0 && options.recent <= 1)) return "--recent is between 0 and 1";
  for (const double weight : options.mix) {
    if (!(weight >= 0 && weight <= 1e6)) return "a weight is between 0 and 1,000,000";
  }
  if (std::accumulate(options.mix.begin(), options.mix.end(), 0.0) < 1e-6)
    return "a mix of nothing";
  if (options.swing_percent > 90) return "--swing is at most 90 per cent";
  if (options.sparse_levels > 3000) return "--sparse-levels is at most 3,000";
  if (options.swing_percent > 0 && options.sparse_levels > 0)
    return "either --swing or --sparse-levels";
  return {};
}

}  // namespace origo::loadtest
