#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

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
// It is made of parts, of which one at a time is divided in two as the number of keys grows
// ("linear hashing"), so that no insertion moves more than the keys of one part.
template <class Key>
class IndexBy {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  [[nodiscard]] std::uint32_t find(const Key& key) const {
    const Part& part = parts_[part_of(key)];
    const auto found = part.find(key);
    return found == part.end() ? kNone : found->second;
  }
  void insert(const Key& key, std::uint32_t place) {
    if (parts_[part_of(key)].emplace(key, place).second) ++size_;
    if (size_ / kKeysOfPart > last_) [[unlikely]]
      divide();
  }
  void erase(const Key& key) { size_ -= parts_[part_of(key)].erase(key); }
  void clear() { *this = IndexBy(); }

 private:
  static constexpr std::size_t kKeysOfPart = 4096;  // on average

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
  using Part = boost::unordered_flat_map<Key, std::uint32_t, Mix>;

  // Bits that a part does not use to place its keys.
  static std::size_t bits_of(const Key& key) { return Mix()(key) >> 8; }
  // The first parts are divided already, as far as there are parts for their second halves.
  [[nodiscard]] std::size_t part_of(const Key& key) const {
    const std::size_t part = bits_of(key) & mask_;
    return part <= last_ ? part : part & (mask_ >> 1);
  }
  void divide() {
    ++last_;
    if (last_ > mask_) mask_ = 2 * mask_ + 1;
    Part& later = parts_.emplace_back();
    Part& former = parts_[last_ & (mask_ >> 1)];
    later.reserve(former.size() / 2);
    boost::unordered::erase_if(former, [&](const auto& entry) {
      if ((bits_of(entry.first) & mask_) != last_) return false;
      later.insert(entry);
      return true;
    });
  }

  std::vector<Part> parts_ = std::vector<Part>(1);
  std::size_t last_ = 0;  // part
  std::size_t mask_ = 0;  // the least of ones that covers it
  std::size_t size_ = 0;  // of all parts
};

using Index = IndexBy<std::uint64_t>;

// One key out of two 32-bit ids.
[[nodiscard]] constexpr std::uint64_t pair_key(std::uint32_t high, std::uint32_t low) {
  return std::uint64_t{high} << 32 | low;
}

}  // namespace origo
