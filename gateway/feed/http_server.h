#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "gateway/feed/feed_hub.h"
#include "gateway/feed/feed_metrics.h"
#include "gateway/feed/http_options.h"
#include "gateway/feed/router.h"

namespace origo::gateway {

// The options can't be served: an address that needs TLS, an unreadable certificate, a taken port.
class HttpConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One listener for the web page, public look-ups, metrics, health, and the feed at /ws.
//
// It owns the feed thread, which serves all sockets and runs the hub's work, and a few handler
// threads for routes that may block for a moment.
class HttpServer {
 public:
  // Binds, so that port() is known; serves after start(). The hub must outlive the server.
  // Throws HttpConfigError.
  HttpServer(HttpOptions options, FeedHub& hub, std::shared_ptr<FeedMetrics> metrics);

  // Stops. Nothing may be submitted to the hub any more by then.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Adds a route, before start(): see Router for patterns. The handler runs on the handler threads,
  // several at a time; what it throws becomes a 500 and a log line.
  void add_route(std::string method, std::string_view pattern, HttpHandler handler);

  // Answers /readyz: nothing if the node is ready, else why not. Before start(); runs on a handler
  // thread. Without it the node is ready when it serves.
  void set_readiness(std::function<std::string()> why_not_ready);

  void start();

  // Refuses new connections, ends the open ones and waits for the threads. Repeating it is
  // harmless.
  void stop();

  [[nodiscard]] std::uint16_t port() const;

  // "http://127.0.0.1:8080" or "https://...".
  [[nodiscard]] std::string url() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace origo::gateway
