#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <variant>

#include "engine/core/command.h"
#include "gateway/schemes/toml_reader.h"

// Calendar files: a market's trading days in its own time zone, compiled to UTC instants. The
// zones' rules are the system's (tzdata). A file is refused whole, naming line and key. See
// docs/sessions.md.
namespace origo::gateway {

struct TradingCalendar {
  std::string name;
  std::string time_zone;  // IANA name
  std::size_t trading_days = 0;
  SetCalendar compiled;  // of all days of the file; the market is not set
};

[[nodiscard]] std::variant<TradingCalendar, FileError> load_calendar_file(
    const std::filesystem::path& path);
// `text` as if it were the content of a file called `name`.
[[nodiscard]] std::variant<TradingCalendar, FileError> parse_calendar(std::string_view text,
                                                                      std::string_view name);

// The date of an instant in the calendar's own time zone.
[[nodiscard]] Date local_date(const TradingCalendar& calendar, Instant at);

// What of a compiled calendar matters from `now` on: the change that holds now, and all that
// follow. Without day ends if all its days are past.
[[nodiscard]] SetCalendar from_now_on(SetCalendar calendar, Instant now);

}  // namespace origo::gateway
