#include "engine/core/text.h"

#include <gtest/gtest.h>

#include <string>

namespace origo {
namespace {

using namespace std::string_literals;

TEST(CleanText, TakesWellFormedUtf8) {
  for (const std::string& text : {""s,
                                  "Gasunie"s,
                                  "Énergie d'Île-de-France"s,
                                  "沼气"s,
                                  "🌱"s,
                                  "\u00a0"s,
                                  "\u07ff"s,
                                  "\u0800"s,
                                  "\ud7ff"s,
                                  "\ue000"s,
                                  "\uffff"s,
                                  "\U00010000"s,
                                  "\U0010ffff"s})
    EXPECT_TRUE(is_clean_text(text)) << text;
}

TEST(CleanText, RefusesControlCharactersAndDamage) {
  for (const std::string& text : {"\n"s,
                                  "a\tb"s,
                                  "\0"s,
                                  "\x1f"s,
                                  "\x7f"s,
                                  "\xc2\x80"s,
                                  "\xc2\x9f"s,  // controls
                                  "\x80"s,
                                  "\xbf"s,
                                  "a\xff"s,
                                  "\xfe"s,  // no lead byte
                                  "\xc3"s,
                                  "\xe2\x82"s,
                                  "\xf0\x9f\x8c"s,
                                  "\xc3("s,  // cut off
                                  "\xe2\x82("s,
                                  "\xf0\x9f\x8c("s,
                                  "\xc0\xaf"s,
                                  "\xc1\xbf"s,
                                  "\xe0\x9f\xbf"s,
                                  "\xf0\x8f\xbf\xbf"s,  // overlong
                                  "\xed\xa0\x80"s,
                                  "\xed\xbf\xbf"s,  // surrogates
                                  "\xf4\x90\x80\x80"s,
                                  "\xf5\x80\x80\x80"s})  // too large
    EXPECT_FALSE(is_clean_text(text)) << ::testing::PrintToString(text);
}

TEST(CleanText, IsJudgedByEveryTwoByteSequence) {
  int clean = 0;
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const char text[] = {static_cast<char>(a), static_cast<char>(b)};
      if (is_clean_text({text, 2})) ++clean;
    }
  }
  EXPECT_EQ(clean, 95 * 95 + (0x7ff - 0xa0 + 1));  // two printable ASCII, or U+00A0 to U+07FF
}

TEST(Checks, KnowTheirLimits) {
  EXPECT_FALSE(check_name(std::string(200, 'x')).has_value());
  EXPECT_EQ(check_name(std::string(201, 'x'))->code, Reject::name_invalid);
  EXPECT_EQ(check_name("")->code, Reject::name_invalid);
  EXPECT_FALSE(check_text("").has_value());
  EXPECT_FALSE(check_text(std::string(2000, 'x')).has_value());
  EXPECT_EQ(check_text(std::string(2001, 'x'))->code, Reject::text_invalid);
  EXPECT_FALSE(check_code("A-z_0.9").has_value());
  EXPECT_FALSE(check_code(std::string(40, 'x')).has_value());
  for (const std::string& code : {""s, std::string(41, 'x'), "a b"s, "é"s, "a/b"s, "a\0b"s})
    EXPECT_EQ(check_code(code)->code, Reject::code_invalid);
  EXPECT_FALSE(check_country("FR").has_value());
  for (const char* country : {"", "F", "FRA", "fr", "F1", "[]"})
    EXPECT_EQ(check_country(country)->code, Reject::country_invalid);
}

}  // namespace
}  // namespace origo
