#include "gateway/cli/base/delimited.h"

#include <iconv.h>

#include <algorithm>
#include <utility>

#include "engine/core/ensure.h"

namespace origo::gateway {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// Nothing if it is not text in `charset`.
std::optional<std::string> converted(std::string text, const char* charset) {
  const iconv_t converter = ::iconv_open("UTF-8", charset);
  ENSURE(converter != iconv_t(-1));
  std::string out(text.size() * 3, '\0');
  char* from = text.data();
  char* to = out.data();
  std::size_t left = text.size();
  std::size_t room = out.size();
  const std::size_t done = ::iconv(converter, &from, &left, &to, &room);
  ::iconv_close(converter);
  if (done == std::size_t(-1)) return std::nullopt;
  out.resize(out.size() - room);
  return out;
}

std::string from_windows_1252(std::string text) {
  for (char& sign : text) {  // five codes mean nothing there
    if (sign == '\x81' || sign == '\x8d' || sign == '\x8f' || sign == '\x90' || sign == '\x9d')
      sign = '?';
  }
  auto out = converted(std::move(text), "WINDOWS-1252");
  ENSURE(out.has_value());
  return *std::move(out);
}

std::string trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

std::string to_utf8(const std::string& text) {
  auto utf8 = converted(text, "UTF-8");
  std::string out = utf8 ? *std::move(utf8) : from_windows_1252(text);
  for (auto at = out.find(kByteOrderMark); at != std::string::npos;
       at = out.find(kByteOrderMark, at)) {
    out.erase(at, kByteOrderMark.size());
  }
  return out;
}

std::optional<std::vector<DelimitedRow>> split_rows(std::string_view text, char separator) {
  std::vector<DelimitedRow> rows;
  DelimitedRow row{.line = 1, .cells = {}};
  std::string cell;
  std::size_t line = 1;
  bool quoted = false;
  const auto end_cell = [&] {
    row.cells.push_back(trimmed(cell));
    cell.clear();
  };
  const auto end_row = [&] {
    end_cell();
    const bool has_text =
        std::ranges::any_of(row.cells, [](const std::string& one) { return !one.empty(); });
    if (has_text) rows.push_back(std::move(row));
    row = {.line = line, .cells = {}};
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char sign = text[i];
    if (sign == '\n') ++line;
    if (quoted) {
      if (sign != '"') {
        cell += sign == '\n' || sign == '\r' ? ' ' : sign;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cell += text[++i];
      } else {
        quoted = false;
      }
    } else if (sign == '"' && trimmed(cell).empty()) {
      cell.clear();
      quoted = true;
    } else if (sign == separator) {
      end_cell();
    } else if (sign == '\n') {
      end_row();
    } else {
      cell += sign;
    }
  }
  if (quoted) return std::nullopt;
  end_row();
  return rows;
}

DelimitedTable::DelimitedTable(const std::string& text,
                               char separator,
                               const std::vector<std::string_view>& wanted) {
  auto rows = split_rows(to_utf8(text), separator);
  if (!rows) {
    error_ = "a quote is never closed";
    return;
  }
  std::string missing;
  std::size_t best = 0;
  for (auto row = rows->begin(); row != rows->end(); ++row) {
    std::size_t found = 0;
    std::string_view first_missing;
    for (const std::string_view name : wanted) {
      if (std::ranges::find(row->cells, name) != row->cells.end())
        ++found;
      else if (first_missing.empty())
        first_missing = name;
    }
    if (found == wanted.size()) {
      for (std::size_t i = 0; i < row->cells.size(); ++i) columns_.emplace(row->cells[i], i);
      rows_.assign(std::make_move_iterator(row + 1), std::make_move_iterator(rows->end()));
      return;
    }
    if (missing.empty() || found > best) {
      missing = first_missing;
      best = found;
    }
  }
  error_ = "there is no column " + (missing.empty() ? std::string(wanted.front()) : missing);
}

const std::string& DelimitedTable::cell(const DelimitedRow& row, std::string_view column) const {
  static const std::string none;
  const auto found = columns_.find(column);
  ENSURE(found != columns_.end());
  return found->second < row.cells.size() ? row.cells[found->second] : none;
}

}  // namespace origo::gateway
