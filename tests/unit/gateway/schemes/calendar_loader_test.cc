#include "gateway/schemes/calendar_loader.h"

#include <absl/time/time.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "engine/core/encoding.h"

namespace origo::gateway {
namespace {

using testing::ElementsAre;

// A complete file; each other file below is this one with a line replaced.
const char* const kGoodCalendar = R"(name = "Test"
time_zone = "Europe/Amsterdam"
first_day = 2026-03-27
last_day = 2026-03-30
weekdays = ["monday", "friday"]
[[phases]]
phase = "call"
from = 08:30:00
to = 09:00:00
random_end_s = 30
[[phases]]
phase = "continuous"
from = 09:00:00
to = 17:20:00
[[phases]]
phase = "call"
from = 17:20:00
to = 17:30:00
random_end_s = 20
[[holidays]]
date = 2026-03-28
name = "Some Saturday"
)";

std::string with_line(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string utc(Instant at) {
  return absl::FormatTime("%m-%dT%H:%M:%S", absl::FromUnixNanos(at.ns()), absl::UTCTimeZone());
}

// "03-27T07:30:00 call", "03-27T08:00:00 continuous +30"
std::vector<std::string> printed(const SetCalendar& calendar) {
  std::vector<std::string> changes;
  for (const PhaseChange& change : calendar.phases) {
    std::string text = utc(change.at);
    switch (change.phase) {
      case Phase::continuous:
        text += " continuous";
        break;
      case Phase::halt:
        text += " halt";
        break;
      case Phase::closed:
        text += " closed";
        break;
      case Phase::call:
        text += " call";
        break;
      case Phase::pre_open:
        text += " pre_open";
        break;
    }
    if (change.random_ns > 0) text += " +" + std::to_string(change.random_ns / 1'000'000'000);
    changes.push_back(text);
  }
  return changes;
}

SetCalendar compiled(const std::string& text) {
  const auto loaded = parse_calendar(text, "c.toml");
  const auto* error = std::get_if<FileError>(&loaded);
  EXPECT_EQ(error, nullptr) << to_string(*error);
  return error == nullptr ? std::get<TradingCalendar>(loaded).compiled : SetCalendar();
}

// One phase on one day, where the zone changes its clocks.
std::string day_in(const std::string& zone, const std::string& day, const std::string& phases) {
  return "name = \"T\"\ntime_zone = \"" + zone + "\"\nfirst_day = " + day + "\nlast_day = " + day +
         "\nweekdays = [\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\", "
         "\"saturday\", \"sunday\"]\n" +
         phases;
}
std::string phase(const std::string& name, const std::string& from, const std::string& to) {
  return "[[phases]]\nphase = \"" + name + "\"\nfrom = " + from + "\nto = " + to + "\n";
}

TEST(CalendarLoader, CompilesEveryTradingDayToUtcAcrossAChangeOfClocks) {
  const SetCalendar calendar = compiled(kGoodCalendar);
  EXPECT_THAT(printed(calendar),
              ElementsAre("03-26T23:00:00 closed",
                          "03-27T07:30:00 call",
                          "03-27T08:00:00 continuous +30",
                          "03-27T16:20:00 call",
                          "03-27T16:30:00 closed +20",
                          // Summer time since the 29th.
                          "03-30T06:30:00 call",
                          "03-30T07:00:00 continuous +30",
                          "03-30T15:20:00 call",
                          "03-30T15:30:00 closed +20"));
  ASSERT_EQ(calendar.day_ends.size(), 2u);
  EXPECT_EQ(utc(calendar.day_ends[0]), "03-27T16:30:20");
  EXPECT_EQ(utc(calendar.day_ends[1]), "03-30T15:30:20");
  EXPECT_NE(calendar.source, Hash256{});
}

TEST(CalendarLoader, ADayMayBeginBeforeItsOpeningCall) {
  EXPECT_THAT(printed(compiled(day_in("Europe/Amsterdam",
                                      "2026-06-01",
                                      phase("pre_open", "08:00:00", "08:30:00") +
                                          phase("call", "08:30:00", "09:00:00")))),
              ElementsAre("05-31T22:00:00 closed",
                          "06-01T06:00:00 pre_open",
                          "06-01T06:30:00 call",
                          "06-01T07:00:00 closed"));
}

TEST(CalendarLoader, HolidaysAndOtherWeekdaysAreClosed) {
  const SetCalendar calendar =
      compiled(with_line(kGoodCalendar, "date = 2026-03-28", "date = 2026-03-27"));
  EXPECT_THAT(printed(calendar),
              ElementsAre("03-26T23:00:00 closed",
                          "03-30T06:30:00 call",
                          "03-30T07:00:00 continuous +30",
                          "03-30T15:20:00 call",
                          "03-30T15:30:00 closed +20"));
}

TEST(CalendarLoader, ATimeThatTheClocksSkipIsTheMomentOfTheChange) {
  EXPECT_THAT(
      printed(compiled(
          day_in("Europe/Amsterdam", "2026-03-29", phase("continuous", "02:30:00", "09:00:00")))),
      ElementsAre("03-28T23:00:00 closed", "03-29T01:00:00 continuous", "03-29T07:00:00 closed"));
  EXPECT_THAT(
      printed(compiled(
          day_in("America/New_York", "2026-03-08", phase("continuous", "01:00:00", "02:30:00")))),
      ElementsAre("03-08T05:00:00 closed", "03-08T06:00:00 continuous", "03-08T07:00:00 closed"));
  // The day has no midnight.
  EXPECT_THAT(printed(compiled(
                  day_in("Africa/Cairo", "2026-04-24", phase("call", "00:30:00", "09:00:00")))),
              ElementsAre("04-23T22:00:00 call", "04-24T06:00:00 closed"));
}

TEST(CalendarLoader, ATimeThatComesTwiceIsTheFirstOfTheTwo) {
  EXPECT_THAT(
      printed(compiled(
          day_in("Europe/Amsterdam", "2026-10-25", phase("continuous", "02:30:00", "03:30:00")))),
      ElementsAre("10-24T22:00:00 closed", "10-25T00:30:00 continuous", "10-25T02:30:00 closed"));
  // South of the equator.
  EXPECT_THAT(
      printed(compiled(
          day_in("Australia/Sydney", "2026-04-05", phase("continuous", "01:00:00", "02:30:00")))),
      ElementsAre("04-04T13:00:00 closed", "04-04T14:00:00 continuous", "04-04T15:30:00 closed"));
}

TEST(CalendarLoader, OpensAtMidnightOfItsFirstDay) {
  EXPECT_THAT(
      printed(compiled(day_in("UTC", "2026-06-01", phase("continuous", "00:00:00", "23:00:00")))),
      ElementsAre("06-01T00:00:00 continuous", "06-01T23:00:00 closed"));
}

TEST(CalendarLoader, FromNowOnKeepsTheChangeThatHolds) {
  const SetCalendar all = compiled(kGoodCalendar);
  const auto at = [&](std::size_t change) { return all.phases[change].at; };
  EXPECT_EQ(encoded(from_now_on(all, Instant(at(0).ns() - 1))), encoded(all));
  EXPECT_EQ(encoded(from_now_on(all, at(0))), encoded(all));
  const SetCalendar midday = from_now_on(all, Instant(at(3).ns() - 1));
  EXPECT_EQ(midday.phases.front().at, at(2));
  EXPECT_EQ(midday.phases.size(), 7u);
  EXPECT_EQ(midday.day_ends.size(), 2u);
  const SetCalendar evening = from_now_on(all, all.day_ends[0]);
  EXPECT_EQ(evening.phases.front().at, at(4));
  EXPECT_EQ(evening.day_ends, std::vector{all.day_ends[1]});
  EXPECT_TRUE(from_now_on(all, all.day_ends[1]).day_ends.empty());
}

TEST(CalendarLoader, TheShippedFilesLoad) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("schemes/calendars")) {
    const auto loaded = load_calendar_file(entry.path());
    ASSERT_TRUE(std::holds_alternative<TradingCalendar>(loaded))
        << to_string(std::get<FileError>(loaded));
    EXPECT_GT(std::get<TradingCalendar>(loaded).trading_days, 200u) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 2u);
}

TEST(CalendarLoader, DatesAreLocal) {
  const TradingCalendar tokyo{
      .name = "T", .time_zone = "Asia/Tokyo", .trading_days = 0, .compiled = {}};
  const Instant evening(start_of(*make_date(2026, 5, 31)).ns() +
                        std::int64_t{15} * 3'600 * 1'000'000'000);
  EXPECT_EQ(local_date(tokyo, evening), *make_date(2026, 6, 1));
  EXPECT_EQ(local_date(tokyo, Instant(evening.ns() - 1)), *make_date(2026, 5, 31));
}

TEST(CalendarLoader, NamesAFileThatCannotBeRead) {
  const auto loaded = load_calendar_file("no/such.toml");
  EXPECT_EQ(to_string(std::get<FileError>(loaded)), "no/such.toml: must exist and be readable");
}

struct BadCalendar {
  const char* name;
  const char* from;
  const char* to;
  const char* error;  // as printed
};

class BadCalendarFile : public testing::TestWithParam<BadCalendar> {};

TEST_P(BadCalendarFile, NamesLineKeyAndRule) {
  const BadCalendar& bad = GetParam();
  const auto loaded = parse_calendar(with_line(kGoodCalendar, bad.from, bad.to), "c.toml");
  ASSERT_TRUE(std::holds_alternative<FileError>(loaded));
  EXPECT_THAT(to_string(std::get<FileError>(loaded)), testing::StartsWith(bad.error));
}

INSTANTIATE_TEST_SUITE_P(
    Files,
    BadCalendarFile,
    testing::Values(
        BadCalendar{"no_name", "name = \"Test\"\n", "", "c.toml:1: name: is missing"},
        BadCalendar{
            "zone_unknown",
            "Europe/Amsterdam",
            "Europe/Atlantis",
            "c.toml:2: time_zone: \"Europe/Atlantis\" is no time zone of the IANA database"},
        BadCalendar{
            "zone_path", "Europe/Amsterdam", "/usr/share/zoneinfo/UTC", "c.toml:2: time_zone: "},
        BadCalendar{"zone_up", "Europe/Amsterdam", "../zoneinfo/UTC", "c.toml:2: time_zone: "},
        BadCalendar{
            "zone_of_the_machine", "Europe/Amsterdam", "localtime", "c.toml:2: time_zone: "},
        BadCalendar{"days_reversed",
                    "last_day = 2026-03-30",
                    "last_day = 2026-03-26",
                    "c.toml:4: last_day: must not be before first_day"},
        BadCalendar{"too_early",
                    "first_day = 2026-03-27",
                    "first_day = 1970-12-31",
                    "c.toml:3: first_day: must not be before"},
        BadCalendar{"too_late",
                    "last_day = 2026-03-30",
                    "last_day = 2200-01-01",
                    "c.toml:4: last_day: must be before"},
        BadCalendar{"too_long",
                    "last_day = 2026-03-30",
                    "last_day = 2066-03-30",
                    "c.toml:6: last_day: makes more than 10,000 changes"},
        BadCalendar{"weekday",
                    "\"friday\"",
                    "\"freitag\"",
                    "c.toml:5: weekdays: \"freitag\" must be one of monday"},
        BadCalendar{"weekday_twice",
                    "\"friday\"",
                    "\"monday\"",
                    "c.toml:5: weekdays: names \"monday\" twice"},
        BadCalendar{"no_trading_day",
                    "[\"monday\", \"friday\"]",
                    "[\"tuesday\"]",
                    "c.toml:6: phases: there is no trading day"},
        BadCalendar{"phase_unknown",
                    "phase = \"call\"",
                    "phase = \"auction\"",
                    "c.toml:7: phases.phase: \"auction\" must be one of continuous, halt, closed, "
                    "call, pre_open"},
        BadCalendar{"closed_first",
                    "phase = \"call\"\nfrom = 08:30:00\nto = 09:00:00\nrandom_end_s = 30",
                    "phase = \"closed\"\nfrom = 08:30:00\nto = 09:00:00",
                    "c.toml:6: phases.phase: must not be closed"},
        BadCalendar{"not_a_time",
                    "from = 08:30:00",
                    "from = \"08:30\"",
                    "c.toml:8: phases.from: must be a time of day"},
        BadCalendar{"not_in_seconds",
                    "from = 08:30:00",
                    "from = 08:30:00.5",
                    "c.toml:8: phases.from: must be a time of day"},
        BadCalendar{"no_such_time", "from = 08:30:00", "from = 25:30:00", "c.toml:8: "},
        BadCalendar{"reversed",
                    "to = 09:00:00",
                    "to = 08:30:00",
                    "c.toml:9: phases.to: must be after from"},
        BadCalendar{
            "gap", "from = 09:00:00", "from = 09:00:01", "c.toml:13: phases.from: leaves a gap"},
        BadCalendar{
            "overlap", "from = 09:00:00", "from = 08:59:59", "c.toml:13: phases.from: overlaps"},
        BadCalendar{"random_overlap",
                    "to = 17:20:00",
                    "to = 09:00:30",
                    "c.toml:14: phases.to: must be after the random end"},
        BadCalendar{"random_too_long",
                    "random_end_s = 30",
                    "random_end_s = 3601",
                    "c.toml:10: phases.random_end_s: must lie"},
        BadCalendar{"random_negative",
                    "random_end_s = 30",
                    "random_end_s = -1",
                    "c.toml:10: phases.random_end_s: must lie"},
        BadCalendar{"random_of_no_call",
                    "to = 17:20:00",
                    "to = 17:20:00\nrandom_end_s = 5",
                    "c.toml:15: phases.random_end_s: only a call ends by chance"},
        BadCalendar{"same_twice",
                    "phase = \"continuous\"",
                    "phase = \"call\"",
                    "c.toml:12: phases.phase: is that of"},
        BadCalendar{"past_midnight",
                    "to = 17:30:00",
                    "to = 23:59:50",
                    "c.toml:15: phases.random_end_s: must be over"},
        BadCalendar{"unknown_key",
                    "random_end_s = 30",
                    "random = 30",
                    "c.toml:10: phases.random: is not a key"},
        BadCalendar{"holiday_outside",
                    "date = 2026-03-28",
                    "date = 2026-03-31",
                    "c.toml:21: holidays.date: must lie between first_day and last_day"},
        BadCalendar{"holiday_malformed", "date = 2026-03-28", "date = 2026-02-30", "c.toml:21: "},
        BadCalendar{"holiday_as_text",
                    "date = 2026-03-28",
                    "date = \"2026-03-28\"",
                    "c.toml:21: holidays.date: must be a date"},
        BadCalendar{"holiday_twice",
                    "name = \"Some Saturday\"\n",
                    "name = \"Some Saturday\"\n[[holidays]]\ndate = 2026-03-28\nname = \"Again\"\n",
                    "c.toml:24: holidays.date: is given twice"},
        BadCalendar{"holiday_nameless",
                    "name = \"Some Saturday\"\n",
                    "",
                    "c.toml:20: holidays.name: is missing"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(CalendarLoader, APhaseThatTheClocksSkipWholeIsAnError) {
  const std::string text =
      day_in("Europe/Amsterdam",
             "2026-03-29",
             phase("call", "02:10:00", "02:40:00") + phase("continuous", "02:40:00", "09:00:00"));
  const auto loaded = parse_calendar(text, "c.toml");
  ASSERT_TRUE(std::holds_alternative<FileError>(loaded));
  EXPECT_EQ(to_string(std::get<FileError>(loaded)),
            "c.toml:10: phases: has no time on 2026-03-29: the clocks are set forward then");
}

}  // namespace
}  // namespace origo::gateway
