#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "gateway/cli/base/recording.h"

namespace origo::gateway {

// A trade of the replay, by the recording's numbers of orders.
struct ReplayedTrade {
  std::uint32_t taker = 0;
  std::uint32_t maker = 0;  // 0: an order that is not the recording's
  std::int64_t price = 0;
  std::int64_t quantity = 0;
  std::size_t step = 0;  // that caused it
};

struct Comparison {
  std::size_t recorded = 0;
  std::size_t equal = 0;  // same taker, maker, price and quantity
  std::map<std::string, std::size_t>
      differences;  // recorded trades that did not come out equal, by why
  std::size_t replayed = 0;
  std::map<std::string, std::size_t>
      only_here;  // replayed trades that the record has not, by which
};

// `accepted[n]`: the exchange accepted step n.
[[nodiscard]] Comparison compare(const Recording& recording,
                                 const std::vector<bool>& accepted,
                                 const std::vector<ReplayedTrade>& trades);

}  // namespace origo::gateway
