#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "loadtest/workload/flow_generator.h"
#include "loadtest/workload/plain_book.h"
#include "tests/integration/node_process.h"

// A recording, made here by the plain book, goes through order entry of a real node.
namespace origo::integration {
namespace {

using loadtest::FlowCommand;
using loadtest::FlowKind;
using loadtest::FlowSide;
using testing::HasSubstr;
using Words = std::vector<std::string>;

// Writes what a venue that runs the plain book would have published.
class Recorder {
 public:
  void take(const FlowCommand& command) {
    ++time_;
    trades_of_command_.clear();
    const loadtest::PlainOrder* before = book_.find(command.order);
    switch (command.kind) {
      case FlowKind::limit:
      case FlowKind::market:
        enter(command);
        break;
      case FlowKind::cancel:
        if (before != nullptr) row(*before, before->open, "deleted");
        book_.apply(command);
        break;
      case FlowKind::reduce: {
        if (before == nullptr) break;
        const loadtest::PlainOrder reduced = *before;
        book_.apply(command);
        const bool left = command.quantity < reduced.open;
        row(reduced, left ? reduced.open - command.quantity : 0, left ? "changed" : "deleted");
        break;
      }
      case FlowKind::replace:
        break;
    }
  }

  [[nodiscard]] std::size_t trades() const { return trade_count_; }
  void write(const std::filesystem::path& orders, const std::filesystem::path& trades) const {
    std::ofstream(orders) << "id,exchange_timestamp,price,volume,action,direction\n" << orders_;
    std::ofstream(trades) << "exchange_timestamp,price,amount,buy_order_id,sell_order_id,side\n"
                          << trades_;
  }

 private:
  void enter(const FlowCommand& command) {
    const bool market = command.kind == FlowKind::market;
    const bool buy = command.side == FlowSide::buy;
    const std::int32_t any = buy ? 999'999'999 : 0;
    loadtest::PlainOrder taker{.id = command.order,
                               .price = market ? any : command.price,
                               .open = command.quantity,
                               .side = command.side};
    row(taker, taker.open, "created");
    book_.apply(command);
    for (const loadtest::FlowTrade& trade : trades_of_command_) {
      ++trade_count_;
      const std::string sides =
          buy ? id(trade.taker) + "," + id(trade.maker) : id(trade.maker) + "," + id(trade.taker);
      trades_ += now() + "," + decimal(trade.price) + "," +
                 decimal(static_cast<std::int64_t>(trade.quantity)) + "," + sides +
                 (buy ? ",buy\n" : ",sell\n");
      taker.open -= trade.quantity;
      taker.price = static_cast<std::int32_t>(trade.price);
      row(taker, taker.open, taker.open == 0 ? "deleted" : "changed");
      const loadtest::PlainOrder* maker = book_.find(trade.maker);
      loadtest::PlainOrder gone{.id = trade.maker,
                                .price = taker.price,
                                .open = 0,
                                .side = buy ? FlowSide::sell : FlowSide::buy};
      row(maker == nullptr ? gone : *maker,
          maker == nullptr ? 0 : maker->open,
          maker == nullptr ? "deleted" : "changed");
    }
    if (market && taker.open > 0) row(taker, taker.open, "deleted");
  }

  void row(const loadtest::PlainOrder& order, std::uint64_t volume, const std::string& action) {
    orders_ += id(order.id) + "," + now() + "," + decimal(order.price) + "," +
               decimal(static_cast<std::int64_t>(volume)) + "," + action +
               (order.side == FlowSide::buy ? ",bid\n" : ",ask\n");
  }
  [[nodiscard]] std::string now() const { return std::to_string(1'700'000'000'000 + time_); }
  static std::string id(std::uint64_t number) { return "order" + std::to_string(number); }
  // In tenths, but for the marks of any price.
  static std::string decimal(std::int64_t tenths) {
    if (tenths == 999'999'999) return "999999999.0";
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
  }

  std::int64_t time_ = 0;
  std::size_t trade_count_ = 0;
  std::string orders_;
  std::string trades_;
  std::vector<loadtest::FlowTrade> trades_of_command_;
  loadtest::PlainExchange book_{
      1, [this](const loadtest::FlowTrade& trade) { trades_of_command_.push_back(trade); }};
};

class Replay : public testing::Test {
 protected:
  [[nodiscard]] Ended replay(Words arguments) const {
    arguments.insert(arguments.begin(), {"--data", data_.string(), "replay"});
    return run_program("origo", arguments);
  }
  [[nodiscard]] std::size_t record(std::uint64_t commands) const {
    Recorder recorder;
    loadtest::FlowGenerator({.depth = 300, .ops = commands, .mix = {42, 0, 0, 3, 36, 6, 0}},
                            [&](const FlowCommand& command) { recorder.take(command); })
        .run();
    recorder.write(orders_, trades_);
    return recorder.trades();
  }

  TemporaryDirectory directory_;
  const std::filesystem::path data_ = directory_.path() / "node";
  const std::filesystem::path orders_ = directory_.path() / "orders.csv";
  const std::filesystem::path trades_ = directory_.path() / "trades.csv";
};

TEST_F(Replay, OfAVenueWithTheSameRulesGivesTheSameTrades) {
  const std::size_t trades = record(5000);
  ASSERT_GT(trades, 500u);
  NodeProcess node(data_, {"--schemes", "schemes", "--demo"});
  ASSERT_TRUE(node.wait_until_ready()) << node.log();
  const Ended ended =
      replay({orders_.string(), "--trades", trades_.string(), "--prepare", "--json"});
  ASSERT_EQ(ended.code, 0) << ended.output;
  const auto json = nlohmann::json::parse(ended.output, nullptr, false);
  ASSERT_TRUE(json.is_object()) << ended.output;
  EXPECT_EQ(json["recorded_trades"], trades);
  EXPECT_EQ(json["equal_trades"], trades);
  EXPECT_EQ(json["trades"], trades);
  EXPECT_TRUE(json["differences"].empty()) << json;
  EXPECT_TRUE(json["only_here"].empty()) << json;
  EXPECT_TRUE(json["left_out"].empty()) << json;
  // What the record deletes because it has traded is gone here as well, and nothing else is
  // refused.
  EXPECT_EQ(json["refused"].size(), 1u) << json;
  EXPECT_EQ(
      json["accepted"].get<std::size_t>() + json["refused"].begin().value().get<std::size_t>(),
      json["commands"].get<std::size_t>());
  EXPECT_GT(json["events"].get<std::size_t>(), json["commands"].get<std::size_t>());
  EXPECT_GT(json["commands_per_second"].get<double>(), 0);
  EXPECT_GE(json["latency_us"]["p99"].get<int>(), json["latency_us"]["p50"].get<int>());

  // Again, paced: at a second market, which the first leaves room for.
  const Ended paced = replay({orders_.string(),
                              "--trades",
                              trades_.string(),
                              "--prepare",
                              "--speed",
                              "20",
                              "--frame",
                              "7"});
  EXPECT_EQ(paced.code, 0) << paced.output;
  EXPECT_THAT(paced.output, HasSubstr("came out equal in orders, price and quantity"));
  EXPECT_THAT(paced.output, HasSubstr("us, from sending to the durable answer"));
}

TEST_F(Replay, TellsWhyTradesDiffer) {
  std::ofstream(orders_) << "id,exchange_timestamp,price,volume,action,direction\n"
                            "a,1,100.5,2,created,ask\n"
                            "b,2,100.5,2,created,ask\n"
                            "a,3,100.5,2,deleted,ask\n"
                            "c,4,101,1.5,created,bid\n"
                            "d,5,0.0,7,created,bid\n";
  std::ofstream(trades_)
      << "exchange_timestamp,price,amount,buy_order_id,sell_order_id,side\n4,100.5,1.5,c,a,buy\n";
  NodeProcess node(data_, {"--schemes", "schemes", "--demo"});
  ASSERT_TRUE(node.wait_until_ready()) << node.log();
  const Ended ended = replay({orders_.string(), "--trades", trades_.string(), "--prepare"});
  EXPECT_EQ(ended.code, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("1 trades, 0 came out equal"));
  EXPECT_THAT(ended.output, HasSubstr("1  the maker had been cancelled"));
  EXPECT_THAT(ended.output, HasSubstr("1  an order that trades otherwise in the record"));
  EXPECT_THAT(ended.output, HasSubstr("1  price outside the collar"));
}

TEST_F(Replay, SaysWhatIsMissing) {
  (void)record(10);
  const Words files = {orders_.string(), "--trades", trades_.string()};
  const auto with = [&](Words more) {
    Words all = files;
    all.insert(all.end(), more.begin(), more.end());
    return replay(all);
  };
  NodeProcess node(data_, {"--schemes", "schemes"});
  ASSERT_TRUE(node.wait_until_ready()) << node.log();
  const auto expect = [](const Ended& ended, int code, const std::string& says) {
    EXPECT_EQ(ended.code, code) << ended.output;
    EXPECT_THAT(ended.output, HasSubstr(says));
  };
  expect(with({"--prepare"}), 6, "origod --demo");
  expect(with({}), 2, "--prepare makes them");
  expect(with({"--speed", "soon"}), 2, "ten times as fast");
  expect(with({"--instrument", "ins-9", "--buyer", "acc-1", "--seller", "acc-2"}),
         5,
         "there is no instrument");
  expect(replay({"/nowhere.csv", "--trades", trades_.string()}), 2, "cannot read /nowhere.csv");
  expect(replay({trades_.string(), "--trades", trades_.string()}), 2, "there is no column");
  expect(replay({orders_.string()}), 2, "--trades is required");
}

}  // namespace
}  // namespace origo::integration
