// What a registry costs as it grows: issue, transfer and cancel at a hundredth and at the whole of
// a large register, the longest single command while it fills, memory per lot and holding, and the
// midnight at which every lot expires. The bare core, one thread, no I/O.
//
//   registry_bench [--lots N] [--holders N] [--lots-per-device N] [--promised N]
//
// Prints Markdown. The whole size by default: 1,000,000 lots of 100,000 devices, 10 holders each; 3
// GB of memory.
#include <malloc.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "loadtest/base/core_market.h"

namespace origo::loadtest {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kAccounts = 1'000;
constexpr std::int64_t kUnitsPerLot = 100'000;
constexpr std::int64_t kWhPerUnit = 1'000'000;
constexpr std::size_t kMeasured = 5'000;  // commands of each kind, each on another lot

struct Size {
  std::uint32_t lots = 1'000'000;
  std::uint32_t holders = 10;  // of each lot
  std::uint32_t lots_per_device = 10;
  std::uint32_t promised = 1'000;  // lots that a sell order promises when they expire
};

std::size_t heap_bytes() {
  const struct mallinfo2 heap = mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

double nanoseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::nano>(Clock::now() - start).count();
}

// How often the kernel has let others run instead, or let this thread wait (for memory).
long interruptions() {
  struct rusage used {};
  getrusage(RUSAGE_THREAD, &used);
  return used.ru_nivcsw + used.ru_nvcsw;
}

// Nanoseconds of single commands. Those that the kernel interrupted are counted apart: they say
// nothing of the core.
class Times {
 public:
  void reserve(std::size_t commands) { all_.reserve(commands); }
  template <class Run>
  void time(Run&& run) {
    const Clock::time_point start = Clock::now();
    run();
    const double took = nanoseconds_since(start);
    if (took > kLong) {
      const long now = interruptions();
      if (std::exchange(interruptions_, now) != now) {
        interrupted_ = std::max(interrupted_, took);
        return;
      }
    }
    all_.push_back(static_cast<float>(took));
  }
  [[nodiscard]] double at(double part) {
    if (all_.empty()) return 0;
    const auto place = static_cast<std::ptrdiff_t>(part * static_cast<double>(all_.size() - 1));
    std::nth_element(all_.begin(), all_.begin() + place, all_.end());
    return static_cast<double>(all_[static_cast<std::size_t>(place)]);
  }
  [[nodiscard]] double longest() { return at(1); }
  [[nodiscard]] double longest_interrupted() const { return interrupted_; }
  [[nodiscard]] std::size_t count() const { return all_.size(); }

 private:
  static constexpr double kLong = 200'000;
  std::vector<float> all_;
  long interruptions_ = interruptions();
  double interrupted_ = 0;
};

// While a register fills.
struct Filling {
  Times device;  // registered or approved
  Times declare;
  Times request;
  Times approve;
  Times transfer;
};

class Register {
 public:
  explicit Register(const Size& size) : size_(size), market_(options()) {
    const std::uint32_t devices = (size.lots + size.lots_per_device - 1) / size.lots_per_device;
    filling.device.reserve(2 * std::size_t{devices});
    for (Times* times : {&filling.declare, &filling.request, &filling.approve})
      times->reserve(size.lots + 2 * kMeasured);
    filling.transfer.reserve(std::size_t{size.lots} * (size.holders - 1));
    const std::size_t empty = heap_bytes();
    for (std::uint32_t d = 0; d < devices; ++d) add_device();
    const std::size_t with_devices = heap_bytes();
    for (std::uint32_t i = 0; i < size.lots; ++i) issue_next();
    const std::size_t with_lots = heap_bytes();
    for (std::uint32_t lot = 1; lot <= size.lots; ++lot) spread(LotId(lot));
    const std::size_t with_holdings = heap_bytes();
    device_bytes = static_cast<double>(with_devices - empty) / devices;
    lot_bytes = static_cast<double>(with_lots - with_devices) / size.lots;
    if (size.holders > 1)
      holding_bytes =
          static_cast<double>(with_holdings - with_lots) / size.lots / (size.holders - 1);
  }

  // A declaration of the next free day of a device, its request and its approval.
  void issue_next() {
    const std::uint32_t lot = issued_++;
    const DeviceId device = devices_[lot / size_.lots_per_device % devices_.size()];
    const auto day = static_cast<std::int32_t>(lot % size_.lots_per_device +
                                               lot / (size_.lots_per_device * devices_.size()) *
                                                   size_.lots_per_device);
    const Date date = add_days(kFirstDay, day);
    const DeclareProduction production{.device = device,
                                       .carrier = "biomethane",
                                       .period = {.first = date, .last = date},
                                       .gross = Measured(kUnitsPerLot * kWhPerUnit),
                                       .deductions = {},
                                       .fields = {}};
    DeclarationId declaration;
    filling.declare.time([&] {
      declaration = DeclarationId(static_cast<std::uint32_t>(must(Actor::trader, production).id));
    });
    filling.request.time([&] {
      must(Actor::trader,
           RequestIssuance{.declaration = declaration, .account = account_of(lot, 0)});
    });
    filling.approve.time(
        [&] { must(Actor::issuing_body, ApproveIssuance{.declaration = declaration}); });
  }
  void transfer(LotId lot, std::uint32_t from, std::uint32_t to, std::int64_t units) {
    must(Actor::trader,
         TransferCertificates{.from = account_of(lot.value() - 1, from),
                              .to = account_of(lot.value() - 1, to),
                              .lot = lot,
                              .units = Units(units)});
  }
  void cancel(LotId lot, std::uint32_t holder) {
    must(Actor::trader,
         CancelCertificates{.account = account_of(lot.value() - 1, holder),
                            .lot = lot,
                            .units = Units(1),
                            .beneficiary = "load",
                            .country = "FR",
                            .purpose = "heat",
                            .period = {},
                            .note = ""});
  }
  void promise(LotId lot, InstrumentId instrument) {
    PlaceOrder sell;
    sell.account = account_of(lot.value() - 1, 0);
    sell.instrument = instrument;
    sell.side = Side::sell;
    sell.price = Price(9'000);
    sell.quantity = Quantity(1);
    sell.lots = {lot};
    must(Actor::trader, sell);
  }
  void place_buy(InstrumentId instrument) {
    PlaceOrder buy;
    buy.account = market_.market().accounts[0];
    buy.instrument = instrument;
    buy.side = Side::buy;
    buy.price = Price(1);
    buy.quantity = Quantity(1);
    buy.time_in_force = TimeInForce::ioc;
    must(Actor::trader, buy);
  }
  InstrumentId list() {
    InstrumentTerms terms;
    terms.currency = currency_of("EUR");
    terms.tick_value = Cash(1);
    terms.contract_size = kWhPerUnit;
    terms.quantity_max = Quantity(10'000);
    terms.price_min = Price(1);
    terms.price_max = Price(10'000);
    const Answer listed =
        must(Actor::market_operator,
             CreateInstrument{
                 .market = MarketId(1),
                 .code = "ALL",
                 .name = "All",
                 .filter = {{.attribute = "carrier", .any_of = {"biomethane"}, .min = 0, .max = 0}},
                 .terms = terms});
    return InstrumentId(static_cast<std::uint32_t>(listed.id));
  }
  Answer tick() { return market_.apply(UserId(), Tick{.sweep_limit = 1'000}); }
  CoreMarket& market() { return market_; }
  [[nodiscard]] std::uint32_t issued() const { return issued_; }

  Filling filling;
  double device_bytes = 0;
  double lot_bytes = 0;
  double holding_bytes = 0;

 private:
  static constexpr Date kFirstDay{18'262};  // 2020-01-01

  static SampleMarketOptions options() {
    SampleMarketOptions options;
    options.accounts = kAccounts;
    options.instruments = 0;
    return options;
  }
  // Holders of neighbouring lots differ.
  [[nodiscard]] AccountId account_of(std::uint64_t lot, std::uint32_t holder) const {
    return market_.market().accounts[(lot * 7 + holder * 101) % kAccounts];
  }
  void add_device() {
    const RegisterDevice device{.registry = RegistryId(1),
                                .producer = ParticipantId(3),
                                .name = "Plant",
                                .country = "FR",
                                .carriers = {"biomethane"},
                                .start = kFirstDay,
                                .fields = {}};
    filling.device.time([&] {
      devices_.push_back(DeviceId(static_cast<std::uint32_t>(must(Actor::trader, device).id)));
    });
    filling.device.time(
        [&] { must(Actor::issuing_body, ApproveDevice{.device = devices_.back()}); });
  }
  void spread(LotId lot) {
    for (std::uint32_t holder = 1; holder < size_.holders; ++holder)
      filling.transfer.time([&] { transfer(lot, 0, holder, kUnitsPerLot / size_.holders); });
  }
  Answer must(Actor actor, const Command& command) {
    Answer answer = market_.apply(market_.user(actor), command);
    if (answer.ok()) return answer;
    std::fprintf(stderr,
                 "registry_bench: %s %s\n",
                 std::string(info_of(answer.code).name).c_str(),
                 answer.detail.c_str());
    std::exit(1);
  }

  Size size_;
  CoreMarket market_;
  std::vector<DeviceId> devices_;
  std::uint32_t issued_ = 0;
};

// Medians of single commands on random lots.
struct Costs {
  Times issue;
  Times transfer;
  Times cancel;
  double lot_bytes = 0;
  double holding_bytes = 0;
  double device_bytes = 0;
};

struct Midnight {
  Times orders;
  Times ticks;
  double first = 0;  // the first order after midnight, with all that is due before it
  std::size_t ended = 0;
};

Costs measure_costs(Register& built, const Size& size) {
  Costs costs;
  Random random(5);
  std::vector<std::uint32_t> lots(size.lots);
  std::iota(lots.begin(), lots.end(), 1U);
  const std::size_t measured = std::min(kMeasured, lots.size() / 2);
  for (std::size_t i = 0; i < 2 * measured; ++i)
    std::swap(lots[i], lots[i + random.below(lots.size() - i)]);
  for (std::size_t i = 0; i < measured; ++i) costs.issue.time([&] { built.issue_next(); });
  for (std::size_t i = 0; i < measured; ++i)
    costs.transfer.time([&] { built.transfer(LotId(lots[i]), 0, 1, 1); });
  for (std::size_t i = measured; i < 2 * measured; ++i)
    costs.cancel.time([&] { built.cancel(LotId(lots[i]), 0); });
  costs.lot_bytes = built.lot_bytes;
  costs.holding_bytes = built.holding_bytes;
  costs.device_bytes = built.device_bytes;
  return costs;
}

// Every lot expires at one instant; the node's ticks and orders take turns from then on.
Midnight measure_midnight(Register& built, const Size& size) {
  const InstrumentId instrument = built.list();
  for (std::uint32_t i = 0; i < size.promised; ++i)
    built.promise(
        LotId(static_cast<std::uint32_t>(std::uint64_t{i} * size.lots / size.promised) + 1),
        instrument);
  for (int i = 0; i < 1'000; ++i) built.place_buy(instrument);
  Midnight midnight;
  CoreMarket& market = built.market();
  const Instant end = end_of(market.exchange().registry().lots.front().cancellable_until);
  market.advance_to(end);
  const std::size_t before = market.exchange().market().store.orders.live();
  const Clock::time_point start = Clock::now();
  built.place_buy(instrument);
  midnight.first = nanoseconds_since(start);
  midnight.ended = before - market.exchange().market().store.orders.live();
  while (market.exchange().next_due() <= market.exchange().time()) {
    midnight.ticks.time([&] { built.tick(); });
    midnight.orders.time([&] { built.place_buy(instrument); });
  }
  return midnight;
}

// The small register is measured before and after the large one, for machines whose speed drifts.
void print(const Size& small, Costs& before, Costs& after, const Size& large, Costs& at_large) {
  std::printf("| ns per command, median | %u lots | %u lots | ratio |\n| --- | --- | --- | --- |\n",
              small.lots,
              large.lots);
  const auto row = [](const char* name, Times& first, Times& second, Times& whole) {
    const double part = (first.at(0.5) + second.at(0.5)) / 2;
    std::printf("| %s | %.0f | %.0f | %.2fx |\n", name, part, whole.at(0.5), whole.at(0.5) / part);
  };
  row("issue (declare, request, approve)", before.issue, after.issue, at_large.issue);
  row("transfer", before.transfer, after.transfer, at_large.transfer);
  row("cancel", before.cancel, after.cancel, at_large.cancel);
  std::printf(
      "\n| bytes each | %u lots | %u lots |\n| --- | --- | --- |\n", small.lots, large.lots);
  std::printf("| device | %.0f | %.0f |\n", before.device_bytes, at_large.device_bytes);
  std::printf("| lot with its declaration, period and first holding | %.0f | %.0f |\n",
              before.lot_bytes,
              at_large.lot_bytes);
  std::printf(
      "| each further holding | %.0f | %.0f |\n", before.holding_bytes, at_large.holding_bytes);
}

void print(const Size& size, Filling& filling) {
  std::printf(
      "\n| us while %u lots come in | commands | p50 | p99.9 | longest | longest of those that the "
      "kernel interrupted |\n| --- | --- | --- | --- | --- | --- |\n",
      size.lots);
  const auto row = [](const char* name, Times& times) {
    std::printf("| %s | %zu | %.2f | %.1f | %.0f | %.0f |\n",
                name,
                times.count(),
                times.at(0.5) / 1e3,
                times.at(0.999) / 1e3,
                times.longest() / 1e3,
                times.longest_interrupted() / 1e3);
  };
  row("register or approve a device", filling.device);
  row("declare", filling.declare);
  row("request", filling.request);
  row("approve", filling.approve);
  row("transfer to a new holder", filling.transfer);
}

void print(const Size& size, Midnight& midnight) {
  std::printf("\n| midnight: %u lots expire, %u of them promised by sells | ms |\n| --- | --- |\n",
              size.lots,
              size.promised);
  std::printf("| first order, with all that is due before it (%zu orders end) | %.3f |\n",
              midnight.ended,
              midnight.first / 1e6);
  std::printf("| longest order after it, p99 (interrupted by the kernel) | %.3f, %.3f (%.3f) |\n",
              midnight.orders.longest() / 1e6,
              midnight.orders.at(0.99) / 1e6,
              midnight.orders.longest_interrupted() / 1e6);
  std::printf(
      "| longest tick that writes off (an order may wait for one), p99, median (interrupted by the "
      "kernel) | %.3f, %.3f, %.3f (%.3f) |\n",
      midnight.ticks.longest() / 1e6,
      midnight.ticks.at(0.99) / 1e6,
      midnight.ticks.at(0.5) / 1e6,
      midnight.ticks.longest_interrupted() / 1e6);
  std::printf("| ticks until all is written off | %zu |\n", midnight.ticks.count());
}

}  // namespace
}  // namespace origo::loadtest

int main(int argc, char** argv) {
  using namespace origo::loadtest;
  Size large;
  CLI::App app("What a registry costs as it grows");
  app.add_option("--lots", large.lots, "lots of the large register; the small one has a hundredth")
      ->capture_default_str()
      ->check(CLI::Range(10'000, 4'000'000));
  app.add_option("--holders", large.holders, "of each lot")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  app.add_option("--lots-per-device", large.lots_per_device, "days that each device produces")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000));
  app.add_option("--promised", large.promised, "lots that a sell promises when they expire")
      ->capture_default_str()
      ->check(CLI::Range(0, 1'000'000));
  CLI11_PARSE(app, argc, argv);
  Size small = large;
  small.lots = large.lots / 100;
  small.promised = std::min(small.promised, small.lots);
  const auto measure_small = [&] {
    Register built(small);
    return measure_costs(built, small);
  };
  Costs before = measure_small();
  std::fprintf(stderr, "building %u lots ...\n", large.lots);
  Register built(large);
  Costs at_large = measure_costs(built, large);
  Costs after = measure_small();
  print(small, before, after, large, at_large);
  print(large, built.filling);
  Midnight midnight = measure_midnight(built, large);
  print(large, midnight);
  return 0;
}
