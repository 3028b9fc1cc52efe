#include "engine/ledger/holdings.h"

#include <gtest/gtest.h>

#include <algorithm>
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
  holdings.for_each_of(account, [&](HoldingSlot slot) { lots.push_back(holdings.get(slot).lot); });
  return lots;
}

constexpr auto kIgnore = [](const SerialRange&) {};

TEST(Holdings, AreWalkedFromTheLatest) {
  Holdings holdings;
  for (std::uint32_t lot = 1; lot <= 5; ++lot) holdings.issue(LotId(lot), AccountId(7), Units(5));
  holdings.issue(LotId(6), AccountId(8), Units(5));
  EXPECT_EQ(lots_of(holdings, AccountId(7)),
            (std::vector{LotId(5), LotId(4), LotId(3), LotId(2), LotId(1)}));
  EXPECT_TRUE(lots_of(holdings, AccountId(1)).empty());
  EXPECT_TRUE(lots_of(holdings, AccountId(100)).empty());
  for (const std::uint32_t gone : {5U, 1U, 3U})  // at either end and in the middle
    holdings.remove(holdings.find(AccountId(7), LotId(gone)), Units(5), kIgnore);
  EXPECT_EQ(lots_of(holdings, AccountId(7)), (std::vector{LotId(4), LotId(2)}));
  holdings.move(holdings.find(AccountId(8), LotId(6)), AccountId(7), Units(5), kIgnore);
  EXPECT_EQ(lots_of(holdings, AccountId(7)), (std::vector{LotId(6), LotId(4), LotId(2)}));
  EXPECT_TRUE(lots_of(holdings, AccountId(8)).empty());
  const Holdings::OfAccount of = holdings.of(AccountId(7));
  EXPECT_EQ(of.live, 3u);
  EXPECT_EQ(of.opened, 6u);
  HoldingSlot oldest = of.latest;
  while (holdings.older_of_account(oldest) != Holdings::kNone)
    oldest = holdings.older_of_account(oldest);
  EXPECT_EQ(holdings.get(oldest).lot, LotId(2));
  EXPECT_EQ(holdings.get(holdings.newer_of_account(oldest)).lot, LotId(4));
  EXPECT_EQ(holdings.newer_of_account(of.latest), Holdings::kNone);
}

TEST(Holdings, EndWhenTheyAreEmpty) {
  Holdings holdings;
  holdings.issue(LotId(1), AccountId(1), Units(5));
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
  holdings.issue(LotId(1), AccountId(1), Units(5));
  const HoldingSlot slot = holdings.find(AccountId(1), LotId(1));
  holdings.reserve(slot, Units(3));
  EXPECT_DEATH(holdings.reserve(slot, Units(3)), "available\\(\\) >= units");
  EXPECT_DEATH(holdings.release(slot, Units(4)), "reserved >= units");
  EXPECT_DEATH(holdings.move(slot, AccountId(2), Units(3), kIgnore), "available\\(\\) >= units");
  EXPECT_DEATH(holdings.remove(slot, Units(3), kIgnore), "available\\(\\) >= units");
  EXPECT_DEATH(holdings.move(slot, AccountId(1), Units(1), kIgnore), "account != to");
  EXPECT_DEATH(holdings.issue(LotId(1), AccountId(2), Units(1)), "== kNone");
}

TEST(Holdings, KeepFrozenSerialsApart) {
  Holdings holdings;
  holdings.issue(LotId(1), AccountId(1), Units(10));
  const HoldingSlot slot = holdings.find(AccountId(1), LotId(1));
  const auto range = [](std::int64_t first, std::int64_t count) {
    return SerialRange{.first = Serial(first), .count = Units(count)};
  };
  holdings.freeze(slot, range(2, 3));
  holdings.freeze(slot, range(8, 1));
  EXPECT_EQ(holdings.available(AccountId(1), LotId(1)), Units(6));
  EXPECT_EQ(holdings.circulating(LotId(1)), Units(10));
  EXPECT_EQ(holdings.ranges(holdings.get(slot)), std::vector{range(1, 10)});
  std::vector<SerialRange> moved;
  holdings.move(
      slot, AccountId(2), Units(6), [&](const SerialRange& each) { moved.push_back(each); });
  EXPECT_EQ(moved, (std::vector{range(1, 1), range(5, 3), range(9, 2)}));
  EXPECT_EQ(holdings.find(AccountId(1), LotId(1)), slot);  // it still has what is frozen
  EXPECT_EQ(holdings.frozen(LotId(1)), (std::vector{range(2, 3), range(8, 1)}));
  EXPECT_TRUE(broken_of(holdings).empty());

  Bytes bytes;
  Encoder out(bytes);
  holdings.encode(out);
  Holdings back;
  Decoder in(bytes);
  back.decode(in);
  ASSERT_TRUE(in.ok());
  EXPECT_EQ(back.frozen(LotId(1)), holdings.frozen(LotId(1)));

  holdings.unfreeze(slot, range(3, 1));
  EXPECT_EQ(holdings.frozen(holdings.get(slot)),
            (std::vector{range(2, 1), range(4, 1), range(8, 1)}));
  EXPECT_EQ(holdings.available(AccountId(1), LotId(1)), Units(1));
  for (const std::int64_t serial : {2, 4, 8}) holdings.unfreeze(slot, range(serial, 1));
  holdings.remove(slot, Units(4), kIgnore);
  EXPECT_EQ(holdings.find(AccountId(1), LotId(1)), Holdings::kNone);
}

TEST(HoldingsDeathTest, FreezeOnlyWhatIsThere) {
  Holdings holdings;
  holdings.issue(LotId(1), AccountId(1), Units(5));
  const HoldingSlot slot = holdings.find(AccountId(1), LotId(1));
  const SerialRange two{.first = Serial(2), .count = Units(2)};
  EXPECT_DEATH(holdings.unfreeze(slot, two), "frozen_.end");
  holdings.reserve(slot, Units(4));
  EXPECT_DEATH(holdings.freeze(slot, two), "available\\(\\) >= range.count");
}

// Random movements: who holds how much as in a plain map, and each serial has one holder.
TEST(Holdings, AgreeWithAMap) {
  Draw draw(11);
  Holdings holdings;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::pair<std::int64_t, std::int64_t>> plain;
  for (std::uint32_t lot = 1; lot <= 6; ++lot) {
    const std::int64_t units = draw.between(1, 1000);
    holdings.issue(LotId(lot), AccountId(1), Units(units));
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
  for (std::uint32_t account = 1; account <= 4; ++account) {
    std::vector<LotId> before = lots_of(holdings, AccountId(account));
    std::vector<LotId> after = lots_of(back, AccountId(account));
    std::ranges::sort(before);
    std::ranges::sort(after);
    EXPECT_EQ(after, before);
  }
}

// Enough keys that the table is divided again and again.
TEST(Index, AgreesWithAMap) {
  Draw draw(12);
  Index index;
  std::map<std::uint64_t, std::uint32_t> plain;
  for (std::uint32_t step = 0; step < 60'000; ++step) {
    const std::uint64_t key = pair_key(static_cast<std::uint32_t>(draw.between(1, 200)),
                                       static_cast<std::uint32_t>(draw.between(1, 400)));
    if (draw.one_in(5)) {
      index.erase(key);
      plain.erase(key);
    } else if (index.find(key) == Index::kNone) {
      index.insert(key, step);
      plain.emplace(key, step);
    }
  }
  ASSERT_GT(plain.size(), 30'000U);
  for (std::uint32_t high = 1; high <= 200; ++high) {
    for (std::uint32_t low = 1; low <= 400; ++low) {
      const auto found = plain.find(pair_key(high, low));
      ASSERT_EQ(index.find(pair_key(high, low)),
                found == plain.end() ? Index::kNone : found->second);
    }
  }
}

TEST(Holdings, CutAreRefused) {
  Holdings holdings;
  holdings.issue(LotId(1), AccountId(1), Units(5));
  holdings.issue(LotId(2), AccountId(2), Units(5));
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
