#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/integration/stage.h"

// Order kinds, kill switch, sessions and fee tiers as a trader and an operator type them.
namespace origo::integration {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class OrderCommands : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(node_.wait_until_ready()) << node_.log();
    stage_ = std::make_unique<Stage>(node_);
    trader_ = stage_->add_trader("Trader");
    account_ = "acc-" + std::to_string(trader_.account);
    participant_ = "par-" + std::to_string(trader_.participant);
  }
  Ended run(const std::string& token, Words arguments) const {
    arguments.insert(arguments.begin(), {"--server", node_.grpc(), "--token", token});
    return run_program("origo", arguments);
  }
  // What it says, having ended with `code`.
  std::string trade(int code, const Words& arguments) const {
    const Ended ended = run(trader_.token, arguments);
    EXPECT_EQ(ended.code, code) << ended.output;
    return ended.output;
  }
  std::string operate(int code, const Words& arguments) const {
    const Ended ended = run(stage_->operator_token(), arguments);
    EXPECT_EQ(ended.code, code) << ended.output;
    return ended.output;
  }
  Words place(const Words& more) const {
    Words words{"order", "place", "--account", account_, "--instrument", "I", "--side", "buy"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  nlohmann::json list(const std::string& token, Words arguments) const {
    arguments.insert(arguments.begin(), "--json");
    const Ended ended = run(token, arguments);
    EXPECT_EQ(ended.code, 0) << ended.output;
    return nlohmann::json::parse(ended.output, nullptr, false);
  }
  nlohmann::json orders() const {
    return list(trader_.token, {"orders", "--account", account_})["orders"];
  }

  TemporaryDirectory directory_;
  NodeProcess node_{directory_.path() / "node", {"--schemes", "schemes", "--demo"}};
  std::unique_ptr<Stage> stage_;
  Stage::Trader trader_;
  std::string account_;
  std::string participant_;
};

TEST_F(OrderCommands, StopsWaitAndIcebergsShowAPart) {
  trade(0, place({"--quantity", "5", "--price", "9.00", "--stop-price", "8.00"}));
  trade(0, place({"--quantity", "7", "--type", "market", "--stop-price", "9.50"}));
  trade(0, place({"--quantity", "100", "--price", "7.00", "--peak", "30", "--min-visible", "10"}));
  const auto before = orders();
  ASSERT_EQ(before.size(), 3u);
  EXPECT_EQ(before[0]["state"], "ORDER_STATE_WAITING");
  EXPECT_EQ(before[0]["stop_price"], "800");
  EXPECT_EQ(before[0]["visible"], "0");
  EXPECT_EQ(before[1]["time_in_force"], "TIME_IN_FORCE_GTC");
  EXPECT_EQ(before[2]["state"], "ORDER_STATE_LIVE");
  EXPECT_EQ(before[2]["visible"], "30");
  EXPECT_EQ(before[2]["open"], "100");
  EXPECT_EQ(before[2]["min_visible"], "10");
  // What the others see.
  const auto book = list(stage_->operator_token(), {"book", "show", "I"});
  EXPECT_EQ(book["bids"], nlohmann::json::parse(R"([{"price":"700","quantity":"30","orders":1}])"));

  trade(0, {"order", "amend", "--account", account_, "--order", "1", "--stop-price", "8.20"});
  EXPECT_EQ(orders()[0]["stop_price"], "820");
  const std::string table = trade(0, {"orders", "--account", account_});
  EXPECT_THAT(
      table,
      AllOf(
          HasSubstr("stop price"), HasSubstr("visible"), HasSubstr("waiting"), HasSubstr("8.20")));
  EXPECT_THAT(
      trade(kRefused,
            {"order", "amend", "--account", account_, "--order", "3", "--stop-price", "8.20"}),
      AllOf(HasSubstr("stop_not_waiting"), HasSubstr("origo orders")));
  EXPECT_THAT(trade(kRefused, place({"--quantity", "5", "--price", "9.00", "--peak", "6"})),
              HasSubstr("peak_invalid"));
}

TEST_F(OrderCommands, OrdersOfAPhaseAreTakenInItOnly) {
  EXPECT_THAT(
      trade(kRefused,
            place({"--quantity", "5", "--price", "9.00", "--time-in-force", "auction_only"})),
      AllOf(HasSubstr("time_in_force_phase"), HasSubstr("origo market list")));
  trade(0, place({"--quantity", "5", "--price", "9.00", "--time-in-force", "continuous_only"}));
  operate(0, {"market", "phase", "M", "call", "--reason", "a test"});
  EXPECT_TRUE(orders().empty());
  trade(0, place({"--quantity", "5", "--price", "9.00", "--time-in-force", "auction_only"}));
  EXPECT_EQ(orders().size(), 1u);
  operate(0, {"instrument", "reference", "I", "--price", "9.50"});
  EXPECT_EQ(list(trader_.token, {"instrument", "show", "I"})["reference_price"], "950");
  EXPECT_THAT(operate(kUsage, {"instrument", "reference", "I", "--price", "9.505"}),
              HasSubstr("not a price of I"));
  operate(0, {"market", "phase", "M", "continuous", "--reason", "a test"});
  EXPECT_TRUE(orders().empty());
}

TEST_F(OrderCommands, TheKillSwitchEndsAndBarsAllOrders) {
  trade(0, place({"--quantity", "5", "--price", "9.00"}));
  trade(0, {"kill-switch", "engage", participant_, "--reason", "a test"});
  EXPECT_TRUE(orders().empty());
  const auto shown = list(stage_->operator_token(), {"participant", "list"})["participants"].back();
  EXPECT_EQ(shown["killed"], true);
  EXPECT_EQ(shown["killed_by_venue"], false);
  EXPECT_THAT(trade(kRefused, place({"--quantity", "5", "--price", "9.00"})),
              AllOf(HasSubstr("participant_killed"), HasSubstr("origo kill-switch release")));
  trade(0, {"kill-switch", "release", participant_});
  trade(0, place({"--quantity", "5", "--price", "9.00"}));
  operate(0, {"kill-switch", "engage", participant_});
  EXPECT_THAT(trade(kRefused, {"kill-switch", "release", participant_}),
              HasSubstr("not_permitted"));
}

TEST_F(OrderCommands, SessionsAreOfStreams) {
  const Words bound{"--quantity", "5", "--price", "9.00", "--cancel-on-disconnect"};
  EXPECT_THAT(trade(kRefused, place(bound)),
              AllOf(HasSubstr("session_missing"), HasSubstr("--client")));
  Words numbered = place(bound);
  numbered.insert(numbered.end(), {"--client", "7", "--client-sequence", "1"});
  EXPECT_THAT(trade(kRefused, numbered), AllOf(HasSubstr("session_missing"), HasSubstr("stream")));
  EXPECT_THAT(trade(kRefused, {"session", "end", "7"}), HasSubstr("client_unknown"));
  Words plain =
      place({"--quantity", "5", "--price", "9.00", "--client", "7", "--client-sequence", "1"});
  trade(0, plain);
  EXPECT_THAT(trade(0, {"session", "end", "7"}), HasSubstr("0 orders ended"));
  EXPECT_THAT(trade(kUsage, {"session", "end", "seven"}), HasSubstr("'seven' is not a number"));
}

TEST_F(OrderCommands, MarketsHaveFeeTiersAndInstrumentsTradingRules) {
  operate(0,
          {"market",
           "fees",
           "M",
           "--taker-ppm",
           "1000",
           "--tier",
           "1000MWh:taker=800",
           "--tier",
           "50000MWh:maker=-50,taker=600,taker-per-contract=1"});
  const auto market = list(trader_.token, {"market", "list"})["markets"][0];
  EXPECT_EQ(market["fees"]["taker"]["rate_ppm"], 1000);
  ASSERT_EQ(market["fee_tiers"].size(), 2u);
  EXPECT_EQ(market["fee_tiers"][1]["volume_from"], "50000000000");
  EXPECT_EQ(market["fee_tiers"][1]["fees"]["maker"]["rate_ppm"], -50);
  EXPECT_EQ(market["fee_tiers"][1]["fees"]["taker"]["per_contract"], "1");
  EXPECT_THAT(operate(0, {"market", "list"}),
              HasSubstr("from 1,000.000000 MWh or t: maker 0 ppm + 0 tak"));
  EXPECT_THAT(operate(kUsage, {"market", "fees", "M", "--tier", "1000:tax=1"}),
              HasSubstr("a tier such as 1000MWh:maker=-5,taker=30"));
  EXPECT_THAT(
      operate(kRefused, {"market", "fees", "M", "--tier", "2:taker=1", "--tier", "1:taker=1"}),
      HasSubstr("fee_tiers_invalid"));

  operate(0,
          {"instrument",
           "create",
           "--market",
           "M",
           "--code",
           "V",
           "--name",
           "Vintage",
           "--filter",
           "vintage:2023",
           "--price-max",
           "100.00",
           "--quantity-min",
           "5",
           "--value-min",
           "50.00",
           "--min-visible",
           "10",
           "--stop-through-refused",
           "--auction",
           "midpoint"});
  const auto created = list(trader_.token, {"instrument", "show", "V"});
  EXPECT_EQ(created["rules"]["min_visible"], "10");
  EXPECT_EQ(created["rules"]["stop_through_refused"], true);
  EXPECT_EQ(created["rules"]["iceberg_raise_requeues"], false);
  EXPECT_EQ(created["rules"]["auction"], "AUCTION_RULES_MIDPOINT");
  EXPECT_THAT(trade(0, {"instrument", "show", "I"}), testing::ContainsRegex("auction +t7"));
  EXPECT_EQ(created["terms"]["quantity_min"], "5");
  EXPECT_EQ(created["terms"]["value_min"], "5000");
}

TEST_F(OrderCommands, CalendarsAreCheckedLoadedAndShown) {
  const std::string file = (directory_.path() / "calendar.toml").string();
  const auto write = [&](const std::string& zone) {
    std::ofstream(file)
        << "name = \"Every day\"\ntime_zone = \"" << zone
        << "\"\nfirst_day = 2026-01-01\nlast_day = 2038-12-31\nweekdays = [\"monday\", "
           "\"tuesday\", "
           "\"wednesday\", \"thursday\", \"friday\", \"saturday\", \"sunday\"]\n[[phases]]\n"
           "phase = \"call\"\nfrom = 08:00:00\nto = 09:00:00\nrandom_end_s = 30\n";
  };
  write("Europe/Atlantis");
  EXPECT_THAT(trade(kUsage, {"calendar", "lint", file}),
              HasSubstr("calendar.toml:2: time_zone: \"Europe/Atlantis\""));
  EXPECT_THAT(operate(kUsage, {"calendar", "load", "M", file}),
              HasSubstr("calendar.toml:2: time_zone"));
  write("Europe/Amsterdam");
  EXPECT_THAT(trade(0, {"calendar", "lint", file, "--day", "2026-03-30"}),
              AllOf(HasSubstr("4748 trading days"),
                    HasSubstr("2026-03-30T06:00:00Z  call"),
                    HasSubstr("2026-03-30T07:00:00Z  closed, or up to 30 s later")));
  EXPECT_THAT(trade(kUsage, {"calendar", "lint", file, "--day", "monday"}),
              HasSubstr("'monday' is not a date"));
  EXPECT_THAT(trade(kRefused, {"calendar", "load", "M", file}), HasSubstr("not_permitted"));

  EXPECT_EQ(list(trader_.token, {"market", "list"})["markets"][0]["calendar"], "");
  operate(0, {"calendar", "load", "M", file});
  const auto market = list(trader_.token, {"market", "list"})["markets"][0];
  EXPECT_NE(market["calendar"], "");
  EXPECT_NE(market["next_change"]["at"], "0");
  EXPECT_THAT(market["calendar_until"].get<std::string>(), testing::StartsWith("21"));  // in 2038
  const auto changes = list(trader_.token, {"calendar", "show", "M"})["phases"];
  ASSERT_GT(changes.size(), 10u);
  EXPECT_NE(changes[0]["phase"], changes[1]["phase"]);
  EXPECT_THAT(trade(0, {"--limit", "4", "calendar", "show", "M"}),
              AllOf(HasSubstr("closed"), HasSubstr("30 s")));

  operate(0, {"market", "phase", "M", "halt", "--reason", "a test", "--until-lifted"});
  const auto halted = list(trader_.token, {"market", "list"})["markets"][0];
  EXPECT_EQ(halted["phase"], "PHASE_HALT");
  EXPECT_EQ(halted["phase_reason"], "a test");
  EXPECT_EQ(halted["until_lifted"], true);
  operate(0, {"instrument", "reference", "I", "--price", "9.50"});
  EXPECT_THAT(operate(kRefused, {"instrument", "reference", "I", "--price", "1000000t"}),
              HasSubstr("price_outside_collar"));
}

TEST_F(OrderCommands, HelpAndCompletionKnowThem) {
  const std::string help = trade(0, {"order", "place", "--help"});
  for (const char* word : {"--stop-price",
                           "--peak",
                           "--min-visible",
                           "--cancel-on-disconnect",
                           "auction_only",
                           "allowed|cancel_newest|"}) {
    EXPECT_THAT(help, HasSubstr(word));
  }
  EXPECT_THAT(trade(0, {"completion"}),
              AllOf(HasSubstr("kill-switch engage"), HasSubstr("--stop-price")));
}

}  // namespace
}  // namespace origo::integration
