#pragma once

namespace origo {

// Stops the process, naming the broken condition. Never returns.
[[noreturn]] void invariant_broken(const char* condition, const char* file, int line) noexcept;

}  // namespace origo

// States an invariant; a broken one is a bug, so it stops the process in every build.
#define ENSURE(condition)                                        \
  do {                                                           \
    if (!(condition)) [[unlikely]] {                             \
      ::origo::invariant_broken(#condition, __FILE__, __LINE__); \
    }                                                            \
  } while (false)
