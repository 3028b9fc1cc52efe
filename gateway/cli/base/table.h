#pragma once

#include <string>
#include <vector>

namespace origo::gateway {

enum class Align { left, right };

struct Column {
  std::string title;
  Align align = Align::left;
  std::size_t width_max = 48;  // longer texts are cut
};

// Rows of text under titles, each column as wide as its longest cell, two spaces apart.
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  // Cells missing at the end are empty; more than there are columns are dropped.
  void add(std::vector<std::string> cells);
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] std::string text() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace origo::gateway
