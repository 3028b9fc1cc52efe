#include "engine/core/ensure.h"

#include <cstdio>
#include <cstdlib>

namespace origo {

void invariant_broken(const char* condition, const char* file, int line) noexcept {
  // The last words of the process: the core says nothing else to the outside.
  std::fprintf(stderr, "%s:%d: invariant broken: %s\n", file, line, condition);
  std::abort();
}

}  // namespace origo
