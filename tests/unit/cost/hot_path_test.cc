#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "loadtest/bench/workload/book_engine.h"
#include "loadtest/bench/workload/core_engine.h"
#include "loadtest/workload/flow_generator.h"
#include "tests/unit/cost/quiet_run.h"

// Once it is warm, a command neither allocates nor calls the kernel.
namespace origo {
namespace {

using loadtest::FlowCommand;
using loadtest::FlowHeader;

std::unique_ptr<int> kept;

TEST(QuietRun, SeesAnAllocation) {
  const QuietRun run = run_quietly(5, [](std::size_t i) {
    if (i == 3) kept = std::make_unique<int>(7);
  });
  EXPECT_TRUE(run.ended);
  EXPECT_EQ(run.allocations, 1u);
  EXPECT_EQ(run.first, 3u);
}

TEST(QuietRun, SeesASystemCall) {
  EXPECT_FALSE(run_quietly(1, [](std::size_t) { ::getppid(); }).ended);
  EXPECT_TRUE(run_quietly(1, [](std::size_t) {}).ended);
}

struct Flow {
  std::vector<FlowCommand> commands;
  FlowHeader header;
};

Flow flow_of(std::uint32_t instruments, std::uint32_t depth, std::uint64_t ops) {
  loadtest::FlowOptions options;
  options.instruments = instruments;
  options.depth = depth;
  options.ops = ops;
  options.accounts = 50;
  Flow flow;
  loadtest::FlowGenerator generator(
      options, [&](const FlowCommand& command) { flow.commands.push_back(command); });
  flow.header = generator.run();
  return flow;
}

// The flow a second time, with ids of its own and after all that rested is cancelled.
std::vector<FlowCommand> again(const Flow& flow) {
  std::vector<FlowCommand> commands = flow.commands;
  for (FlowCommand& command : commands) command.order += flow.header.order_max;
  return commands;
}

// Runs the flow, cancels all, and watches while it runs again: the same books at other ids, and the
// same certificates, which trades cut into as many ranges of serial numbers as the first time.
template <template <class> class Engine>
QuietRun run_twice(const Flow& flow) {
  using One = Engine<loadtest::CountedTrades>;
  FlowHeader header = flow.header;
  header.order_max *= 2;
  One engine(typename One::Setting(header), header);
  for (const FlowCommand& command : flow.commands) engine.apply(command);
  for (const FlowCommand& command : flow.commands) {
    FlowCommand cancel = command;
    cancel.kind = loadtest::FlowKind::cancel;
    engine.apply(cancel);
  }
  if constexpr (requires { engine.restore_certificates(); }) engine.restore_certificates();
  const std::vector<FlowCommand> commands = again(flow);
  return run_quietly(commands.size(), [&](std::size_t i) { engine.apply(commands[i]); });
}

TEST(HotPath, BookNeitherAllocatesNorCallsTheKernel) {
  const QuietRun run = run_twice<loadtest::BookEngine>(flow_of(20, 20'000, 400'000));
  EXPECT_TRUE(run.ended) << readable(run);
  EXPECT_EQ(run.allocations, 0u) << readable(run);
}

TEST(HotPath, CoreNeitherAllocatesNorCallsTheKernel) {
  const QuietRun run = run_twice<loadtest::CoreEngine>(flow_of(20, 20'000, 400'000));
  EXPECT_TRUE(run.ended) << readable(run);
  EXPECT_EQ(run.allocations, 0u) << readable(run);
}

}  // namespace
}  // namespace origo
