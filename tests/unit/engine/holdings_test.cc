#include "engine/ledger/holdings.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/support/draw.h"

namespace origo {
namespace {

std::vector<std::string> broken_of(const Holdings& holdings) {
  std::vector<std::string> broken;
  holdings.check_invariants(broken);
  return broken;
}

std::vector<LotId> lots_of(const Holdings& holdings, AccountId account) {
  std::vector<LotId> lots;
  holdings.for_each_of(account, [&](HoldingSlot slot) {
    lots.push_back(holdings.get(slot).lot);
    return true;
  });
  return lots;
}

constexpr auto kIgnore = [](const SerialRange&) {};

TEST(Holdings, AreWalkedSoonestToExpireFirst) {
  Holdings holdings;
  holdings.issue(LotId(1), AccountId(7), Units(5), Date(300));
  holdings.issue(LotId(2), AccountId(7), Units(5), Date(100));
  holdings.issue(LotId(3), AccountId(7), Units(5), kNever);
  holdings.issue(LotId(4), AccountId(7), Units(5), Date(100));
  holdings.issue(LotId(5), AccountId(7), Units(5), Date(-5));
  holdings.issue(LotId(6), AccountId(8), Units(5), Date(1));
  EXPECT_EQ(lots_of(holdings, AccountId(7)),
            (std::vector{LotId(5), LotId(2), LotId(4), LotId(1), LotId(3)}));
  EXPECT_TRUE(lots_of(holdings, AccountId(1)).empty());
  EXPECT_TRUE(lots_of(holdings, AccountId(100)).empty());
}

TEST(Holdings, EndWhenTheyAreEmpty) {
  Holdings holdings;
  holdings.issue(LotId(1), AccountId(1), Units(5), Date(9));
  holdings.move(holdings.find(AccountId(1), LotId(1)), AccountId(2), Units(5), kIgnore);
  EXPECT_EQ(holdings.find(AccountId(1), LotId(1)), Holdings::kNone);
  EXPECT_EQ(holdings.size(), 1u);
  EXPECT_EQ(holdings.circulating(LotId(1)), Units(5));
  holdings.remove(holdings.find(AccountId(2), LotId(1)), Units(5), kIgnore);
  EXPECT_EQ(holdings.size(), 0u);
  EXPECT_EQ(holdings.first_of_lot(LotId(1)), Holdings::kNone);
  EXPECT_EQ(holdings.circulating(LotId(1)), Units(0));
}

TEST(HoldingsDeathTest, NeverGiveWhatIsPromised) {
  Holdings holdings;
  holdings.issue(LotId(1), AccountId(1), Units(5), Date(9));
  const HoldingSlot slot = holdings.find(AccountId(1), LotId(1));
  holdings.reserve(slot, Units(3));
  EXPECT_DEATH(holdings.reserve(slot, Units(3)), "available\\(\\) >= units");
  EXPECT_DEATH(holdings.release(slot, Units(4)), "reserved >= units");
  EXPECT_DEATH(holdings.move(slot, AccountId(2), Units(3), kIgnore), "available\\(\\) >= units");
  EXPECT_DEATH(holdings.remove(slot, Units(3), kIgnore), "available\\(\\) >= units");
  EXPECT_DEATH(holdings.move(slot, AccountId(1), Units(1), kIgnore), "account != to");
  EXPECT_DEATH(holdings.issue(LotId(1), AccountId(2), Units(1), Date(9)), "== kNone");
}

// Random movements: who holds how much as in a plain map, and each serial has one holder.
TEST(Holdings, AgreeWithAMap) {
  Draw draw(11);
  Holdings holdings;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::pair<std::int64_t, std::int64_t>> plain;
  for (std::uint32_t lot = 1; lot <= 6; ++lot) {
    const std::int64_t units = draw.between(1, 1000);
    holdings.issue(LotId(lot),
                   AccountId(1),
                   Units(units),
                   Date(static_cast<std::int32_t>(draw.between(0, 3))));
    plain[{1, lot}] = {units, 0};
  }
  for (int step = 0; step < 20'000; ++step) {
    const auto account = static_cast<std::uint32_t>(draw.between(1, 4));
    const auto to = static_cast<std::uint32_t>(draw.between(1, 4));
    const auto lot = static_cast<std::uint32_t>(draw.between(1, 6));
    const HoldingSlot slot = holdings.find(AccountId(account), LotId(lot));
    auto& [total, reserved] = plain[{account, lot}];
    ASSERT_EQ(slot == Holdings::kNone, total == 0);
    if (slot == Holdings::kNone) continue;
    ASSERT_EQ(holdings.get(slot).total(), Units(total));
    ASSERT_EQ(holdings.get(slot).reserved, Units(reserved));
    const std::int64_t free = total - reserved;
    const std::int64_t some = free == 0 ? 0 : draw.between(1, free);
    switch (draw.below(5)) {
      case 0:
        if (some == 0) break;
        holdings.reserve(slot, Units(some));
        reserved += some;
        break;
      case 1: {
        if (reserved == 0) break;
        const std::int64_t part = draw.between(1, reserved);
        holdings.release(slot, Units(part));
        reserved -= part;
        break;
      }
      case 2:
        if (some == 0 || !draw.one_in(50)) break;
        holdings.remove(slot, Units(some), kIgnore);
        total -= some;
        break;
      default:
        if (some == 0 || to == account) break;
        holdings.move(slot, AccountId(to), Units(some), kIgnore);
        total -= some;
        plain[{to, lot}].first += some;
    }
    ASSERT_TRUE(step % 100 != 0 || broken_of(holdings).empty());
  }

  Bytes bytes;
  Encoder out(bytes);
  holdings.encode(out);
  Holdings back;
  Decoder in(bytes);
  back.decode(in);
  ASSERT_TRUE(in.ok() && in.at_end());
  Bytes again;
  Encoder encoder(again);
  back.encode(encoder);
  EXPECT_EQ(again, bytes);
  for (std::uint32_t account = 1; account <= 4; ++account)
    EXPECT_EQ(lots_of(back, AccountId(account)), lots_of(holdings, AccountId(account)));
}

TEST(Holdings, CutAreRefused) {
  Holdings holdings;
  holdings.issue(LotId(1), AccountId(1), Units(5), Date(9));
  holdings.issue(LotId(2), AccountId(2), Units(5), Date(9));
  Bytes bytes;
  Encoder out(bytes);
  holdings.encode(out);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    Holdings back;
    Decoder in(cut);
    back.decode(in);
    ASSERT_FALSE(in.ok()) << size;
  }
}

}  // namespace
}  // namespace origo
