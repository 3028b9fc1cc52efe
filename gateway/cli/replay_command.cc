#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "gateway/cli/base/format.h"
#include "gateway/cli/base/parse.h"
#include "gateway/cli/base/recording.h"
#include "gateway/cli/base/replay_comparison.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/demo/progress.h"
#include "gateway/cli/replay/player.h"
#include "gateway/cli/replay/venue.h"

namespace origo::gateway {
namespace {

struct ReplayOptions {
  std::string orders;
  std::string trades;
  std::string speed = "full";
  bool prepare = false;
  std::string instrument;
  std::string buyer;
  std::string seller;
  PlayerOptions player;
};

std::string read_all(const std::string& path) {
  if (path == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Failure(Exit::usage, "cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

Recording read_recording(const ReplayOptions& options) {
  RecordingOrError read = parse_recording(read_all(options.orders), read_all(options.trades));
  if (!read.error.empty())
    throw Failure(Exit::usage, read.error, "docs/replay.md tells the format");
  return std::move(read.recording);
}

// "recorded", "full" or how many times as fast as recorded; 0: full.
double speed_of(const std::string& text) {
  if (text == "full") return 0;
  if (text == "recorded") return 1;
  char* end = nullptr;
  const double times = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(times > 0 && times <= 1e9))
    throw Failure(Exit::usage,
                  "--speed is recorded, full or a number: 10 is ten times as fast as recorded");
  return times;
}

AccountId account_of(const std::string& text, const char* flag) {
  const auto id = parse_id(text, "acc");
  if (!id)
    throw Failure(Exit::usage, std::string(flag) + ": '" + text + "' is not an id such as acc-12");
  return AccountId(static_cast<std::uint32_t>(*id));
}

ReplayVenue venue_of(const ReplayOptions& options, const Recording& recording, Session& session) {
  if (options.prepare) return prepare_venue(recording, session);
  if (options.instrument.empty() || options.buyer.empty() || options.seller.empty()) {
    throw Failure(Exit::usage,
                  "a replay needs an instrument, and accounts for the bids and for the asks",
                  "--prepare makes them; or give --instrument, --buyer and --seller");
  }
  ReplayVenue venue;
  venue.trader = &session;
  venue.instrument =
      InstrumentId(static_cast<std::uint32_t>(session.instrument(options.instrument).instrument()));
  venue.buyer = account_of(options.buyer, "--buyer");
  venue.seller = account_of(options.seller, "--seller");
  return venue;
}

struct Summary {
  std::size_t accepted = 0;
  double per_second = 0;
  std::uint32_t p50_us = 0;
  std::uint32_t p99_us = 0;
  std::uint32_t p999_us = 0;
};

Summary summary_of(const Played& played) {
  Summary summary;
  summary.accepted =
      static_cast<std::size_t>(std::count(played.accepted.begin(), played.accepted.end(), true));
  std::vector<std::uint32_t> sorted = played.latencies_us;
  std::sort(sorted.begin(), sorted.end());
  const auto at = [&](double share) {
    return sorted.empty()
               ? 0
               : sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
  };
  summary.p50_us = at(0.5);
  summary.p99_us = at(0.99);
  summary.p999_us = at(0.999);
  if (played.seconds > 0) summary.per_second = static_cast<double>(sorted.size()) / played.seconds;
  return summary;
}

nlohmann::ordered_json json_of(const Recording& recording,
                               const ReplayVenue& venue,
                               const Played& played,
                               const Summary& summary,
                               const Comparison& comparison) {
  return {{"instrument", format_id("ins", venue.instrument.value())},
          {"rows",
           {{"created", recording.created},
            {"changed", recording.changed},
            {"deleted", recording.deleted}}},
          {"told_by_trades", recording.told_by_trades},
          {"post_only", recording.post_only},
          {"left_out", recording.left_out},
          {"commands", recording.steps.size()},
          {"accepted", summary.accepted},
          {"refused", played.refused},
          {"events", played.events},
          {"trades", comparison.replayed},
          {"recorded_trades", comparison.recorded},
          {"equal_trades", comparison.equal},
          {"differences", comparison.differences},
          {"only_here", comparison.only_here},
          {"seconds", played.seconds},
          {"commands_per_second", summary.per_second},
          {"latency_us",
           {{"p50", summary.p50_us}, {"p99", summary.p99_us}, {"p999", summary.p999_us}}}};
}

std::string count(std::size_t number) {
  return group_digits(static_cast<std::int64_t>(number));
}

void print_classes(const std::map<std::string, std::size_t>& classes) {
  for (const auto& [what, times] : classes) {
    const std::string number = count(times);
    std::cout << "    " << std::string(number.size() < 9 ? 9 - number.size() : 0, ' ') << number
              << "  " << what << "\n";
  }
}

void print(const Recording& recording,
           const ReplayVenue& venue,
           const Played& played,
           const Summary& summary,
           const Comparison& comparison) {
  const std::size_t rows = recording.created + recording.changed + recording.deleted;
  std::cout << "  rows        " << count(rows) << ": " << count(recording.created) << " created, "
            << count(recording.changed) << " changed (" << count(recording.told_by_trades)
            << " only tell of a trade), " << count(recording.deleted) << " deleted\n";
  if (recording.post_only > 0) {
    std::cout << "  post-only   " << count(recording.post_only)
              << " orders that the record deletes at once, untraded\n";
  }
  if (!recording.left_out.empty()) std::cout << "  left out\n";
  print_classes(recording.left_out);
  std::cout << "  commands    " << count(recording.steps.size()) << " on "
            << format_id("ins", venue.instrument.value()) << ", " << count(summary.accepted)
            << " accepted, " << count(recording.steps.size() - summary.accepted) << " refused\n";
  print_classes(played.refused);
  std::cout << "  exchange    " << count(played.events) << " events, " << count(comparison.replayed)
            << " trades\n";
  std::cout << "  recorded    " << count(comparison.recorded) << " trades, "
            << count(comparison.equal) << " came out equal in orders, price and quantity\n";
  print_classes(comparison.differences);
  if (!comparison.only_here.empty()) std::cout << "  trades that the record has not\n";
  print_classes(comparison.only_here);
  const auto whole = [](double value) {
    return group_digits(static_cast<std::int64_t>(value + 0.5));
  };
  std::cout << "  throughput  " << whole(summary.per_second) << " commands/s over "
            << format_decimal(static_cast<std::int64_t>(played.seconds * 100 + 0.5), 2) << " s\n"
            << "  latency     p50 " << whole(summary.p50_us) << " us, p99 " << whole(summary.p99_us)
            << " us, p99.9 " << whole(summary.p999_us)
            << " us, from sending to the durable answer\n";
}

Exit replay(Shell& shell, ReplayOptions options) {
  options.player.speed = speed_of(options.speed);
  const Recording recording = read_recording(options);
  const ReplayVenue venue = venue_of(options, recording, shell.session());
  std::optional<Progress> progress;
  if (!shell.json) progress.emplace("commands replayed", recording.steps.size());
  const Played played = play(recording, venue, options.player, [&](std::size_t steps) {
    if (progress) progress->add(steps);
  });
  if (progress) progress->finish("");
  const Summary summary = summary_of(played);
  const Comparison comparison = compare(recording, played.accepted, played.trades);
  if (shell.json) {
    std::cout << json_of(recording, venue, played, summary, comparison).dump() << "\n";
  } else {
    print(recording, venue, played, summary, comparison);
  }
  return Exit::ok;
}

}  // namespace

void add_replay_command(CLI::App& app, Shell& shell) {
  auto options = std::make_shared<ReplayOptions>();
  CLI::App& verb = *app.add_subcommand(
      "replay",
      "Feed a recorded order flow through order entry, and compare the trades with the record");
  verb.add_option("orders", options->orders, "the recorded orders, CSV; - for standard input")
      ->required();
  verb.add_option("--trades", options->trades, "the recorded trades, CSV")->required();
  verb.add_option(
          "--speed", options->speed, "recorded, full, or how many times as fast as recorded")
      ->capture_default_str();
  verb.add_flag("--prepare",
                options->prepare,
                "make a market that fits, with cash and certificates for all of it; on a node for "
                "demonstrations");
  verb.add_option("--instrument", options->instrument, "where to replay, by id or code");
  verb.add_option("--buyer", options->buyer, "the account that places the bids");
  verb.add_option("--seller", options->seller, "the account that places the asks");
  verb.add_option("--frame", options->player.frame, "commands sent together at most")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  verb.add_option("--in-flight", options->player.frames_in_flight, "frames under way at most")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  verb.footer(
      "A recorded order becomes an order, a deletion a cancel; what only tells of a trade is left "
      "to the\n"
      "exchange. docs/replay.md tells the files and the rules.\n"
      "Examples:\n"
      "  zcat orders.csv.gz | origo replay - --trades trades.csv --prepare\n"
      "  origo replay orders.csv --trades trades.csv --prepare --speed recorded\n"
      "  origo replay orders.csv --trades trades.csv --instrument ins-1 --buyer acc-2 --seller "
      "acc-3");
  verb.callback(
      [&shell, options] { shell.action = [&shell, options] { return replay(shell, *options); }; });
}

}  // namespace origo::gateway
