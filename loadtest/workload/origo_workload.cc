// origo-workload: writes and checks order-flow files.
//
//   origo-workload generate OUT [options]   one file
//   origo-workload standard DIR             the eleven standard ones, 0.9 GB
//   origo-workload check FILE...            replays the plain book and compares with the header
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cinttypes>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "loadtest/workload/checksum.h"
#include "loadtest/workload/flow_file.h"
#include "loadtest/workload/plain_book.h"
#include "loadtest/workload/standard.h"

namespace origo::loadtest {
namespace {

// Writes one file; on a terminal, with the share that is done.
void write(const std::filesystem::path& path, const FlowOptions& options) {
  const bool terminal = ::isatty(STDOUT_FILENO) != 0;
  const double all = static_cast<double>(options.ops) + static_cast<double>(options.depth);
  const FlowHeader header = write_flow(path, options, [&](std::uint64_t written) {
    if (!terminal) return;
    std::printf("\r%s  %3.0f %%", path.c_str(), 100.0 * static_cast<double>(written) / all);
    std::fflush(stdout);
  });
  std::printf("%s%s  %" PRIu64 " + %" PRIu64 " commands, resting %" PRIu64 " -> %" PRIu64
              " on %" PRIu64 " levels, prices %d to %d, %" PRIu64 " trades %016" PRIx64
              ", book %016" PRIx64 "\n",
              terminal ? "\r\x1b[K" : "",
              path.c_str(),
              header.prefill,
              header.measured,
              header.resting_start,
              header.resting_end,
              header.levels_end,
              header.price_min,
              header.price_max,
              header.expected.trades,
              header.expected.trade_hash,
              header.expected.book_hash);
}

bool check(const std::string& path) {
  const FlowFile file(path);
  const FlowHeader& header = file.header();
  TradeSums sums(header.instruments);
  PlainExchange book(header.instruments, [&](const FlowTrade& trade) { sums.add(trade); });
  for (const FlowCommand& command : file.commands()) book.apply(command);
  const FlowResult result = sums.result(book_hash(book, header.instruments));
  const bool good = result == header.expected && book.resting() == header.resting_end &&
                    book.levels() == header.levels_end;
  std::printf("%s  %" PRIu64 " trades %016" PRIx64 ", book %016" PRIx64 "  %s\n",
              path.c_str(),
              result.trades,
              result.trade_hash,
              result.book_hash,
              good ? "OK" : "DIFFERS");
  return good;
}

void add_generate(CLI::App& app) {
  struct Arguments {
    std::string out;
    FlowOptions options;
    std::string ids = "dense";
    std::string mix = "full";
  };
  auto given = std::make_shared<Arguments>();
  FlowOptions& options = given->options;
  CLI::App& generate = *app.add_subcommand("generate", "Write one file");
  generate.add_option("out", given->out, "the file")->required();
  generate.add_option("--instruments", options.instruments)->capture_default_str();
  generate.add_option("--depth", options.depth, "resting orders over all instruments")
      ->capture_default_str();
  generate.add_option("--ops", options.ops, "commands after those that build the book")
      ->capture_default_str();
  generate.add_option("--accounts", options.accounts)->capture_default_str();
  generate.add_option("--seed", options.seed)->capture_default_str();
  generate.add_option("--zipf", options.zipf, "how popularity falls over instruments")
      ->capture_default_str();
  generate.add_option(
      "--spread", options.spread, "mean distance from the middle, ticks; 0: by the depth");
  generate.add_option("--recent", options.recent, "share of changes that hit a late order")
      ->capture_default_str();
  generate.add_option("--ids", given->ids)
      ->check(CLI::IsMember({"dense", "sparse"}))
      ->capture_default_str();
  generate
      .add_option(
          "--mix", given->mix, "full, basic or weights: GTC,IOC,FOK,market,cancel,reduce,replace")
      ->capture_default_str();
  generate.add_option(
      "--swing", options.swing_percent, "the middle falls by so many per cent and returns");
  generate.add_option(
      "--sparse-levels", options.sparse_levels, "orders lie evenly on so many levels a side");
  generate.callback([given] {
    given->options.sparse_ids = given->ids == "sparse";
    given->options.mix = parse_mix(given->mix);
    write(given->out, given->options);
  });
}

int run(int argc, char** argv) {
  CLI::App app("Order-flow files for matching engines: see docs/workload.md.", "origo-workload");
  app.require_subcommand(1);
  add_generate(app);

  std::string folder;
  CLI::App& standard = *app.add_subcommand("standard", "Write the eleven standard files, 0.9 GB");
  standard.add_option("dir", folder, "where to")->required();
  standard.callback([&] {
    std::filesystem::create_directories(folder);
    for (const NamedFlow& flow : standard_flows())
      write(std::filesystem::path(folder) / flow.name, flow.options);
  });

  std::vector<std::string> files;
  bool good = true;
  CLI::App& check_files =
      *app.add_subcommand("check", "Replay the plain book and compare with the header");
  check_files.add_option("file", files)->required();
  check_files.callback([&] {
    for (const std::string& file : files) good = check(file) && good;
  });
  CLI11_PARSE(app, argc, argv);
  return good ? 0 : 1;
}

}  // namespace
}  // namespace origo::loadtest

int main(int argc, char** argv) {
  try {
    return origo::loadtest::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "origo-workload: %s\n", error.what());
    return 2;
  }
}
