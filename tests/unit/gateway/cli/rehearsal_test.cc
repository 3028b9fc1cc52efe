#include "gateway/cli/base/rehearsal.h"

#include <gtest/gtest.h>

namespace origo::gateway {
namespace {

constexpr Date day(std::int32_t days) {
  return Date(20'000 + days);
}

class RehearsalTest : public testing::Test {
 protected:
  static Scheme scheme() {
    Scheme scheme;
    scheme.code = "S";
    scheme.name = "S";
    scheme.operator_name = "S";
    scheme.valid_from = day(-1000);
    scheme.unit_size = 1'000'000;
    scheme.carriers = {"electricity"};
    scheme.holders = {ParticipantKind::producer};
    scheme.receivers = scheme.holders;
    scheme.purposes = {"disclosure"};
    scheme.serial_format = "{serial}";
    scheme.device_fields = {{.name = "capacity_kw",
                             .kind = FieldKind::number,
                             .required = true,
                             .choices = {},
                             .attribute = "capacity_kw",
                             .source = {},
                             .bounds = {},
                             .months_old_max = 0}};
    return scheme;
  }
  Rehearsal::Heard add(const std::string& key, const std::string& capacity) {
    RegisterDevice device{.name = key, .country = "GB", .carriers = {"electricity"}};
    device.start = day(-100);
    device.fields = {{.name = "capacity_kw", .value = capacity}};
    return rehearsal_.add_device(
        key, device, rehearsal_.participant("Works", {ParticipantKind::producer}));
  }
  Rehearsal::Heard declare(std::int32_t first, std::int32_t last) {
    return rehearsal_.declare(
        "A", "electricity", {.first = day(first), .last = day(last)}, Measured(5'000'000));
  }

  Rehearsal rehearsal_{scheme(), "GB", Instant(day(0).days() * kDayNs)};
};

TEST_F(RehearsalTest, RefusesWhatTheCoreWould) {
  ASSERT_EQ(rehearsal_.trouble(), "");
  EXPECT_EQ(add("A", "much").refused, "fields must have a value of the field's kind: capacity_kw");
  EXPECT_FALSE(rehearsal_.device("A").is_set());
  EXPECT_TRUE(add("A", "500").ok());
  EXPECT_EQ(declare(-1, 0).refused, "period must have ended");
  const auto first = declare(-10, -1);
  EXPECT_TRUE(first.ok());
  EXPECT_EQ(declare(-10, -1).id, first.id) << "known again";
  EXPECT_EQ(declare(-11, -10).refused,
            "period overlaps a period declared for this device and carrier");
  EXPECT_TRUE(rehearsal_.account("Works").ok());
  rehearsal_.participant("Desk", {ParticipantKind::trader});
  EXPECT_FALSE(rehearsal_.account("Desk").ok());
}

TEST_F(RehearsalTest, KnowsWhoIsFrozenAndWhatHasEnded) {
  ASSERT_TRUE(add("A", "500").ok());
  EXPECT_TRUE(
      rehearsal_
          .change({.device = rehearsal_.device("A"), .valid_from = day(-19), .last_day = day(-20)})
          .ok());
  EXPECT_EQ(declare(-30, -10).refused,
            "period must not reach beyond the device's last day of operation");
  rehearsal_.freeze(FreezeTarget::participant,
                    rehearsal_.participant("Works", {ParticipantKind::producer}).value());
  EXPECT_EQ(declare(-30, -25).refused, "participant must not be frozen");
}

TEST(Rehearsal, SaysWhatIsWrongWithTheScheme) {
  const Rehearsal rehearsal(Scheme(), "GB", Instant(1));
  EXPECT_EQ(rehearsal.trouble(), "scheme must be complete and consistent: code");
}

}  // namespace
}  // namespace origo::gateway
