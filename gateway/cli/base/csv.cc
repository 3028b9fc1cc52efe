#include "gateway/cli/base/csv.h"

#include <algorithm>

namespace origo::gateway {
namespace {

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  while (true) {
    const std::size_t comma = line.find(',');
    cells.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

}  // namespace

CsvReader::CsvReader(std::string_view text, const std::vector<std::string_view>& wanted)
    : left_(text) {
  const std::vector<std::string_view> names = cells_of(next_line());
  for (const std::string_view name : wanted) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) problem_ = "there is no column " + std::string(name);
    columns_.push_back(static_cast<std::size_t>(found - names.begin()));
  }
}

std::optional<std::vector<std::string_view>> CsvReader::next() {
  while (problem_.empty() && !left_.empty()) {
    const std::string_view line = next_line();
    if (line.empty()) continue;
    const std::vector<std::string_view> cells = cells_of(line);
    std::vector<std::string_view> picked;
    for (const std::size_t column : columns_) {
      if (column >= cells.size()) {
        problem_ = "a cell is missing";
        return std::nullopt;
      }
      picked.push_back(cells[column]);
    }
    return picked;
  }
  return std::nullopt;
}

std::string_view CsvReader::next_line() {
  const std::size_t end = left_.find('\n');
  std::string_view line = left_.substr(0, end);
  left_.remove_prefix(end == std::string_view::npos ? left_.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  ++line_;
  return line;
}

}  // namespace origo::gateway
