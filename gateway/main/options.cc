#include "gateway/main/options.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <iostream>
#include <map>
#include <regex>

#include "gateway/cli/base/parse.h"
#include "gateway/main/version.h"

namespace origo::gateway {

namespace {

// What no single option can say.
std::string conflict(const NodeOptions& options) {
  const bool local = is_loopback(options.grpc.host) && is_loopback(options.http.host);
  if (options.data.empty() && !options.scenario) return "--data: the node needs a data directory";
  if (options.demo && options.scenario) return "--demo and --scenario exclude each other";
  if (options.demo && !local) return "--demo: relaxed rules are for loopback addresses only";
  if (options.clock && !options.demo)
    return "--clock: only a demonstration (--demo) may tell another time";
  if (options.scenario && !local) return "--scenario: loopback addresses only";
  if (!local && !options.tls) return "--tls-cert: an address that is not loopback needs TLS";
  return {};
}

std::string check_instant(const std::string& text) {
  return parse_instant(text) ? "" : "must be a UTC instant such as 2023-04-28T08:00:00Z";
}

// "https://register.example" or "http://10.0.0.1:8080", with or without a slash at the end.
std::string check_public_url(const std::string& text) {
  return host_of(text).empty() ? "must be http:// or https:// with a host and, maybe, a port" : "";
}

std::string check_endpoint(const std::string& text) {
  return parse_endpoint(text) ? "" : "must be HOST:PORT, port 0 for a free one";
}

}  // namespace

std::string host_of(const std::string& url) {
  static const std::regex form(R"(https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?/?)");
  std::smatch parts;
  return std::regex_match(url, parts, form) ? parts[1].str() : std::string();
}

std::optional<Endpoint> parse_endpoint(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  Endpoint endpoint{.host = text.substr(0, colon)};
  if (endpoint.host.front() == '[' && endpoint.host.back() == ']') {
    endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
  } else if (endpoint.host.find(':') != std::string::npos) {
    return std::nullopt;
  }
  const char* const begin = text.data() + colon + 1;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(begin, end, endpoint.port);
  if (error != std::errc() || stop != end || endpoint.host.empty()) return std::nullopt;
  return endpoint;
}

std::string to_string(const Endpoint& endpoint) {
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  return (v6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

NodeOptions parse_options(int argc, char** argv) {
  NodeOptions options;
  std::string grpc = to_string(options.grpc);
  std::string http = to_string(options.http);
  TlsOptions tls;
  CLI::App app(
      "origod: the Origo node. Keeps its state in the data directory and writes the "
      "addresses that it listens on to DIR/origod.addresses.json when it is ready.");
  app.footer(
      "origod quarantine --help: how two operators set aside a command that stops the node.");
  app.set_version_flag("--version", kVersion);
  app.add_option("--data", options.data, "data directory; created if it is missing");
  app.add_option("--grpc", grpc, "address of the gRPC services")
      ->capture_default_str()
      ->check(check_endpoint);
  app.add_option("--http", http, "address of page, feed, metrics and probes")
      ->capture_default_str()
      ->check(check_endpoint);
  app.add_option(
         "--public-url",
         options.public_url,
         "by which others reach the page, e.g. https://register.example: printed on statements")
      ->check(check_public_url);
  app.add_option("--schemes", options.schemes, "folder of scheme files and the attribute catalogue")
      ->check(CLI::ExistingDirectory);
  app.add_option("--venue", options.venue, "the venue's name, for a node's first start")
      ->capture_default_str();
  const std::map<std::string, storage::SyncPolicy> policies{
      {"always", storage::SyncPolicy::always},
      {"interval", storage::SyncPolicy::interval},
      {"none", storage::SyncPolicy::none}};
  app.add_option("--sync",
                 options.sync,
                 "when commands are durable: always (before they are "
                 "answered), interval (10 ms later at most), none")
      ->transform(CLI::CheckedTransformer(policies))
      ->default_str("always");
  app.add_option("--witness",
                 options.witness,
                 "the witness file; best on another disk than the data (default: DIR/witness)");
  app.add_flag("--adopt-missing-witness",
               options.adopt_missing_witness,
               "start although the witness is missing: after restoring a backup");
  app.add_option("--snapshot-every",
                 options.snapshot_every,
                 "commands between snapshots; 0: at a clean end and on request only")
      ->capture_default_str();
  const CLI::Range rate(1.0, 1e9);
  app.add_option(
         "--user-rate",
         options.rates.user_commands_per_second,
         "commands a second that one user may send through gRPC; cancels have as much again")
      ->capture_default_str()
      ->check(rate);
  app.add_option("--address-rate",
                 options.rates.address_commands_per_second,
                 "the same for all users of one network address")
      ->capture_default_str()
      ->check(rate);
  std::int64_t burst_ms = options.rates.burst.count();
  app.add_option("--rate-burst",
                 burst_ms,
                 "milliseconds of either rate that whoever sends nothing saves up")
      ->capture_default_str()
      ->check(CLI::Range(1, 3'600'000));
  double grace_seconds = 5;
  app.add_option("--disconnect-grace",
                 grace_seconds,
                 "seconds that a client may be without a stream before its orders with "
                 "cancel-on-disconnect end; also after a start of the node")
      ->capture_default_str()
      ->transform(
          CLI::AsNumberWithUnit(std::map<std::string, double>{{"ms", 0.001}, {"s", 1}, {"min", 60}},
                                CLI::AsNumberWithUnit::UNIT_OPTIONAL))
      ->check(CLI::Range(0.0, 3'600.0));
  CLI::Option* const certificate =
      app.add_option("--tls-cert", tls.certificate_chain_file, "certificate chain, PEM");
  CLI::Option* const key = app.add_option("--tls-key", tls.private_key_file, "private key, PEM");
  certificate->needs(key);
  key->needs(certificate);
  app.add_flag("--demo", options.demo, "one person suffices and exits are not held; loopback only");
  std::string clock;
  app.add_option(
         "--clock",
         clock,
         "with --demo: the UTC instant, e.g. 2023-04-28T08:00:00Z, from which the node's clock "
         "runs; at a restart it goes on from the last command if that is later")
      ->check(check_instant);
  app.add_flag("--scenario",
               options.scenario,
               "simulated clock in a new directory, for scenario files; loopback only");
  app.add_option("--log-level", options.log_level, "debug, info, warn or error")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    std::exit(code == 0 ? 0 : kUsageError);
  }
  options.rates.burst = std::chrono::milliseconds(burst_ms);
  options.disconnect_grace =
      std::chrono::milliseconds(static_cast<std::int64_t>(grace_seconds * 1'000));
  if (!clock.empty()) options.clock = parse_instant(clock);
  if (options.public_url.ends_with('/')) options.public_url.pop_back();
  options.grpc = *parse_endpoint(grpc);
  options.http = *parse_endpoint(http);
  if (!tls.certificate_chain_file.empty()) options.tls = tls;
  if (const std::string trouble = conflict(options); !trouble.empty()) {
    std::cerr << "origod: " << trouble << "\nRun with --help for more information.\n";
    std::exit(kUsageError);
  }
  return options;
}

}  // namespace origo::gateway
