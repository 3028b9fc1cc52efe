#include "engine/ledger/cash.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/support/draw.h"

namespace origo {
namespace {

constexpr Currency kEuro = currency_of("EUR");
constexpr Currency kPound = currency_of("GBP");

std::vector<std::string> broken_of(const CashLedger& cash) {
  std::vector<std::string> broken;
  cash.check_invariants(broken);
  return broken;
}

TEST(Currency, IsThreeLetters) {
  EXPECT_TRUE(is_valid(kEuro));
  EXPECT_EQ(to_string(kEuro), "EUR");
  for (const char* code : {"", "EU", "EURO", "eur", "E1R"})
    EXPECT_FALSE(is_valid(currency_of(code))) << code;
  EXPECT_FALSE(is_valid(Currency{0x41455552}));
}

TEST(CashLedger, KeepsBalancesByAccountAndCurrency) {
  CashLedger cash;
  const CashSlot euro = cash.open(AccountId(1), kEuro);
  EXPECT_EQ(cash.open(AccountId(1), kEuro), euro);
  EXPECT_NE(cash.open(AccountId(1), kPound), euro);
  EXPECT_NE(cash.open(AccountId(2), kEuro), euro);
  EXPECT_EQ(cash.find(AccountId(3), kEuro), CashLedger::kNone);
  cash.deposit(euro, Cash(100));
  EXPECT_EQ(cash.available(AccountId(1), kEuro), Cash(100));
  EXPECT_EQ(cash.available(AccountId(1), kPound), Cash(0));
  EXPECT_EQ(cash.available(AccountId(9), kEuro), Cash(0));
}

TEST(CashLedger, CapsTheSupply) {
  CashLedger cash;
  const CashSlot slot = cash.open(AccountId(1), kEuro);
  EXPECT_TRUE(cash.fits(kEuro, Cash(kSupplyMax)));
  EXPECT_FALSE(cash.fits(kEuro, Cash(kSupplyMax + 1)));
  cash.deposit(slot, Cash(kSupplyMax - 1));
  EXPECT_TRUE(cash.fits(kEuro, Cash(1)));
  EXPECT_FALSE(cash.fits(kEuro, Cash(2)));
  EXPECT_TRUE(cash.fits(kPound, Cash(kSupplyMax)));
  cash.reserve(slot, Cash(1000));
  cash.withdraw_reserved(slot, Cash(1000));
  EXPECT_FALSE(cash.fits(kEuro, Cash(1000))) << "the sum of all deposits must not overflow either";
}

TEST(CashLedgerDeathTest, NeverOverdraws) {
  CashLedger cash;
  const CashSlot one = cash.open(AccountId(1), kEuro);
  const CashSlot two = cash.open(AccountId(2), kEuro);
  const CashSlot pound = cash.open(AccountId(2), kPound);
  cash.deposit(one, Cash(10));
  cash.reserve(one, Cash(4));
  EXPECT_DEATH(cash.reserve(one, Cash(7)), "available >= amount");
  EXPECT_DEATH(cash.release(one, Cash(5)), "reserved >= amount");
  EXPECT_DEATH(cash.pay_available(one, two, Cash(7)), "available >= amount");
  EXPECT_DEATH(cash.pay_reserved(one, two, Cash(5)), "reserved >= amount");
  EXPECT_DEATH(cash.pay_available(one, pound, Cash(1)), "currency");
  EXPECT_DEATH(cash.pay_available(one, two, Cash(-1)), "is_negative");
  EXPECT_DEATH(cash.deposit(one, Cash(0)), "is_positive");
  EXPECT_DEATH(cash.withdraw_reserved(one, Cash(5)), "reserved >= amount");
  EXPECT_DEATH(static_cast<void>(cash.open(AccountId(1), Currency())), "is_valid");
}

// Random movements: balances as in a plain map, and always deposits - withdrawals in all.
TEST(CashLedger, AgreesWithAMap) {
  Draw draw(5);
  CashLedger cash;
  std::map<CashSlot, std::pair<std::int64_t, std::int64_t>> plain;  // available, reserved
  for (std::uint32_t account = 1; account <= 4; ++account)
    plain[cash.open(AccountId(account), kEuro)];
  for (int step = 0; step < 20'000; ++step) {
    const auto slot = static_cast<CashSlot>(draw.below(4));
    const auto to = static_cast<CashSlot>(draw.below(4));
    auto& [available, reserved] = plain[slot];
    switch (draw.below(6)) {
      case 0: {
        const std::int64_t amount = draw.between(1, 100);
        cash.deposit(slot, Cash(amount));
        available += amount;
        break;
      }
      case 1: {
        const std::int64_t amount = draw.between(0, available);
        cash.reserve(slot, Cash(amount));
        available -= amount;
        reserved += amount;
        break;
      }
      case 2: {
        const std::int64_t amount = draw.between(0, reserved);
        cash.release(slot, Cash(amount));
        available += amount;
        reserved -= amount;
        break;
      }
      case 3: {
        const std::int64_t amount = draw.between(0, reserved);
        cash.pay_reserved(slot, to, Cash(amount));
        reserved -= amount;
        plain[to].first += amount;
        break;
      }
      case 4: {
        const std::int64_t amount = draw.between(0, available);
        cash.pay_available(slot, to, Cash(amount));
        available -= amount;
        plain[to].first += amount;
        break;
      }
      default: {
        if (reserved == 0) break;
        const std::int64_t amount = draw.between(1, reserved);
        cash.withdraw_reserved(slot, Cash(amount));
        reserved -= amount;
      }
    }
    for (const auto& [at, expected] : plain) {
      ASSERT_EQ(cash.get(at).available.value(), expected.first);
      ASSERT_EQ(cash.get(at).reserved.value(), expected.second);
    }
  }
  EXPECT_TRUE(broken_of(cash).empty());

  Bytes bytes;
  Encoder out(bytes);
  cash.encode(out);
  CashLedger back;
  Decoder in(bytes);
  back.decode(in);
  ASSERT_TRUE(in.ok() && in.at_end());
  Bytes again;
  Encoder encoder(again);
  back.encode(encoder);
  EXPECT_EQ(again, bytes);
  EXPECT_EQ(back.find(AccountId(3), kEuro), cash.find(AccountId(3), kEuro));
}

// A balance that nobody paid in is noticed.
TEST(CashLedger, NoticesMoneyFromNowhere) {
  CashLedger cash;
  cash.deposit(cash.open(AccountId(1), kEuro), Cash(10));
  Bytes bytes;
  Encoder out(bytes);
  cash.encode(out);
  bytes[4 + 8] ^= 1;  // available of the first balance, behind count, account and currency
  CashLedger damaged;
  Decoder in(bytes);
  damaged.decode(in);
  ASSERT_TRUE(in.ok());
  EXPECT_EQ(broken_of(damaged).size(), 1u);
}

}  // namespace
}  // namespace origo
