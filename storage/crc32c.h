#pragma once

#include <cstdint>

#include "storage/chain.h"

namespace origo::storage {

// CRC-32C (Castagnoli), as in RFC 3720. Uses the processor's instruction where it has one.
[[nodiscard]] std::uint32_t crc32c(Bytes bytes);

// The same by table, on any processor; the model that the fast one is tested against.
[[nodiscard]] std::uint32_t crc32c_by_table(Bytes bytes);

}  // namespace origo::storage
