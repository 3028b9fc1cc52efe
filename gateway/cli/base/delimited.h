#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Tables as registers publish them: semicolons or commas, quotes, byte order marks (also within the
// header), LF or CRLF, banner lines above the header, Windows-1252 or UTF-8.
namespace origo::gateway {

struct DelimitedRow {
  std::size_t line = 0;            // of its first line, from 1
  std::vector<std::string> cells;  // without blanks at their ends
};

// `text` in UTF-8: as it is, if it is that; else from Windows-1252. Byte order marks go.
[[nodiscard]] std::string to_utf8(const std::string& text);

// All rows by RFC 4180; a cell in quotes may hold separators, line ends (which become blanks) and
// doubled quotes. Lines without any text are left out. Nothing if the last quote is never closed.
[[nodiscard]] std::optional<std::vector<DelimitedRow>> split_rows(std::string_view text,
                                                                  char separator);

// The rows below the header, by its names. The header is the first row that has all of `wanted`.
class DelimitedTable {
 public:
  // error() says what is missing.
  DelimitedTable(const std::string& text,
                 char separator,
                 const std::vector<std::string_view>& wanted);

  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] const std::vector<DelimitedRow>& rows() const { return rows_; }
  // The row's cell in a column of the header; empty if the row is shorter. Requires: there is such
  // a column.
  [[nodiscard]] const std::string& cell(const DelimitedRow& row, std::string_view column) const;

 private:
  std::string error_;
  std::vector<DelimitedRow> rows_;
  std::map<std::string, std::size_t, std::less<>> columns_;
};

}  // namespace origo::gateway
