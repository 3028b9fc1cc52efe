#pragma once

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "loadtest/bench/workload/measure.h"
#include "loadtest/bench/workload/trades.h"
#include "loadtest/workload/checksum.h"
#include "loadtest/workload/flow_file.h"

namespace origo::loadtest {

// One engine on one file, to be measured in turn with others.
class Contestant {
 public:
  virtual ~Contestant() = default;
  [[nodiscard]] virtual std::string name() const = 0;
  // Whether it can take the file at all: engines that give ids themselves need dense ones.
  [[nodiscard]] virtual bool takes(const FlowFile& file) const = 0;
  // Replays the file and compares trades and final book with its header; empty: equal.
  virtual std::string check(const FlowFile& file) = 0;
  virtual MemoryUse memory(const FlowFile& file) = 0;
  // Commands a second over the measured part.
  virtual double throughput(const FlowFile& file) = 0;
  virtual Latency latency(const FlowFile& file) = 0;
  virtual void forget_file() = 0;
};

// An Engine<Trades> has:
//   kName; kNeedsDenseIds
//   Setting(header)               what exists before the first command; copied per run
//   Engine(setting, header)       per run
//   apply(command)                the timed step
//   looks_ahead()                 optional; then
//   look_ahead(commands)          brings near what kLookAhead more commands will touch
//   trade_count(), trades()       trades() is complete where Trades::kChecked
//   for_each_resting(instrument, side, visit), problem()      after a checking run only
template <template <class> class Engine>
class ContestantOf final : public Contestant {
 public:
  [[nodiscard]] std::string name() const override { return Engine<CountedTrades>::kName; }

  [[nodiscard]] bool takes(const FlowFile& file) const override {
    return !Engine<CountedTrades>::kNeedsDenseIds ||
           file.header().order_max <= file.commands().size();
  }

  std::string check(const FlowFile& file) override {
    const FlowHeader& header = file.header();
    Engine<CheckedTrades> engine(setting(file), header);
    for (const FlowCommand& command : file.commands()) engine.apply(command);
    const FlowResult found = engine.trades().sums.result(book_hash(engine, header.instruments));
    if (found.trades != header.expected.trades) {
      return std::to_string(found.trades) + " trades instead of " +
             std::to_string(header.expected.trades);
    }
    if (found.trade_hash != header.expected.trade_hash) return "other trades";
    if (found.book_hash != header.expected.book_hash) return "another book at the end";
    if (!(found == header.expected)) return "other sums";
    return engine.problem();
  }

  MemoryUse memory(const FlowFile& file) override {
    forget_file();
    return in_own_process([&] {
      const FlowHeader& header = file.header();
      touch(file.commands());
      MemoryUse use;
      const std::size_t resident = resident_bytes();
      const std::size_t empty = heap_bytes();
      auto engine = std::make_unique<Engine<CountedTrades>>(Setting(header), header);
      const std::size_t before = heap_bytes();
      const std::size_t apart_before = apart(*engine);
      const auto per_order = [&](std::uint64_t resting) {
        const std::size_t grown = heap_bytes() - before;
        const double orders = static_cast<double>(grown) - static_cast<double>(apart(*engine)) +
                              static_cast<double>(apart_before);
        return orders / static_cast<double>(std::max<std::uint64_t>(resting, 1));
      };
      for (const FlowCommand& command : file.prefill()) engine->apply(command);
      use.bytes_per_order_start = per_order(header.resting_start);
      for (const FlowCommand& command : file.measured()) engine->apply(command);
      use.resident_growth = static_cast<double>(resident_bytes_max() - resident);
      use.bytes_per_order_end = per_order(header.resting_end);
      use.setup_bytes = static_cast<double>(before - empty);
      use.apart_bytes = static_cast<double>(apart(*engine));
      return use;
    });
  }

  double throughput(const FlowFile& file) override {
    const std::unique_ptr<Engine<CountedTrades>> engine = filled(file);
    const double start = seconds_now();
    run(*engine, file.measured(), [] {});
    const double seconds = seconds_now() - start;
    must_have_traded(*engine, file);
    return static_cast<double>(file.measured().size()) / seconds;
  }

  Latency latency(const FlowFile& file) override {
    const std::unique_ptr<Engine<CountedTrades>> engine = filled(file);
    std::vector<std::uint32_t> ticks(file.measured().size());
    std::size_t done = 0;
    std::uint64_t before = ticks_now();
    run(*engine, file.measured(), [&] {
      const std::uint64_t now = ticks_now();
      ticks[done++] = static_cast<std::uint32_t>(
          std::min<std::uint64_t>(now - before, std::numeric_limits<std::uint32_t>::max()));
      before = now;
    });
    must_have_traded(*engine, file);
    return latency_of(ticks);
  }

  void forget_file() override { setting_.reset(); }

 private:
  using Setting = typename Engine<CountedTrades>::Setting;
  static constexpr std::size_t kBatch = 256;

  const Setting& setting(const FlowFile& file) {
    if (!setting_) setting_.emplace(file.header());
    return *setting_;
  }

  std::unique_ptr<Engine<CountedTrades>> filled(const FlowFile& file) {
    auto engine = std::make_unique<Engine<CountedTrades>>(setting(file), file.header());
    for (const FlowCommand& command : file.prefill()) engine->apply(command);
    return engine;
  }

  // Brings the file's pages in, so that they are not counted as the engine's.
  static void touch(std::span<const FlowCommand> commands) {
    volatile std::uint64_t seen = 0;
    for (const FlowCommand& command : commands) seen = command.order;
    static_cast<void>(seen);
  }

  static std::size_t apart(const Engine<CountedTrades>& engine) {
    if constexpr (requires { engine.bytes_apart(); }) {
      return engine.bytes_apart();
    } else {
      return 0;
    }
  }

  // Flattened, so that what is in line in each engine does not depend on the others compiled beside
  // it. Engines that look ahead say for each batch whether they want to: it pays where the orders
  // are more than the caches hold.
  template <class After>
  [[gnu::noinline, gnu::flatten]] static void run(Engine<CountedTrades>& engine,
                                                  std::span<const FlowCommand> commands,
                                                  After after) {
    while (!commands.empty()) {
      const auto batch = commands.first(std::min<std::size_t>(commands.size(), kBatch));
      if constexpr (requires { engine.looks_ahead(); }) {
        if (engine.looks_ahead() && commands.size() >= kBatch + engine.kLookAhead) {
          for (const FlowCommand& command : batch) {
            engine.look_ahead(&command);
            engine.apply(command);
            after();
          }
          commands = commands.subspan(batch.size());
          continue;
        }
      }
      for (const FlowCommand& command : batch) {
        engine.apply(command);
        after();
      }
      commands = commands.subspan(batch.size());
    }
  }

  void must_have_traded(const Engine<CountedTrades>& engine, const FlowFile& file) const {
    if (engine.trade_count() == file.header().expected.trades) return;
    throw std::runtime_error(name() + ": a timed run made " + std::to_string(engine.trade_count()) +
                             " trades");
  }

  std::optional<Setting> setting_;
};

}  // namespace origo::loadtest
