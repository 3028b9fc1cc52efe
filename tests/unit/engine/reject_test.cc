#include "engine/core/reject.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace origo {
namespace {

constexpr RejectInfo kRejects[] = {
#define ORIGO_REJECT_ROW(number, name, klass, field, rule) \
  {Reject::name, #name, klass, field, rule},
    ORIGO_REJECTS(ORIGO_REJECT_ROW)
#undef ORIGO_REJECT_ROW
};

TEST(Rejects, HaveNumbersAndNamesOfTheirOwn) {
  std::set<std::uint16_t> numbers;
  std::set<std::string_view> names;
  for (const RejectInfo& info : kRejects) {
    EXPECT_TRUE(numbers.insert(static_cast<std::uint16_t>(info.code)).second) << info.name;
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_NE(info.code, Reject::accepted);
  }
}

TEST(Rejects, SayWhatMustHold) {
  for (const RejectInfo& info : kRejects) {
    EXPECT_FALSE(info.klass.empty()) << info.name;
    EXPECT_FALSE(info.field.empty()) << info.name;
    EXPECT_FALSE(info.rule.empty()) << info.name;
    for (const std::string_view word : {info.name, info.klass, info.field}) {
      const bool plain = std::all_of(
          word.begin(), word.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
      EXPECT_TRUE(plain) << word;
    }
  }
}

TEST(Rejects, AreFoundByTheirCode) {
  for (const RejectInfo& info : kRejects) EXPECT_EQ(info_of(info.code).name, info.name);
  EXPECT_EQ(info_of(Reject::accepted).name, "accepted");
  for (const int unknown : {23, 29, 135, 147, 65535})
    EXPECT_EQ(info_of(static_cast<Reject>(unknown)).code, Reject::malformed) << unknown;
}

// Numbers are public: these must never change.
TEST(Rejects, KeepTheirNumbers) {
  EXPECT_EQ(static_cast<int>(Reject::malformed), 1);
  EXPECT_EQ(static_cast<int>(Reject::name_invalid), 10);
  EXPECT_EQ(static_cast<int>(Reject::account_unknown), 32);
  EXPECT_EQ(static_cast<int>(Reject::cash_not_available), 52);
  EXPECT_EQ(static_cast<int>(Reject::units_not_available), 93);
  EXPECT_EQ(static_cast<int>(Reject::market_unknown), 110);
  EXPECT_EQ(static_cast<int>(Reject::range_invalid), 149);
}

}  // namespace
}  // namespace origo
