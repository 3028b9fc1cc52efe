#pragma once

#include <algorithm>
#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/market_commands.h"
#include "engine/core/reject.h"

// Facts about markets, instruments, orders and trades.
namespace origo {

// clang-format off
enum class OrderEnd : std::uint8_t {
  filled = 1, user = 2, ioc = 3, fok = 4, market_remainder = 5, expired = 6, day = 7, mass = 8, amend = 9,
  phase = 10, certificate_expired = 11, frozen = 12, stp = 13, killed = 14, disconnect = 15, auction_end = 16,
  band = 17, withdrawn = 18
};
// What changed a phase: a market operator, the market's calendar, or a trade that would have been outside a collar.
enum class PhaseCause : std::uint8_t { by_hand = 1, calendar = 2, collar = 3 };
// How a day's reference price was made: by the closing call; as the volume-weighted average of the day's last
// trades; as the day before, because nothing traded; by a market operator.
enum class ReferenceMethod : std::uint8_t { closing_call = 1, vwap = 2, previous = 3, set_by_hand = 4 };
BOOST_DESCRIBE_ENUM(OrderEnd, filled, user, ioc, fok, market_remainder, expired, day, mass, amend, phase,
                    certificate_expired, frozen, stp, killed, disconnect, auction_end, band, withdrawn)
BOOST_DESCRIBE_ENUM(PhaseCause, by_hand, calendar, collar)
BOOST_DESCRIBE_ENUM(ReferenceMethod, closing_call, vwap, previous, set_by_hand)
// clang-format on

struct MarketCreated {
  MarketId market;
  CreateMarket details;
};
struct CalendarSet {
  MarketId market;
  std::uint32_t day_ends = 0;  // how many
  std::uint32_t phases = 0;
  Hash256 source{};
};
struct FeesSet {
  SetFees fees;
};
struct PhaseChanged {
  MarketId market;
  Phase phase = Phase::continuous;
  std::string
      reason;  // of the operator; of a collar the instrument's code; empty if the calendar says so
  PhaseCause cause = PhaseCause::by_hand;
  bool until_lifted = false;       // the calendar does not change it
  CallKind call = CallKind::none;  // which one, if `phase` is a call
};
// The calendar's change could not happen: the phase stays, and the change is tried again a minute
// later.
struct PhaseChangeRefused {
  MarketId market;
  Phase phase = Phase::continuous;
  Reject reason = Reject::malformed;
  std::string detail;
};
struct InstrumentCreated {
  InstrumentId instrument;
  CreateInstrument details;
};
struct OrderAccepted {
  OrderId order;
  AccountId account;
  InstrumentId instrument;
  Side side = Side::buy;
  OrderType type = OrderType::limit;
  TimeInForce time_in_force = TimeInForce::gtc;
  Price price;
  Quantity quantity;
  Instant expire_at;
  ClientOrderId client_order_id;
};
// The order stands in the book, behind all others at its price. Price 0: at any price, for the
// uncross. Told again of an order that stands at any price: what a call left of it is a limit order
// at this price from now on.
struct OrderRested {
  OrderId order;
  InstrumentId instrument;
  Side side = Side::buy;
  Price price;
  Quantity visible;  // what the book shows of it
};
// The order waits outside the book for the last trade price to reach its stop price.
struct OrderWaiting {
  OrderId order;
  InstrumentId instrument;
  Side side = Side::buy;
  Price stop_price;
};
// Its stop price was reached: the order enters the market now, behind all others.
struct StopTriggered {
  OrderId order;
  InstrumentId instrument;
  Side side = Side::buy;
  Price stop_price;
};
// An iceberg shows its next peak: it has left its place and stands behind all others at its price.
struct OrderRefreshed {
  OrderId order;
  InstrumentId instrument;
  Side side = Side::buy;
  Price price;
  Quantity visible;
};
// An amendment or reduction took effect; if `requeued` the order left its place first.
struct OrderAmended {
  OrderId order;
  InstrumentId instrument;
  Side side = Side::buy;
  Price price;
  Quantity quantity;  // total
  Quantity open;
  Quantity visible;  // what the book shows of it; 0 while it is not in the book
  bool requeued = false;
};
struct Trade {
  TradeId trade;
  InstrumentId instrument;       // of the buy order
  InstrumentId sell_instrument;  // delivers; narrower or the same
  Price price;                   // the maker's
  Quantity quantity;
  Side aggressor = Side::buy;
  OrderId maker;
  OrderId taker;
  AccountId buyer;
  AccountId seller;
  Quantity maker_open;  // after
  Quantity taker_open;  // after
  bool uncrossed =
      false;  // of a call: the price is the auction's, the younger order counts as the taker
  bool with_itself = false;  // uncrossed, and both orders are of one participant
};
// A call has found its price; its trades follow. Likewise what a pre-open phase has gathered, where
// continuous trading follows it.
struct Uncrossed {
  InstrumentId instrument;
  Price price;
  Quantity volume;
  Side surplus_side = Side::buy;  // of what is left at the price; means nothing if surplus is 0
  Quantity surplus;
  CallKind call = CallKind::none;  // none: it was a pre-open phase
};
struct ReferencePriceSet {
  SetReferencePrice reference;
};
// Certificates of one lot that a trade will move.
struct PendingDelivery {
  LotId lot;
  AccountId from;
  AccountId to;  // may be `from`: then nothing moves
  Units units;
};
// A trade whose settlement is still to come. Until then both sides keep what they owe, reserved.
struct PendingSettlement {
  TradeId trade;
  MarketId market;
  AccountId buyer;
  AccountId seller;
  Currency currency;
  Cash cash;
  Cash buyer_fee;  // negative: a rebate; the venue reserves what the other side's fee does not
                   // cover of it
  Cash seller_fee;
  Instant due;
  std::vector<PendingDelivery> deliveries;
  // What each side has reserved for it.
  [[nodiscard]] Cash buyer_owes() const { return cash + std::max(buyer_fee, Cash()); }
  [[nodiscard]] Cash venue_owes() const { return std::max(-(buyer_fee + seller_fee), Cash()); }
};
// A trade settles later: TradeSettled follows when it is due.
struct SettlementScheduled {
  PendingSettlement settlement;
};
// A scheduled trade will not settle: certificates of the lot that it was to move are withdrawn.
// Both sides keep what they have, and no fee is due.
struct SettlementUnwound {
  TradeId trade;
  LotId lot;
};
// A trading day has ended and the instrument has a reference price, which holds from now on.
struct ReferencePriceDecided {
  InstrumentId instrument;
  Date day;  // UTC, of the last instant of the trading day
  Price price;
  ReferenceMethod method = ReferenceMethod::previous;
  Quantity volume;           // of the trades that made it; 0: none did; likewise
  std::uint32_t trades = 0;  // how many
};
// The money of one trade: buyer pays cash + buyer_fee, seller gets cash - seller_fee.
struct TradeSettled {
  TradeId trade;
  Currency currency;
  Cash cash;
  Cash buyer_fee;  // negative: a rebate
  Cash seller_fee;
};
// The order is gone. `open` is what was not filled.
struct OrderEnded {
  OrderId order;
  AccountId account;
  InstrumentId instrument;
  Side side = Side::buy;
  Quantity open;
  Quantity filled;
  OrderEnd reason = OrderEnd::filled;
};
// A price level after a change, as the book shows it; orders = 0: it is gone.
struct LevelChanged {
  InstrumentId instrument;
  Side side = Side::buy;
  Price price;
  Quantity open;
  std::uint32_t orders = 0;
};

// clang-format off
BOOST_DESCRIBE_STRUCT(MarketCreated, (), (market, details))
BOOST_DESCRIBE_STRUCT(CalendarSet, (), (market, day_ends, phases, source))
BOOST_DESCRIBE_STRUCT(FeesSet, (), (fees))
BOOST_DESCRIBE_STRUCT(PhaseChanged, (), (market, phase, reason, cause, until_lifted, call))
BOOST_DESCRIBE_STRUCT(PhaseChangeRefused, (), (market, phase, reason, detail))
BOOST_DESCRIBE_STRUCT(InstrumentCreated, (), (instrument, details))
BOOST_DESCRIBE_STRUCT(OrderAccepted, (),
                      (order, account, instrument, side, type, time_in_force, price, quantity, expire_at,
                       client_order_id))
BOOST_DESCRIBE_STRUCT(OrderRested, (), (order, instrument, side, price, visible))
BOOST_DESCRIBE_STRUCT(OrderWaiting, (), (order, instrument, side, stop_price))
BOOST_DESCRIBE_STRUCT(StopTriggered, (), (order, instrument, side, stop_price))
BOOST_DESCRIBE_STRUCT(OrderRefreshed, (), (order, instrument, side, price, visible))
BOOST_DESCRIBE_STRUCT(OrderAmended, (), (order, instrument, side, price, quantity, open, visible, requeued))
BOOST_DESCRIBE_STRUCT(Trade, (),
                      (trade, instrument, sell_instrument, price, quantity, aggressor, maker, taker, buyer,
                       seller, maker_open, taker_open, uncrossed, with_itself))
BOOST_DESCRIBE_STRUCT(Uncrossed, (), (instrument, price, volume, surplus_side, surplus, call))
BOOST_DESCRIBE_STRUCT(ReferencePriceSet, (), (reference))
BOOST_DESCRIBE_STRUCT(PendingDelivery, (), (lot, from, to, units))
BOOST_DESCRIBE_STRUCT(PendingSettlement, (),
                      (trade, market, buyer, seller, currency, cash, buyer_fee, seller_fee, due, deliveries))
BOOST_DESCRIBE_STRUCT(SettlementScheduled, (), (settlement))
BOOST_DESCRIBE_STRUCT(SettlementUnwound, (), (trade, lot))
BOOST_DESCRIBE_STRUCT(ReferencePriceDecided, (), (instrument, day, price, method, volume, trades))
BOOST_DESCRIBE_STRUCT(TradeSettled, (), (trade, currency, cash, buyer_fee, seller_fee))
BOOST_DESCRIBE_STRUCT(OrderEnded, (), (order, account, instrument, side, open, filled, reason))
BOOST_DESCRIBE_STRUCT(LevelChanged, (), (instrument, side, price, open, orders))
// clang-format on

}  // namespace origo
