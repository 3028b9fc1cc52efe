#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/registry/registry.h"
#include "engine/registry/serial_format.h"

namespace origo {
namespace {

Date day(const char* text) {
  return *parse_date(text);
}

TEST(LastDay, runsOnToTheEndOfTheCalendarPeriod) {
  struct Case {
    Clock clock;
    const char* last;
  };
  const ClockDays days{.period = {day("2023-01-01"), day("2023-01-31")},
                       .issued = day("2024-02-29"),
                       .declared = day("2026-11-30")};
  using enum ClockBasis;
  for (const Case& c : {
           Case{{.basis = none, .months = 3, .end = ClockEnd::year}, "9999-12-31"},
           Case{{.basis = production_start, .months = 1, .days = 1}, "2023-02-02"},
           Case{{.basis = production_end, .months = 1}, "2023-02-28"},
           Case{{.basis = production_end, .months = 1, .end = ClockEnd::month}, "2023-02-28"},
           Case{{.basis = production_end, .months = 15, .end = ClockEnd::month}, "2024-04-30"},
           Case{{.basis = production_end, .end = ClockEnd::quarter}, "2023-03-31"},
           Case{{.basis = production_end, .months = 8, .end = ClockEnd::quarter}, "2023-09-30"},
           Case{{.basis = production_end, .months = 9, .end = ClockEnd::quarter}, "2023-12-31"},
           Case{{.basis = issuance, .months = 12}, "2025-02-28"},
           Case{{.basis = issuance, .end = ClockEnd::month}, "2024-02-29"},
           Case{{.basis = issuance, .end = ClockEnd::year}, "2024-12-31"},
           Case{{.basis = issuance, .days = 307, .end = ClockEnd::year}, "2025-12-31"},
           Case{{.basis = declared}, "2026-11-30"},
           Case{{.basis = declared, .months = 1, .end = ClockEnd::month}, "2026-12-31"},
           Case{{.basis = declared, .months = 65'535, .days = 65'535, .end = ClockEnd::quarter},
                "7667-09-30"},
       }) {
    EXPECT_EQ(to_string(last_day(c.clock, days)), c.last);
  }
}

Scheme version(const char* from, const char* to, std::uint16_t months) {
  Scheme scheme;
  scheme.code = "S";
  scheme.valid_from = day(from);
  scheme.valid_to = day(to);
  if (months > 0) scheme.sale = {.basis = ClockBasis::production_end, .months = months};
  return scheme;
}

// Each row: the versions in order of loading, and until when a lot issued on 2024-06-01 changes
// hands.
TEST(SaleEnd, followsTheVersionOfEachDay) {
  struct Case {
    const char* name;
    std::vector<Scheme> versions;
    const char* last;
  };
  const ClockDays days{.period = {day("2024-01-01"), day("2024-01-31")},
                       .issued = day("2024-06-01")};
  for (const Case& c : {
           Case{"no rule", {version("2020-01-01", "9999-12-31", 0)}, "9999-12-31"},
           Case{"one rule", {version("2020-01-01", "9999-12-31", 12)}, "2025-01-31"},
           Case{"over before issuance", {version("2020-01-01", "9999-12-31", 1)}, "2024-05-31"},
           Case{"ends before the next version",
                {version("2020-01-01", "2024-12-31", 8), version("2025-01-01", "9999-12-31", 0)},
                "2024-09-30"},
           Case{"shorter from the next version on",
                {version("2020-01-01", "2024-12-31", 48), version("2025-01-01", "9999-12-31", 6)},
                "2024-12-31"},
           Case{"longer from the next version on",
                {version("2020-01-01", "2024-12-31", 48), version("2025-01-01", "9999-12-31", 24)},
                "2026-01-31"},
           Case{"a version loaded later rules its days only",
                {version("2020-01-01", "9999-12-31", 24), version("2024-07-01", "2024-07-31", 48)},
                "2026-01-31"},
           Case{"and ends sales within them",
                {version("2020-01-01", "9999-12-31", 24), version("2024-07-01", "2024-07-31", 5)},
                "2024-06-30"},
           Case{"an earlier one that begins later does not rule",
                {version("2025-01-01", "9999-12-31", 1), version("2020-01-01", "9999-12-31", 24)},
                "2026-01-31"},
           Case{"no version after", {version("2020-01-01", "2024-12-31", 48)}, "9999-12-31"},
       }) {
    Registry registry;
    registry.schemes = c.versions;
    EXPECT_EQ(to_string(registry.sale_end("S", days)), c.last) << c.name;
    registry.schemes.push_back(version("2020-01-01", "9999-12-31", 1));
    registry.schemes.back().code = "OTHER";
    EXPECT_EQ(to_string(registry.sale_end("S", days)), c.last) << c.name;
  }
}

const std::vector<FieldRule>& fields() {
  static const std::vector<FieldRule> rules = {{.name = "accreditation", .required = true},
                                               {.name = "place", .required = false}};
  return rules;
}

std::string printed(const std::string& format, std::int64_t serial) {
  Registry registry;
  Scheme scheme;
  scheme.serial_format = format;
  registry.schemes = {scheme};
  registry.books = {
      {.id = RegistryId(1), .code = "GB", .name = "GB", .scheme = "S", .country = "GB"}};
  Device device;
  device.id = DeviceId(1);
  device.versions.emplace_back().fields = {{.name = "accreditation", .value = "G01821BWEN"}};
  registry.devices = {device};
  Lot lot;
  lot.id = LotId(7);
  lot.registry = RegistryId(1);
  lot.scheme = SchemeId(1);
  lot.device = DeviceId(1);
  lot.period = {day("2023-03-01"), day("2023-03-31")};
  return print_serial(registry, lot, Serial(serial));
}

TEST(SerialFormat, printsTheNumbersOfRealRegisters) {
  struct Case {
    const char* format;
    std::int64_t serial;
    const char* number;
  };
  for (const Case& c : {
           Case{"{registry}-{lot}-{serial}", 12, "GB-7-12"},
           Case{"{device.accreditation}{index:10}{start:ddmmyy}{end:ddmmyy}GEN",
                5001,
                "G01821BWEN0000005000010323310323GEN"},
           Case{"{country}/{vintage}/{lot:4}/{serial:3}", 1234, "GB/2023/0007/1234"},
           Case{"{start:ddmmyyyy}-{end:yyyy.mm.dd}", 1, "01032023-2023.03.31"},
           Case{"no key", 1, "no key"},
       }) {
    EXPECT_TRUE(is_serial_format(c.format, fields())) << c.format;
    EXPECT_EQ(printed(c.format, c.serial), c.number);
  }
}

TEST(SerialFormat, refusesWhatItCannotPrint) {
  for (const char* format : {"{colour}",
                             "{serial",
                             "serial}",
                             "{}",
                             "{:10}",
                             "{serial:0}",
                             "{serial:21}",
                             "{serial:-1}",
                             "{serial:a}",
                             "{serial:1 }",
                             "{start}",
                             "{start:}",
                             "{start:ddd}",
                             "{start:10}x{start:y}",
                             "{device.place}",
                             "{device.colour}",
                             "{device.}",
                             "{{serial}}",
                             "{serial}}"}) {
    EXPECT_FALSE(is_serial_format(format, fields())) << format;
  }
}

}  // namespace
}  // namespace origo
