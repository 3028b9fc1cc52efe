#include "gateway/cli/base/recording.h"

#include <gtest/gtest.h>

#include <string>

#include "gateway/cli/base/replay_comparison.h"

namespace origo::gateway {
namespace {

const std::string kOrders = "id,timestamp,exchange_timestamp,price,volume,action,direction\n";
const std::string kTrades = "exchange_timestamp,price,amount,buy_order_id,sell_order_id,side\n";

Recording parse(const std::string& orders, const std::string& trades) {
  RecordingOrError read = parse_recording(kOrders + orders, kTrades + trades);
  EXPECT_EQ(read.error, "");
  return std::move(read.recording);
}

// "place buy 1 x3 @10" ...
std::string text_of(const Recording& recording) {
  std::string text;
  for (const ReplayStep& step : recording.steps) {
    static const char* const kNames[] = {"place", "cancel", "reduce", "amend"};
    text += std::string(kNames[static_cast<int>(step.action)]) +
            (step.side == Side::buy ? " buy " : " sell ") + recording.ids[step.order - 1];
    if (step.action != ReplayAction::cancel) text += " x" + std::to_string(step.quantity);
    if (step.price != 0) text += " @" + std::to_string(step.price);
    if (step.market) text += " market";
    text += step.post_only ? " post-only\n" : "\n";
  }
  return text;
}

TEST(Recording, rows_become_commands) {
  const Recording recording = parse(
      "a,1,100,10.50,1.25,created,bid\r\n"
      "b,1,100,11.0,2,created,ask\r\n"
      "\r\n"
      "a,1,150,10.50,1.00,changed,bid\r\n"  // less
      "a,1,140,10.25,1.00,changed,bid\r\n"  // another price
      "a,1,160,10.25,1.50,changed,bid\r\n"  // more
      "a,1,160,10.25,1.50,changed,bid\r\n"  // nothing
      "a,1,170,10.25,1.50,deleted,bid\r\n",
      "");
  EXPECT_EQ(text_of(recording),
            "place buy a x125 @1050\n"
            "place sell b x200 @1100\n"
            "reduce buy a x25\n"
            "amend buy a x100 @1025\n"
            "amend buy a x150 @1025\n"
            "cancel buy a\n");
  EXPECT_EQ(recording.price_decimals, 2u);
  EXPECT_EQ(recording.quantity_decimals, 2u);
  EXPECT_EQ(recording.created, 2u);
  EXPECT_EQ(recording.changed, 4u);
  EXPECT_EQ(recording.deleted, 1u);
  EXPECT_EQ(recording.left_out.at("changes nothing"), 1u);
  EXPECT_EQ(recording.steps[3].time_ms, 150);  // time never decreases
  EXPECT_EQ(recording.steps.back().time_ms, 170);
}

TEST(Recording, rows_that_tell_of_a_trade_are_left_to_the_exchange) {
  const Recording recording = parse(
      "m,1,1,100,5,created,ask\n"
      "t,1,2,105,4,created,bid\n"
      "t,1,2,100,1,changed,bid\n"
      "m,1,2,100,2,changed,ask\n"
      "t,1,2,100,0,deleted,bid\n",
      "2,100,2,t,m,buy\n"
      "2,100,1,t,m,buy\n");
  EXPECT_EQ(text_of(recording), "place sell m x5 @100\nplace buy t x4 @105\ncancel buy t\n");
  EXPECT_EQ(recording.told_by_trades, 2u);
  ASSERT_EQ(recording.trades.size(), 2u);
  EXPECT_EQ(recording.trades[0].taker, 2u);
  EXPECT_EQ(recording.trades[0].maker, 1u);
  EXPECT_EQ(recording.price_max, 2000);
  EXPECT_EQ(recording.cash_needed, 420);
  EXPECT_EQ(recording.units_needed, 8);
}

TEST(Recording, what_is_deleted_at_once_untraded_was_post_only) {
  const Recording recording = parse(
      "a,1,1,100,5,created,ask\n"
      "b,1,2,101,5,created,bid\n"
      "b,1,2,101,5,deleted,bid\n"
      "c,1,3,99,5,created,bid\n"
      "c,1,4,99,5,deleted,bid\n"
      "d,1,5,100,5,created,bid\n"
      "d,1,5,100,0,deleted,bid\n",
      "5,100,5,d,a,buy\n");
  EXPECT_EQ(text_of(recording),
            "place sell a x5 @100\n"
            "place buy b x5 @101 post-only\ncancel buy b\n"
            "place buy c x5 @99\ncancel buy c\n"
            "place buy d x5 @100\ncancel buy d\n");
  EXPECT_EQ(recording.post_only, 1u);
}

TEST(Recording, numbers_may_have_exponents) {
  const Recording recording = parse(
      "a,1,1,1.5e+2,6.405e-05,created,ask\n"
      "b,1,1,151.50,1E1,created,ask\n",
      "");
  EXPECT_EQ(text_of(recording), "place sell a x6405 @1500\nplace sell b x1000000000 @1515\n");
  EXPECT_EQ(parse_recording(kOrders + "a,1,1,1,1e99,created,bid\n", kTrades).error,
            "orders, line 2: volume is not a number");
}

TEST(Recording, a_reduction_is_not_taken_for_a_trade_that_comes_later) {
  const Recording recording = parse(
      "m,1,1,100,5,created,ask\n"
      "m,1,2,100,3,changed,ask\n"
      "t,1,3,100,2,created,bid\n"
      "m,1,3,100,1,changed,ask\n",
      "3,100,2,t,m,buy\n");
  EXPECT_EQ(text_of(recording), "place sell m x5 @100\nreduce sell m x2\nplace buy t x2 @100\n");
}

TEST(Recording, what_the_market_cannot_take_is_left_out_and_counted) {
  const Recording recording = parse(
      "a,1,1,0.0,5,created,bid\n"
      "b,1,1,2001,5,created,ask\n"
      "c,1,1,100,1000000001,created,ask\n"
      "d,1,1,100,0,created,ask\n"
      "d,1,1,100,0,deleted,ask\n"
      "e,1,1,0.0,5,created,ask\n"
      "f,1,1,999999999.0,5,created,bid\n"
      "g,1,1,100,5,created,bid\n"
      "g,1,1,9999,5,changed,bid\n"
      "g,1,1,100,5,created,bid\n"
      "never,1,1,100,5,deleted,bid\n",
      "1,100,2,unknown,g,buy\n");
  EXPECT_EQ(text_of(recording),
            "place sell e x5 market\nplace buy f x5 market\nplace buy g x5 @100\n");
  EXPECT_EQ(recording.left_out,
            (std::map<std::string, std::size_t>{{"changed to outside the market's limits", 1},
                                                {"created twice", 1},
                                                {"created without volume", 1},
                                                {"of an order that was not entered", 2},
                                                {"price outside the collar", 2},
                                                {"quantity above the market's limit", 1}}));
  EXPECT_EQ(recording.trades[0].taker, 0u);
}

TEST(Recording, errors_name_file_and_line) {
  const auto error = [](const std::string& orders, const std::string& trades) {
    return parse_recording(orders, trades).error;
  };
  EXPECT_EQ(error("id,price\n", kTrades), "orders, line 1: there is no column direction");
  EXPECT_EQ(error("", kTrades), "orders, line 1: there is no column direction");
  EXPECT_EQ(error(kOrders + "a,1,1,1\n", kTrades), "orders, line 2: a cell is missing");
  EXPECT_EQ(error(kOrders + "a,1,x,1,1,created,bid\n", kTrades),
            "orders, line 2: exchange_timestamp is no number of milliseconds");
  EXPECT_EQ(error(kOrders + "a,1,1,1,1,made,bid\n", kTrades),
            "orders, line 2: action is none of: created, changed, deleted");
  EXPECT_EQ(error(kOrders + "a,1,1,1,1,created,up\n", kTrades),
            "orders, line 2: direction is neither bid nor ask");
  EXPECT_EQ(error(kOrders + "\na,1,1,one,1,created,bid\n", kTrades),
            "orders, line 3: price is not a number");
  EXPECT_EQ(error(kOrders + "a,1,1,1,-1,created,bid\n", kTrades),
            "orders, line 2: volume is not a number");
  EXPECT_EQ(error(kOrders, kTrades + "1,0,1,a,b,buy\n"),
            "trades, line 2: price is not a positive number");
  EXPECT_EQ(error(kOrders, kTrades + "1,1,1,a,b,bid\n"),
            "trades, line 2: side is neither buy nor sell");
}

TEST(Comparison, tells_why_trades_differ) {
  const Recording recording = parse(
      "m1,1,1,100,5,created,ask\n"
      "m2,1,1,100,5,created,ask\n"
      "m3,1,1,101,5,created,ask\n"
      "m3,1,1,101,5,deleted,ask\n"
      "t1,1,2,105,4,created,bid\n"
      "t2,1,2,105,4,created,bid\n",
      "1,100,4,t1,m1,buy\n"
      "2,100,1,t2,m2,buy\n"
      "3,101,3,t2,m3,buy\n"
      "4,100,1,zz,m2,buy\n");
  std::vector<bool> accepted(recording.steps.size(), true);
  const Comparison result =
      compare(recording,
              accepted,
              {{.taker = 4, .maker = 1, .price = 100, .quantity = 4, .step = 4},
               {.taker = 5, .maker = 1, .price = 100, .quantity = 1, .step = 5},
               {.taker = 5, .maker = 2, .price = 100, .quantity = 3, .step = 5}});
  EXPECT_EQ(result.recorded, 4u);
  EXPECT_EQ(result.equal, 1u);
  EXPECT_EQ(result.differences,
            (std::map<std::string, std::size_t>{{"the same orders, another quantity", 1},
                                                {"the maker had been cancelled", 1},
                                                {"the taker was not entered", 1}}));
  EXPECT_EQ(result.replayed, 3u);
  EXPECT_EQ(
      result.only_here,
      (std::map<std::string, std::size_t>{{"an order that trades otherwise in the record", 2}}));
}

}  // namespace
}  // namespace origo::gateway
