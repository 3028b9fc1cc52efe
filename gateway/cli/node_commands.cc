#include <iostream>

#include "gateway/cli/base/format.h"
#include "gateway/cli/commands.h"

namespace origo::gateway {
namespace {

void print_status(const Session& session, const v1::StatusResponse& status) {
  std::cout << status.venue() << " at " << session.options().server << ", version "
            << status.version() << "\n";
  if (!status.banner().empty()) std::cout << status.banner() << "\n";
  std::cout << "  sequence       " << group_digits(static_cast<std::int64_t>(status.sequence()))
            << " shown, " << group_digits(static_cast<std::int64_t>(status.durable_sequence()))
            << " durable, sync " << status.sync_policy() << "\n"
            << "  clock          "
            << format_instant(Instant(status.now() / 1'000'000'000 * 1'000'000'000)) << "\n"
            << "  last command   "
            << (status.time() == 0 ? "none" : format_instant(Instant(status.time()))) << "\n"
            << "  up since       " << format_instant(Instant(status.started_at())) << "\n"
            << "  snapshot       "
            << (status.snapshot_sequence() == 0
                    ? "none"
                    : "at " + group_digits(static_cast<std::int64_t>(status.snapshot_sequence())))
            << "\n"
            << "  relaxed        " << (status.relaxations().four_eyes() ? "four eyes " : "")
            << (status.relaxations().holds() ? "holds" : "")
            << (!status.relaxations().four_eyes() && !status.relaxations().holds() ? "nothing" : "")
            << "\n"
            << "  commands       "
            << (status.accepting() ? "accepted" : "refused: " + status.trouble()) << "\n";
}

}  // namespace

void add_node_commands(CLI::App& app, Shell& shell) {
  CLI::App& status =
      *app.add_subcommand("status", "What the node is, where it stands, what it relaxes");
  status.callback([&shell] {
    shell.action = [&shell] {
      const auto response = shell.session().ask(&v1::Admin::Stub::Status, v1::StatusRequest());
      if (shell.json) {
        shell.print_page(response);
      } else {
        print_status(shell.session(), response);
      }
      return Exit::ok;
    };
  });
  show_verb(app,
            shell,
            "whoami",
            "The user behind the token, with its roles",
            &v1::Accounts::Stub::WhoAmI);

  CLI::App& admin = group(app, "admin", "Running the node");
  command_verb(
      admin, shell, "relax", "Relax rules for demonstrations on loopback", "set_relaxations")
      .may("four_eyes", "one user suffices where two are asked for")
      .may("holds", "exits are not held")
      .may("exit_hold_ns", "length of the hold on exits in nanoseconds; 0 keeps it")
      .examples(
          "  origo admin relax                 # back to the strict rules\n"
          "  origo admin relax --four-eyes");
  command_verb(
      admin, shell, "rules-version", "Change to a later version of the rules", "set_rules_version")
      .place("version", "one that this build knows, not lower than the current one");
  CLI::App& snapshot = *admin.add_subcommand("snapshot", "Write the state to disk now");
  snapshot.callback([&shell] {
    shell.action = [&shell] {
      v1::TakeSnapshotResponse response;
      grpc::ClientContext context;
      shell.session().prepare(context);
      v1::Admin::Stub stub(shell.session().channel());
      shell.session().check(stub.TakeSnapshot(&context, v1::TakeSnapshotRequest(), &response));
      shell.print_page(response);
      return Exit::ok;
    };
  });
}

}  // namespace origo::gateway
