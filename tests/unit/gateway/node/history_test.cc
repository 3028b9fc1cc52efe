#include "gateway/node/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>

#include "tests/support/stream.h"

namespace origo::gateway {
namespace {

class HistoryTest : public testing::Test {
 protected:
  HistoryTest() {
    std::string name = (std::filesystem::temp_directory_path() / "origo-history-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = name;
    auto opened =
        storage::History::open({.directory = directory_ / "history", .create_if_missing = true});
    if (!opened.ok()) throw std::runtime_error(opened.status.message);
    history_ = std::move(opened.value);
    recorder_ = std::make_unique<HistoryRecorder>(*history_);
    Stream stream(11);  // the lots that events are of
    for (std::size_t done = 0; done < stream.set_up_size(); ++done) {
      const Step step = stream.next(exchange_);
      Events events;
      exchange_.apply(step.header, step.command, events);
    }
    if (exchange_.registry().lots.size() < 4) throw std::runtime_error("too few lots");
  }
  ~HistoryTest() override {
    history_.reset();
    std::filesystem::remove_all(directory_);
  }

  template <class... E>
  void record(std::uint64_t sequence, const E&... event) {
    Events events;
    (events.append(event), ...);
    recorder_->add({.sequence = Sequence(sequence),
                    .time = Instant(static_cast<std::int64_t>(sequence) * 1000),
                    .first_event = EventSequence(sequence * 10),
                    .events = events.copy()},
                   exchange_);
    ASSERT_TRUE(recorder_->commit(Sequence(sequence)).ok());
  }

  static Trade trade(std::uint64_t id, std::uint32_t instrument, std::uint32_t sold_as) {
    return {.trade = TradeId(id),
            .instrument = InstrumentId(instrument),
            .sell_instrument = InstrumentId(sold_as),
            .price = Price(static_cast<std::int64_t>(id)),
            .quantity = Quantity(1)};
  }

  std::vector<std::uint64_t> trades(std::uint32_t instrument, HistoryPage page) {
    std::vector<std::uint64_t> ids;
    const auto found = HistoryView(*history_).trades(InstrumentId(instrument), page);
    EXPECT_TRUE(found.ok()) << found.status.message;
    for (const TradeEntry& entry : found.value) ids.push_back(entry.trade.trade.value());
    return ids;
  }

  std::filesystem::path directory_;
  std::unique_ptr<storage::History> history_;
  std::unique_ptr<HistoryRecorder> recorder_;
  Exchange exchange_;
};

TEST_F(HistoryTest, TradesOfAnInstrumentComeNewestFirstInPages) {
  for (std::uint64_t id = 1; id <= 300; ++id) record(id, trade(id, id % 2 == 0 ? 7 : 8, 7));
  EXPECT_THAT(trades(8, {.limit = 3}), testing::ElementsAre(299, 297, 295));
  EXPECT_THAT(trades(8, {.after = 295, .limit = 2}), testing::ElementsAre(293, 291));
  EXPECT_THAT(trades(8, {.after = 3, .limit = 9}), testing::ElementsAre(1));
  EXPECT_THAT(trades(9, {.limit = 9}), testing::IsEmpty());
}

TEST_F(HistoryTest, ATradeBetweenTwoInstrumentsIsOnTheTapeOfBoth) {
  record(1, trade(1, 7, 8));
  EXPECT_THAT(trades(7, {}), testing::ElementsAre(1));
  EXPECT_THAT(trades(8, {}), testing::ElementsAre(1));
}

TEST_F(HistoryTest, TheLifeOfALotIsToldFromItsBeginning) {
  const CertificatesMoved moved{.lot = LotId(3), .range = {Serial(1), Units(5)}};
  record(4, moved, CertificatesMoved{.lot = LotId(4)}, moved);
  record(5, CertificatesExpired{.lot = LotId(3)});
  const auto life = HistoryView(*history_).lot(LotId(3), {});
  ASSERT_TRUE(life.ok());
  std::vector<std::uint64_t> events;
  for (const LotEntry& entry : life.value) events.push_back(entry.sequence.value());
  EXPECT_THAT(events, testing::ElementsAre(40, 42, 50));
  EXPECT_EQ(life.value.front().command, Sequence(4));
  EXPECT_EQ(life.value.front().time, Instant(4000));
  EXPECT_TRUE(std::holds_alternative<CertificatesExpired>(life.value.back().event));
  const auto rest = HistoryView(*history_).lot(LotId(3), {.after = 42, .limit = 5});
  EXPECT_EQ(rest.value.size(), 1U);
}

// More than one run of entries in one commit, and pages that begin within a run.
TEST_F(HistoryTest, PagesReachIntoTheRunsOfOneCommit) {
  constexpr std::uint64_t kMany = 1'000;
  Events events;
  for (std::uint64_t id = 1; id <= kMany; ++id) {
    events.append(trade(id, id % 2 == 0 ? 7 : 8, 7));
    events.append(CertificatesMoved{.lot = LotId(3),
                                    .range = {Serial(static_cast<std::int64_t>(id)), Units(1)}});
  }
  recorder_->add({.sequence = Sequence(4),
                  .time = Instant(4000),
                  .first_event = EventSequence(101),
                  .events = events.bytes()},
                 exchange_);
  ASSERT_TRUE(recorder_->commit(Sequence(4)).ok());
  record(500, trade(kMany + 1, 8, 8), CertificatesMoved{.lot = LotId(3)});

  std::vector<std::uint64_t> odd;
  for (std::uint64_t after = 0; odd.size() < kMany;) {
    const auto page = trades(8, {.after = after, .limit = 77});
    if (page.empty()) break;
    odd.insert(odd.end(), page.begin(), page.end());
    after = page.back();
  }
  ASSERT_EQ(odd.size(), kMany / 2 + 1);
  for (std::size_t i = 0; i < odd.size(); ++i) EXPECT_EQ(odd[i], kMany + 1 - 2 * i);
  EXPECT_EQ(trades(7, {.limit = 2'000}).size(), kMany);
  EXPECT_THAT(trades(8, {.limit = 0}), testing::IsEmpty());

  std::vector<std::uint64_t> life;
  for (std::uint64_t after = 0; life.size() <= kMany;) {
    const auto page = HistoryView(*history_).lot(LotId(3), {.after = after, .limit = 99});
    ASSERT_TRUE(page.ok());
    if (page.value.empty()) break;
    for (const LotEntry& entry : page.value) life.push_back(entry.sequence.value());
    after = life.back();
  }
  ASSERT_EQ(life.size(), kMany + 1);
  EXPECT_EQ(life.front(), 102U);  // the event behind the first trade
  EXPECT_EQ(life[kMany - 1], 100 + 2 * kMany);
  EXPECT_EQ(life.back(), 5'001U);
}

TEST_F(HistoryTest, WhatIsThereAlreadyIsNotWrittenTwice) {
  record(5, trade(1, 7, 7));
  record(5, trade(2, 7, 7));
  EXPECT_THAT(trades(7, {}), testing::ElementsAre(1));
}

TEST_F(HistoryTest, AStatementThatIsNotThereIsNothing) {
  const auto found = HistoryView(*history_).statement(CancellationId(1));
  EXPECT_TRUE(found.ok());
  EXPECT_FALSE(found.value.has_value());
}

}  // namespace
}  // namespace origo::gateway
