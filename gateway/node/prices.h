#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/event.h"
#include "engine/exchange.h"
#include "gateway/node/candle.h"
#include "storage/history.h"

// Price history in storage/history: what is kept, how it is written and read. Derived from trades
// alone, so a replay of the journal writes the same.
namespace origo::gateway {

// By what certificates are told apart in price statistics.
struct PriceAttributes {
  Currency currency;
  Dimension dimension = Dimension::energy_wh;
  std::string carrier;       // of the production declaration
  std::string country;       // of the device: the origin
  std::int32_t vintage = 0;  // year in which the production period ends
  auto operator<=>(const PriceAttributes&) const = default;
};
BOOST_DESCRIBE_STRUCT(PriceAttributes, (), (currency, dimension, carrier, country, vintage))

// What certificates of one kind traded for on a day, over all instruments: prices in thousandths of
// a minor unit per MWh or tonne, rounded half up, amounts in Wh or g, turnover in minor units.
struct AttributeCandle {
  PriceAttributes attributes;
  Candle candle;
};
BOOST_DESCRIBE_STRUCT(AttributeCandle, (), (attributes, candle))

// Writes candles from trades: of each instrument by minute and by day (prices in ticks, amounts in
// contracts, turnover in ticks x contracts), and of each kind of certificates by day. Used by one
// thread.
class PriceRecorder {
 public:
  PriceRecorder(const storage::History& history, storage::HistoryBatch& batch)
      : history_(history), batch_(batch) {}

  // A trade between two instruments moves the price of both.
  void add(const Trade& trade, Instant time);
  // What was delivered in the trade last added; what others deliver was counted at their time.
  void add_delivery(const CertificatesMoved& moved, const Exchange& exchange);
  // What the trade last added will deliver later.
  void add_deliveries(const PendingSettlement& settlement, const Exchange& exchange);
  // Puts what has changed into the batch. Not ok: the history could not be read.
  [[nodiscard]] storage::Status flush();

 private:
  struct Row {
    std::string key;
    Candle candle;
    bool changed = false;
  };
  struct KindRow {
    AttributeCandle entry;
    bool changed = false;
  };
  void add(InstrumentId instrument, Interval stored);
  void add_delivery(LotId lot, Units units, const Exchange& exchange);
  template <class T>
  void load(storage::HistoryKind table, const std::string& key, T& row);
  void put(Row& row, Interval stored);

  const storage::History& history_;
  storage::HistoryBatch& batch_;
  storage::Status trouble_;
  Trade trade_;
  Instant time_;
  std::int64_t delivered_ = 0;                             // in trade_, Wh or g
  std::map<std::pair<InstrumentId, Interval>, Row> rows_;  // the newest of each
  std::map<std::string, KindRow> by_kind_;                 // of the newest day, by key
};

// The volume-weighted average price of a kind's candle, in thousandths of a minor unit per MWh or
// tonne, rounded half up.
[[nodiscard]] std::int64_t average_of_kind(const Candle& candle);

// A page of candles, oldest first: from the span that holds `from` to the last that begins before
// `to`.
struct CandlePage {
  Instant from;
  Instant to = kInstantMax;
  std::size_t limit = 500;
};
struct CandleList {
  std::vector<Candle> entries;
  Instant next;  // `from` of the next page; unset: this is the last
};

// Reads candles. Any thread. Spans in which nothing traded have none.
class PriceView {
 public:
  explicit PriceView(const storage::History& history) : history_(history) {}

  [[nodiscard]] storage::Outcome<CandleList> candles(InstrumentId instrument,
                                                     Interval interval,
                                                     CandlePage page) const;
  // Of all certificates that agree with `wanted`: currency and dimension are needed, empty texts
  // and vintage 0 leave open what they would say. One candle a span. `interval` is a day or longer.
  [[nodiscard]] storage::Outcome<CandleList> candles(const PriceAttributes& wanted,
                                                     Interval interval,
                                                     CandlePage page) const;

 private:
  const storage::History& history_;
};

}  // namespace origo::gateway
