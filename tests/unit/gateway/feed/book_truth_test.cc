#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/feed/book_feed.h"
#include "gateway/feed/feed_metrics.h"
#include "loadtest/base/core_market.h"
#include "tests/unit/gateway/feed/listener.h"

// What clients make of the feed's messages against the books of a real core, under random orders of
// all kinds on instruments that overlap.
namespace origo::gateway {
namespace {

using loadtest::CoreMarket;

constexpr std::size_t kLevels = 5;
constexpr std::size_t kOrders = 8;
constexpr UserId kOperator{2};

// Key and value of each line of one side, best first.
using Lines = std::vector<std::array<std::string, 3>>;

// A client's copy of one side, built from messages alone. Levels are known by their price, orders
// by their entry.
class SideCopy {
 public:
  SideCopy(Side side, bool by_order) : side_(side), by_order_(by_order) {}
  void clear() { lines_.clear(); }
  void take(const Json& items) {
    for (const Json& item : items) {
      const auto price = std::stoll(item[0].get<std::string>());
      const std::int64_t rank = rank_of(side_, Price(price));
      const std::int64_t entry = by_order_ ? std::stoll(item[2].get<std::string>()) : 0;
      const std::string last = by_order_ ? "" : std::to_string(item[2].get<int>());
      const std::pair key(rank, entry);
      if (item[1] == "0") {
        EXPECT_EQ(lines_.erase(key), 1u);
      } else {
        lines_[key] = {item[0], item[1], last};
      }
    }
  }
  [[nodiscard]] Lines lines() const {
    Lines lines;
    for (const auto& [key, line] : lines_) lines.push_back(line);
    return lines;
  }

 private:
  const Side side_;
  const bool by_order_;
  std::map<std::pair<std::int64_t, std::int64_t>, std::array<std::string, 3>> lines_;
};

struct Client {
  explicit Client(Topic on)
      : topic(on),
        bids(Side::buy, on.channel == Channel::book_l3),
        asks(Side::sell, on.channel == Channel::book_l3) {}
  void take(const Json& message) {
    if (message["type"] == "snapshot") {
      bids.clear();
      asks.clear();
    } else {
      ASSERT_EQ(message["seq"].get<std::uint64_t>(), seq + 1);
    }
    seq = message["seq"];
    bids.take(message["bids"]);
    asks.take(message["asks"]);
  }
  Topic topic;
  Listener listener;
  SideCopy bids;
  SideCopy asks;
  std::uint64_t seq = 0;
  bool subscribed = false;
};

class BookTruthTest : public testing::Test {
 protected:
  BookTruthTest() {
    // One for both plants beside one for each.
    add_instrument("ALL", {{.attribute = "device", .any_of = {}, .min = 1, .max = 2}});
    feed_.set_relator([this](InstrumentId id) -> std::optional<FeedRelations> {
      const Instrument& known = exchange().market().get(id);
      return FeedRelations{.narrower = known.narrower, .wider = known.wider};
    });
    feed_.set_reloader([this](Sequence at_least) -> std::optional<FeedReload> {
      ++reloads_;
      // Anything from there on: also within a batch that waits.
      while (kept_.front().sequence < at_least) kept_.pop_front();
      return kept_[random_.below(kept_.size())];
    });
    load();
  }
  Exchange& exchange() { return core_.exchange(); }
  void add_instrument(const std::string& code, std::vector<ClauseSpec> filter) {
    CreateInstrument command{
        .market = MarketId(1), .code = code, .name = code, .filter = std::move(filter)};
    command.terms = exchange().market().get(InstrumentId(1)).terms;
    const Answer answer = core_.apply(kOperator, command);
    ASSERT_TRUE(answer.ok()) << info_of(answer.code).name << answer.detail;
  }
  void load() {
    for (const Instrument& instrument : exchange().market().instruments) {
      feed_.load(feed_start(exchange().market(), instrument));
    }
  }
  FeedReload state() {
    FeedReload state{
        .sequence = exchange().sequence(), .time = exchange().time(), .instruments = {}};
    for (const Instrument& instrument : exchange().market().instruments) {
      state.instruments.push_back(feed_start(exchange().market(), instrument));
    }
    return state;
  }

  // Some commands as one batch.
  void step() {
    auto events = std::make_shared<Bytes>();
    auto ends = std::make_shared<std::vector<std::uint32_t>>();
    for (std::uint64_t commands = 1 + random_.below(6); commands > 0; --commands) {
      if (random_.below(25) == 0) {
        change_phase();
      } else {
        core_.apply(core_.trader(), draw_command());
      }
      const auto bytes = core_.events().bytes();
      events->insert(events->end(), bytes.begin(), bytes.end());
      ends->push_back(static_cast<std::uint32_t>(events->size()));
      kept_.push_back(state());
    }
    while (kept_.size() > 40) kept_.pop_front();
    feed_.submit(hub_,
                 {.last = exchange().sequence(),
                  .time = exchange().time(),
                  .events = events,
                  .event_ends = ends});
  }
  // To a call and out of it again, by an uncross.
  void change_phase() {
    const Phase now = exchange().market().find(MarketId(1))->phase;
    const Phase next = now == Phase::call ? Phase::continuous : Phase::call;
    core_.apply(kOperator, SetPhase{.market = MarketId(1), .phase = next, .reason = "a test"});
    const Phase then = exchange().market().find(MarketId(1))->phase;
    if (now == Phase::call && then != now) ++uncrosses_;
  }
  Command draw_command() {
    const std::vector<OrderImage> live = exchange().market().live_orders();
    if (live.empty() || live.size() < 20 || random_.below(10) < 5) return draw_order();
    const OrderImage& image = live[random_.below(live.size())];
    const OrderRef target{.account = image.account, .order = image.id, .client_order_id = {}};
    switch (random_.below(4)) {
      case 0:
        return CancelOrder{.target = target};
      case 1:
        return ReduceOrder{.target = target, .by = Quantity(1 + draw(4))};
      default:
        return AmendOrder{.target = target,
                          .quantity = Quantity(random_.below(2) == 0 ? 0 : 1 + draw(30)),
                          .price = Price(random_.below(2) == 0 ? 0 : 95 + draw(10))};
    }
  }
  PlaceOrder draw_order() {
    PlaceOrder order;
    order.account = core_.market().accounts[random_.below(core_.market().accounts.size())];
    order.instrument = InstrumentId(
        static_cast<std::uint32_t>(1 + random_.below(exchange().market().instruments.size())));
    order.side = random_.below(2) == 0 ? Side::buy : Side::sell;
    order.price = Price(95 + draw(10));
    order.quantity = Quantity(1 + draw(20));
    if (random_.below(8) == 0) {
      order.type = random_.below(2) == 0 ? OrderType::market : OrderType::market_to_limit;
      order.price = Price();
      return order;
    }
    if (random_.below(3) == 0) order.peak = Quantity(1 + draw(order.quantity.value()));
    if (order.peak.is_positive() && random_.below(2) == 0)
      order.min_visible = Quantity(1 + draw(order.peak.value()));
    if (random_.below(6) == 0) order.stop_price = Price(95 + draw(10));
    if (random_.below(8) == 0) order.self_trade = SelfTrade::decrement;
    return order;
  }
  std::int64_t draw(std::int64_t bound) {
    return static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(bound)));
  }

  [[nodiscard]] Lines truth(const Topic& topic, Side side) {
    const Instrument& instrument =
        exchange().market().get(InstrumentId(static_cast<std::uint32_t>(topic.instrument)));
    std::vector<InstrumentId> books{instrument.id};
    if (topic.channel == Channel::book_combined) {
      const auto& more = side == Side::buy ? instrument.wider : instrument.narrower;
      books.insert(books.end(), more.begin(), more.end());
    }
    std::map<std::int64_t, std::pair<std::int64_t, int>> levels;
    Lines orders;
    for (const InstrumentId id : books) {
      const FeedStart start = feed_start(exchange().market(), exchange().market().get(id));
      for (const FeedOrder& order : start.orders) {
        if (order.side != side) continue;
        auto& level = levels[rank_of(side, order.price)];
        level.first += order.visible.value();
        ++level.second;
        orders.push_back({text(order.price), std::to_string(order.visible.value()), ""});
      }
    }
    if (topic.channel == Channel::book_l3) {
      orders.resize(std::min(orders.size(), kOrders));
      return orders;
    }
    Lines lines;
    for (const auto& [rank, level] : levels) {
      if (lines.size() == kLevels) break;
      const bool any_price = rank == rank_of(side, Price());
      const std::int64_t price = any_price ? 0 : side == Side::buy ? -rank : rank;
      lines.push_back(
          {std::to_string(price), std::to_string(level.first), std::to_string(level.second)});
    }
    return lines;
  }
  static std::string text(Price price) { return std::to_string(price.value()); }

  CoreMarket core_{{.accounts = 3, .instruments = 2}};
  loadtest::Random random_{11};
  BookFeed feed_{{.levels = kLevels, .trades = 3, .orders = kOrders}, 6'000};
  FeedHub hub_{feed_, std::make_shared<FeedMetrics>(std::make_shared<prometheus::Registry>())};
  std::deque<FeedReload> kept_;
  int reloads_ = 0;
  int uncrosses_ = 0;
};

TEST_F(BookTruthTest, EveryCopyEqualsTheCore) {
  ASSERT_EQ(exchange().market().get(InstrumentId(3)).narrower.size(), 2u);
  std::vector<std::unique_ptr<Client>> clients;
  for (std::uint64_t instrument = 1; instrument <= 3; ++instrument) {
    for (const Channel channel : {Channel::book_l2, Channel::book_l3, Channel::book_combined}) {
      for (int i = 0; i < 2; ++i)
        clients.push_back(std::make_unique<Client>(Topic{channel, instrument}));
    }
  }
  std::size_t compared = 0;
  for (int round = 0; round < 4'000; ++round) {
    // Now and then the feed thread is late, and batches are lost.
    for (std::uint64_t batches = random_.below(50) == 0 ? 20 : 1; batches > 0; --batches) step();
    hub_.run_waiting();
    for (const auto& client : clients) {
      if (random_.below(30) == 0) {
        if (client->subscribed) {
          ASSERT_TRUE(hub_.unsubscribe(client->listener, client->topic));
          client->listener.messages.clear();
        } else {
          client->take(
              subscribe(hub_, client->listener, client->topic.channel, client->topic.instrument));
        }
        client->subscribed = !client->subscribed;
      }
      for (const Json& message : client->listener.messages) client->take(message);
      client->listener.messages.clear();
      while (const auto frame = hub_.next_missed_snapshot(client->listener)) {
        client->take(Json::parse(payload_of(*frame)));
      }
      if (!client->subscribed || feed_.waiting() > 0) continue;
      ASSERT_EQ(client->bids.lines(), truth(client->topic, Side::buy))
          << "round " << round << " " << name_of(client->topic.channel) << " "
          << client->topic.instrument;
      ASSERT_EQ(client->asks.lines(), truth(client->topic, Side::sell))
          << "round " << round << " " << name_of(client->topic.channel) << " "
          << client->topic.instrument;
      ++compared;
    }
  }
  EXPECT_GT(compared, 20'000u);
  EXPECT_GT(reloads_, 10);
  EXPECT_GT(uncrosses_, 10);
}

}  // namespace
}  // namespace origo::gateway
