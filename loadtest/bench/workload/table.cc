#include "loadtest/bench/workload/table.h"

#include <fstream>
#include <functional>

namespace origo::loadtest {
namespace {

std::string row(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& cell : cells) text += " " + cell + " |";
  return text + "\n";
}

std::string head(const std::vector<std::string>& cells) {
  return row(cells) + row(std::vector<std::string>(cells.size(), "---"));
}

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    const std::size_t colon = line.find(": ");
    if (line.rfind("model name", 0) == 0 && colon != std::string::npos)
      return line.substr(colon + 2);
  }
  return "an unknown processor";
}

// "basic-i1000-d100k.wl" is 1000 x 100k.
std::string size_of(const std::string& file) {
  const std::size_t instruments = file.find("-i");
  const std::size_t depth = file.find("-d", instruments);
  const std::size_t end = file.find('.', depth);
  if (instruments == std::string::npos || depth == std::string::npos || end == std::string::npos)
    return file;
  return file.substr(instruments + 2, depth - instruments - 2) + " x " +
         file.substr(depth + 2, end - depth - 2);
}

std::string flows_of(const Report& report) {
  std::vector<std::string> names{"instruments x resting orders"};
  for (const std::string& file : report.files) names.push_back(size_of(file));
  std::string text = head(names);
  const auto line = [&](const std::string& title,
                        const std::string& engine,
                        const std::function<std::string(const Cell&)>& show) {
    std::vector<std::string> cells{title};
    for (const std::string& file : report.files) {
      const Cell* cell = report.find(engine, file);
      cells.push_back(cell == nullptr ? "-" : show(*cell));
    }
    text += row(cells);
  };
  const auto rate = [](const Cell& cell) {
    return formatted("%.2f", cell.commands_per_second / 1e6);
  };
  const auto ratio = [](const Cell& cell) {
    return formatted("%.2fx (%.2f)", cell.ratio, cell.commands_per_second / 1e6);
  };
  const auto latency = [](const Cell& cell) {
    return formatted("%.2fx / %.2fx", cell.latency_ratio.p50_ns, cell.latency_ratio.p99_ns);
  };
  const auto bytes = [](const Cell& cell) {
    return formatted("%.0f", cell.memory.bytes_per_order_start);
  };
  line("plain reference, million commands/s", "plain", rate);
  line("book, x plain (million commands/s)", "book", ratio);
  line("whole core with accounts, x plain", "core", ratio);
  line("book, latency p50 / p99, x plain", "book", latency);
  line("whole core, latency p50 / p99, x plain", "core", latency);
  line("book, bytes per resting order", "book", bytes);
  line("plain, bytes per resting order", "plain", bytes);
  line("whole core, bytes per resting order, holdings apart", "core", bytes);
  return text;
}

std::string rough_of(const std::vector<RoughCost>& costs) {
  std::vector<std::string> titles{"time per command, x the calm flow"};
  std::vector<std::string> files;
  for (const RoughCost& cost : costs) {
    if (cost.file == costs.front().file) titles.push_back(cost.engine);
    if (cost.engine == costs.front().engine) files.push_back(cost.file);
  }
  std::string text = head(titles);
  for (const std::string& file : files) {
    std::vector<std::string> cells{column_name(file)};
    for (const RoughCost& cost : costs) {
      if (cost.file == file)
        cells.push_back(
            formatted("%.2fx (%.2f M/s)", cost.to_calm, cost.commands_per_second / 1e6));
    }
    text += row(cells);
  }
  return text;
}

std::string cancels_of(const std::vector<CancelCost>& costs) {
  std::string text =
      head({"cancels of one level, ns each", "engine", "front to back", "back to front", "random"});
  for (const CancelCost& cost : costs) {
    text += row({std::to_string(cost.cancels),
                 cost.engine,
                 formatted("%.0f", cost.front_to_back_ns),
                 formatted("%.0f", cost.back_to_front_ns),
                 formatted("%.0f", cost.random_ns)});
  }
  return text;
}

std::string overlaps_of(const std::vector<Overlap>& overlaps) {
  std::string text = head({"overlapping instruments", "listed in all", "ns per command", "x one"});
  for (const Overlap& overlap : overlaps) {
    text += row({std::to_string(overlap.instruments),
                 std::to_string(overlap.listed),
                 formatted("%.0f", overlap.ns_per_command),
                 formatted("%.2fx", overlap.ratio)});
  }
  return text;
}

}  // namespace

std::string markdown_of(const std::vector<UncrossCost>& uncrosses) {
  std::string text = head({"uncross of one instrument, orders",
                           "trades",
                           "ms in all",
                           "ns per order",
                           "of it finding the price",
                           "ns per order, x the first"});
  for (const UncrossCost& cost : uncrosses) {
    text += row({std::to_string(cost.orders),
                 std::to_string(cost.trades),
                 formatted("%.1f", cost.milliseconds),
                 formatted("%.0f", cost.ns_per_order),
                 formatted("%.1f", cost.finding_ns),
                 formatted("%.2fx", cost.ratio)});
  }
  return text;
}

std::string markdown_of(const Table& table) {
  std::string text = "Measured by `scripts/measure` on " + processor() +
                     ", one thread, g++ " __VERSION__ "; medians of " +
                     std::to_string(table.flows.rounds) +
                     " rounds in which the engines take turns, ratios within a round.\n\n";
  text += flows_of(table.flows) + "\n" + rough_of(table.rough) + "\n" + cancels_of(table.cancels) +
          "\n" + overlaps_of(table.overlaps) + "\n" + markdown_of(table.uncrosses) + "\n";
  return text + "An empty book takes " + std::to_string(table.empty_book_bytes) +
         " bytes with its shelf, each further book on it " + std::to_string(table.next_book_bytes) +
         ".\n";
}

}  // namespace origo::loadtest
