#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "gateway/cli/base/delimited.h"
#include "gateway/cli/base/parse.h"
#include "gateway/cli/base/register_file.h"

namespace origo::gateway {
namespace {

constexpr std::int64_t kSumTolerance = 10'000;  // Wh: the source rounds to 0.001 MWh, 24 times

// "282.88000000000005" MWh to the nearest Wh, half up: the source writes binary fractions out.
std::optional<std::int64_t> parse_mwh(std::string_view text) {
  constexpr std::size_t kDigits = 6;
  const auto point = text.find('.');
  if (point == std::string_view::npos || text.size() - point - 1 <= kDigits)
    return parse_decimal(text, kDigits);
  const std::string_view rest = text.substr(point + 1 + kDigits);
  if (rest.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  const auto whole = parse_decimal(text.substr(0, point + 1 + kDigits), kDigits);
  if (!whole || *whole < 0) return std::nullopt;
  return *whole + (rest.front() >= '5' ? 1 : 0);
}

std::string hour_name(unsigned hour) {
  return (hour < 10 ? "0" : "") + std::to_string(hour) + ":00";
}

// In order; a period that a meter has already is refused, as no production is declared twice.
void settle(Volumes& volumes) {
  const auto key = [](const Volume& volume) {
    return std::tie(volume.meter, volume.period.first, volume.line);
  };
  std::ranges::sort(volumes.rows,
                    [&](const Volume& a, const Volume& b) { return key(a) < key(b); });
  std::vector<Volume> kept;
  for (Volume& volume : volumes.rows) {
    const bool overlaps = !kept.empty() && kept.back().meter == volume.meter &&
                          volume.period.first <= kept.back().period.last;
    if (overlaps) {
      volumes.refused.push_back(
          {volume.line,
           "the period must not overlap that of line " + std::to_string(kept.back().line)});
    } else {
      kept.push_back(std::move(volume));
    }
  }
  volumes.rows = std::move(kept);
}

}  // namespace

Volumes read_odre_hourly(const std::string& text) {
  std::vector<std::string> hours;
  for (unsigned hour = 0; hour < 24; ++hour) hours.push_back(hour_name(hour));
  std::vector<std::string_view> wanted = {
      "Journée gazière", "Production Journalière (MWh PCS)", "Opérateur"};
  wanted.insert(wanted.end(), hours.begin(), hours.end());
  const DelimitedTable table(text, ';', wanted);
  Volumes volumes{.error = table.error()};
  if (!volumes.error.empty()) return volumes;
  for (const DelimitedRow& row : table.rows()) {
    const auto refuse = [&](std::string rule) {
      volumes.refused.push_back({row.line, std::move(rule)});
    };
    const auto day = parse_date(table.cell(row, "Journée gazière"));
    const auto total = parse_mwh(table.cell(row, "Production Journalière (MWh PCS)"));
    const std::string& meter = table.cell(row, "Opérateur");
    std::int64_t sum = 0;
    std::string bad;
    for (const std::string& hour : hours) {
      const auto amount = parse_mwh(table.cell(row, hour));
      if (amount && *amount >= 0 && *amount < 1'000'000'000'000)
        sum += *amount;
      else if (bad.empty())
        bad = hour;
    }
    if (!day)
      refuse("Journée gazière must be a date");
    else if (meter.empty())
      refuse("Opérateur must be given");
    else if (!total || *total < 0)
      refuse("Production Journalière must be a number of MWh, not negative");
    else if (!bad.empty())
      refuse(bad + " must be a number of MWh, not negative");
    else if (std::max(sum, *total) - std::min(sum, *total) > kSumTolerance)
      refuse("the 24 hours must give the day's total within 0.01 MWh");
    else
      volumes.rows.push_back({row.line, meter, {*day, *day}, Measured(*total)});
  }
  settle(volumes);
  return volumes;
}

Volumes read_odre_monthly(const std::string& text) {
  constexpr std::string_view kTotal = "Production mensuelle de biomethane (MWh)";
  const DelimitedTable table(text, ';', {"Mois", kTotal});
  Volumes volumes{.error = table.error()};
  if (!volumes.error.empty()) return volumes;
  for (const DelimitedRow& row : table.rows()) {
    const std::string& text_of_month = table.cell(row, "Mois");
    const auto month = text_of_month.size() == 7 ? parse_period(text_of_month) : std::nullopt;
    const auto total = parse_mwh(table.cell(row, kTotal));
    if (!month)
      volumes.refused.push_back({row.line, "Mois must be a month like 2023-03"});
    else if (!total || *total < 0)
      volumes.refused.push_back(
          {row.line, std::string(kTotal) + " must be a number, not negative"});
    else
      volumes.rows.push_back({row.line, "France", *month, Measured(*total)});
  }
  settle(volumes);
  return volumes;
}

}  // namespace origo::gateway
