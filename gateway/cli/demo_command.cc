#include <iostream>
#include <memory>

#include "gateway/cli/base/format.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/demo/demo.h"
#include "gateway/cli/demo/reconcile.h"

namespace origo::gateway {
namespace {

// One person must suffice; issuance must be requested within 5 months of production, and
// certificates live a year.
void check_node(const Stage& stage, const v1::StatusResponse& status) {
  if (!status.relaxations().four_eyes()) {
    throw Failure(Exit::failed,
                  "this node asks a second person to consent to every issuance",
                  "the demo needs a node started with `origod --demo`");
  }
  const Date today = date_of(Instant(status.now()));
  const Date first_end = stage.months.front().month.last;
  const Date last_end = stage.months.back().month.last;
  if (last_end < today && today <= add_months(first_end, 5)) return;
  throw Failure(Exit::failed,
                "the node's clock says " + to_string(today) + ": production of " +
                    to_string(first_end).substr(0, 7) + " to " + to_string(last_end).substr(0, 7) +
                    " can be issued only within 5 months of its end",
                "start it with `origod --demo --clock 2023-04-28T08:00:00Z`, as scripts/run does");
}

Exit close(const Stage& stage, Session& session) {
  std::cout << "\nreconciliation\n";
  const Reconciliation result = reconcile(stage, session);
  print(result, stage);
  if (result.differences.empty()) return Exit::ok;
  std::cout << "what was added to the demo's registry besides the demo shows here; a demo that was "
               "interrupted "
               "cannot go on: start it on a new data directory\n";
  return Exit::unreconciled;
}

Exit run_demo(Shell& shell, const DemoOptions& options, bool only_reconcile) {
  Stage stage = load_stage(options);
  Session& admin = shell.session();
  const auto status = admin.ask(&v1::Admin::Stub::Status, v1::StatusRequest());
  Cast cast(admin, admin.options().data);
  const auto registry = find_registry(admin);
  if (registry) {
    stage.registry = *registry;
    if (!only_reconcile) std::cout << "the demo's market is there already\n";
  } else if (only_reconcile) {
    throw Failure(Exit::not_found, "this node has no demo market", "`origo demo` makes one");
  } else {
    check_node(stage, status);
    std::cout << "demo on " << status.venue() << ": " << stage.sites.size()
              << " French injection sites, " << format_mwh(stage.published.value())
              << " published\n";
    set_up(stage, admin, cast);
    register_sites(stage, cast);
    issue_months(stage, cast);
    trade(stage, cast);
    transfer(cast);
    cancel(cast);
  }
  const Exit exit = close(stage, admin);
  if (exit != Exit::ok || (options.live == 0 && !options.live_for_ever)) return exit;
  if (registry) {
    find_instruments(stage, admin);
    for (const Company& company : companies()) {
      if (cast.find_again(company.user) != nullptr) continue;
      throw Failure(Exit::not_permitted,
                    "the token of the demo's user " + company.user + " is not at hand",
                    "give the data directory with --data DIR, or run the demo on a new one");
    }
  }
  trade_on(stage, cast);
  return Exit::ok;
}

}  // namespace

void add_demo_command(CLI::App& app, Shell& shell) {
  auto options = std::make_shared<DemoOptions>();
  auto only_reconcile = std::make_shared<bool>(false);
  CLI::App& demo = *app.add_subcommand("demo",
                                       "Fill a node with a market made of real French sites and "
                                       "volumes, and reconcile every certificate");
  demo.add_option("--sites", options->sites, "injection sites")->capture_default_str();
  demo.add_option("--months", options->months, "published national volumes by month")
      ->capture_default_str();
  demo.add_option("--scheme", options->scheme, "rules to issue under")->capture_default_str();
  demo.add_option("--first", options->first, "first month issued")->capture_default_str();
  demo.add_option("--last", options->last, "last month issued")->capture_default_str();
  demo.add_flag("--reconcile", *only_reconcile, "only compare what the node holds with the source");
  demo.add_flag("--live", options->live_for_ever, "go on trading slowly until Ctrl-C");
  demo.add_option("--live-orders", options->live, "go on trading slowly for this many orders");
  demo.footer(
      "Needs an admin's token on a node started with `origod --demo --clock "
      "2023-04-28T08:00:00Z`.\n"
      "With --data DIR the tokens of the demo's users are kept in DIR/users, for --as NAME.\n"
      "Ends with code 7 if a single certificate is not accounted for.\n"
      "Examples:\n"
      "  origo demo --data ~/.local/state/origo/demo\n"
      "  origo demo --reconcile\n"
      "  origo demo --live");
  demo.callback([&shell, options, only_reconcile] {
    shell.action = [&shell, options, only_reconcile] {
      return run_demo(shell, *options, *only_reconcile);
    };
  });
}

}  // namespace origo::gateway
