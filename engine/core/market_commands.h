#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/amount.h"
#include "engine/core/currency.h"
#include "engine/core/date.h"
#include "engine/core/digest.h"
#include "engine/core/id.h"
#include "engine/core/scheme.h"

// Commands about markets, instruments and orders.
namespace origo {

// clang-format off
enum class Side : std::uint8_t { buy = 1, sell = 2 };
// market_to_limit: takes the best opposite limit price, and what is left rests there as a limit order.
enum class OrderType : std::uint8_t { limit = 1, market = 2, market_to_limit = 3 };
// What happens instead of a trade between orders of one participant; the aggressor's choice.
enum class SelfTrade : std::uint8_t {
  allowed = 0, cancel_newest = 1, cancel_oldest = 2, cancel_both = 3, decrement = 4
};
// auction_only: taken in calls only, gone when the call ends. continuous_only: the reverse.
enum class TimeInForce : std::uint8_t {
  gtc = 1, day = 2, gtd = 3, ioc = 4, fok = 5, auction_only = 6, continuous_only = 7
};
// call: orders are taken in and wait for the uncross. pre_open: likewise, but nothing says yet what would trade.
enum class Phase : std::uint8_t { continuous = 1, halt = 2, closed = 3, call = 4, pre_open = 5 };
// Which call: the first trading of the day; the last before the close; one that a collar began; any other.
enum class CallKind : std::uint8_t { none = 0, opening = 1, intraday = 2, closing = 3, volatility = 4 };
// How a call finds its price. Source: market rules, "Call auction".
enum class AuctionRules : std::uint8_t { t7 = 0, xetra_nearest = 1, euronext = 2, jpx = 3, midpoint = 4 };
BOOST_DESCRIBE_ENUM(Side, buy, sell)
BOOST_DESCRIBE_ENUM(OrderType, limit, market, market_to_limit)
BOOST_DESCRIBE_ENUM(SelfTrade, allowed, cancel_newest, cancel_oldest, cancel_both, decrement)
BOOST_DESCRIBE_ENUM(TimeInForce, gtc, day, gtd, ioc, fok, auction_only, continuous_only)
BOOST_DESCRIBE_ENUM(Phase, continuous, halt, closed, call, pre_open)
BOOST_DESCRIBE_ENUM(CallKind, none, opening, intraday, closing, volatility)
BOOST_DESCRIBE_ENUM(AuctionRules, t7, xetra_nearest, euronext, jpx, midpoint)
// clang-format on

struct CreateMarket {
  std::string code;
  std::string name;
  // Trades settle at the end of so many business days after their own (T+n), 0 to 30; 0: at once.
  // Business days are those of the market's calendar, else Monday to Friday.
  std::uint32_t settle_days = 0;
};
// A market goes over to `phase` at `at`, or by chance up to `random_ns` later.
struct PhaseChange {
  Instant at;
  Phase phase = Phase::closed;
  std::int64_t random_ns = 0;  // 0 to 1 hour; over before the next change's `at`
};
// A market's trading days as UTC instants; replaces what the market had. DAY orders live to the
// next day's end; without one to midnight UTC. Of changes that are past, the last holds at once.
struct SetCalendar {
  MarketId market;
  std::vector<Instant> day_ends;    // ascending, in the future
  std::vector<PhaseChange> phases;  // ascending; may be empty: then phases are set by hand only
  Hash256 source{};                 // SHA-256 of the file it came from
};
// fee = rate x cumulative notional, rounded half up, plus per_contract x quantity. Negative: a
// rebate.
struct FeeRate {
  std::int32_t rate_ppm = 0;
  Cash per_contract;
};
struct FeeSchedule {
  FeeRate maker;
  FeeRate taker;
};
// The schedule of participants who have traded `volume_from` in the market in this calendar month
// (UTC), in Wh or g CO2e, each dimension for itself.
struct FeeTier {
  std::int64_t volume_from = 0;
  FeeSchedule fees;
};
struct SetFees {
  MarketId market;
  FeeSchedule fees;            // below the first tier
  std::vector<FeeTier> tiers;  // ascending by volume; an order keeps the schedule of its entry
};
// By hand: holds until the calendar's next change, or `until_lifted` by another SetPhase.
struct SetPhase {
  MarketId market;
  Phase phase = Phase::continuous;
  std::string reason;  // published; must say something
  bool until_lifted = false;
};
struct InstrumentTerms {
  Currency currency;
  Cash tick_value;  // of one contract, per tick
  Dimension dimension = Dimension::energy_wh;
  std::int64_t contract_size = 0;  // Wh or g CO2e
  Quantity quantity_max;           // per order
  Price price_max;                 // upper edge of the static collar
  Price price_min;                 // lower edge, at least 1
  Quantity quantity_min;           // per order; 0: one contract
  Cash value_min;                  // of a limit order at its limit; 0: none
  Cash value_max;                  // likewise
};
// What venues decide differently. The default is what 0 and false say. Source: market rules, "venue
// choice".
struct TradingRules {
  Quantity min_visible;  // an iceberg shows its next peak once it shows less than this; 0: once it
                         // shows none
  bool iceberg_raise_requeues = false;  // raising only its hidden part: keeps its place
  bool amend_below_filled_refused =
      false;                          // a new total at or below what is filled: cancels the rest
  bool stop_through_refused = false;  // a stop that is through already: triggers at once
  AuctionRules auction = AuctionRules::t7;
  bool market_orders_stay = false;     // what an uncross leaves of market orders: is cancelled
  bool market_to_limit_stays = false;  // and of market-to-limit orders: rests at the auction price
  // How far from the last trade price, and from the reference price, a trade may be in continuous
  // trading, in parts per million of them; beyond, the market goes to a volatility call instead. 0:
  // any distance.
  std::uint32_t dynamic_collar_ppm = 0;
  std::uint32_t static_collar_ppm = 0;
  std::uint32_t volatility_call_s = 0;  // its length, 1 to 86,400 seconds; with a collar only
  std::uint32_t volatility_random_s =
      0;                           // its end by chance up to so much later, 0 to 3,600 seconds
  bool limit_orders_only = false;  // market and market-to-limit orders are refused
  // How far from the reference price a limit price may be, in parts per million of it, at most
  // 1,000,000. 0, or without a reference price: any distance. Limit orders that a new reference
  // price leaves further away end.
  std::uint32_t price_band_ppm = 0;
  // How many of the day's last trades make the reference price where no closing call has; 0: 10; at
  // most 100.
  std::uint32_t reference_trades = 0;
  bool auction_tick_grid =
      false;  // calls by t7 and xetra_nearest judge every tick between the limits, not limits only
};
struct CreateInstrument {
  MarketId market;
  std::string code;
  std::string name;
  std::vector<ClauseSpec> filter;
  InstrumentTerms terms;
  TradingRules rules;
};
// What calls fall back on where orders alone leave the price open, and the base of the static
// collar. Holds for the rest of the trading day and is the day's reference price, whatever trades.
struct SetReferencePrice {
  InstrumentId instrument;
  Price price;
};
struct PlaceOrder {
  AccountId account;  // sells from it, or pays from it
  InstrumentId instrument;
  Side side = Side::buy;
  OrderType type = OrderType::limit;
  TimeInForce time_in_force = TimeInForce::gtc;
  Price price;             // limit; 0 for market orders
  Price protection_price;  // a market buy's worst price; 0: the collar's edge
  Quantity quantity;
  Instant expire_at;              // GTD: gone when now >= expire_at
  ClientOrderId client_order_id;  // unset, or unique among the account's live orders
  std::vector<LotId> lots;        // a sell's nominated lots; empty: soonest to expire first
  bool post_only = false;         // refused if it would trade
  Quantity min_quantity;          // refused if less can be traded at entry; 0: any
  SelfTrade self_trade = SelfTrade::allowed;
  Price stop_price;  // waits until the last trade price reaches it (a buy: or is above, a sell: or
                     // is below); then a market or limit order. 0: none
  Quantity peak;     // shows at most this much in the book; 0: all
  Quantity
      min_visible;  // shows the next peak once it shows less than this; 0: as the instrument says
  bool cancel_on_disconnect = false;  // ends with the session of its client id
};
// An order by its id, or (id unset) by the account's client order id.
struct OrderRef {
  AccountId account;
  OrderId order;
  ClientOrderId client_order_id;
};
struct AmendOrder {
  OrderRef target;
  Quantity quantity;  // the new total; 0: keep
  Price price;        // 0: keep
  Price stop_price;   // of an order that still waits; 0: keep
};
struct ReduceOrder {
  OrderRef target;
  Quantity by;
};
struct CancelOrder {
  OrderRef target;
};
struct MassCancel {
  AccountId account;
  InstrumentId instrument;  // unset: all
  std::uint8_t side = 0;    // 0: both, else a Side
  Price price_min;          // 0: no lower end
  Price price_max;          // 0: no upper end
};
// The session of a client id is over: its orders that were to end with it do.
struct EndSession {
  ClientId client;
};

// clang-format off
BOOST_DESCRIBE_STRUCT(CreateMarket, (), (code, name, settle_days))
BOOST_DESCRIBE_STRUCT(PhaseChange, (), (at, phase, random_ns))
BOOST_DESCRIBE_STRUCT(SetCalendar, (), (market, day_ends, phases, source))
BOOST_DESCRIBE_STRUCT(FeeRate, (), (rate_ppm, per_contract))
BOOST_DESCRIBE_STRUCT(FeeSchedule, (), (maker, taker))
BOOST_DESCRIBE_STRUCT(FeeTier, (), (volume_from, fees))
BOOST_DESCRIBE_STRUCT(SetFees, (), (market, fees, tiers))
BOOST_DESCRIBE_STRUCT(SetPhase, (), (market, phase, reason, until_lifted))
BOOST_DESCRIBE_STRUCT(InstrumentTerms, (),
                      (currency, tick_value, dimension, contract_size, quantity_max, price_max, price_min,
                       quantity_min, value_min, value_max))
BOOST_DESCRIBE_STRUCT(TradingRules, (),
                      (min_visible, iceberg_raise_requeues, amend_below_filled_refused, stop_through_refused,
                       auction, market_orders_stay, market_to_limit_stays, dynamic_collar_ppm, static_collar_ppm,
                       volatility_call_s, volatility_random_s, limit_orders_only, price_band_ppm, reference_trades,
                       auction_tick_grid))
BOOST_DESCRIBE_STRUCT(CreateInstrument, (), (market, code, name, filter, terms, rules))
BOOST_DESCRIBE_STRUCT(SetReferencePrice, (), (instrument, price))
BOOST_DESCRIBE_STRUCT(PlaceOrder, (),
                      (account, instrument, side, type, time_in_force, price, protection_price, quantity,
                       expire_at, client_order_id, lots, post_only, min_quantity, self_trade, stop_price, peak,
                       min_visible, cancel_on_disconnect))
BOOST_DESCRIBE_STRUCT(OrderRef, (), (account, order, client_order_id))
BOOST_DESCRIBE_STRUCT(AmendOrder, (), (target, quantity, price, stop_price))
BOOST_DESCRIBE_STRUCT(ReduceOrder, (), (target, by))
BOOST_DESCRIBE_STRUCT(CancelOrder, (), (target))
BOOST_DESCRIBE_STRUCT(MassCancel, (), (account, instrument, side, price_min, price_max))
BOOST_DESCRIBE_STRUCT(EndSession, (), (client))
// clang-format on

}  // namespace origo
