#include "gateway/cli/base/demo_data.h"

#include <limits>
#include <optional>

#include "gateway/cli/base/parse.h"

namespace origo::gateway {
namespace {

constexpr std::string_view kSitesHeader =
    "id;name;kind;commune;departement;region;in_service;closed;capacity_gwh_per_year;grid_operator;"
    "grid_level;injection_point;capacity_register";
constexpr std::string_view kMonthsHeader = "month;sites;mwh";

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// Calls `row(cells)` for each line after the header; returns what is wrong, or nothing.
template <class Row>
std::string for_each_row(std::string_view csv, std::string_view header, Row&& row) {
  const std::size_t columns = split(header, ';').size();
  std::size_t number = 0;
  for (const std::string_view line : split(csv, '\n')) {
    ++number;
    if (number == 1) {
      if (line != header) return "line 1: expected the header " + std::string(header);
      continue;
    }
    if (line.empty()) continue;
    const auto cells = split(line, ';');
    const std::string problem =
        cells.size() == columns ? row(cells) : "expected " + std::to_string(columns) + " columns";
    if (!problem.empty()) return "line " + std::to_string(number) + ": " + problem;
  }
  return {};
}

std::string bad(std::string_view column, std::string_view value) {
  return std::string(column) + " is not valid: '" + std::string(value) + "'";
}

std::string read_site(const std::vector<std::string_view>& cells, Site& site) {
  const auto id = parse_count(cells[0]);
  if (!id || *id == 0 || *id > std::numeric_limits<std::uint32_t>::max())
    return bad("id", cells[0]);
  const auto in_service = parse_date(cells[6]);
  if (!in_service) return bad("in_service", cells[6]);
  const auto closed = cells[7].empty() ? std::optional(kNever) : parse_date(cells[7]);
  if (!closed || *closed < *in_service) return bad("closed", cells[7]);
  const auto capacity = parse_decimal(cells[8], 9);
  if (!capacity || *capacity <= 0) return bad("capacity_gwh_per_year", cells[8]);
  site = Site{.id = static_cast<std::uint32_t>(*id),
              .name = std::string(cells[1]),
              .kind = std::string(cells[2]),
              .commune = std::string(cells[3]),
              .departement = std::string(cells[4]),
              .region = std::string(cells[5]),
              .in_service = *in_service,
              .closed = *closed,
              .capacity = Measured(*capacity),
              .grid_operator = std::string(cells[9]),
              .grid_level = std::string(cells[10]),
              .injection_point = std::string(cells[11])};
  return {};
}

std::string read_month(const std::vector<std::string_view>& cells, MonthTotal& total) {
  const auto month = cells[0].size() == 7 ? parse_period(cells[0]) : std::nullopt;
  if (!month) return bad("month", cells[0]);
  const auto mwh = parse_decimal(cells[2], 6);
  if (!mwh || *mwh < 0) return bad("mwh", cells[2]);
  total = MonthTotal{.month = *month, .total = Measured(*mwh)};
  return {};
}

}  // namespace

Sites parse_sites(std::string_view csv) {
  Sites sites;
  sites.error = for_each_row(csv, kSitesHeader, [&](const auto& cells) {
    return read_site(cells, sites.rows.emplace_back());
  });
  if (!sites.error.empty()) sites.rows.clear();
  return sites;
}

MonthTotals parse_months(std::string_view csv) {
  MonthTotals months;
  months.error = for_each_row(csv, kMonthsHeader, [&](const auto& cells) {
    return read_month(cells, months.rows.emplace_back());
  });
  if (!months.error.empty()) months.rows.clear();
  return months;
}

}  // namespace origo::gateway
