#include <unistd.h>

#include <exception>
#include <iostream>

#include "gateway/cli/commands.h"

namespace origo::gateway {
namespace {

void add_global_options(CLI::App& app, Shell& shell) {
  app.add_option(
      "--server",
      shell.connection.server,
      "host:port of the node's gRPC; else ORIGO_SERVER, else found in --data, else 127.0.0.1:7401");
  app.add_option(
      "--data",
      shell.connection.data,
      "a node's data directory: finds its address and the admin's token; else ORIGO_DATA");
  app.add_option("--token", shell.connection.token, "who you are; else ORIGO_TOKEN");
  app.add_flag(
      "--tls", shell.connection.tls, "encrypt, trusting the system's certificate authorities");
  app.add_option("--ca",
                 shell.connection.ca,
                 "encrypt, trusting this file's authorities (PEM); else ORIGO_CA");
  app.add_option(
      "--token-file", shell.connection.token_file, "file with the token; else ORIGO_TOKEN_FILE");
  app.add_option(
      "--as", shell.connection.as, "a user whose token is in the data directory's users/");
  app.add_flag("--json", shell.json, "one JSON object a line, for scripts");
  app.add_option("--limit", shell.limit, "rows of a list")->capture_default_str();
  app.add_option("--timeout", shell.connection.timeout_seconds, "seconds to wait for an answer")
      ->capture_default_str();
  app.add_option("--at-least",
                 shell.connection.at_least_sequence,
                 "wait until queries show this command, e.g. one's own last");
  app.add_option("--client",
                 shell.client,
                 "client id: with --client-sequence, a repeat gets the first answer");
  app.add_option(
      "--client-sequence", shell.client_sequence, "number of the command under that client id");
}

Exit run(int argc, char** argv) {
  CLI::App app("Origo, the certificate-of-origin exchange, from the command line.", "origo");
  Shell shell;
  app.fallthrough();
  app.require_subcommand(1);
  add_global_options(app, shell);
  add_node_commands(app, shell);
  add_party_commands(app, shell);
  add_scheme_commands(app, shell);
  add_registry_commands(app, shell);
  add_certificate_commands(app, shell);
  add_balance_commands(app, shell);
  add_market_commands(app, shell);
  add_calendar_commands(app, shell);
  add_order_commands(app, shell);
  add_book_commands(app, shell);
  add_price_commands(app, shell);
  add_report_commands(app, shell);
  add_audit_commands(app, shell);
  add_import_commands(app, shell);
  add_demo_command(app, shell);
  add_replay_command(app, shell);
  add_completion_command(app, shell);
  app.footer(
      "Ids are written with or without their prefix: acc-12 or 12. Dates are 2023-03-31, periods "
      "2023-03 or\n"
      "2023-03-01..2023-03-31, instants 2023-04-28T08:00:00Z. Prices are in units of the "
      "instrument's\n"
      "currency: 12.50; or in ticks: 1250t.\n"
      "Exit codes: 0 done; 1 refused by the exchange; 2 wrong command line; 3 no answer; 4 not "
      "permitted;\n"
      "5 not found; 6 other failure; 7 something does not add up.\n"
      "Examples:\n"
      "  export ORIGO_DATA=~/.local/state/origo/demo\n"
      "  origo status\n"
      "  origo instrument list\n"
      "  origo book watch ins-1");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? Exit::ok : Exit::usage;
  }
  return shell.action ? shell.action() : Exit::usage;
}

}  // namespace
}  // namespace origo::gateway

int main(int argc, char** argv) {
  using origo::gateway::Exit;
  const auto report = [](const char* problem, const std::string& hint) {
    const bool colour = ::isatty(STDERR_FILENO) != 0;
    std::cerr << (colour ? "\x1b[1morigo:\x1b[0m " : "origo: ") << problem << "\n";
    if (!hint.empty()) std::cerr << "  " << hint << "\n";
  };
  try {
    return static_cast<int>(origo::gateway::run(argc, argv));
  } catch (const origo::gateway::Failure& failure) {
    report(failure.what(), failure.hint());
    return static_cast<int>(failure.exit());
  } catch (const std::exception& error) {
    report(error.what(), "");
    return static_cast<int>(Exit::failed);
  }
}
