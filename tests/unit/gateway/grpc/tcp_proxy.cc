#include "tests/unit/gateway/grpc/tcp_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "engine/core/ensure.h"

namespace origo::gateway::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

}  // namespace

TcpProxy::TcpProxy(std::uint16_t server) : server_(server) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  ENSURE(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  ENSURE(::listen(listener_, 16) == 0);
  ENSURE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
  ENSURE(::pipe(orders_) == 0);
  thread_ = std::thread([this] { run(); });
}

TcpProxy::~TcpProxy() {
  order(Order::end);
  thread_.join();
  for (const int descriptor : {listener_, orders_[0], orders_[1]}) ::close(descriptor);
}

void TcpProxy::order(Order what) {
  ENSURE(::write(orders_[1], &what, 1) == 1);
}

void TcpProxy::run() {
  bool silent = false;
  while (true) {
    std::vector<pollfd> waits{{orders_[0], POLLIN, 0}};
    if (!silent) {
      waits.push_back({listener_, POLLIN, 0});
      for (const auto& [client, server] : wires_) {
        waits.push_back({client, POLLIN, 0});
        waits.push_back({server, POLLIN, 0});
      }
    }
    if (::poll(waits.data(), waits.size(), -1) < 0) continue;
    std::vector<std::pair<int, int>> broken;
    for (std::size_t i = 2; i + 1 < waits.size(); i += 2) {
      const std::pair<int, int> wire(waits[i].fd, waits[i + 1].fd);
      const bool holds = (waits[i].revents == 0 || pass(wire.first, wire.second)) &&
                         (waits[i + 1].revents == 0 || pass(wire.second, wire.first));
      if (!holds) broken.push_back(wire);
    }
    if (waits.size() > 1 && waits[1].revents != 0) connect_through();
    auto what = Order::go_silent;
    const bool ordered = waits[0].revents != 0 && ::read(orders_[0], &what, 1) == 1;
    if (ordered && what == Order::go_silent) silent = true;
    if (ordered && what != Order::go_silent) broken = wires_;
    for (const auto& wire : broken) {
      ::close(wire.first);
      ::close(wire.second);
      std::erase(wires_, wire);
    }
    if (ordered && what == Order::end) return;
  }
}

void TcpProxy::connect_through() {
  const int client = ::accept(listener_, nullptr, nullptr);
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(server_);
  if (client >= 0 &&
      ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    wires_.emplace_back(client, server);
    return;
  }
  ::close(server);
  ::close(client);
}

// What has come from one end goes to the other. False: the wire is broken.
bool TcpProxy::pass(int from, int to) {
  std::array<char, 65'536> bytes{};
  const ssize_t count = ::recv(from, bytes.data(), bytes.size(), 0);
  if (count <= 0) return false;
  for (ssize_t sent = 0; sent < count;) {
    const ssize_t more =
        ::send(to, bytes.data() + sent, static_cast<std::size_t>(count - sent), MSG_NOSIGNAL);
    if (more <= 0) return false;
    sent += more;
  }
  return true;
}

}  // namespace origo::gateway::test
