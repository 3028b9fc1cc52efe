#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <tuple>

#include "engine/core/text.h"
#include "gateway/cli/base/delimited.h"
#include "gateway/cli/base/parse.h"
#include "gateway/cli/base/register_file.h"

namespace origo::gateway {
namespace {

constexpr std::size_t kColumns = 17;  // the file has no header
constexpr std::size_t kAccreditation = 10;
constexpr std::size_t kCounter = 10;
constexpr std::string_view kClass = "GEN";

// "Mar-2023", or "01/03/2023 - 31/03/2023".
std::optional<Period> output_period(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() == 8 && text[3] == '-') {
    const auto month = std::ranges::find(kMonths, text.substr(0, 3));
    if (month == kMonths.end()) return std::nullopt;
    const auto number = month - kMonths.begin() + 1;
    return parse_period(std::string(text.substr(4)) + (number < 10 ? "-0" : "-") +
                        std::to_string(number));
  }
  const auto dash = text.find(" - ");
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = parse_slashed_date(text.substr(0, dash));
  const auto last = parse_slashed_date(text.substr(dash + 3));
  if (!first || !last || *last < *first) return std::nullopt;
  return Period{*first, *last};
}

// "010323310323GEN" for March 2023.
std::string ending(const Period& period) {
  const auto part = [](Date date) {
    const std::string text = to_string(date);  // yyyy-mm-dd
    return text.substr(8, 2) + text.substr(5, 2) + text.substr(2, 2);
  };
  return part(period.first) + part(period.last) + std::string(kClass);
}

// The counter in a certificate's number; nothing if the rest of it is not as it should be.
std::optional<std::int64_t> counter_in(const std::string& number, const RegoBlock& block) {
  const std::string end = ending(block.period);
  if (number.size() != kAccreditation + kCounter + end.size()) return std::nullopt;
  if (!number.starts_with(block.accreditation) || !number.ends_with(end)) return std::nullopt;
  const std::string digits = number.substr(kAccreditation, kCounter);
  if (digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return static_cast<std::int64_t>(std::stoull(digits));
}

// What is wrong with the row, or nothing, having filled `block`.
std::string read_block(const DelimitedRow& row, RegoBlock& block) {
  if (row.cells.size() != kColumns) return "must have 17 columns";
  const std::vector<std::string>& cell = row.cells;
  block.line = row.line;
  block.accreditation = cell[0];
  block.station = cell[1];
  block.country = cell[4];
  block.technology = cell[5];
  block.status = cell[13];
  block.holder = cell[15];
  if (block.accreditation.size() != kAccreditation)
    return "the accreditation number must be 10 characters";
  const auto capacity = parse_decimal(cell[2], 3);
  if (!capacity || *capacity <= 0) return "the capacity must be a positive number of kW";
  block.capacity_kw = *capacity / 1'000;
  const auto period = output_period(cell[7]);
  if (!period) return "the output period must be a month or two dates";
  block.period = *period;
  const auto count = parse_count(cell[8]);
  if (!count || *count == 0) return "the number of certificates must be positive";
  block.count = static_cast<std::int64_t>(*count);
  const auto first = counter_in(cell[9], block);
  const auto last = counter_in(cell[10], block);
  if (!first || !last) return "the certificate numbers must be of the row's station and month";
  block.first = *first;
  if (*last - *first + 1 != block.count)
    return "end - start + 1 must be the number of certificates";
  block.printed = cell[9] + " - " + cell[10];
  if (parse_decimal(cell[11], 3) != 1'000) return "a certificate must be of 1 MWh";
  static const std::set<std::string> statuses = {"Issued", "Redeemed", "Retired", "Expired"};
  if (!statuses.contains(block.status))
    return "the status must be Issued, Redeemed, Retired or Expired";
  const auto date = parse_slashed_date(cell[14]);
  if (!date) return "the status date must be dd/mm/yyyy";
  block.status_date = *date;
  if (check_name(block.holder)) return "the holder must have a name of 1 to 200 bytes";
  if (check_name(block.station)) return "the station must have a name of 1 to 200 bytes";
  return {};
}

// A lot is issued whole, so its blocks must be there whole: all of a station-month are refused
// together.
void check_tiling(RegoBlocks& blocks) {
  const auto key = [](const RegoBlock& block) {
    return std::tie(block.accreditation, block.period.first, block.period.last);
  };
  std::ranges::sort(blocks.rows, [&](const RegoBlock& a, const RegoBlock& b) {
    return std::tuple(key(a), a.first) < std::tuple(key(b), b.first);
  });
  std::vector<RegoBlock> whole;
  for (auto begin = blocks.rows.begin(); begin != blocks.rows.end();) {
    const auto end = std::find_if(
        begin, blocks.rows.end(), [&](const RegoBlock& one) { return key(one) != key(*begin); });
    std::int64_t next = 0;
    std::size_t broken = 0;
    for (auto block = begin; block != end; ++block) {
      if (block->first != next && broken == 0) broken = block->line;
      next = block->first + block->count;
    }
    for (auto block = begin; block != end; ++block) {
      if (broken == 0)
        whole.push_back(std::move(*block));
      else
        blocks.refused.push_back(
            {block->line,
             "the blocks of a station's month must begin at 0 and leave no gap and "
             "no overlap; line " +
                 std::to_string(broken) + " does"});
    }
    begin = end;
  }
  blocks.rows = std::move(whole);
  std::ranges::sort(blocks.refused, {}, &RefusedRow::line);
}

}  // namespace

RegoBlocks read_rego_blocks(const std::string& text) {
  RegoBlocks blocks;
  const auto rows = split_rows(to_utf8(text), ',');
  if (!rows) {
    blocks.error = "a quote is never closed";
    return blocks;
  }
  for (const DelimitedRow& row : *rows) {
    RegoBlock block;
    std::string wrong = read_block(row, block);
    if (wrong.empty())
      blocks.rows.push_back(std::move(block));
    else
      blocks.refused.push_back({row.line, std::move(wrong)});
  }
  if (blocks.rows.empty() && blocks.refused.empty()) blocks.error = "there are no rows";
  check_tiling(blocks);
  return blocks;
}

}  // namespace origo::gateway
