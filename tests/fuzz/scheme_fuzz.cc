#include <string_view>

#include "engine/core/encoding.h"
#include "engine/core/ensure.h"
#include "engine/syntax.h"
#include "gateway/schemes/calendar_loader.h"
#include "gateway/schemes/scheme_loader.h"

// Any text is refused as a scheme file and as an attribute catalogue with a place and a reason, or
// gives commands that the core can judge. Run from the repository's root: bases lie in schemes/.
namespace {

void check_error(const origo::gateway::FileError& error) {
  ENSURE(!to_string(error).empty());
}

void check_command(const origo::Command& command) {
  using namespace origo;
  static_cast<void>(check_syntax(command));
  const Bytes bytes = encoded(command);
  Command back;
  Decoder in(bytes);
  in.get(back);
  ENSURE(in.ok() && in.at_end());
  ENSURE(encoded(back) == bytes);
}

// What a file becomes, the core takes.
void check_calendar(const origo::gateway::TradingCalendar& calendar) {
  ENSURE(!origo::check_syntax(calendar.compiled));
  check_command(calendar.compiled);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace origo::gateway;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto scheme = parse_scheme(text, "fuzz.toml", "schemes");
  if (const auto* error = std::get_if<FileError>(&scheme))
    check_error(*error);
  else
    check_command(std::get<origo::LoadScheme>(scheme));
  const auto attributes = parse_attributes(text, "fuzz.toml");
  if (const auto* error = std::get_if<FileError>(&attributes))
    check_error(*error);
  else
    for (const auto& attribute : std::get<AttributeCatalogue>(attributes)) check_command(attribute);
  const auto calendar = parse_calendar(text, "fuzz.toml");
  if (const auto* error = std::get_if<FileError>(&calendar))
    check_error(*error);
  else
    check_calendar(std::get<TradingCalendar>(calendar));
  return 0;
}
