#include "gateway/node/event_scan.h"

#include <gtest/gtest.h>

namespace origo::gateway {
namespace {

// Accounts 1 and 2 are one participant's, account 3 another's.
class FillsTest : public testing::Test {
 protected:
  FillsTest() {
    for (const char* name : {"one", "other"})
      parties_.add_participant({.name = name, .country = "FR", .kinds = {}});
    for (const std::uint32_t participant : {1u, 1u, 2u}) {
      parties_.add_account(
          {.participant = ParticipantId(participant), .registry = {}, .name = "account"});
    }
  }
  void trade(std::uint64_t number, std::uint64_t taker, std::uint32_t buyer, std::uint32_t seller) {
    Trade event{.trade = TradeId(number)};
    event.maker = OrderId(5);
    event.taker = OrderId(taker);
    event.buyer = AccountId(buyer);
    event.seller = AccountId(seller);
    event.price = Price(10);
    event.quantity = Quantity(2);
    events_.append(event);
  }
  Parties parties_;
  Events events_;
};

TEST_F(FillsTest, AreThoseOfTheCommandsOwnOrder) {
  trade(1, 7, 1, 2);
  events_.append(StopTriggered{.order = OrderId(8)});
  trade(2, 8, 1, 2);
  std::vector<Fill> fills;
  EXPECT_EQ(append_fills(events_.bytes(), OrderId(7), parties_, fills), 1u);
  ASSERT_EQ(fills.size(), 1u);
  EXPECT_EQ(fills[0].trade, TradeId(1));
  EXPECT_EQ(fills[0].price, Price(10));
  EXPECT_EQ(fills[0].quantity, Quantity(2));
}

TEST_F(FillsTest, NameOnlyOnesOwnMakers) {
  trade(1, 7, 1, 2);
  trade(2, 7, 1, 3);
  trade(3, 7, 3, 1);
  std::vector<Fill> fills;
  EXPECT_EQ(append_fills(events_.bytes(), OrderId(7), parties_, fills), 3u);
  EXPECT_EQ(fills[0].maker, OrderId(5));
  EXPECT_FALSE(fills[1].maker.is_set());
  EXPECT_FALSE(fills[2].maker.is_set());
}

}  // namespace
}  // namespace origo::gateway
