#include <gtest/gtest.h>

#include "tests/unit/engine/call_orders.h"

// What venues publish as worked examples of their rules. Prices with decimals are written in cents.
// Where the original could only be read in a public test-suite that repeats it, that is named too.
namespace origo {
namespace {

Call with_reference(Call call, std::int64_t reference) {
  call.reference = reference;
  return call;
}

void expect(AuctionRules rules, const Call& call, const Found& expected) {
  EXPECT_EQ(in_short(found_in(rules, call)), expected)
      << "rules " << static_cast<int>(rules) << ": " << call;
}

// ---- Deutsche Börse, Xetra Market Model Equities (releases 7 to 16), "Price Determination in
// Auctions", examples 1 to 6 as repeated in tinyEXCH (AuctionMatchTest.java), which keeps numbers
// and wording, and the one without a price as in hroptatyr/clob (mmod_auction_xetra_05.c). Text of
// T7: a reference between the outermost limits that are left is the price. Examples of Xetra: the
// limit nearest to it, of two equally near the higher. The examples are `xetra_nearest`, the text
// is `t7`.

const Call kXetra1 = {.buys = {{202, 200}, {201, 200}, {200, 300}},
                      .sells = {{200, 100}, {198, 200}, {197, 400}}};
const Call kXetra2 = {.buys = {{202, 400}, {201, 200}}, .sells = {{199, 300}, {198, 200}}};
const Call kXetra3 = {.buys = {{202, 300}, {201, 200}}, .sells = {{199, 400}, {198, 200}}};
const Call kXetra4 = {.buys = {{0, 100}, {199, 100}}, .sells = {{0, 100}, {202, 100}}};
const Call kXetra5 = {.buys = {{202, 300}, {201, 200}}, .sells = {{199, 300}, {198, 200}}};
const Call kXetra6 = {.buys = {{0, 900}}, .sells = {{0, 800}}};
const Call kXetra7 = {.buys = {{200, 100}, {199, 400}}, .sells = {{201, 200}, {202, 300}}};

TEST(CallExamples, Xetra1HasOneLimitOfMostVolumeAndLeastSurplus) {
  for (const AuctionRules rules : kAuctionRules) expect(rules, kXetra1, found(200, 700, 0));
}

TEST(CallExamples, Xetra2HasASurplusToBuyAndTakesTheHighestLimit) {
  for (const AuctionRules rules : {AuctionRules::t7, AuctionRules::xetra_nearest}) {
    for (const std::int64_t reference : {0, 198, 200, 203})
      expect(rules, with_reference(kXetra2, reference), found(201, 500, 100));
  }
}

TEST(CallExamples, Xetra3HasASurplusToSellAndTakesTheLowestLimit) {
  for (const AuctionRules rules : {AuctionRules::t7, AuctionRules::xetra_nearest}) {
    for (const std::int64_t reference : {0, 198, 200, 203})
      expect(rules, with_reference(kXetra3, reference), found(199, 500, -100));
  }
}

TEST(CallExamples, Xetra4HasSurplusesOnBothSides) {
  expect(AuctionRules::xetra_nearest, with_reference(kXetra4, 199), found(199, 100, 100));
  expect(AuctionRules::xetra_nearest, with_reference(kXetra4, 200), found(199, 100, 100));
  expect(AuctionRules::t7, with_reference(kXetra4, 199), found(199, 100, 100));
  expect(AuctionRules::t7, with_reference(kXetra4, 200), found(200, 100, 0));
}

TEST(CallExamples, Xetra5HasNoSurplus) {
  expect(AuctionRules::xetra_nearest, with_reference(kXetra5, 200), found(201, 500, 0));
  expect(AuctionRules::xetra_nearest, with_reference(kXetra5, 202), found(201, 500, 0));
  expect(AuctionRules::xetra_nearest, with_reference(kXetra5, 198), found(199, 500, 0));
  expect(AuctionRules::t7, with_reference(kXetra5, 200), found(200, 500, 0));
  expect(AuctionRules::t7, with_reference(kXetra5, 202), found(201, 500, 0));
  expect(AuctionRules::t7, with_reference(kXetra5, 198), found(199, 500, 0));
}

TEST(CallExamples, Xetra6HasOrdersAtAnyPriceOnly) {
  for (const AuctionRules rules : kAuctionRules) {
    expect(rules, with_reference(kXetra6, 250), found(250, 800, 100));
    expect(rules, with_reference(kXetra6, 99), found(99, 800, 100));
    expect(rules, kXetra6, {.outcome = PriceOutcome::no_reference});
  }
}

TEST(CallExamples, Xetra7CannotTrade) {
  for (const AuctionRules rules : kAuctionRules)
    expect(rules, with_reference(kXetra7, 200), {.outcome = PriceOutcome::no_crossing});
}

// ---- Deutsche Börse, T7 market model, examples 1 to 4 and 9, as repeated in hroptatyr/clob
// (test/mmod_auction_xetra_01.c and following), which gives volumes and no reference price.

TEST(CallExamples, T7WithVolumes) {
  const AuctionRules t7 = AuctionRules::t7;
  expect(t7,
         {.buys = {{200, 300}, {199, 200}, {198, 300}, {196, 100}},
          .sells = {{200, 100}, {198, 300}, {197, 400}}},
         found(198, 700, 100));
  expect(
      t7,
      {.buys = {{200, 600}, {197, 200}}, .sells = {{201, 400}, {199, 100}, {198, 100}, {197, 300}}},
      found(200, 500, 100));
  expect(
      t7,
      {.buys = {{202, 300}, {201, 100}, {199, 100}, {197, 400}}, .sells = {{201, 200}, {198, 600}}},
      found(198, 500, -100));
  expect(
      t7,
      {.buys = {{202, 300}, {201, 200}, {197, 100}}, .sells = {{203, 100}, {199, 300}, {198, 200}}},
      found(200, 500, 0));
  expect(t7,
         {.buys = {{202, 100}, {199, 100}, {198, 1000}},
          .sells = {{202, 1000}, {201, 100}, {198, 100}}},
         found(200, 100, 0));
}

// ---- T7 market model, price determination, text: where there is a surplus to buy at some of the
// limits and one to sell at others, the highest limit with a surplus to buy and the lowest with one
// to sell count. JPX says the same ("Trading Methods", derivatives, condition 5). MARKET speaks of
// the surviving range; the published rule is followed.

TEST(CallExamples, OnlyTheTurnFromBuyToSellCounts) {
  const Call call = {.buys = {{200, 100}, {0, 100}, {198, 50}},
                     .sells = {{199, 50}, {0, 50}, {201, 100}}};
  for (const AuctionRules rules :
       {AuctionRules::t7, AuctionRules::xetra_nearest, AuctionRules::jpx}) {
    expect(rules, with_reference(call, 198), found(200, 100, 100));
    expect(rules, with_reference(call, 300), found(201, 100, -100));
  }
}

// ---- Euronext, "Pure Market Orders", call phase, examples 1 to 5, as repeated in EuronextClone
// ("Euronext - pure market order.feature"). Examples 1 and 4 need the step of the surplus's side,
// which shorter texts leave out; example 3 goes beyond the only limit to the reference.

TEST(CallExamples, EuronextPureMarketOrders) {
  const AuctionRules euronext = AuctionRules::euronext;
  const auto at_1000 = [](const Call& call) { return with_reference(call, 1000); };
  Call first = at_1000(
      {.buys = {{0, 50}, {1010, 90}, {990, 10}}, .sells = {{0, 40}, {1008, 100}, {1015, 60}}});
  expect(euronext, first, found(1008, 140, 0));
  first.buys.push_back({0, 20});
  expect(euronext, first, found(1010, 140, 20));
  expect(euronext, at_1000({.buys = {{0, 40}}, .sells = {{0, 45}}}), found(1000, 40, -5));
  expect(euronext, at_1000({.buys = {{0, 60}}, .sells = {{0, 45}}}), found(1000, 45, 15));
  expect(euronext, at_1000({.buys = {{0, 40}}, .sells = {{998, 40}}}), found(1000, 40, 0));
  expect(euronext, at_1000({.buys = {{0, 40}}, .sells = {{998, 41}}}), found(998, 40, -1));
  expect(euronext, at_1000({.buys = {{0, 40}}, .sells = {{1002, 40}}}), found(1002, 40, 0));
}

// ---- EuronextClone, "indicative-market-price.feature".

TEST(CallExamples, EuronextIndicativeMatchingPrice) {
  expect(AuctionRules::euronext,
         {.buys = {{0, 80}}, .sells = {{1002, 40}, {1004, 40}}, .reference = 1000},
         found(1004, 80, 0));
  expect(AuctionRules::euronext,
         {.buys = {{998, 40}, {996, 40}}, .sells = {{0, 80}}, .reference = 1000},
         found(996, 80, 0));
}

// ---- Euronext, "Market to Limit Orders", securities traded by auction, examples 1 to 3, as
// repeated in EuronextClone ("Euronext - market-to-limit-orders.feature"). In a call such orders
// accept any price.

TEST(CallExamples, EuronextMarketToLimitOrders) {
  const AuctionRules euronext = AuctionRules::euronext;
  const CallOrders three = {{0, 10}, {0, 10}, {0, 10}};
  expect(euronext, {.buys = {{0, 50}}, .sells = {{0, 40}}, .reference = 1000}, found(1000, 40, 10));
  expect(euronext, {.buys = three, .sells = {{1000, 10}}, .reference = 1000}, found(1000, 10, 20));
  expect(euronext, {.buys = three, .sells = {{1000, 5}}, .reference = 1000}, found(1000, 5, 25));
}

// ---- CME Group, Client Systems Wiki, "Application of the Indicative Opening Price Rules", rules 1
// to 3: most volume, least left, highest price if what is left is to buy.

TEST(CallExamples, CmeIndicativeOpeningPrice) {
  const CallOrders offers = {
      {51, 30}, {50, 100}, {49, 1}, {48, 25}, {46, 50}, {45, 90}, {44, 4}, {43, 6}};
  const Call first = {
      .buys = {{51, 10},
               {50, 20},
               {49, 30},
               {48, 40},
               {47, 50},
               {46, 70},
               {45, 100},
               {44, 1},
               {43, 30}},
      .sells = {
          {51, 30}, {50, 100}, {49, 1}, {48, 25}, {47, 1}, {46, 100}, {45, 90}, {44, 4}, {43, 6}}};
  const Call second = {.buys = {{51, 10},
                                {50, 20},
                                {49, 30},
                                {48, 40},
                                {47, 50},
                                {46, 30},
                                {45, 100},
                                {44, 1},
                                {43, 30}},
                       .sells = offers};
  const Call third = {
      .buys = {{51, 10}, {50, 20}, {49, 30}, {48, 40}, {47, 80}, {45, 20}, {44, 30}, {43, 30}},
      .sells = offers};
  for (const AuctionRules rules :
       {AuctionRules::t7, AuctionRules::xetra_nearest, AuctionRules::euronext, AuctionRules::jpx}) {
    expect(rules, first, found(46, 200, 20));
    expect(rules, second, found(47, 150, 0));
    expect(rules, third, found(47, 150, 30));
  }
}

// ---- Australian Stock Exchange, principles 1 to 3 of the opening price, worked example in
// "Trading Engine Course", session 3, appendix (University of New South Wales): every tick is a
// candidate.

TEST(CallExamples, AsxOpeningPrice) {
  const Call call = {.buys = {{640, 500}, {639, 500}, {639, 500}, {634, 1000}, {633, 500}},
                     .sells = {{610, 1000}, {640, 500}, {641, 520}, {642, 550}, {643, 519}}};
  for (const AuctionRules rules :
       {AuctionRules::t7, AuctionRules::xetra_nearest, AuctionRules::euronext, AuctionRules::jpx})
    expect(rules, call, found(639, 1000, 500));
}

// ---- BNB Chain, "Match Steps and Examples", 1 to 4 (most volume, least surplus), and 6: the price
// nearest to the last among all with the least surplus, on whichever side, which is Euronext's step
// too.

TEST(CallExamples, BnbMatchSteps) {
  for (const AuctionRules rules :
       {AuctionRules::t7, AuctionRules::xetra_nearest, AuctionRules::euronext, AuctionRules::jpx}) {
    expect(rules,
           {.buys = {{100, 150}, {98, 150}}, .sells = {{97, 50}, {98, 250}}},
           found(98, 300, 0));
    expect(rules,
           {.buys = {{100, 150}, {99, 50}, {97, 300}}, .sells = {{96, 100}, {97, 200}}},
           found(97, 300, 200));
    expect(rules,
           {.buys = {{102, 300}, {100, 100}, {99, 200}, {98, 300}},
            .sells = {{96, 1000}, {97, 250}, {98, 250}}},
           found(96, 900, -100));
    expect(rules,
           {.buys = {{102, 30}, {101, 10}, {99, 50}, {96, 15}},
            .sells = {{95, 50}, {97, 50}, {98, 10}}},
           found(97, 90, -10));
  }
  const Call both = {.buys = {{100, 25}, {97, 25}}, .sells = {{95, 25}, {98, 25}}};
  expect(AuctionRules::euronext, with_reference(both, 99), found(99, 25, -25));
  expect(AuctionRules::euronext, with_reference(both, 97), found(97, 25, 25));
}

// ---- Japan Exchange Group, "Trading Methods" (derivatives), itayose, conditions 1 to 5, and the
// carbon credit market of the Tokyo Stock Exchange, which takes limit orders only. They come
// without numbers; these are ours.

TEST(CallExamples, JpxConditions) {
  const AuctionRules jpx = AuctionRules::jpx;
  // 1: from one tick below the lowest limit to one above the highest, but not beyond the collar.
  Call beyond = {.buys = {{0, 100}}, .sells = {{500, 40}}, .reference = 450};
  expect(jpx, beyond, found(501, 40, 60));
  beyond.price_max = 500;
  expect(jpx, beyond, found(500, 40, 60));
  expect(jpx, {.buys = {{500, 40}}, .sells = {{0, 100}}, .reference = 550}, found(499, 40, -60));
  expect(jpx, {.buys = {{500, 40}}, .sells = {{0, 100}}, .price_min = 500}, found(500, 40, -60));
  // 2 and 3: most volume, least surplus; here only between the limits.
  const Call between = {.buys = {{510, 100}, {500, 50}}, .sells = {{490, 100}, {505, 50}}};
  expect(jpx, with_reference(between, 480), found(501, 100, 0));
  expect(jpx, with_reference(between, 503), found(503, 100, 0));
  expect(jpx, with_reference(between, 520), found(504, 100, 0));
  // 4: all surpluses to sell, the lowest; all to buy, the highest.
  expect(jpx, {.buys = {{510, 40}}, .sells = {{490, 50}}, .reference = 505}, found(490, 40, -10));
  expect(jpx, {.buys = {{510, 50}}, .sells = {{490, 40}}, .reference = 495}, found(510, 40, 10));
  // 5: the reference, or the end of the range that is nearest to it.
  const Call range = {.buys = {{510, 40}}, .sells = {{490, 40}}};
  expect(jpx, with_reference(range, 480), found(490, 40, 0));
  expect(jpx, with_reference(range, 503), found(503, 40, 0));
  expect(jpx, with_reference(range, 520), found(510, 40, 0));
}

// ---- Vega protocol, specification 0026 (auctions): "if the volume maximising range is 98-102, we
// would price all trades at 100"; its tests of uncrossing (orderbook_iceberg_uncrossing_test.go,
// hidden parts included) and of the opening auction (2952-opening-auction-uncrossing.feature).
// Halves are rounded down.

TEST(CallExamples, VegaMidpoint) {
  const AuctionRules midpoint = AuctionRules::midpoint;
  expect(midpoint, {.buys = {{102, 5}}, .sells = {{98, 5}}}, found(100, 5, 0));
  expect(
      midpoint,
      {.buys = {{101, 6}, {101, 6}, {99, 20}, {98, 10}}, .sells = {{100, 30}, {102, 5}, {103, 10}}},
      found(100, 12, -18));
  expect(midpoint,
         {.buys = {{101, 16}, {101, 6}, {99, 20}, {98, 10}},
          .sells = {{100, 40}, {102, 5}, {103, 10}}},
         found(100, 22, -18));
  expect(midpoint,
         {.buys = {{101, 40}, {99, 20}, {98, 10}}, .sells = {{100, 40}, {102, 5}, {103, 10}}},
         found(100, 40, 0));
  expect(midpoint,
         {.buys = {{101, 20}, {100, 10}, {99, 20}, {98, 10}},
          .sells = {{100, 10}, {101, 15}, {102, 5}, {103, 10}}},
         found(101, 20, -5));
  expect(midpoint,
         {.buys = {{9'500'000, 1}, {10'000'000, 1}}, .sells = {{10'000'000, 2}}},
         found(10'000'000, 1, -1));
}

}  // namespace
}  // namespace origo
