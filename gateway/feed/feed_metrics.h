#pragma once

#include <memory>
#include <string>

namespace prometheus {
class Counter;
class Gauge;
class Registry;
}  // namespace prometheus

namespace origo::gateway {

// The feed's and the HTTP server's metrics in a registry that the node shares. Thread-safe.
class FeedMetrics {
 public:
  explicit FeedMetrics(std::shared_ptr<prometheus::Registry> registry);
  ~FeedMetrics();

  [[nodiscard]] const std::shared_ptr<prometheus::Registry>& registry() const { return registry_; }

  void count_request(int status);
  void count_refused(const std::string& reason);  // a connection turned away or an upgrade refused
  void count_drop(const std::string& reason);     // a WebSocket connection ended by the server

  prometheus::Gauge& connections;           // open TCP connections
  prometheus::Gauge& subscribers;           // open WebSocket connections
  prometheus::Gauge& subscriptions;         // topics subscribed to, over all connections
  prometheus::Gauge& queued_bytes;          // in all send queues
  prometheus::Gauge& waiting_work;          // batches the feed thread has not begun
  prometheus::Counter& messages_published;  // numbered messages, whether anyone listens or not
  prometheus::Counter& frames_sent;         // data frames put into send queues
  prometheus::Counter& bytes_sent;          // written to sockets
  prometheus::Counter& writes;              // system calls that wrote
  prometheus::Counter& conflations;         // times a connection fell behind and lost increments

 private:
  struct Families;
  FeedMetrics(std::shared_ptr<prometheus::Registry> registry, std::unique_ptr<Families> families);

  std::shared_ptr<prometheus::Registry> registry_;
  std::unique_ptr<Families> families_;
};

}  // namespace origo::gateway
