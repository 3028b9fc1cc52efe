#include "gateway/node/verification_code.h"

#include <gtest/gtest.h>

#include <vector>

namespace origo::gateway {
namespace {

constexpr std::string_view kAllowed = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

TEST(VerificationCode, IsTheSameForTheSameFactsAndAnotherForAnyOther) {
  const std::vector<std::uint8_t> event = {1, 2, 3};
  const storage::Chain chain{};
  const std::string code = verification_code(chain, EventSequence(7), event);
  EXPECT_EQ(code.size(), 16U);
  EXPECT_EQ(code.find_first_not_of(kAllowed), std::string::npos) << code;
  EXPECT_EQ(code, verification_code(chain, EventSequence(7), event));
  EXPECT_NE(code, verification_code(chain, EventSequence(8), event));
  EXPECT_NE(code, verification_code(chain, EventSequence(7), std::vector<std::uint8_t>{1, 2, 4}));
  storage::Chain other{};
  other.back() = std::byte{1};
  EXPECT_NE(code, verification_code(other, EventSequence(7), event));
  // Printed on paper, so it must never change. By Python: the first 80 bits of
  // sha256(b"origo cancellation statement 1" + bytes(32) + (7).to_bytes(8, "little") + bytes([1, 2,
  // 3])).
  EXPECT_EQ(code, "0S1Z216BMBRTTPWH");
}

TEST(VerificationCode, IsUnderstoodAsPeopleTypeIt) {
  const std::string code = "0123456789ABCDEF";
  EXPECT_EQ(print_verification_code(code), "0123-4567-89AB-CDEF");
  for (const char* typed : {"0123-4567-89AB-CDEF",
                            "0123456789ABCDEF",
                            "0123 4567 89ab cdef",
                            "oi23-4567-89ab-cdef",
                            "OL23-4567-89AB-CDEF"}) {
    EXPECT_EQ(parse_verification_code(typed), code) << typed;
  }
  for (const char* wrong : {"",
                            "-",
                            "0123-4567-89AB-CDE",
                            "0123-4567-89AB-CDEF0",
                            "0123-4567-89AB-CDEU",
                            "0123_4567_89AB_CDEF",
                            "0123-4567-89AB-CDÉF",
                            "<script>"}) {
    EXPECT_FALSE(parse_verification_code(wrong).has_value()) << wrong;
  }
}

}  // namespace
}  // namespace origo::gateway
