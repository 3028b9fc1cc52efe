#pragma once

#include <boost/endian/conversion.hpp>
#include <cstddef>
#include <cstdint>

namespace origo::storage {

// Fixed-width integers in files. Little-endian in values; big-endian where bytes must sort.
inline void store_u32(std::byte* at, std::uint32_t value) {
  boost::endian::store_little_u32(reinterpret_cast<unsigned char*>(at), value);
}
inline void store_u64(std::byte* at, std::uint64_t value) {
  boost::endian::store_little_u64(reinterpret_cast<unsigned char*>(at), value);
}
[[nodiscard]] inline std::uint32_t load_u32(const std::byte* at) {
  return boost::endian::load_little_u32(reinterpret_cast<const unsigned char*>(at));
}
[[nodiscard]] inline std::uint64_t load_u64(const std::byte* at) {
  return boost::endian::load_little_u64(reinterpret_cast<const unsigned char*>(at));
}
inline void store_big_u64(std::byte* at, std::uint64_t value) {
  boost::endian::store_big_u64(reinterpret_cast<unsigned char*>(at), value);
}
[[nodiscard]] inline std::uint64_t load_big_u64(const std::byte* at) {
  return boost::endian::load_big_u64(reinterpret_cast<const unsigned char*>(at));
}

}  // namespace origo::storage
