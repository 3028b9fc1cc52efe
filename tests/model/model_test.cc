#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/exchange.h"
#include "tests/model/twin.h"
#include "tests/support/readable.h"
#include "tests/support/stream.h"

// The core and its plain twin get the same random commands and must say the same, hold the same and
// queue the same. ORIGO_FULL=1 runs many more; ORIGO_SEED=n runs one.
namespace origo {
namespace {

struct Difference {
  std::size_t step;
  std::string what;
};

std::vector<Event> without_details(const Events& events) {
  std::vector<Event> out;
  const bool whole = for_each_event(events.bytes().data(), events.bytes().size(), [&](Event event) {
    if (auto* refused = std::get_if<CommandRefused>(&event)) refused->detail.clear();
    out.push_back(std::move(event));
  });
  EXPECT_TRUE(whole);
  return out;
}

// The event's type; of an order's end also the reason; of a trade whether two books met.
std::string kind_of(const Event& event) {
  const std::string text = readable(event);
  const std::string kind = text.substr(0, text.find('{'));
  const auto* trade = std::get_if<Trade>(&event);
  if (trade != nullptr && trade->instrument != trade->sell_instrument) return "Trade across";
  const auto* ended = std::get_if<OrderEnded>(&event);
  return ended == nullptr ? kind : kind + " " + readable(ended->reason);
}

// What the core said against what the twin said; empty: the same.
std::string compare_words(const Answer& core,
                          const std::vector<Event>& core_events,
                          const Twin::Said& twin) {
  for (std::size_t i = 0; i < core_events.size() || i < twin.events.size(); ++i) {
    const std::string ours = i < core_events.size() ? readable(core_events[i]) : "nothing";
    const std::string theirs = i < twin.events.size() ? readable(twin.events[i]) : "nothing";
    const bool same = i < core_events.size() && i < twin.events.size() &&
                      encoded(core_events[i]) == encoded(twin.events[i]);
    if (!same) return "event " + std::to_string(i) + "\n  core: " + ours + "\n  twin: " + theirs;
  }
  const bool same = core.code == twin.answer.code && core.id == twin.answer.id &&
                    core.filled == twin.answer.filled && core.open == twin.answer.open;
  if (!same) return "answer\n  core: " + readable(core) + "\n  twin: " + readable(twin.answer);
  return "";
}

std::string compare_cash(const Exchange& core, const Twin& twin) {
  for (std::uint32_t id = 1; id <= twin.accounts(); ++id) {
    for (const Currency currency : {currency_of("EUR"), currency_of("GBP")}) {
      const CashSlot slot = core.cash().find(AccountId(id), currency);
      const CashBalance balance = slot == CashLedger::kNone ? CashBalance() : core.cash().get(slot);
      if (balance.available.value() != twin.cash_available(AccountId(id), currency) ||
          balance.reserved.value() != twin.cash_reserved(AccountId(id), currency))
        return "cash of account " + std::to_string(id) + "\n  core: " + readable(balance) +
               "\n  twin: " + std::to_string(twin.cash_available(AccountId(id), currency)) +
               " and " + std::to_string(twin.cash_reserved(AccountId(id), currency));
    }
  }
  return "";
}

std::string compare_holdings(const Exchange& core, const Twin& twin) {
  for (std::uint32_t id = 1; id <= twin.accounts(); ++id) {
    for (std::uint32_t lot = 1; lot <= twin.lots(); ++lot) {
      const HoldingSlot slot = core.holdings().find(AccountId(id), LotId(lot));
      std::vector<SerialRange> ranges;
      std::int64_t reserved = 0;
      if (slot != Holdings::kNone) {
        const Holding& holding = core.holdings().get(slot);
        ranges.assign(holding.serials.ranges().begin(), holding.serials.ranges().end());
        reserved = holding.reserved.value();
      }
      const std::vector<SerialRange> expected = twin.ranges(AccountId(id), LotId(lot));
      if (ranges != expected || reserved != twin.units_reserved(AccountId(id), LotId(lot)))
        return "lot " + std::to_string(lot) + " of account " + std::to_string(id) +
               "\n  core: " + readable(ranges) + " reserves " + std::to_string(reserved) +
               "\n  twin: " + readable(expected) + " reserves " +
               std::to_string(twin.units_reserved(AccountId(id), LotId(lot)));
    }
  }
  return "";
}

std::string compare_books(const Exchange& core, const Twin& twin) {
  for (std::uint32_t id = 1; id <= twin.instruments(); ++id) {
    std::vector<Twin::LevelView> levels;
    for (const Side side : {Side::buy, Side::sell}) {
      const BookSide& book = core.market().book(InstrumentId(id)).side(side);
      book.for_each(core.market().store, [&](const Level& level) {
        levels.push_back({.side = side,
                          .price = level.price.value(),
                          .open = level.open.value(),
                          .orders = level.orders});
        return true;
      });
    }
    if (levels != twin.levels(InstrumentId(id))) return "book of instrument " + std::to_string(id);
  }
  if (core.market().store.orders.live() != twin.live_orders()) return "number of live orders";
  return "";
}

// What a run has shown at least once, so that a stream which tests little is noticed.
struct Seen {
  std::set<std::string> events;
  std::set<Reject> rejects;
  std::uint64_t halved_fees = 0;
  std::uint64_t halved_rebates = 0;
};

// A core and its twin side by side.
class Pair {
 public:
  explicit Pair(Seen* seen = nullptr) : seen_(seen) {}

  // Empty: both say and hold the same.
  std::string apply(const Step& step) {
    Events events;
    const Answer answer = core_.apply(step.header, step.command, events);
    const Twin::Said said = twin_.apply(step.header, step.command);
    ++steps_;
    const std::vector<Event> core_said = without_details(events);
    for (std::size_t i = 0; seen_ != nullptr && i < core_said.size(); ++i)
      seen_->events.insert(kind_of(core_said[i]));
    if (seen_ != nullptr) seen_->rejects.insert(answer.code);
    std::string difference = compare_words(answer, core_said, said);
    if (difference.empty()) difference = compare_cash(core_, twin_);
    if (difference.empty()) difference = compare_holdings(core_, twin_);
    if (difference.empty()) difference = compare_books(core_, twin_);
    if (difference.empty() && steps_ % 16 == 0) {
      for (const std::string& broken : core_.check_invariants()) difference += broken + "\n";
    }
    return difference;
  }
  [[nodiscard]] const Exchange& core() const { return core_; }
  [[nodiscard]] const Twin& twin() const { return twin_; }

 private:
  Seen* seen_;
  Exchange core_;
  Twin twin_;
  std::size_t steps_ = 0;
};

std::optional<Difference> replay(const std::vector<Step>& steps) {
  Pair pair;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    Step step = steps[i];
    step.header.sequence = Sequence(i + 1);
    const std::string what = pair.apply(step);
    if (!what.empty()) return Difference{.step = i, .what = what};
  }
  return std::nullopt;
}

// Leaves out what the difference does not need, in ever smaller pieces.
std::vector<Step> shrunk(std::vector<Step> steps, std::size_t keep) {
  int tries = 600;
  for (std::size_t size = (steps.size() - keep) / 2; size > 0; size /= 2) {
    for (std::size_t at = keep; at + size <= steps.size() && tries > 0; --tries) {
      std::vector<Step> fewer = steps;
      const auto from = fewer.begin() + static_cast<std::ptrdiff_t>(at);
      fewer.erase(from, from + static_cast<std::ptrdiff_t>(size));
      const std::optional<Difference> left = replay(fewer);
      if (left) {
        fewer.resize(left->step + 1);
        steps = fewer;
      } else {
        at += size;
      }
    }
  }
  return steps;
}

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

void run_seed(std::uint64_t seed, std::size_t commands, Seen& seen) {
  running_seed = static_cast<std::sig_atomic_t>(seed);
  Stream stream(seed);
  Pair pair(&seen);
  std::vector<Step> steps;
  while (steps.size() < stream.set_up_size() + commands) {
    steps.push_back(stream.next(pair.core()));
    const std::string what = pair.apply(steps.back());
    if (what.empty()) continue;
    const std::vector<Step> few = shrunk(steps, std::min(stream.set_up_size(), steps.size()));
    const std::optional<Difference> left = replay(few);
    std::string text;
    for (std::size_t i = std::min(stream.set_up_size(), few.size() - 1); i < few.size(); ++i)
      text += readable(few[i].header.time) + " by " + readable(few[i].header.origin.principal) +
              ": " + readable(few[i].command) + "\n";
    ADD_FAILURE() << "ORIGO_SEED=" << seed << " step " << steps.size() << " "
                  << readable(steps.back().command) << "\n"
                  << what << "\nShrunk after the set-up to:\n"
                  << text << (left ? left->what : std::string("(no longer different)"));
    return;
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
  const std::uint64_t seeds = full ? 5'000 : 200;
  for (std::uint64_t seed = 1; seed <= seeds && !::testing::Test::HasFailure(); ++seed)
    run_seed(seed, seed % 10 == 0 ? 2'500 : 600, seen);
  for (const char* kind : {"CertificatesMoved",
                           "TransferHeld",
                           "CertificatesTransferred",
                           "CertificatesCancelled",
                           "CertificatesExpired",
                           "WithdrawalHeld",
                           "CashWithdrawn",
                           "ExitRecalled",
                           "PhaseChanged",
                           "FreezeSet",
                           "OrderAccepted",
                           "OrderRested",
                           "OrderAmended",
                           "Trade",
                           "TradeSettled",
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
                           "OrderEnded certificate_expired",
                           "OrderEnded frozen",
                           "OrderEnded stp",
                           "Trade across"})
    EXPECT_EQ(seen.events.count(kind), 1u) << kind << " never happened";
  EXPECT_GE(seen.rejects.size(), 33u) << readable(seen.rejects);
  EXPECT_GE(seen.halved_fees, 100u) << "fees rounded from exactly a half";
  EXPECT_GE(seen.halved_rebates, 30u) << "rebates rounded from exactly a half";
}

}  // namespace
}  // namespace origo
