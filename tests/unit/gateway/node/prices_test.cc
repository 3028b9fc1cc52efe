#include "gateway/node/prices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include "gateway/node/history.h"
#include "tests/support/stream.h"

namespace origo::gateway {
namespace {

constexpr std::int64_t kMinute = 60'000'000'000;

Instant at(const char* date, std::int64_t seconds = 0) {
  return Instant(origo::start_of(*parse_date(date)).ns() + seconds * 1'000'000'000);
}

TEST(Intervals, BeginWhereTheCalendarSays) {
  const Instant time = at("2024-02-29", 13 * 3'600 + 47 * 60 + 59);  // a Thursday
  EXPECT_EQ(start_of(Interval::minute, time), at("2024-02-29", 13 * 3'600 + 47 * 60));
  EXPECT_EQ(start_of(Interval::minutes_5, time), at("2024-02-29", 13 * 3'600 + 45 * 60));
  EXPECT_EQ(start_of(Interval::minutes_15, time), at("2024-02-29", 13 * 3'600 + 45 * 60));
  EXPECT_EQ(start_of(Interval::hour, time), at("2024-02-29", 13 * 3'600));
  EXPECT_EQ(start_of(Interval::day, time), at("2024-02-29"));
  EXPECT_EQ(start_of(Interval::week, time), at("2024-02-26"));
  EXPECT_EQ(start_of(Interval::week, at("2024-02-26")), at("2024-02-26"));
  EXPECT_EQ(start_of(Interval::week, at("2024-03-03", 86'399)), at("2024-02-26"));
  EXPECT_EQ(start_of(Interval::month, time), at("2024-02-01"));
  EXPECT_EQ(start_of(Interval::year, time), at("2024-01-01"));
  EXPECT_EQ(start_of(Interval::week, at("1970-01-02")), Instant());  // no instant is before 1970
}

TEST(Intervals, AreNamed) {
  for (int i = 1; i <= 8; ++i) {
    const auto interval = static_cast<Interval>(i);
    EXPECT_EQ(parse_interval(to_string(interval)), interval);
  }
  EXPECT_FALSE(parse_interval("2h").has_value());
  EXPECT_FALSE(parse_interval("").has_value());
}

TEST(Candles, StopAtTheLargestNumber) {
  Candle candle;
  add_trade(candle, TradeId(1), 5, INT64_MAX - 1, INT64_MAX);
  add_trade(candle, TradeId(2), 4, 3, 1);
  EXPECT_EQ(candle.volume, INT64_MAX);
  EXPECT_EQ(candle.turnover, INT64_MAX);
}

// A run of the random stream with its history, beside the plain list of what traded.
class PricesTest : public testing::Test {
 protected:
  struct Sold {
    PriceAttributes kind;
    Instant time;
    TradeId trade;
    std::int64_t price;
    std::int64_t amount;
    std::int64_t cash;
  };

  PricesTest() {
    std::string name = (std::filesystem::temp_directory_path() / "origo-prices-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = name;
  }
  ~PricesTest() override { std::filesystem::remove_all(directory_); }

  void open(const char* name) {
    recorder_.reset();
    history_.reset();
    auto opened =
        storage::History::open({.directory = directory_ / name, .create_if_missing = true});
    if (!opened.ok()) throw std::runtime_error(opened.status.message);
    history_ = std::move(opened.value);
    recorder_ = std::make_unique<HistoryRecorder>(*history_);
  }

  // Applies the stream's first `commands` and records them, `together` at a commit.
  void record(std::uint64_t commands, std::uint64_t together) {
    Stream stream(seed_, Calls::none);
    Exchange exchange;
    trades_.clear();
    sold_.clear();
    for (std::uint64_t done = 1; done <= stream.set_up_size() + commands; ++done) {
      const Step step = stream.next(exchange);
      Events events;
      const EventSequence first = next(exchange.event_sequence());
      exchange.apply(step.header, step.command, events);
      note(events, step.header.time, exchange);
      recorder_->add({.sequence = exchange.sequence(),
                      .time = step.header.time,
                      .first_event = first,
                      .events = events.bytes()},
                     exchange);
      if (done % together == 0) {
        ASSERT_TRUE(recorder_->commit(exchange.sequence()).ok());
      }
    }
    ASSERT_TRUE(recorder_->commit(exchange.sequence()).ok());
  }

  void note(const Events& events, Instant time, const Exchange& exchange) {
    for_each_event(events.bytes().data(), events.bytes().size(), [&](const Event& event) {
      if (const auto* trade = std::get_if<Trade>(&event))
        trades_.push_back({.trade = *trade, .time = time, .command = {}});
      const auto* moved = std::get_if<CertificatesMoved>(&event);
      if (moved != nullptr && moved->reason == MoveReason::trade && !settles_later_)
        note_sold(moved->lot, moved->range.count, time, exchange);
      const auto* scheduled = std::get_if<SettlementScheduled>(&event);
      if (scheduled == nullptr) return;
      for (const PendingDelivery& delivery : scheduled->settlement.deliveries) {
        if (delivery.from != delivery.to) note_sold(delivery.lot, delivery.units, time, exchange);
      }
    });
  }

  // Of the last trade, at its time, whenever it settles.
  void note_sold(LotId id, Units units, Instant time, const Exchange& exchange) {
    const Registry& registry = exchange.registry();
    const Trade& trade = trades_.back().trade;
    const InstrumentTerms& terms = exchange.market().get(trade.sell_instrument).terms;
    const Lot& lot = registry.get(id);
    const std::int64_t per_contract = trade.price.value() * terms.tick_value.value();
    const std::int64_t amount = units.value() * lot.unit_size;
    // Each part takes what is left of the trade's value by its share of what is left of its
    // amount.
    if (sold_.empty() || sold_.back().trade != trade.trade) {
      left_ = trade.quantity.value() * terms.contract_size;
      cash_left_ = per_contract * trade.quantity.value();
    }
    const std::int64_t after = divide_half_up(
        Int128{per_contract} * (trade.quantity.value() * terms.contract_size - left_ + amount),
        terms.contract_size);
    const std::int64_t cash = after - (per_contract * trade.quantity.value() - cash_left_);
    left_ -= amount;
    cash_left_ -= cash;
    if (left_ == 0) {
      EXPECT_EQ(cash_left_, 0);
    }
    sold_.push_back({.kind = {.currency = terms.currency,
                              .dimension = lot.dimension,
                              .carrier = registry.find(lot.declaration)->carrier,
                              .country = registry.find(lot.device)->country,
                              .vintage = year_of(lot.period.last)},
                     .time = time,
                     .trade = trade.trade,
                     .price = per_contract * 1'000 * (1'000'000 / terms.contract_size),
                     .amount = amount,
                     .cash = cash});
  }

  // The candles of some trades, from the list of all trades in each span.
  template <class Trades, class Read>
  static std::vector<Candle> plain(const Trades& trades, Interval interval, Read read) {
    std::map<Instant, std::vector<std::array<std::int64_t, 3>>> spans;  // price, amount, turnover
    std::map<Instant, std::vector<TradeId>> ids;
    for (const auto& one : trades) {
      const auto figures = read(one);
      if (!figures) continue;
      const auto& [id, figure] = *figures;
      spans[start_of(interval, one.time)].push_back(figure);
      if (ids[start_of(interval, one.time)].empty() ||
          ids[start_of(interval, one.time)].back() != id)
        ids[start_of(interval, one.time)].push_back(id);
    }
    std::vector<Candle> candles;
    for (const auto& [start, all] : spans) {
      Candle candle{.start = start,
                    .open = all.front()[0],
                    .high = (*std::ranges::max_element(all))[0],
                    .low = (*std::ranges::min_element(all))[0],
                    .close = all.back()[0],
                    .trades = ids[start].size(),
                    .first = ids[start].front(),
                    .last = ids[start].back()};
      for (const auto& [price, amount, turnover] : all) {
        candle.volume += amount;
        candle.turnover += turnover;
      }
      candles.push_back(candle);
    }
    return candles;
  }

  using Figures = std::optional<std::pair<TradeId, std::array<std::int64_t, 3>>>;
  [[nodiscard]] std::vector<Candle> plain(InstrumentId instrument, Interval interval) const {
    return plain(trades_, interval, [&](const TradeEntry& entry) -> Figures {
      const Trade& trade = entry.trade;
      if (trade.instrument != instrument && trade.sell_instrument != instrument)
        return std::nullopt;
      const std::int64_t price = trade.price.value();
      const std::int64_t quantity = trade.quantity.value();
      return {{trade.trade, {price, quantity, price * quantity}}};
    });
  }
  [[nodiscard]] std::vector<Candle> plain(const PriceAttributes& kind, Interval interval) const {
    return plain(sold_, interval, [&](const Sold& sold) -> Figures {
      if (sold.kind != kind) return std::nullopt;
      return {{sold.trade, {sold.price, sold.amount, sold.cash}}};
    });
  }

  // All candles, in pages of `limit`.
  template <class Of>
  std::vector<Candle> kept(const Of& of, Interval interval, std::size_t limit) {
    std::vector<Candle> all;
    CandlePage page{.from = Instant(), .limit = limit};
    do {
      const auto found = HistoryView(*history_).prices().candles(of, interval, page);
      EXPECT_TRUE(found.ok()) << found.status.message;
      EXPECT_LE(found.value.entries.size(), limit);
      all.insert(all.end(), found.value.entries.begin(), found.value.entries.end());
      page.from = found.value.next;
    } while (page.from.is_set());
    return all;
  }

  static std::string said(const Candle& candle) {
    std::string text;
    for (const std::int64_t number : {candle.start.ns(),
                                      candle.open,
                                      candle.high,
                                      candle.low,
                                      candle.close,
                                      candle.volume,
                                      candle.turnover,
                                      static_cast<std::int64_t>(candle.trades),
                                      static_cast<std::int64_t>(candle.first.value()),
                                      static_cast<std::int64_t>(candle.last.value())})
      text += std::to_string(number) + " ";
    return text;
  }
  static void expect_equal(const std::vector<Candle>& kept, const std::vector<Candle>& wanted) {
    ASSERT_EQ(kept.size(), wanted.size());
    for (std::size_t i = 0; i < kept.size(); ++i)
      EXPECT_EQ(said(kept[i]), said(wanted[i])) << "candle " << i;
  }

  void expect_all() {
    ASSERT_GT(trades_.size(), 200U);
    std::set<InstrumentId> instruments;
    std::set<PriceAttributes> kinds;
    for (const TradeEntry& entry : trades_)
      instruments.insert({entry.trade.instrument, entry.trade.sell_instrument});
    for (const Sold& sold : sold_) kinds.insert(sold.kind);
    ASSERT_GT(instruments.size(), 2U);
    ASSERT_GT(kinds.size(), 1U);
    for (int i = 1; i <= 8; ++i) {
      const auto interval = static_cast<Interval>(i);
      for (const InstrumentId instrument : instruments) {
        SCOPED_TRACE(to_string(interval) + " of ins-" + std::to_string(instrument.value()));
        expect_equal(kept(instrument, interval, 1'000), plain(instrument, interval));
        expect_equal(kept(instrument, interval, 3), plain(instrument, interval));
      }
      if (interval < Interval::day) continue;
      for (const PriceAttributes& kind : kinds) {
        SCOPED_TRACE(to_string(interval) + " of " + kind.carrier + " " + kind.country);
        expect_equal(kept(kind, interval, 2), plain(kind, interval));
      }
    }
  }

  std::uint64_t seed_ = 11;
  bool settles_later_ = false;  // the stream's markets do
  std::filesystem::path directory_;
  std::unique_ptr<storage::History> history_;
  std::unique_ptr<HistoryRecorder> recorder_;
  std::vector<TradeEntry> trades_;
  std::vector<Sold> sold_;
  std::int64_t left_ = 0;
  std::int64_t cash_left_ = 0;
};

TEST_F(PricesTest, AreThoseOfTheTrades) {
  open("one");
  record(6'000, 40);
  expect_all();
}

TEST_F(PricesTest, AreThoseOfTheTradesWheneverTheySettle) {
  seed_ = 13;
  settles_later_ = true;
  open("one");
  record(6'000, 40);
  expect_all();
}

// A recorder that begins within a minute goes on where the one before it stopped; what it hears
// again counts once.
TEST_F(PricesTest, GoOnAfterARestart) {
  open("one");
  record(2'000, 7);
  open("one");
  record(4'000, 1);
  open("one");
  record(6'000, 1'000);
  expect_all();
}

TEST_F(PricesTest, OfAnOriginJoinsCarriersAndVintages) {
  open("one");
  record(6'000, 40);
  const PriceAttributes any{.currency = sold_.front().kind.currency,
                            .dimension = sold_.front().kind.dimension};
  std::int64_t amount = 0;
  std::int64_t low = INT64_MAX;
  for (const Sold& sold : sold_) {
    if (sold.kind.currency != any.currency || sold.kind.dimension != any.dimension) continue;
    amount += sold.amount;
    low = std::min(low, sold.price);
  }
  std::int64_t amount_kept = 0;
  std::int64_t low_kept = INT64_MAX;
  for (const Candle& candle : kept(any, Interval::year, 100)) {
    amount_kept += candle.volume;
    low_kept = std::min(low_kept, candle.low);
  }
  EXPECT_EQ(amount_kept, amount);
  EXPECT_EQ(low_kept, low);
  PriceAttributes nowhere = any;
  nowhere.country = "XX";
  EXPECT_THAT(kept(nowhere, Interval::day, 100), testing::IsEmpty());
}

TEST_F(PricesTest, APageEndsBeforeItsEnd) {
  open("one");
  record(6'000, 40);
  const InstrumentId instrument = trades_.front().trade.instrument;
  const std::vector<Candle> all = kept(instrument, Interval::minute, 1'000);
  ASSERT_GT(all.size(), 5U);
  const auto found = HistoryView(*history_).prices().candles(
      instrument,
      Interval::minute,
      {.from = Instant(all[1].start.ns() + kMinute / 2), .to = all[4].start});
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found.value.entries.size(), 3U);
  EXPECT_EQ(found.value.entries.front().start, all[1].start);
  EXPECT_FALSE(found.value.next.is_set());
}

}  // namespace
}  // namespace origo::gateway
