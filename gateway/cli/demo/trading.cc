#include <algorithm>
#include <chrono>
#include <csignal>
#include <iostream>
#include <thread>

#include "gateway/cli/base/format.h"
#include "gateway/cli/demo/demo.h"
#include "gateway/cli/demo/draw.h"
#include "gateway/cli/demo/progress.h"

namespace origo::gateway {
namespace {

constexpr int kRounds = 24;
constexpr std::int64_t kLiveOrderNs =
    120LL * 1'000'000'000;  // how long an order of trade_on may rest

volatile std::sig_atomic_t stop_asked = 0;

struct Sums {
  std::int64_t orders = 0;
  std::int64_t trades = 0;
  std::int64_t contracts = 0;
  std::int64_t turnover = 0;  // cents
  std::int64_t short_of = 0;  // orders refused for want of cash or certificates
};

PlaceOrder limit(const Actor& actor,
                 const DemoInstrument& instrument,
                 Side side,
                 std::int64_t price,
                 std::int64_t quantity) {
  PlaceOrder order;
  order.account = actor.account;
  order.instrument = instrument.id;
  order.side = side;
  order.price = Price(price);
  order.quantity = Quantity(quantity);
  return order;
}

// Whether the company can have what the instrument delivers: suppliers have their regions' output.
bool deals_in(const Company& company, const DemoInstrument& instrument) {
  if (company.kind != ParticipantKind::supplier || instrument.region.empty()) return true;
  return std::find(company.regions.begin(), company.regions.end(), instrument.region) !=
         company.regions.end();
}

// Where a company sells or buys: sellers offer what they have as narrowly as they can say it,
// consumers mostly take whatever is French.
const DemoInstrument& pick(const Stage& stage, const Company& company, Draw& draw) {
  const bool wide =
      company.kind == ParticipantKind::consumer ? draw.below(10) < 6 : draw.below(10) < 2;
  if (wide) return stage.instruments.front();
  while (true) {
    const DemoInstrument& narrow = stage.instruments[1 + draw.below(stage.instruments.size() - 1)];
    if (deals_in(company, narrow)) return narrow;
  }
}

std::vector<Command> orders_of(
    const Company& company, const Actor& actor, const Stage& stage, int round, Draw& draw) {
  std::vector<Command> orders;
  const auto quantity = [&](std::int64_t tens) { return 10 * draw.between(tens / 10, tens); };
  if (company.kind == ParticipantKind::supplier) {
    for (int i = 0; i < 10; ++i) {
      const DemoInstrument& instrument = pick(stage, company, draw);
      orders.push_back(limit(actor,
                             instrument,
                             Side::sell,
                             instrument.mid.value() + draw.between(-15, 45),
                             quantity(200)));
    }
  } else if (company.kind == ParticipantKind::consumer) {
    for (int i = 0; i < 6; ++i) {
      const DemoInstrument& instrument = pick(stage, company, draw);
      PlaceOrder order = limit(actor,
                               instrument,
                               Side::buy,
                               instrument.mid.value() + draw.between(-45, 20),
                               quantity(300));
      if (draw.below(8) == 0) {
        order.type = OrderType::market;
        order.time_in_force = TimeInForce::ioc;
        order.protection_price = order.price + Price(60);
        order.price = Price(0);
      } else if (draw.below(8) == 0) {
        order.time_in_force = TimeInForce::ioc;
      }
      orders.push_back(order);
    }
  } else {
    for (int i = 0; i < 4; ++i) {
      const DemoInstrument& instrument = pick(stage, company, draw);
      orders.push_back(limit(actor,
                             instrument,
                             Side::buy,
                             instrument.mid.value() - draw.between(5, 40),
                             quantity(150)));
    }
    if (round >= kRounds / 2) {  // by then they have bought
      const DemoInstrument& instrument = stage.instruments[1 + draw.below(2)];
      orders.push_back(limit(actor,
                             instrument,
                             Side::sell,
                             instrument.mid.value() + draw.between(20, 60),
                             quantity(20)));
    }
  }
  return orders;
}

// Adds up; other refusals than for want of cash or certificates are Failures.
void count(const std::vector<v1::Answer>& answers, Sums& sums) {
  for (const v1::Answer& answer : answers) {
    if (answer.has_reject()) {
      const std::string& name = answer.reject().name();
      if (name != "certificates_not_available" && name != "cash_not_available") {
        throw Failure(Exit::refused, "an order was refused: " + describe(answer.reject()));
      }
      ++sums.short_of;
      continue;
    }
    ++sums.orders;
    for (const v1::Fill& fill : answer.fills()) {
      ++sums.trades;
      sums.contracts += fill.quantity();
      sums.turnover += fill.quantity() * fill.price();
    }
  }
}

}  // namespace

void trade(Stage& stage, Cast& cast) {
  Draw draw(20230428);
  Sums sums;
  Progress progress("rounds of trading", kRounds);
  for (int round = 0; round < kRounds; ++round) {
    for (const Company& company : companies()) {
      Actor& actor = cast.get(company.user);
      count(actor.sender->send(orders_of(company, actor, stage, round, draw), {}), sums);
    }
    progress.add(1);
  }
  progress.finish(group_digits(sums.orders) + " orders, " + group_digits(sums.trades) +
                  " trades of " + group_digits(sums.contracts) + " MWh for " +
                  format_cash(sums.turnover, "EUR") +
                  (sums.short_of == 0
                       ? ""
                       : "; " + group_digits(sums.short_of) + " refused, short of certificates"));
}

void trade_on(Stage& stage, Cast& cast) {
  std::signal(SIGINT, [](int) { stop_asked = 1; });
  std::signal(SIGTERM, [](int) { stop_asked = 1; });
  const auto started = std::chrono::steady_clock::now();
  Session& any = *cast.get(companies().front().user).session;
  const std::int64_t node_started = any.ask(&v1::Admin::Stub::Status, v1::StatusRequest()).now();
  Draw draw(static_cast<std::uint64_t>(started.time_since_epoch().count()));
  Sums sums;
  const DemoOptions& options = stage.options;
  std::cout << "trading on, about three orders a second"
            << (options.live_for_ever ? ", until Ctrl-C" : "") << std::endl;
  for (std::uint64_t sent = 0; stop_asked == 0 && (options.live_for_ever || sent < options.live);
       ++sent) {
    const Company& company = companies()[draw.below(companies().size())];
    const Actor& actor = cast.get(company.user);
    const auto orders = orders_of(company, actor, stage, kRounds, draw);
    auto order = std::get<PlaceOrder>(orders[draw.below(orders.size())]);
    order.quantity = Quantity(draw.between(1, 60));
    if (order.time_in_force ==
        TimeInForce::gtc) {  // goes by itself, also when this program does not end well
      const std::chrono::nanoseconds gone = std::chrono::steady_clock::now() - started;
      order.time_in_force = TimeInForce::gtd;
      order.expire_at = Instant(node_started + gone.count() + kLiveOrderNs);
    }
    count(actor.sender->send({order}, {}), sums);
    std::this_thread::sleep_for(std::chrono::milliseconds(330));
  }
  std::cout << group_digits(sums.orders) << " orders, " << group_digits(sums.trades) << " trades\n";
}

}  // namespace origo::gateway
