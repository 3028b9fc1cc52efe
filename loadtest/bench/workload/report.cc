#include "loadtest/bench/workload/report.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>

namespace origo::loadtest {
namespace {

constexpr std::size_t kLabel = 22;
constexpr std::size_t kColumn = 20;

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width > text.size() ? width - text.size() : 1, ' ');
}

nlohmann::json json_of(const Latency& latency) {
  return {{"p50_ns", latency.p50_ns}, {"p99_ns", latency.p99_ns}, {"p999_ns", latency.p999_ns}};
}

}  // namespace

std::string formatted(const char* format, double first, double second, double third) {
  char text[96];
  std::snprintf(text, sizeof text, format, first, second, third);
  return text;
}

std::string column_name(std::string file) {
  if (const std::size_t end = file.rfind(".wl"); end != std::string::npos) file.resize(end);
  return file;
}

const Cell* Report::find(const std::string& engine, const std::string& file) const {
  const auto found = std::find_if(cells.begin(), cells.end(), [&](const Cell& cell) {
    return cell.engine == engine && cell.file == file;
  });
  return found == cells.end() || found->skipped ? nullptr : &*found;
}

bool Report::all_equal() const {
  return std::all_of(
      cells.begin(), cells.end(), [](const Cell& cell) { return cell.difference.empty(); });
}

std::string table_of(const Report& report) {
  std::string text;
  using Show = std::function<std::string(const Cell&)>;
  const auto section = [&](const std::string& title, const Show& show) {
    text += "\n" + title + "\n" + padded("", kLabel);
    for (const std::string& file : report.files) text += padded(column_name(file), kColumn);
    text += "\n";
    for (const std::string& engine : report.engines) {
      text += padded("  " + engine, kLabel);
      for (const std::string& file : report.files) {
        const Cell* cell = report.find(engine, file);
        text += padded(cell == nullptr ? "-" : show(*cell), kColumn);
      }
      text += "\n";
    }
  };
  const auto any = [&](auto value) {
    return std::any_of(report.cells.begin(), report.cells.end(), [&](const Cell& cell) {
      return value(cell) > 0;
    });
  };
  if (any([](const Cell& cell) { return cell.checked ? 1 : 0; })) {
    section("result: trades and final book as the file expects",
            [](const Cell& cell) { return cell.difference.empty() ? "equal" : cell.difference; });
  }
  if (any([](const Cell& cell) { return cell.commands_per_second; })) {
    section("throughput: million commands/s, x plain of the same round; medians of " +
                std::to_string(report.rounds) + ", in turn",
            [](const Cell& cell) {
              return formatted("%.2f  %.2fx", cell.commands_per_second / 1e6, cell.ratio);
            });
  }
  if (any([](const Cell& cell) { return cell.latency.p50_ns; })) {
    section(
        formatted("latency of a command: p50 / p99 / p99.9 ns, %.0f ns of it the clock's",
                  report.stamp_cost_ns),
        [](const Cell& cell) {
          return formatted(
              "%.0f / %.0f / %.0f", cell.latency.p50_ns, cell.latency.p99_ns, cell.latency.p999_ns);
        });
    section("latency, x plain: p50 / p99 / p99.9", [](const Cell& cell) {
      return formatted("%.2f / %.2f / %.2f",
                       cell.latency_ratio.p50_ns,
                       cell.latency_ratio.p99_ns,
                       cell.latency_ratio.p999_ns);
    });
  }
  if (any([](const Cell& cell) { return cell.memory.resident_growth; })) {
    section("memory: heap bytes per resting order, holdings apart, after the prefill / at the end",
            [](const Cell& cell) {
              return formatted("%.0f / %.0f",
                               cell.memory.bytes_per_order_start,
                               cell.memory.bytes_per_order_end);
            });
    section("memory: MB before the first command / holdings at the end / peak resident",
            [](const Cell& cell) {
              return formatted("%.1f / %.1f / %.0f",
                               cell.memory.setup_bytes / 1e6,
                               cell.memory.apart_bytes / 1e6,
                               cell.memory.resident_growth / 1e6);
            });
  }
  return text;
}

std::string json_of(const Report& report) {
  nlohmann::json cells = nlohmann::json::array();
  for (const Cell& cell : report.cells) {
    if (cell.skipped) continue;
    nlohmann::json one{{"engine", cell.engine},
                       {"file", cell.file},
                       {"commands_per_second", cell.commands_per_second},
                       {"ratio", cell.ratio},
                       {"latency", json_of(cell.latency)},
                       {"latency_ratio",
                        {{"p50", cell.latency_ratio.p50_ns},
                         {"p99", cell.latency_ratio.p99_ns},
                         {"p999", cell.latency_ratio.p999_ns}}},
                       {"bytes_per_order_start", cell.memory.bytes_per_order_start},
                       {"bytes_per_order_end", cell.memory.bytes_per_order_end},
                       {"setup_bytes", cell.memory.setup_bytes},
                       {"holdings_bytes", cell.memory.apart_bytes},
                       {"resident_bytes_max", cell.memory.resident_growth}};
    if (cell.checked) one["difference"] = cell.difference;
    cells.push_back(std::move(one));
  }
  return nlohmann::json{
      {"rounds", report.rounds}, {"stamp_cost_ns", report.stamp_cost_ns}, {"cells", cells}}
      .dump(2);
}

}  // namespace origo::loadtest
