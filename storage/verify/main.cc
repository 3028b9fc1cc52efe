#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdint>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "storage/abort_note.h"
#include "storage/verify/verifier.h"

namespace {

using origo::storage::Outcome;
using origo::storage::StatusCode;
using origo::storage::to_hex;
using origo::storage::VerifyReport;

constexpr int kDifference = 1;
constexpr int kUsageError = 2;
constexpr int kUnreadable = 3;

constexpr const char* kDescription =
    R"(origo-verify: replays a data directory offline and checks everything in it. Changes no file.

Checks the CRC of every record, the chain of every batch and the witness; replays all commands from
the first one through the core; checks the exchange's invariants; compares every snapshot with the
replayed state. Names the first difference.

Exit codes: 0 all is as it should be; 1 a difference; 2 wrong usage; 3 the directory cannot be
read, does not exist, or is in use by a running node.)";

int exit_code(StatusCode code) {
  switch (code) {
    case StatusCode::ok:
      return 0;
    case StatusCode::damaged:
    case StatusCode::stale:
      return kDifference;
    case StatusCode::full:
    case StatusCode::fatal:
    case StatusCode::in_use:
    case StatusCode::absent:
    case StatusCode::unreadable:
    case StatusCode::invalid:
      return kUnreadable;
  }
  return kUnreadable;
}

void print_json(const Outcome<VerifyReport>& outcome) {
  const VerifyReport& report = outcome.value;
  const nlohmann::ordered_json json{{"ok", outcome.ok()},
                                    {"status", origo::storage::name_of(outcome.status.code)},
                                    {"difference", outcome.status.message},
                                    {"commands", std::to_string(report.commands)},
                                    {"batches", std::to_string(report.batches)},
                                    {"events", std::to_string(report.events)},
                                    {"refusals", std::to_string(report.refusals)},
                                    {"invariant_checks", std::to_string(report.invariant_checks)},
                                    {"snapshots", std::to_string(report.snapshots)},
                                    {"journal_chain", to_hex(report.journal_chain)},
                                    {"event_chain", to_hex(report.event_chain)},
                                    {"state_digest", to_hex(report.state_digest)},
                                    {"milliseconds", std::to_string(report.milliseconds)},
                                    {"notes", report.notes}};
  std::cout << json.dump(2) << "\n";
}

void print_words(const Outcome<VerifyReport>& outcome) {
  const VerifyReport& report = outcome.value;
  for (const std::string& note : report.notes) std::cout << "note: " << note << "\n";
  std::cout << report.commands << " commands in " << report.batches << " batches, "
            << report.refusals << " of them refused, " << report.events << " events, replayed in "
            << report.milliseconds << " ms\n"
            << report.invariant_checks << " checks of all invariants, " << report.snapshots
            << " snapshots compared\n"
            << "journal chain " << to_hex(report.journal_chain) << "\n"
            << "event chain   " << to_hex(report.event_chain) << "\n"
            << "state digest  " << to_hex(report.state_digest) << "\n";
  if (outcome.ok()) {
    std::cout << "verified: everything holds\n";
  } else {
    std::cout.flush();
    std::cerr << "origo-verify: " << origo::storage::name_of(outcome.status.code) << ": "
              << outcome.status.message << "\n";
  }
}

int run(int argc, char** argv) {
  origo::storage::VerifyOptions options;
  bool json = false;
  CLI::App app(kDescription);
  app.add_option("DIR", options.directory, "the data directory of a node")->required();
  app.add_option("--witness", options.witness, "the witness file, if it is not DIR/witness");
  app.add_option("--invariants-every",
                 options.invariants_every,
                 "check all invariants every N commands too, not only at the end");
  app.add_flag("--json", json, "print the report as JSON");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageError;
  }
  static std::atomic<std::uint64_t> applying{0};
  origo::storage::note_on_abort("origo-verify", applying);
  options.applying = &applying;
  options.on_progress = [](std::uint64_t sequence, std::uint64_t last) {
    std::cerr << "command " << sequence << " of " << last << "\n";
  };
  const Outcome<VerifyReport> outcome = origo::storage::verify(options);
  json ? print_json(outcome) : print_words(outcome);
  return exit_code(outcome.status.code);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "origo-verify: " << error.what() << "\n";
    return kUnreadable;
  }
}
