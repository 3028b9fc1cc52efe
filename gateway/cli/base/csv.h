#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace origo::gateway {

// A table in comma-separated values whose first line names the columns. No quotes; LF or CRLF. The
// text must outlive it.
class CsvReader {
 public:
  // Looks for `wanted` columns, in any order and among others; problem() names one that is missing.
  CsvReader(std::string_view text, const std::vector<std::string_view>& wanted);

  // The cells of the wanted columns of the next line that is not empty; nothing at the end, or at a
  // line with too few cells, which is then a problem.
  [[nodiscard]] std::optional<std::vector<std::string_view>> next();
  [[nodiscard]] std::size_t line() const { return line_; }  // of the row last read
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  std::string_view next_line();

  std::string_view left_;
  std::vector<std::size_t> columns_;  // of the wanted ones
  std::size_t line_ = 0;
  std::string problem_;
};

}  // namespace origo::gateway
