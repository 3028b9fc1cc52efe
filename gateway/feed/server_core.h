#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "gateway/feed/connection.h"
#include "gateway/feed/feed_hub.h"
#include "gateway/feed/feed_metrics.h"
#include "gateway/feed/host_check.h"
#include "gateway/feed/http_options.h"
#include "gateway/feed/router.h"

namespace origo::gateway {

// What all sessions of one server share. Thread: the feed thread, after start.
struct ServerCore {
  ServerCore(HttpOptions server_options,
             FeedHub& feed_hub,
             std::shared_ptr<FeedMetrics> feed_metrics)
      : options(std::move(server_options)),
        hub(feed_hub),
        metrics(std::move(feed_metrics)),
        host_check(options.hosts, options.origins, options.tls.has_value()),
        handlers(options.limits.handler_threads) {}

  [[nodiscard]] std::vector<std::shared_ptr<Connection>> open_connections() const {
    std::vector<std::shared_ptr<Connection>> open;
    for (Connection* connection : connections) {
      if (auto shared = connection->weak_from_this().lock()) open.push_back(std::move(shared));
    }
    return open;
  }

  const HttpOptions options;
  FeedHub& hub;
  std::shared_ptr<FeedMetrics> metrics;
  HostCheck host_check;
  Router quick_routes;  // answered on the feed thread
  Router routes;        // answered on the handler threads
  std::map<std::string, std::size_t> connections_by_address;
  std::unordered_set<Connection*> connections;
  std::size_t handlers_waiting = 0;
  bool stopping = false;
  boost::asio::io_context io{1};
  boost::asio::thread_pool handlers;
};

}  // namespace origo::gateway
