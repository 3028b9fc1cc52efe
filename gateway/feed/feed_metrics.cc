#include "gateway/feed/feed_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <utility>

namespace origo::gateway {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Registry;

Gauge& gauge(Registry& registry, const char* name, const char* help) {
  return BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

Counter& counter(Registry& registry, const char* name, const char* help) {
  return BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

Family<Counter>& counters(Registry& registry, const char* name, const char* help) {
  return BuildCounter().Name(name).Help(help).Register(registry);
}

}  // namespace

struct FeedMetrics::Families {
  explicit Families(Registry& registry)
      : requests(counters(registry, "origo_http_requests_total", "HTTP answers by status class")),
        refused(
            counters(registry, "origo_feed_refused_total", "Connections and upgrades turned away")),
        drops(counters(
            registry, "origo_feed_drops_total", "WebSocket connections ended by the node")) {}

  Family<Counter>& requests;
  Family<Counter>& refused;
  Family<Counter>& drops;
};

FeedMetrics::FeedMetrics(std::shared_ptr<Registry> registry)
    : FeedMetrics(registry, std::make_unique<Families>(*registry)) {}

FeedMetrics::FeedMetrics(std::shared_ptr<Registry> registry, std::unique_ptr<Families> families)
    : connections(gauge(*registry, "origo_feed_connections", "Open TCP connections")),
      subscribers(gauge(*registry, "origo_feed_subscribers", "Open WebSocket connections")),
      subscriptions(gauge(*registry, "origo_feed_subscriptions", "Topics subscribed to")),
      queued_bytes(gauge(*registry, "origo_feed_queued_bytes", "Bytes in all send queues")),
      waiting_work(gauge(*registry, "origo_feed_waiting_batches", "Batches not yet begun")),
      messages_published(counter(*registry, "origo_feed_messages_total", "Numbered feed messages")),
      frames_sent(counter(*registry, "origo_feed_frames_total", "Frames put into send queues")),
      bytes_sent(counter(*registry, "origo_feed_bytes_total", "Bytes written to sockets")),
      writes(counter(*registry, "origo_feed_writes_total", "Writes to sockets")),
      conflations(counter(
          *registry, "origo_feed_conflations_total", "Times a slow connection lost increments")),
      registry_(std::move(registry)),
      families_(std::move(families)) {}

FeedMetrics::~FeedMetrics() = default;

void FeedMetrics::count_request(int status) {
  families_->requests.Add({{"status", std::to_string(status / 100) + "xx"}}).Increment();
}

void FeedMetrics::count_refused(const std::string& reason) {
  families_->refused.Add({{"reason", reason}}).Increment();
}

void FeedMetrics::count_drop(const std::string& reason) {
  families_->drops.Add({{"reason", reason}}).Increment();
}

}  // namespace origo::gateway
