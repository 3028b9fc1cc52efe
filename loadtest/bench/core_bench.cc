// What the core alone does: commands with settlement, replay, memory. One thread, no I/O.
//
//   core_bench [--commands N] [--rounds N]
//
// Prints medians over the rounds and, for single commands, percentiles.
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "loadtest/base/core_market.h"

namespace origo::loadtest {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::size_t heap_bytes() {
  return mallinfo2().uordblks + mallinfo2().hblkhd;
}

// A recorded flow, so that generating it is not measured: commands whose answers shaped the next
// ones.
std::vector<Command> record_flow(CoreMarket& market, std::size_t count) {
  OrderFlow flow(market.market(), 1);
  std::vector<Command> commands;
  commands.reserve(count);
  while (commands.size() < count) {
    Command command = flow.next_command();
    const Answer answer = market.apply(market.trader(), command);
    if (answer.ok() && answer.open.is_positive())
      flow.note_resting(std::get<PlaceOrder>(command).account, OrderId(answer.id));
    commands.push_back(std::move(command));
  }
  return commands;
}

void measure_commands(std::size_t count, int rounds) {
  SampleMarketOptions options;
  CoreMarket recorder(options);
  const std::vector<Command> commands = record_flow(recorder, count);
  std::vector<double> rates;
  std::vector<double> replays;
  std::vector<std::uint32_t> latencies;
  std::uint64_t trades = 0;
  std::uint64_t event_bytes = 0;
  for (int round = 0; round < rounds; ++round) {
    CoreMarket fresh(options);
    std::vector<Bytes> records;
    records.reserve(count);
    for (const Command& command : commands) records.push_back(encoded(command));
    CoreMarket replayed(options);
    const Clock::time_point start = Clock::now();
    for (const Command& command : commands) {
      fresh.apply(fresh.trader(), command);
      event_bytes += fresh.events().bytes().size();
    }
    rates.push_back(static_cast<double>(count) / seconds_since(start));
    trades = fresh.exchange().market().last_trade.value();

    const Clock::time_point replay_start = Clock::now();
    Command decoded;
    for (const Bytes& record : records) {
      Decoder(record).get(decoded);
      replayed.apply(replayed.trader(), decoded);
    }
    replays.push_back(static_cast<double>(count) / seconds_since(replay_start));
    if (round > 0) continue;
    CoreMarket timed(options);
    latencies.reserve(count);
    for (const Command& command : commands) {
      const Clock::time_point before = Clock::now();
      timed.apply(timed.trader(), command);
      latencies.push_back(static_cast<std::uint32_t>((Clock::now() - before).count()));
    }
  }
  std::sort(latencies.begin(), latencies.end());
  const auto percentile = [&](double p) {
    return latencies[static_cast<std::size_t>(p * static_cast<double>(latencies.size() - 1))];
  };
  std::printf(
      "core, settlement included: %.0f commands/s (%zu commands, %llu trades, %.0f event bytes "
      "each)\n",
      median(rates),
      count,
      static_cast<unsigned long long>(trades),
      static_cast<double>(event_bytes) / static_cast<double>(count) / rounds);
  std::printf("  latency p50 %u ns, p99 %u ns, p99.9 %u ns (clock included)\n",
              percentile(0.5),
              percentile(0.99),
              percentile(0.999));
  std::printf("replay (decode and apply):  %.0f commands/s\n", median(replays));
}

void measure_order_memory(std::size_t count) {
  CoreMarket market(SampleMarketOptions{});
  const std::size_t before = heap_bytes();
  Random random(7);
  for (std::size_t i = 0; i < count; ++i) {
    PlaceOrder order;
    order.account = market.market().accounts[random.below(market.market().accounts.size())];
    order.instrument = market.market().instruments[0];
    order.side = i % 2 == 0 ? Side::buy : Side::sell;
    const auto away = static_cast<std::int64_t>(random.below(1000)) + 1;
    order.price = Price(order.side == Side::buy ? 5'000 - away : 5'000 + away);
    order.quantity = Quantity(1);
    market.apply(market.trader(), order);
  }
  const double bytes = static_cast<double>(heap_bytes() - before);
  std::printf(
      "memory: %.0f bytes per resting order (%zu orders, half of them sells with a reservation; "
      "sizeof: order %zu, reservation %zu)\n",
      bytes / static_cast<double>(market.exchange().market().store.orders.live()),
      market.exchange().market().store.orders.live(),
      sizeof(Order),
      sizeof(Reservation));
}

void measure_lot_memory(std::uint32_t instruments) {
  SampleMarketOptions options;
  options.instruments = 1;
  CoreMarket small(options);
  const std::size_t before = heap_bytes();
  options.instruments = instruments;
  CoreMarket large(options);
  const double bytes = static_cast<double>(heap_bytes() - before);
  std::printf(
      "memory: %.0f bytes per lot, with its declaration, period and one holding (%zu lots; "
      "sizeof: lot %zu, holding %zu)\n",
      bytes / static_cast<double>(large.exchange().registry().lots.size()),
      large.exchange().registry().lots.size(),
      sizeof(Lot),
      sizeof(Holding));
}

std::size_t argument(int argc, char** argv, const char* name, std::size_t otherwise) {
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::strcmp(argv[i], name) == 0) return std::strtoull(argv[i + 1], nullptr, 10);
  }
  return otherwise;
}

}  // namespace
}  // namespace origo::loadtest

int main(int argc, char** argv) {
  using namespace origo::loadtest;
  const std::size_t commands = argument(argc, argv, "--commands", 500'000);
  measure_commands(commands, static_cast<int>(argument(argc, argv, "--rounds", 5)));
  measure_order_memory(200'000);
  measure_lot_memory(500);
  return 0;
}
