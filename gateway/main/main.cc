#include <malloc.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <csignal>
#include <ctime>
#include <memory>
#include <string>

#include "gateway/main/node.h"
#include "gateway/main/options.h"
#include "gateway/main/quarantine_command.h"

namespace {

// Exit codes: 0 ended as asked; 1 could not start, or had to end; 2 wrong usage.
constexpr timespec kLook{.tv_sec = 0, .tv_nsec = 200'000'000};
constexpr timespec kLookOften{.tv_sec = 0,
                              .tv_nsec = 5'000'000};  // a scenario node, for its next run

void start_logging(const std::string& level) {
  auto logger = spdlog::stderr_color_mt("origod");
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v", spdlog::pattern_time_type::utc);
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
  spdlog::set_level(spdlog::level::from_str(level));
}

// Batches of up to megabytes are made on one thread and freed on another. By default each would be
// mapped anew, and every page of it cleared again.
void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
}

// The signals that end a node, blocked in every thread: only the main one waits for them.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

// Whether one of `signals` came within `time`.
bool wait_for(const sigset_t& signals, const timespec& time) {
  return sigtimedwait(&signals, nullptr, &time) > 0;
}

// Runs one node until a signal ends it, or until a scenario wants another: then `options` are its.
int run_node(origo::gateway::NodeOptions& options, const sigset_t& signals, bool& again) {
  again = false;
  origo::gateway::Node node(options);
  const std::string trouble = node.start();
  if (!trouble.empty()) {
    spdlog::critical("cannot start: {}", trouble);
    node.stop();
    return origo::gateway::kFailure;
  }
  while (!wait_for(signals, options.scenario ? kLookOften : kLook)) {
    node.look();
    if (auto next = node.next_run()) {
      options = *std::move(next);
      again = true;
      break;
    }
  }
  node.stop();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string(argv[1]) == "quarantine") {
    return origo::gateway::run_quarantine(argc - 1, argv + 1);
  }
  origo::gateway::NodeOptions options = origo::gateway::parse_options(argc, argv);
  start_logging(options.log_level);
  keep_freed_memory();
  const sigset_t signals = block_signals();
  bool again = true;
  int code = 0;
  while (again && code == 0) code = run_node(options, signals, again);
  return code;
}
