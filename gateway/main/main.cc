#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <csignal>
#include <ctime>
#include <memory>
#include <string>

#include "gateway/main/node.h"
#include "gateway/main/options.h"

namespace {

// Exit codes: 0 ended as asked; 1 could not start, or had to end; 2 wrong usage.
constexpr int kFailure = 1;
constexpr std::time_t kLookSeconds = 1;

void start_logging(const std::string& level) {
  auto logger = spdlog::stderr_color_mt("origod");
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v", spdlog::pattern_time_type::utc);
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
  spdlog::set_level(spdlog::level::from_str(level));
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

// Whether one of `signals` came within a second.
bool wait_for(const sigset_t& signals) {
  const timespec second{.tv_sec = kLookSeconds, .tv_nsec = 0};
  return sigtimedwait(&signals, nullptr, &second) > 0;
}

}  // namespace

int main(int argc, char** argv) {
  const origo::gateway::NodeOptions options = origo::gateway::parse_options(argc, argv);
  start_logging(options.log_level);
  const sigset_t signals = block_signals();
  origo::gateway::Node node(options);
  const std::string trouble = node.start();
  if (!trouble.empty()) {
    spdlog::critical("cannot start: {}", trouble);
    node.stop();
    return kFailure;
  }
  while (!wait_for(signals)) node.look();
  node.stop();
  return 0;
}
