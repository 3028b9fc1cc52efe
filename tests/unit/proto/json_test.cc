#include "proto/codec/json.h"

#include <gtest/gtest.h>

#include "engine/core/event.h"
#include "tests/unit/proto/draw_command.h"

namespace origo::proto {
namespace {

TEST(Json, NumbersOf64BitsAreText) {
  const Trade trade{.trade = TradeId(7),
                    .instrument = InstrumentId(3),
                    .sell_instrument = InstrumentId(3),
                    .price = Price(1250),
                    .quantity = Quantity(4),
                    .aggressor = Side::sell};
  const Json json = to_json(trade);
  EXPECT_EQ(json["trade"], "7");
  EXPECT_EQ(json["instrument"], 3);
  EXPECT_EQ(json["price"], "1250");
  EXPECT_EQ(json["aggressor"], "sell");
  EXPECT_EQ(json.begin().key(), "trade") << "members keep their order";
}

TEST(Json, DatesCurrenciesAndDigestsReadLikeTheApi) {
  DepositCash deposit{.account = AccountId(2), .currency = currency_of("EUR"), .amount = Cash(-5)};
  EXPECT_EQ(to_json(deposit).dump(),
            R"({"account":2,"currency":"EUR","amount":"-5","reference":""})");
  const Period period{*parse_date("2026-01-01"), Date()};
  EXPECT_EQ(to_json(period).dump(), R"({"first":"2026-01-01","last":""})");
  EXPECT_EQ(to_json(Hash128{0x0a, 0xff}), "0aff0000000000000000000000000000");
}

TEST(Json, AVariantSaysItsType) {
  const Command command = DefineAttribute{.name = "feedstock", .kind = AttributeKind::symbol};
  EXPECT_EQ(to_json(command).dump(),
            R"({"type":"define_attribute","name":"feedstock","kind":"symbol"})");
  const Event event = LevelChanged{
      .instrument = InstrumentId(1), .price = Price(2), .open = Quantity(3), .orders = 4};
  EXPECT_EQ(to_json(event)["type"], "level_changed");
}

TEST(Json, EveryCommandCanBeWritten) {
  Draw draw(8);
  for (std::size_t index = 0; index < kCommandCount; ++index) {
    const Json json = to_json(draw_command(draw, index));
    EXPECT_EQ(Json::parse(json.dump()), json);
  }
}

TEST(Json, AnUnknownEnumIsItsNumber) {
  EXPECT_EQ(to_json(static_cast<Side>(9)), 9);
}

}  // namespace
}  // namespace origo::proto
