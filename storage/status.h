#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace origo::storage {

// What the disk answered. The core never sees one; the gateway decides what each means for clients.
enum class StatusCode : std::uint8_t {
  ok,
  // No space left: this append was refused and left no trace; a later one may succeed.
  full,
  // A write or a sync failed, so what is durable is unknown. Never retried: the process must end.
  fatal,
  // Another process holds the directory.
  in_use,
  // The directory or file does not exist, and creating it was not asked for.
  absent,
  // It exists and cannot be read or written: permissions, not a directory, an I/O error.
  unreadable,
  // Its bytes are not what was once written: checksum, chain, gap, unknown format.
  damaged,
  // It is intact and older than what was once acknowledged: an old copy, or a log that was cut.
  stale,
  // The caller's mistake, such as an append that does not follow the tail.
  invalid,
};

[[nodiscard]] const char* name_of(StatusCode code);

struct [[nodiscard]] Status {
  StatusCode code = StatusCode::ok;
  std::string message;  // One sentence for an operator, naming the place. Empty when ok.

  [[nodiscard]] bool ok() const { return code == StatusCode::ok; }
};

// A value, or the reason why there is none. `value` is meaningful only when `status` is ok.
template <typename T>
struct [[nodiscard]] Outcome {
  Status status;
  T value{};

  [[nodiscard]] bool ok() const { return status.ok(); }
};

}  // namespace origo::storage
