#include <algorithm>
#include <boost/describe/enum_to_string.hpp>
#include <iostream>
#include <memory>
#include <variant>

#include "gateway/cli/base/format.h"
#include "gateway/cli/base/parse.h"
#include "gateway/cli/commands.h"
#include "gateway/schemes/calendar_loader.h"
#include "proto/codec/commands.h"

namespace origo::gateway {
namespace {

TradingCalendar load_calendar(const std::string& file) {
  auto loaded = load_calendar_file(file);
  if (const auto* const error = std::get_if<FileError>(&loaded))
    throw Failure(Exit::usage, to_string(*error));
  return std::get<TradingCalendar>(std::move(loaded));
}

void print_change(const PhaseChange& change) {
  std::cout << "  " << format_instant(change.at) << "  "
            << boost::describe::enum_to_string(change.phase, "");
  if (change.random_ns > 0)
    std::cout << ", or up to " << change.random_ns / 1'000'000'000 << " s later";
  std::cout << '\n';
}

// In UTC.
void print_day(const TradingCalendar& calendar, Date day) {
  for (const PhaseChange& change : calendar.compiled.phases) {
    if (local_date(calendar, change.at) == day) print_change(change);
  }
}

void add_lint(CLI::App& calendar, Shell& shell) {
  CLI::App& lint = *calendar.add_subcommand("lint", "Check a calendar file, without a node");
  auto file = std::make_shared<std::string>();
  auto day = std::make_shared<std::string>();
  lint.add_option("file", *file, "e.g. schemes/calendars/eu_weekdays.toml")->required();
  lint.add_option("--day", *day, "show what becomes of a day");
  lint.callback([&shell, file, day] {
    shell.action = [file, day] {
      const TradingCalendar read = load_calendar(*file);
      const auto shown = day->empty() ? std::optional<Date>() : parse_date(*day);
      if (!day->empty() && !shown)
        throw Failure(Exit::usage, "'" + *day + "' is not a date such as 2026-01-31");
      std::cout << *file << ": " << read.name << ", " << read.time_zone << ": " << read.trading_days
                << " trading days, " << read.compiled.phases.size() << " changes of phase, "
                << format_instant(read.compiled.phases.front().at) << " to "
                << format_instant(read.compiled.phases.back().at) << '\n';
      if (shown) print_day(read, *shown);
      return Exit::ok;
    };
  });
}

// Sends what of the file matters from the node's present on.
void add_load(CLI::App& calendar, Shell& shell) {
  CommandParts parts = command_parts(
      calendar, shell, "load", "Make a file the calendar of a market", "set_calendar");
  parts.verb.place("market", "by id or code");
  auto file = std::make_shared<std::string>();
  calendar.get_subcommand("load")
      ->add_option("file", *file, "e.g. schemes/calendars/eu_weekdays.toml")
      ->required();
  parts.verb.before([command = parts.command, file, &shell] {
    const TradingCalendar read = load_calendar(*file);
    const auto status = shell.session().ask(&v1::Admin::Stub::Status, v1::StatusRequest());
    SetCalendar rest = from_now_on(read.compiled, Instant(status.now()));
    if (rest.day_ends.empty())
      throw Failure(Exit::usage, *file + ": last_day: its trading days are past");
    rest.market = MarketId(static_cast<std::uint32_t>(command->set_calendar().market()));
    v1::Command whole;
    proto::write_command(rest, whole);
    command->mutable_set_calendar()->Swap(whole.mutable_set_calendar());
  });
  parts.verb.examples(
      "  origo calendar lint schemes/calendars/eu_weekdays.toml --day 2026-03-30\n"
      "  origo calendar load GAS schemes/calendars/eu_weekdays.toml\n"
      "A market's phases then follow the calendar until its last day; load the next year's in "
      "time.");
}

}  // namespace

void add_calendar_commands(CLI::App& app, Shell& shell) {
  CLI::App& calendar = group(app, "calendar", "Trading days and phases of markets");
  add_lint(calendar, shell);
  add_load(calendar, shell);
  list_verb(calendar,
            shell,
            "show",
            "The changes of phase that a market's calendar still holds",
            &v1::MarketData::Stub::ListPhaseChanges,
            {"at", "phase", "random_ns"})
      .place("market", "by id or code");
}

}  // namespace origo::gateway
