#pragma once

#include <array>
#include <cstdint>
#include <limits>

// Order-flow files: one deterministic stream of commands with its expected result, for any matching
// engine. A header of 256 bytes, then records of 32 bytes, little-endian. docs/workload.md tells
// the rules.
namespace origo::loadtest {

inline constexpr std::array<char, 8> kFlowMagic{'C', 'O', 'O', 'W', 'K', 'L', 'D', '1'};
inline constexpr std::uint32_t kFlowVersion = 1;

enum class FlowKind : std::uint8_t {
  limit = 0,   // time in force says whether the rest stays
  market = 1,  // any price; what is left is dropped
  cancel = 2,  // an order that does not rest: ignored, here and below
  reduce = 3,  // takes `quantity` off, keeps the place; all of it: a cancel
  replace =
      4,  // a cancel, then a limit order of the same id with `quantity` open, behind all others
};
enum class FlowSide : std::uint8_t { buy = 0, sell = 1 };
enum class FlowTif : std::uint8_t { gtc = 0, ioc = 1, fok = 2 };

struct FlowCommand {
  std::uint64_t order = 0;       // limit, market: not used before; else the order meant
  std::int32_t price = 0;        // ticks; 0: none
  std::uint32_t quantity = 0;    // lots; 0: none
  std::uint32_t instrument = 0;  // from 0
  std::uint32_t account = 0;     // from 0
  FlowKind kind = FlowKind::limit;
  FlowSide side = FlowSide::buy;
  FlowTif time_in_force = FlowTif::gtc;
  std::uint8_t flags = 0;
  std::uint32_t reserved = 0;
};
static_assert(sizeof(FlowCommand) == 32);

// What every engine must come to.
struct FlowResult {
  std::uint64_t trades = 0;
  std::uint64_t traded_quantity = 0;
  std::uint64_t trade_hash = 0;          // of all trades in order
  std::uint64_t trade_hash_sharded = 0;  // sum of one hash per instrument
  std::uint64_t book_hash = 0;           // of what rests at the end

  bool operator==(const FlowResult&) const = default;
};

// Commands of the measured part, by kind.
struct FlowCounts {
  std::uint64_t gtc = 0;
  std::uint64_t ioc = 0;
  std::uint64_t fok = 0;
  std::uint64_t market = 0;
  std::uint64_t cancel = 0;
  std::uint64_t reduce = 0;
  std::uint64_t replace = 0;
  std::uint64_t missed = 0;  // of the last three: the order no longer rested
};

struct FlowHeader {
  std::array<char, 8> magic = kFlowMagic;
  std::uint32_t version = kFlowVersion;
  std::uint32_t header_size = 256;
  std::uint32_t command_size = sizeof(FlowCommand);
  std::uint32_t instruments = 1;
  std::uint64_t seed = 0;
  std::uint64_t prefill = 0;   // the first commands, which only build the book: not timed
  std::uint64_t measured = 0;  // all others
  std::uint32_t depth = 0;     // resting orders aimed at, over all instruments
  std::uint32_t accounts = 0;
  std::int32_t price_min = std::numeric_limits<std::int32_t>::max();
  std::int32_t price_max = 0;
  std::uint64_t order_max = 0;  // largest order id
  FlowResult expected;
  std::uint64_t resting_start = 0;  // after the prefill
  std::uint64_t resting_end = 0;
  std::uint64_t levels_end = 0;
  FlowCounts counts;
  std::array<std::uint8_t, 56> padding{};
};
static_assert(sizeof(FlowHeader) == 256);

struct FlowTrade {
  std::uint32_t instrument = 0;
  std::uint64_t taker = 0;
  std::uint64_t maker = 0;
  std::int64_t price = 0;  // the maker's
  std::uint64_t quantity = 0;
};

}  // namespace origo::loadtest
