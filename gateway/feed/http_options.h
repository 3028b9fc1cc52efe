#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace origo::gateway {

// Files in PEM form.
struct TlsOptions {
  std::string certificate_chain_file;
  std::string private_key_file;
};

// Limits of one connection and of all together. Beast's own defaults (16 MiB, no timeout) are
// never used.
struct HttpLimits {
  std::size_t connections_max = 4096;
  std::size_t connections_per_address_max = 256;

  // HTTP
  std::uint32_t header_bytes_max = 8 * 1024;
  std::uint64_t body_bytes_max = 64 * 1024;
  std::chrono::milliseconds request_timeout{10'000};  // from the first byte waited for to the last
  std::chrono::milliseconds keep_alive_timeout{30'000};
  std::chrono::milliseconds write_timeout{30'000};
  std::size_t handlers_waiting_max = 256;  // requests waiting for the handler threads
  std::size_t handler_threads = 2;

  // WebSocket
  std::size_t message_bytes_max = 4 * 1024;  // from the client
  std::size_t subscriptions_max = 512;
  double messages_per_second = 50;  // from the client, in the long run
  double messages_burst = 600;
  std::chrono::milliseconds handshake_timeout{10'000};
  std::chrono::milliseconds idle_timeout{60'000};  // pinged at half of it, closed at all of it
  std::size_t queue_bytes_max = 1024 * 1024;  // to the client; above it increments are conflated
  std::chrono::milliseconds behind_timeout{10'000};  // conflated for so long: dropped
  std::chrono::milliseconds close_grace{2'000};      // for the reason to reach the client
  int send_buffer_bytes = 0;                         // SO_SNDBUF; 0 leaves the system's
};

struct HttpOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0 takes a free one; HttpServer::port() tells

  // Without TLS only loopback addresses are accepted.
  std::optional<TlsOptions> tls;

  // Host names by which the server may be addressed, besides the loopback names. A request for
  // another name is refused: a page elsewhere could otherwise reach it through its own DNS name.
  std::vector<std::string> hosts;

  // Origins ("https://example.org") that may open the WebSocket besides the server's own.
  std::vector<std::string> origins;

  // /metrics is answered to loopback only, unless this is set.
  bool metrics_anywhere = false;

  HttpLimits limits;
};

}  // namespace origo::gateway
