#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/command.h"

// Recorded order flow of another venue, as steps that an exchange can be asked to do.
// docs/replay.md tells the files.
namespace origo::gateway {

enum class ReplayAction : std::uint8_t { place, cancel, reduce, amend };

// Prices and quantities are whole numbers: the file's decimals times 10^decimals.
struct ReplayStep {
  std::int64_t time_ms = 0;  // at the venue; never decreasing
  ReplayAction action = ReplayAction::place;
  std::uint32_t order = 0;  // from 1, in order of appearance
  Side side = Side::buy;
  bool market = false;
  bool post_only = false;     // the record deletes it in the same millisecond, untraded
  std::int64_t price = 0;     // place, amend
  std::int64_t quantity = 0;  // place: all; reduce: taken off; amend: the new total
};

struct RecordedTrade {
  std::uint32_t taker = 0;  // 0: an order that the file of orders does not have
  std::uint32_t maker = 0;
  std::int64_t price = 0;
  std::int64_t quantity = 0;
};

struct Recording {
  std::vector<std::string> ids;  // of order n at n - 1
  std::vector<ReplayStep> steps;
  std::vector<RecordedTrade> trades;
  unsigned price_decimals = 0;
  unsigned quantity_decimals = 0;
  std::int64_t price_max = 0;     // the collar within which orders are replayed
  std::int64_t quantity_max = 0;  // the largest order replayed
  std::size_t created = 0;        // rows
  std::size_t changed = 0;
  std::size_t deleted = 0;
  std::size_t post_only = 0;                    // orders placed so
  std::size_t told_by_trades = 0;               // changed rows that only say what a trade did
  std::map<std::string, std::size_t> left_out;  // rows that are not replayed, by reason
  std::int64_t cash_needed = 0;  // the most that resting bids promise at once, in ticks x contracts
  std::int64_t units_needed = 0;  // the most that resting asks promise at once, and all that trades
};

// What a market can take: an order's quantity at most, and price times quantity.
struct RecordingLimits {
  std::int64_t quantity_max = 1'000'000'000;
  std::int64_t notional_max = 1'000'000'000'000'000'000;
};

struct RecordingOrError {
  Recording recording;
  std::string error;  // names file and line; empty: none
};
[[nodiscard]] RecordingOrError parse_recording(std::string_view orders_csv,
                                               std::string_view trades_csv,
                                               const RecordingLimits& limits = {});

}  // namespace origo::gateway
