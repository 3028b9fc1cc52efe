#include "gateway/cli/base/csv_row.h"

#include <string_view>

namespace origo::gateway {
namespace {

std::string csv_cell(std::string cell) {
  if (!cell.empty() && std::string_view("=+-@").find(cell.front()) != std::string_view::npos)
    cell.insert(cell.begin(), '\'');
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char sign : cell) {
    if (sign == '"') quoted += '"';
    quoted += sign;
  }
  return quoted + '"';
}

}  // namespace

std::string csv_row(const std::vector<std::string>& cells) {
  std::string row;
  for (const std::string& cell : cells) {
    if (&cell != &cells.front()) row += ',';
    row += csv_cell(cell);
  }
  return row;
}

}  // namespace origo::gateway
