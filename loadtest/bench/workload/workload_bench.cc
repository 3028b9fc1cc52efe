// workload_bench: replays order-flow files through our engines and the plain book, in turn on one
// thread.
//
//   workload_bench --table               all that docs/matching.md quotes, as Markdown
//   workload_bench --uncross             the end of calls of 10 thousand to 1 million orders
//   workload_bench --generate            five files, made on first use in a cache folder
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
#include "loadtest/bench/workload/cancel_burst.h"
#include "loadtest/bench/workload/contestant.h"
#include "loadtest/bench/workload/core_engine.h"
#include "loadtest/bench/workload/plain_engine.h"
#include "loadtest/bench/workload/report.h"
#include "loadtest/bench/workload/table.h"
#include "loadtest/workload/standard.h"

namespace origo::loadtest {
namespace {

struct Arguments {
  std::vector<std::string> files;
  bool table = false;
  bool uncross = false;
  bool quick = false;
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

std::vector<Cell> measure_all(const std::vector<std::string>& files,
                              std::vector<std::unique_ptr<Contestant>>& all,
                              const Arguments& arguments) {
  std::vector<Cell> cells;
  for (const std::string& path : files) {
    for (Cell& cell : measure(path, all, arguments)) cells.push_back(std::move(cell));
  }
  return cells;
}

Report report_of(const std::vector<std::string>& files,
                 std::vector<std::unique_ptr<Contestant>>& all,
                 const Arguments& arguments) {
  Report report;
  report.rounds = arguments.rounds;
  report.stamp_cost_ns = stamp_cost_ns();
  for (const auto& one : all) report.engines.push_back(one->name());
  for (const std::string& path : files)
    report.files.push_back(std::filesystem::path(path).filename());
  report.cells = measure_all(files, all, arguments);
  return report;
}

// The rough flows and the calm one in turn, so that they meet the same machine.
std::vector<RoughCost> measure_rough(std::vector<std::unique_ptr<Contestant>>& all,
                                     const Arguments& arguments) {
  std::vector<std::unique_ptr<FlowFile>> files;
  std::vector<RoughCost> costs;
  for (const NamedFlow& flow : rough_flows())
    files.push_back(std::make_unique<FlowFile>(made(cache_folder(arguments), flow)));
  for (const auto& engine : all) {
    std::vector<std::vector<double>> rates(files.size());
    std::vector<std::vector<double>> slower(files.size());
    for (int round = 0; round < arguments.rounds; ++round) {
      for (std::size_t f = 0; f < files.size(); ++f) {
        say("rough flows: round " + std::to_string(round + 1) + " of " + engine->name());
        engine->forget_file();
        rates[f].push_back(engine->throughput(*files[f]));
        slower[f].push_back(rates[0].back() / rates[f].back());
      }
    }
    engine->forget_file();
    for (std::size_t f = 0; f < files.size(); ++f) {
      costs.push_back({.engine = engine->name(),
                       .file = rough_flows()[f].name,
                       .commands_per_second = median(rates[f]),
                       .to_calm = median(slower[f])});
    }
  }
  return costs;
}

struct EmptyBook {
  std::size_t first = 0;
  std::size_t next = 0;
};

// Heap of a book with a shelf of its own, and of one more on it.
EmptyBook empty_book() {
  FlowHeader header;
  const auto bytes_of = [&](std::uint32_t books) {
    header.instruments = books;
    const std::size_t before = heap_bytes();
    const BookEngine<CountedTrades> engine(BookSetting(header), header);
    return heap_bytes() - before;
  };
  const std::size_t one = bytes_of(1);
  return {.first = one, .next = (bytes_of(101) - one) / 100};
}

template <template <class> class Engine>
CancelCost measure_cancels(std::uint64_t count, const Arguments& arguments) {
  CancelCost cost{.engine = Engine<CountedTrades>::kName, .cancels = count};
  const auto of = [&](BurstOrder order) {
    std::vector<double> costs;
    for (int round = 0; round < arguments.rounds; ++round)
      costs.push_back(cancel_burst<Engine>(order, count, 100'000));
    return median(costs);
  };
  say("a burst of " + std::to_string(count) + " cancels: " + cost.engine);
  cost.front_to_back_ns = of(BurstOrder::front_to_back);
  cost.back_to_front_ns = of(BurstOrder::back_to_front);
  cost.random_ns = of(BurstOrder::random);
  return cost;
}

std::vector<UncrossCost> measure_uncrosses(const Arguments& arguments) {
  say("calls of up to a million orders");
  std::vector<std::uint64_t> sizes{10'000, 100'000};
  if (!arguments.quick) sizes.push_back(1'000'000);
  return measure_uncross(sizes, arguments.rounds);
}

Table measure_table(std::vector<std::unique_ptr<Contestant>>& all, const Arguments& arguments) {
  std::vector<std::string> files;
  for (const NamedFlow& flow : table_flows()) {
    const bool small = flow.options.instruments == 1 && flow.options.depth <= 100'000;
    if (small || !arguments.quick) files.push_back(made(cache_folder(arguments), flow));
  }
  Table table;
  const EmptyBook empty = empty_book();
  table.empty_book_bytes = empty.first;
  table.next_book_bytes = empty.next;
  table.flows = report_of(files, all, arguments);
  table.rough = measure_rough(all, arguments);
  for (const std::uint64_t count : {1'000U, 10'000U, 100'000U}) {
    table.cancels.push_back(measure_cancels<PlainEngine>(count, arguments));
    table.cancels.push_back(measure_cancels<BookEngine>(count, arguments));
    table.cancels.push_back(measure_cancels<CoreEngine>(count, arguments));
  }
  say("overlapping instruments among 10,000");
  table.overlaps = measure_overlap(
      {.commands = arguments.quick ? 20'000U : 60'000U, .rounds = arguments.rounds});
  table.uncrosses = measure_uncrosses(arguments);
  return table;
}

int run(int argc, char** argv) {
  Arguments arguments;
  CLI::App app(
      "Order-flow files through the book, the whole core and the plain book: see docs/workload.md.",
      "workload_bench");
  app.add_option("file", arguments.files, "order-flow files");
  app.add_flag("--table", arguments.table, "all that docs/matching.md quotes, as Markdown");
  app.add_flag("--uncross", arguments.uncross, "its part on the end of calls alone");
  app.add_flag(
      "--quick", arguments.quick, "with --table: the two small flows, one round, nothing checked");
  app.add_flag("--generate", arguments.generate, "the table's files, made on first use");
  app.add_flag("--rough", arguments.rough, "with --generate: flows that must not hurt, instead");
  app.add_option(
      "--dir", arguments.folder, "where generated files are kept; else the user's cache folder");
  app.add_option("--engines", arguments.engines, "of these engines only: book,core")
      ->delimiter(',');
  app.add_option("--rounds", arguments.rounds, "timed runs of each engine")->capture_default_str();
  app.add_option("--latency-rounds", arguments.latency_rounds, "runs with a clock at each command")
      ->capture_default_str();
  app.add_flag("!--no-memory", arguments.memory, "leave memory out");
  app.add_flag("!--no-check", arguments.check, "leave the comparison with the expected result out");
  app.add_flag("--json", arguments.json, "one JSON object");
  CLI11_PARSE(app, argc, argv);

#if !defined(__OPTIMIZE__) || !defined(ORIGO_RELEASE)
  std::fprintf(stderr, "not a release build: these figures are not to be quoted\n");
#endif
  if (arguments.quick) {
    arguments.rounds = arguments.latency_rounds = 1;
    arguments.check = false;
  }
  if (arguments.uncross) {
    const std::vector<UncrossCost> costs = measure_uncrosses(arguments);
    say("");
    std::printf("%s", markdown_of(costs).c_str());
    return 0;
  }
  auto all = contestants(arguments.engines);
  if (arguments.table) {
    const Table table = measure_table(all, arguments);
    say("");
    std::printf("%s", markdown_of(table).c_str());
    return table.flows.all_equal() ? 0 : 1;
  }
  if (arguments.generate) {
    for (const NamedFlow& flow : arguments.rough ? rough_flows() : table_flows()) {
      arguments.files.push_back(made(cache_folder(arguments), flow));
    }
  }
  if (arguments.files.empty()) {
    std::fprintf(stderr, "workload_bench: name files, or --table, --uncross or --generate\n");
    return 2;
  }
  const Report report = report_of(arguments.files, all, arguments);
  say("");
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
