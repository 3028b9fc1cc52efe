#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/model/minimal.h"
#include "tests/model/pair.h"
#include "tests/support/readable.h"

// The core and its plain twin get the same random commands and must say the same, hold the same and
// queue the same. ORIGO_FULL=1 runs ten million commands; ORIGO_SEED=n runs one seed.
namespace origo {
namespace {

constexpr std::size_t kStatesEvery = 25;  // commands; words are compared at each

// A broken ENSURE ends the process: its seed must be known then.
volatile std::sig_atomic_t running_seed = 0;

void tell_seed(int) {
  char text[64];
  const int length = std::snprintf(
      text, sizeof text, "model test: ORIGO_SEED=%d\n", static_cast<int>(running_seed));
  if (length > 0 && write(STDERR_FILENO, text, static_cast<std::size_t>(length)) < 0) _exit(2);
  std::signal(SIGABRT, SIG_DFL);
  std::raise(SIGABRT);
}

void report(const Pair& set_up, const std::vector<Step>& steps, std::uint64_t seed) {
  const Minimal minimal = shrink(set_up, steps);
  std::string text;
  for (const Step& step : minimal.steps)
    text += readable(step.header.time) + " by " + readable(step.header.origin.principal) + ": " +
            readable(step.command) + "\n";
  ADD_FAILURE() << "ORIGO_SEED=" << seed << ", after " << steps.size()
                << " commands; shrunk after the set-up to:\n"
                << text << minimal.what << "\nAs a scenario file:\n"
                << as_scenario(set_up, minimal, "MODEL-" + std::to_string(seed));
}

// Every third seed goes into calls.
void run_seed(std::uint64_t seed, std::size_t commands, Seen& seen) {
  running_seed = static_cast<std::sig_atomic_t>(seed);
  Stream stream(seed, seed % 3 == 0 ? Calls::some : Calls::none);
  Pair pair;
  for (std::size_t i = 0; i < stream.set_up_size(); ++i)
    ASSERT_EQ(pair.apply(stream.next(pair.core())), "") << "ORIGO_SEED=" << seed;
  const Pair set_up = pair;
  std::vector<Step> steps;
  while (steps.size() < commands) {
    steps.push_back(stream.next(pair.core()));
    std::string what = pair.apply(steps.back(), &seen);
    if (what.empty() && steps.size() % kStatesEvery == 0) what = pair.compare_states();
    if (!what.empty()) return report(set_up, steps, seed);
  }
  seen.halved_fees += pair.twin().halved_fees();
  seen.halved_rebates += pair.twin().halved_rebates();
}

TEST(Model, CoreAgreesWithItsPlainTwin) {
  std::signal(SIGABRT, tell_seed);
  Seen seen;
  if (const char* one = std::getenv("ORIGO_SEED")) {
    run_seed(std::strtoull(one, nullptr, 10), 5'000, seen);
    return;
  }
  const bool full = std::getenv("ORIGO_FULL") != nullptr;
  const std::uint64_t commands = full ? 10'000'000 : 200'000;
  for (std::uint64_t seed = 1; seen.commands < commands && !::testing::Test::HasFailure(); ++seed)
    run_seed(seed, seed % 10 == 0 ? 3'000 : 800, seen);
  if (::testing::Test::HasFailure()) return;
  for (const char* kind : {"CertificatesMoved",
                           "TransferHeld",
                           "CertificatesTransferred",
                           "CertificatesCancelled",
                           "CertificatesExpired",
                           "WithdrawalHeld",
                           "CashWithdrawn",
                           "ExitRecalled",
                           "CalendarSet",
                           "PhaseChanged",
                           "PhaseChangeRefused",
                           "FreezeSet",
                           "CertificatesFrozen",
                           "HoldingFrozen",
                           "KillSwitchSet",
                           "OrderAccepted",
                           "OrderRested",
                           "OrderWaiting",
                           "StopTriggered",
                           "OrderRefreshed",
                           "Uncrossed",
                           "ReferencePriceSet",
                           "ReferencePriceDecided closing_call",
                           "ReferencePriceDecided vwap",
                           "ReferencePriceDecided previous",
                           "ReferencePriceDecided set_by_hand",
                           "OrderAmended",
                           "Trade",
                           "Trade across",
                           "TradeSettled",
                           "SettlementScheduled",
                           "LevelChanged",
                           "OrderEnded filled",
                           "OrderEnded user",
                           "OrderEnded ioc",
                           "OrderEnded fok",
                           "OrderEnded market_remainder",
                           "OrderEnded expired",
                           "OrderEnded day",
                           "OrderEnded mass",
                           "OrderEnded amend",
                           "OrderEnded phase",
                           "OrderEnded certificate_expired",
                           "OrderEnded frozen",
                           "OrderEnded stp",
                           "OrderEnded killed",
                           "OrderEnded disconnect",
                           "OrderEnded auction_end",
                           "OrderEnded band"})
    EXPECT_EQ(seen.events.count(kind), 1u) << kind << " never happened";
  for (const Reject reject : {Reject::stop_price_invalid,
                              Reject::stop_barred,
                              Reject::stop_through,
                              Reject::stop_not_waiting,
                              Reject::peak_invalid,
                              Reject::peak_barred,
                              Reject::min_visible_invalid,
                              Reject::time_in_force_phase,
                              Reject::participant_killed,
                              Reject::kill_switch_unchanged,
                              Reject::session_missing,
                              Reject::client_unknown,
                              Reject::order_value_off_limits,
                              Reject::below_filled,
                              Reject::reference_missing,
                              Reject::order_type_barred,
                              Reject::price_outside_band,
                              Reject::settlement_after_end})
    EXPECT_EQ(seen.rejects.count(reject), 1u) << readable(reject) << " never happened";
  EXPECT_GE(seen.rejects.size(), 50u) << readable(seen.rejects);
  EXPECT_GE(seen.cascades, 100u) << "stops that other stops have reached";
  EXPECT_GE(seen.halved_fees, 100u) << "fees rounded from exactly a half";
  EXPECT_GE(seen.halved_rebates, 30u) << "rebates rounded from exactly a half";
}

}  // namespace
}  // namespace origo
