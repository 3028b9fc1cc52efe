#include "gateway/cli/base/replay_comparison.h"

#include <algorithm>
#include <tuple>

namespace origo::gateway {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// What the replay did with each order.
struct Fate {
  std::size_t placed = kNone;     // step
  std::size_t cancelled = kNone;  // step; accepted, so it rested until then
  std::vector<const ReplayedTrade*> took;
  std::vector<const ReplayedTrade*> made;
};

using Key = std::tuple<std::uint32_t, std::uint32_t, std::int64_t, std::int64_t>;

template <class Trade>
Key key_of(const Trade& trade) {
  return {trade.taker, trade.maker, trade.price, trade.quantity};
}

std::vector<Fate> fates_of(const Recording& recording,
                           const std::vector<bool>& accepted,
                           const std::vector<ReplayedTrade>& trades) {
  std::vector<Fate> fates(recording.ids.size() + 1);
  for (std::size_t i = 0; i < recording.steps.size() && i < accepted.size(); ++i) {
    const ReplayStep& step = recording.steps[i];
    if (!accepted[i]) continue;
    if (step.action == ReplayAction::place) fates[step.order].placed = i;
    if (step.action == ReplayAction::cancel) fates[step.order].cancelled = i;
  }
  for (const ReplayedTrade& trade : trades) {
    fates[trade.taker].took.push_back(&trade);
    fates[trade.maker].made.push_back(&trade);
  }
  return fates;
}

// Why a recorded trade did not come out equal; the first reason that holds.
std::string why(const RecordedTrade& trade, const std::vector<Fate>& fates) {
  const Fate& taker = fates[trade.taker];
  const Fate& maker = fates[trade.maker];
  if (trade.taker == 0 || taker.placed == kNone) return "the taker was not entered";
  if (trade.maker == 0 || maker.placed == kNone) return "the maker was not entered";
  for (const ReplayedTrade* one : taker.took) {
    if (one->maker != trade.maker) continue;
    return one->price == trade.price ? "the same orders, another quantity"
                                     : "the same orders, another price";
  }
  if (maker.placed > taker.placed) return "the maker was entered after the taker";
  if (maker.cancelled < taker.placed) return "the maker had been cancelled";
  const bool spent =
      std::any_of(maker.made.begin(), maker.made.end(), [&](const ReplayedTrade* one) {
        return one->step < taker.placed;
      });
  if (spent) return "the maker had traded with another";
  if (!taker.took.empty()) return "the taker met other orders first";
  return "the taker did not trade";
}

}  // namespace

Comparison compare(const Recording& recording,
                   const std::vector<bool>& accepted,
                   const std::vector<ReplayedTrade>& trades) {
  const std::vector<Fate> fates = fates_of(recording, accepted, trades);
  std::map<Key, std::size_t> here;
  for (const ReplayedTrade& trade : trades) ++here[key_of(trade)];
  std::vector<bool> trades_in_record(recording.ids.size() + 1);
  Comparison result;
  result.recorded = recording.trades.size();
  result.replayed = trades.size();
  for (const RecordedTrade& trade : recording.trades) {
    trades_in_record[trade.taker] = true;
    trades_in_record[trade.maker] = true;
    const auto found = here.find(key_of(trade));
    if (found != here.end() && found->second > 0) {
      --found->second;
      ++result.equal;
    } else {
      ++result.differences[why(trade, fates)];
    }
  }
  for (const auto& [key, count] : here) {
    if (count == 0) continue;
    const bool known = trades_in_record[std::get<0>(key)] || trades_in_record[std::get<1>(key)];
    result.only_here[known ? "an order that trades otherwise in the record"
                           : "orders that never trade in the record"] += count;
  }
  return result;
}

}  // namespace origo::gateway
