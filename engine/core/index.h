#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>

namespace origo {

// Spreads neighbouring ids over a table.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t key) {
  key ^= key >> 32;
  key *= 0x9e3779b97f4a7c15ULL;
  key ^= key >> 29;
  key *= 0xbf58476d1ce4e5b9ULL;
  return key ^ key >> 32;
}

// A hash table from a key (a 64-bit number, or a type with `mixed()`) to a place in a pool. It
// cannot be walked, so nothing can come to depend on its order; it is derived state and never
// encoded.
template <class Key>
class IndexBy {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  [[nodiscard]] std::uint32_t find(const Key& key) const {
    const auto found = map_.find(key);
    return found == map_.end() ? kNone : found->second;
  }
  void insert(const Key& key, std::uint32_t place) { map_.emplace(key, place); }
  void erase(const Key& key) { map_.erase(key); }
  void clear() { map_.clear(); }

 private:
  struct Mix {
    using is_avalanching = void;
    std::size_t operator()(const Key& key) const {
      if constexpr (requires { key.mixed(); }) {
        return static_cast<std::size_t>(key.mixed());
      } else {
        return static_cast<std::size_t>(mix(key));
      }
    }
  };
  boost::unordered_flat_map<Key, std::uint32_t, Mix> map_;
};

using Index = IndexBy<std::uint64_t>;

// One key out of two 32-bit ids.
[[nodiscard]] constexpr std::uint64_t pair_key(std::uint32_t high, std::uint32_t low) {
  return std::uint64_t{high} << 32 | low;
}

}  // namespace origo
