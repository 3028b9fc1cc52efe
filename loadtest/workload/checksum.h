#pragma once

#include <concepts>
#include <cstdint>
#include <vector>

#include "loadtest/workload/format.h"

// The checksums of an order-flow file: what two engines agree on if they traded alike.
namespace origo::loadtest {

inline constexpr std::uint64_t kChecksumStart = 0xCBF29CE484222325U;

constexpr std::uint64_t fold(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15U;
  return hash ^ (hash >> 32U);
}

constexpr std::uint64_t fold(std::uint64_t hash, const FlowTrade& trade) {
  hash = fold(hash, trade.taker);
  hash = fold(hash, trade.maker);
  hash = fold(hash, static_cast<std::uint64_t>(trade.price));
  return fold(hash, trade.quantity);
}

// Takes every trade of a run, in order.
class TradeSums {
 public:
  explicit TradeSums(std::uint32_t instruments) {
    for (std::uint32_t i = 0; i < instruments; ++i) shards_.push_back(fold(kChecksumStart, i));
  }

  void add(const FlowTrade& trade) {
    ++trades_;
    quantity_ += trade.quantity;
    hash_ = fold(hash_, trade);
    shards_[trade.instrument] = fold(shards_[trade.instrument], trade);
  }

  [[nodiscard]] FlowResult result(std::uint64_t book_hash) const {
    std::uint64_t sharded = 0;
    for (const std::uint64_t shard : shards_) sharded += shard;
    return {.trades = trades_,
            .traded_quantity = quantity_,
            .trade_hash = hash_,
            .trade_hash_sharded = sharded,
            .book_hash = book_hash};
  }

 private:
  std::uint64_t trades_ = 0;
  std::uint64_t quantity_ = 0;
  std::uint64_t hash_ = kChecksumStart;
  std::vector<std::uint64_t> shards_;
};

// An engine whose resting orders can be walked: visit(id, price, open), best price first, then
// oldest.
template <class Engine>
concept WalkableBook = requires(const Engine& engine,
                                void (*visit)(std::uint64_t, std::int64_t, std::uint64_t)) {
  engine.for_each_resting(std::uint32_t{}, FlowSide::buy, visit);
};

template <WalkableBook Engine>
std::uint64_t book_hash(const Engine& engine, std::uint32_t instruments) {
  std::uint64_t hash = kChecksumStart;
  const auto visit = [&](std::uint64_t id, std::int64_t price, std::uint64_t open) {
    hash = fold(fold(fold(hash, id), static_cast<std::uint64_t>(price)), open);
  };
  for (std::uint32_t i = 0; i < instruments; ++i) {
    hash = fold(hash, 1);
    engine.for_each_resting(i, FlowSide::buy, visit);
    hash = fold(hash, 2);
    engine.for_each_resting(i, FlowSide::sell, visit);
  }
  return hash;
}

}  // namespace origo::loadtest
