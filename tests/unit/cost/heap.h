#pragma once

#include <cstdint>

namespace origo {

// What this program has taken from the heap. malloc itself is counted, so operator new and the
// C library are in it too.
struct Heap {
  std::uint64_t allocations = 0;  // so far, given back or not
  std::int64_t bytes = 0;         // now, as the allocator rounds them
};
[[nodiscard]] Heap heap_now();

}  // namespace origo
