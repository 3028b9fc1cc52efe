#pragma once

#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <memory>

#include "gateway/feed/book_feed.h"
#include "gateway/feed/feed_metrics.h"
#include "tests/unit/gateway/feed/listener.h"

namespace origo::gateway {

// A feed and its hub without sockets; events are made up.
class BookFeedTest : public testing::Test {
 protected:
  void publish(const Events& events) {
    last_ = next(last_);
    feed_.submit(hub_,
                 {.last = last_,
                  .time = Instant(1'000),
                  .events = std::make_shared<const Bytes>(events.copy())});
  }
  void level(
      Events& events, Side side, std::int64_t price, std::int64_t open, std::uint32_t orders) {
    events.append(LevelChanged{.instrument = InstrumentId(1),
                               .side = side,
                               .price = Price(price),
                               .open = Quantity(open),
                               .orders = orders});
  }
  Json subscribe(Listener& listener, Channel channel, std::uint64_t instrument = 1) {
    return gateway::subscribe(hub_, listener, channel, instrument);
  }

  static constexpr std::size_t kDepth = 4;
  BookFeed feed_{{.levels = kDepth, .trades = 3, .orders = 6}};
  FeedHub hub_{feed_, std::make_shared<FeedMetrics>(std::make_shared<prometheus::Registry>())};
  Sequence last_;
};

}  // namespace origo::gateway
