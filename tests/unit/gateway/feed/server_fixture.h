#pragma once

#include <gtest/gtest.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <atomic>
#include <memory>
#include <string>

#include "gateway/feed/book_feed.h"
#include "gateway/feed/feed_metrics.h"
#include "gateway/feed/http_server.h"
#include "tests/unit/gateway/feed/client.h"

namespace origo::gateway::test {

// A served feed with instruments ins-1 .. ins-3.
class ServerTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const std::uint32_t id : {1u, 2u, 3u}) {
      feed.load({.instrument = InstrumentId(id), .levels = {}, .trades = {}});
    }
  }
  void TearDown() override {
    if (server) server->stop();
  }
  void start() {
    server = std::make_unique<HttpServer>(options, hub, metrics);
    server->add_route("GET", "/api/v1/echo/{id}", [](const HttpRequest& request) {
      return HttpResponse::text(request.parameters.at("id") + request.query_or("q", ""));
    });
    server->add_route("POST", "/api/v1/echo", [](const HttpRequest& request) {
      return HttpResponse::text(request.body);
    });
    server->add_route("GET", "/api/v1/throws", [](const HttpRequest&) -> HttpResponse {
      throw std::runtime_error("secret");
    });
    server->start();
    port = server->port();
  }
  void publish_level(std::uint32_t instrument, Side side, std::int64_t price, std::int64_t open) {
    Events events;
    events.append(LevelChanged{.instrument = InstrumentId(instrument),
                               .side = side,
                               .price = Price(price),
                               .open = Quantity(open),
                               .orders = open > 0 ? 1u : 0u});
    publish(events);
  }
  void publish(const Events& events) {
    feed.submit(hub,
                {.last = Sequence(++last),
                 .time = Instant(1'000'000'000),
                 .events = std::make_shared<const Bytes>(events.copy())});
  }
  [[nodiscard]] std::string metrics_text() const {
    return prometheus::TextSerializer().Serialize(metrics->registry()->Collect());
  }
  [[nodiscard]] bool metric_is(const std::string& line) const {
    return metrics_text().find("\n" + line + "\n") != std::string::npos;
  }

  HttpOptions options;
  BookFeed feed;
  std::shared_ptr<FeedMetrics> metrics =
      std::make_shared<FeedMetrics>(std::make_shared<prometheus::Registry>());
  FeedHub hub{feed, metrics};
  std::unique_ptr<HttpServer> server;
  std::uint16_t port = 0;
  std::atomic<std::uint64_t> last = 0;
};

}  // namespace origo::gateway::test
