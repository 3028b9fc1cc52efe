#pragma once

#include <string>
#include <vector>

namespace origo::gateway {

// A line of comma-separated values by RFC 4180, without its end: cells are quoted where they hold
// commas, quotes or line ends. One that a spreadsheet would take for a formula (it begins with
// = + - or @) begins with an apostrophe.
[[nodiscard]] std::string csv_row(const std::vector<std::string>& cells);

}  // namespace origo::gateway
