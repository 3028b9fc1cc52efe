#include "engine/market/filter.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/draw.h"
#include "tests/support/readable.h"

namespace origo {
namespace {

constexpr AttributeId kWord{20};
constexpr AttributeId kNumber{21};

Clause words(std::vector<std::int64_t> any_of) {
  return {.attribute = kWord, .any_of = std::move(any_of)};
}
Clause numbers(std::int64_t min, std::int64_t max) {
  return {.attribute = kNumber, .any_of = {}, .min = min, .max = max};
}

TEST(Filter, NeedsEveryClause) {
  const Filter filter({words({1, 3}), numbers(5, 7)});
  EXPECT_TRUE(filter.matches({{kWord, 1}, {kNumber, 5}}));
  EXPECT_TRUE(filter.matches({{kWord, 2}, {kWord, 3}, {kNumber, 1}, {kNumber, 7}}))
      << "any value will do";
  EXPECT_FALSE(filter.matches({{kWord, 2}, {kNumber, 5}}));
  EXPECT_FALSE(filter.matches({{kWord, 1}, {kNumber, 8}}));
  EXPECT_FALSE(filter.matches({{kWord, 1}}));
  EXPECT_FALSE(filter.matches({}));
  EXPECT_TRUE(Filter().matches({}));
}

TEST(Filter, HasOneNormalForm) {
  EXPECT_EQ(Filter({numbers(1, 5), words({1})}), Filter({words({1}), numbers(1, 5), words({1})}));
  EXPECT_EQ(Filter({numbers(1, 5), numbers(0, 9)}), Filter({numbers(1, 5)}));
  EXPECT_EQ(Filter({words({1}), words({1, 2})}), Filter({words({1})}));
  EXPECT_NE(Filter({words({1})}), Filter({words({1, 2})}));
  EXPECT_EQ(Filter({numbers(1, 5), numbers(3, 9)}).clauses().size(), 2u)
      << "of several values each may meet one";
}

// All sets of values over two attributes with few values each.
std::vector<AttributeValues> universe() {
  std::vector<AttributeValues> all;
  for (int word_set = 0; word_set < 16; ++word_set) {
    for (int number_set = 0; number_set < 16; ++number_set) {
      AttributeValues values;
      for (int v = 0; v < 4; ++v)
        if (word_set >> v & 1) values.push_back({kWord, v});
      for (int v = 0; v < 4; ++v)
        if (number_set >> v & 1) values.push_back({kNumber, v});
      all.push_back(values);
    }
  }
  return all;
}

std::vector<Clause> draw_clauses(Draw& draw) {
  std::vector<Clause> clauses;
  for (std::uint64_t left = draw.below(4); left > 0; --left) {
    if (draw.one_in(2)) {
      std::vector<std::int64_t> any_of;
      for (int v = 0; v < 4; ++v)
        if (draw.one_in(2)) any_of.push_back(v);
      if (any_of.empty()) any_of.push_back(draw.between(0, 3));
      clauses.push_back(words(any_of));
    } else {
      const std::int64_t min = draw.between(0, 3);
      clauses.push_back(numbers(min, draw.between(min, 3)));
    }
  }
  return clauses;
}

bool plainly_matches(const std::vector<Clause>& clauses, const AttributeValues& values) {
  for (const Clause& clause : clauses) {
    bool met = false;
    for (const AttributeValue& value : values) {
      if (value.attribute != clause.attribute) continue;
      if (clause.any_of.empty()) {
        met = met || (clause.min <= value.value && value.value <= clause.max);
      } else {
        met = met || std::count(clause.any_of.begin(), clause.any_of.end(), value.value) > 0;
      }
    }
    if (!met) return false;
  }
  return true;
}

TEST(Filter, MatchesWhatItsClausesMatch) {
  const std::vector<AttributeValues> all = universe();
  Draw draw(17);
  for (int round = 0; round < 500; ++round) {
    const std::vector<Clause> clauses = draw_clauses(draw);
    const Filter filter(clauses);
    for (const AttributeValues& values : all)
      ASSERT_EQ(filter.matches(values), plainly_matches(clauses, values)) << readable(clauses);
  }
}

// Never wrongly true; and, values being free to combine, also never wrongly false.
TEST(Filter, ImpliesExactlyWhenEverythingNarrowIsWide) {
  const std::vector<AttributeValues> all = universe();
  Draw draw(19);
  int implied = 0;
  for (int round = 0; round < 5'000; ++round) {
    const Filter narrow(draw_clauses(draw));
    const Filter wide(draw_clauses(draw));
    const bool contained = std::all_of(all.begin(), all.end(), [&](const AttributeValues& values) {
      return !narrow.matches(values) || wide.matches(values);
    });
    ASSERT_EQ(narrow.implies(wide), contained)
        << readable(narrow.clauses()) << " and " << readable(wide.clauses());
    if (contained) ++implied;
  }
  EXPECT_GT(implied, 500);
}

TEST(Filter, ImplicationIsAnOrder) {
  Draw draw(23);
  for (int round = 0; round < 20'000; ++round) {
    const Filter a(draw_clauses(draw));
    const Filter b(draw_clauses(draw));
    const Filter c(draw_clauses(draw));
    ASSERT_TRUE(a.implies(a));
    ASSERT_TRUE(!a.implies(b) || !b.implies(a) || a == b);
    ASSERT_TRUE(!a.implies(b) || !b.implies(c) || a.implies(c));
  }
}

struct Spec {
  std::vector<ClauseSpec> spec;
  Reject refusal;
};

TEST(MakeFilter, ChecksAllBeforeItLearnsWords) {
  Vocabulary vocabulary;
  ASSERT_TRUE(vocabulary.define({.name = "subsidised", .kind = AttributeKind::flag}).ok());
  const Spec cases[] = {
      {{{.attribute = "colour", .any_of = {"green"}}}, Reject::attribute_unknown},
      {{{.attribute = "carrier", .any_of = {}}}, Reject::filter_empty},
      {{{.attribute = "carrier", .any_of = {"gas"}, .min = 1, .max = 1}},
       Reject::attribute_value_invalid},
      {{{.attribute = "carrier", .any_of = {""}}}, Reject::attribute_value_invalid},
      {{{.attribute = "carrier", .any_of = {"a\nb"}}}, Reject::attribute_value_invalid},
      {{{.attribute = "vintage", .any_of = {"2026"}}}, Reject::attribute_value_invalid},
      {{{.attribute = "vintage", .any_of = {}, .min = 2, .max = 1}}, Reject::filter_range_empty},
      {{{.attribute = "subsidised", .any_of = {}, .min = 0, .max = 2}},
       Reject::attribute_value_invalid},
      {{{.attribute = "carrier", .any_of = {"new word"}}, {.attribute = "colour", .any_of = {"x"}}},
       Reject::attribute_unknown},
  };
  for (const Spec& c : cases) {
    const Result<Filter> filter = make_filter(c.spec, vocabulary);
    ASSERT_FALSE(filter.ok()) << readable(c.spec);
    EXPECT_EQ(filter.refusal().code, c.refusal) << readable(c.spec);
  }
  EXPECT_FALSE(vocabulary.find_symbol("gas").is_set());
  EXPECT_FALSE(vocabulary.find_symbol("new word").is_set());
}

TEST(MakeFilter, SortsWordsAndDropsDoubles) {
  Vocabulary vocabulary;
  const SymbolId gas = vocabulary.intern("gas");
  const Result<Filter> filter =
      make_filter({{.attribute = "carrier", .any_of = {"power", "gas", "power"}}}, vocabulary);
  ASSERT_TRUE(filter.ok());
  ASSERT_EQ(filter->clauses().size(), 1u);
  EXPECT_EQ(filter->clauses()[0].any_of,
            (std::vector<std::int64_t>{gas.value(), vocabulary.find_symbol("power").value()}));
}

TEST(Vocabulary, DefinesOnce) {
  Vocabulary vocabulary;
  const std::size_t from_start = vocabulary.attributes().size();
  EXPECT_EQ(vocabulary.find_attribute("vintage"), CoreAttributes::vintage);
  const Result<AttributeId> first =
      vocabulary.define({.name = "feedstock", .kind = AttributeKind::symbol});
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(*vocabulary.define({.name = "feedstock", .kind = AttributeKind::symbol}), *first);
  EXPECT_EQ(vocabulary.define({.name = "feedstock", .kind = AttributeKind::date}).refusal().code,
            Reject::attribute_redefined);
  EXPECT_EQ(vocabulary.attributes().size(), from_start + 1);
}

}  // namespace
}  // namespace origo
