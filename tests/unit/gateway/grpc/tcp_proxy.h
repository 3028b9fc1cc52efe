#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

namespace origo::gateway::test {

// A wire between a client and a server on the loopback, which can be cut, or go silent.
class TcpProxy {
 public:
  explicit TcpProxy(std::uint16_t server);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  // All connections break.
  void cut() { order(Order::cut); }
  // Nothing passes any more, and neither end is told.
  void go_silent() { order(Order::go_silent); }

 private:
  enum class Order : char { cut = 1, go_silent = 2, end = 3 };
  void order(Order what);
  void run();
  void connect_through();
  [[nodiscard]] bool pass(int from, int to);

  const std::uint16_t server_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  int orders_[2] = {-1, -1};                // a pipe
  std::vector<std::pair<int, int>> wires_;  // the thread's
  std::thread thread_;
};

}  // namespace origo::gateway::test
