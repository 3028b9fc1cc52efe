// workload_bench: replays order-flow files through our engines and the plain book, in turn on one
// thread.
//
//   workload_bench --generate            the table: five files, made on first use in a cache folder
//   workload_bench --generate --rough    a calm flow beside a swinging middle and sparse levels
//   workload_bench FILE...
//
// Every engine's trades and final book are compared with what the file expects before it is timed.
// The machine's speed drifts, so ratios are taken within a round and their median is quoted.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "loadtest/bench/workload/book_engine.h"
#include "loadtest/bench/workload/contestant.h"
#include "loadtest/bench/workload/core_engine.h"
#include "loadtest/bench/workload/plain_engine.h"
#include "loadtest/bench/workload/report.h"
#include "loadtest/workload/standard.h"

namespace origo::loadtest {
namespace {

struct Arguments {
  std::vector<std::string> files;
  bool generate = false;
  bool rough = false;
  std::string folder;
  std::vector<std::string> engines;
  int rounds = 5;
  int latency_rounds = 3;
  bool memory = true;
  bool check = true;
  bool json = false;
};

// One line that says what goes on, on a terminal only.
void say(const std::string& what) {
  if (::isatty(STDERR_FILENO) == 0) return;
  std::fprintf(stderr, "\r\x1b[K%s", what.c_str());
}

std::filesystem::path cache_folder(const Arguments& arguments) {
  if (!arguments.folder.empty()) return arguments.folder;
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  const std::filesystem::path base =
      cache != nullptr && *cache != '\0'
          ? std::filesystem::path(cache)
          : std::filesystem::path(home == nullptr ? "." : home) / ".cache";
  return base / "origo" / "workload";
}

// The file, made unless it is there already.
std::string made(const std::filesystem::path& folder, const NamedFlow& flow) {
  const std::filesystem::path path = folder / flow.name;
  if (std::filesystem::exists(path)) return path.string();
  std::filesystem::create_directories(folder);
  say("generating " + path.string());
  write_flow(path, flow.options);
  return path.string();
}

std::vector<std::unique_ptr<Contestant>> contestants(const std::vector<std::string>& wanted) {
  std::vector<std::unique_ptr<Contestant>> all;
  all.push_back(std::make_unique<ContestantOf<PlainEngine>>());
  all.push_back(std::make_unique<ContestantOf<BookEngine>>());
  all.push_back(std::make_unique<ContestantOf<CoreEngine>>());
  // The plain book always runs: the others are measured against it.
  std::erase_if(all, [&](const auto& one) {
    return one->name() != "plain" && !wanted.empty() &&
           std::find(wanted.begin(), wanted.end(), one->name()) == wanted.end();
  });
  return all;
}

Latency ratio_of(const Latency& one, const Latency& plain) {
  const auto divided = [](double a, double b) { return b > 0 ? a / b : 0; };
  return {.p50_ns = divided(one.p50_ns, plain.p50_ns),
          .p99_ns = divided(one.p99_ns, plain.p99_ns),
          .p999_ns = divided(one.p999_ns, plain.p999_ns)};
}

Latency median_of(const std::vector<Latency>& values) {
  const auto of = [&](double Latency::*field) {
    std::vector<double> picked;
    for (const Latency& value : values) picked.push_back(value.*field);
    return median(picked);
  };
  return {.p50_ns = of(&Latency::p50_ns),
          .p99_ns = of(&Latency::p99_ns),
          .p999_ns = of(&Latency::p999_ns)};
}

// All engines on one file. The first contestant is the yardstick.
std::vector<Cell> measure(const std::string& path,
                          std::vector<std::unique_ptr<Contestant>>& all,
                          const Arguments& arguments) {
  const FlowFile file(path);
  const std::string name = std::filesystem::path(path).filename();
  std::vector<Cell> cells(all.size());
  for (std::size_t e = 0; e < all.size(); ++e) {
    Cell& cell = cells[e];
    cell.engine = all[e]->name();
    cell.file = name;
    cell.skipped = !all[e]->takes(file);
    if (cell.skipped) continue;
    if (arguments.memory) {
      say(name + ": memory of " + cell.engine);
      cell.memory = all[e]->memory(file);
    }
    if (arguments.check) {
      say(name + ": checking " + cell.engine);
      cell.difference = all[e]->check(file);
      cell.checked = true;
    }
  }
  std::vector<std::vector<double>> rates(all.size());
  std::vector<std::vector<double>> ratios(all.size());
  for (int round = 0; round < arguments.rounds; ++round) {
    for (std::size_t e = 0; e < all.size(); ++e) {
      if (cells[e].skipped || !cells[e].difference.empty()) continue;
      say(name + ": round " + std::to_string(round + 1) + " of " + cells[e].engine);
      rates[e].push_back(all[e]->throughput(file));
      ratios[e].push_back(rates[e].back() / rates[0].back());
    }
  }
  std::vector<std::vector<Latency>> latencies(all.size());
  std::vector<std::vector<Latency>> latency_ratios(all.size());
  for (int round = 0; round < arguments.latency_rounds; ++round) {
    for (std::size_t e = 0; e < all.size(); ++e) {
      if (cells[e].skipped || !cells[e].difference.empty()) continue;
      say(name + ": latency of " + cells[e].engine);
      latencies[e].push_back(all[e]->latency(file));
      latency_ratios[e].push_back(ratio_of(latencies[e].back(), latencies[0].back()));
    }
  }
  for (std::size_t e = 0; e < all.size(); ++e) {
    cells[e].commands_per_second = median(rates[e]);
    cells[e].ratio = median(ratios[e]);
    cells[e].latency = median_of(latencies[e]);
    cells[e].latency_ratio = median_of(latency_ratios[e]);
    all[e]->forget_file();
  }
  return cells;
}

int run(int argc, char** argv) {
  Arguments arguments;
  CLI::App app(
      "Order-flow files through the book, the whole core and the plain book: see docs/workload.md.",
      "workload_bench");
  app.add_option("file", arguments.files, "order-flow files");
  app.add_flag("--generate", arguments.generate, "the table's files, made on first use");
  app.add_flag("--rough", arguments.rough, "with --generate: flows that must not hurt, instead");
  app.add_option(
      "--dir", arguments.folder, "where generated files are kept; else the user's cache folder");
  app.add_option("--engines", arguments.engines, "of these engines only: book,core")->delimiter(',');
  app.add_option("--rounds", arguments.rounds, "timed runs of each engine")->capture_default_str();
  app.add_option("--latency-rounds", arguments.latency_rounds, "runs with a clock at each command")
      ->capture_default_str();
  app.add_flag("!--no-memory", arguments.memory, "leave memory out");
  app.add_flag("!--no-check", arguments.check, "leave the comparison with the expected result out");
  app.add_flag("--json", arguments.json, "one JSON object");
  CLI11_PARSE(app, argc, argv);

  if (arguments.generate) {
    for (const NamedFlow& flow : arguments.rough ? rough_flows() : table_flows()) {
      arguments.files.push_back(made(cache_folder(arguments), flow));
    }
  }
  if (arguments.files.empty()) {
    std::fprintf(stderr, "workload_bench: name files, or --generate\n");
    return 2;
  }
  auto all = contestants(arguments.engines);
  Report report;
  report.rounds = arguments.rounds;
  report.stamp_cost_ns = stamp_cost_ns();
  for (const auto& one : all) report.engines.push_back(one->name());
  for (const std::string& path : arguments.files) {
    for (Cell& cell : measure(path, all, arguments)) report.cells.push_back(std::move(cell));
    report.files.push_back(report.cells.back().file);
  }
  say("");
#if !defined(__OPTIMIZE__) || !defined(ORIGO_RELEASE)
  std::fprintf(stderr, "not a release build: these figures are not to be quoted\n");
#endif
  std::printf("%s\n", arguments.json ? json_of(report).c_str() : table_of(report).c_str());
  return report.all_equal() ? 0 : 1;
}

}  // namespace
}  // namespace origo::loadtest

int main(int argc, char** argv) {
  try {
    return origo::loadtest::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "workload_bench: %s\n", error.what());
    return 2;
  }
}
