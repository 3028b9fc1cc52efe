#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/core/command.h"
#include "engine/core/encoding.h"
#include "engine/core/event.h"
#include "engine/market/book.h"
#include "engine/market/filter.h"
#include "engine/market/order.h"
#include "engine/market/order_list.h"
#include "engine/market/order_table.h"
#include "engine/market/standing.h"

// Markets, instruments, books and live orders. Data and look-ups; the trading desk (desk.h)
// decides.
namespace origo {

// From which volume on which schedule holds.
struct TierPlace {
  std::int64_t volume_from = 0;
  std::uint32_t fees = 0;  // by place in Market::schedules
};

// Whether orders stand without trading in this phase; whether it takes orders.
[[nodiscard]] constexpr bool gathers(Phase phase) {
  return phase == Phase::call || phase == Phase::pre_open;
}
[[nodiscard]] constexpr bool takes_orders(Phase phase) {
  return phase == Phase::continuous || gathers(phase);
}

struct Venue {
  MarketId id;
  std::string code;
  std::string name;
  Phase phase = Phase::continuous;
  std::string phase_reason;           // of who set it by hand; empty: the calendar says so
  std::vector<Instant> day_ends;      // ascending
  std::vector<PhaseChange> schedule;  // what is still to come, ascending
  Instant change_at;          // the first of it, where chance or a retry decides; unset: its `at`
  bool until_lifted = false;  // the phase was set by hand, and the calendar does not change it
  Hash256 calendar_source{};
  std::uint32_t fees = 0;        // current schedule, by place in Market::schedules
  std::vector<TierPlace> tiers;  // ascending by volume
  bool uncross_due =
      false;  // orders have been gathered, in a call or before it, and not uncrossed yet
  CallKind call = CallKind::none;  // the call that has begun and not uncrossed yet
  std::uint32_t settle_days = 0;   // business days from trade to settlement; 0: at once
  Instant settles_at;              // when trades of now settle; unset: at once
  Instant settle_day_ends;         // then `settles_at` changes; unset: never
  bool opened = false;             // this trading day has seen a call or continuous trading
  Instant day_end;                 // of this trading day

  // When the trading day ends that `now` is in: as the calendar says; without one at midnight UTC.
  [[nodiscard]] Instant day_end_after(Instant now) const;
  // Whether the calendar has another call, or continuous trading, to come before the day ends at
  // `end`.
  [[nodiscard]] bool trades_again_before(Instant end) const;
  // Whether a call goes on, though it may be halted.
  [[nodiscard]] bool in_call() const { return call != CallKind::none && phase != Phase::pre_open; }
};

inline constexpr std::uint32_t kReferenceTrades =
    10;  // unless the instrument's rules say another number

struct PastTrade {
  Price price;
  Quantity quantity;
};
// Of what the day's reference price will be made.
struct DayPrices {
  std::vector<PastTrade>
      latest;  // the last trades, in as many places as the rules count; the oldest gives way
  std::uint32_t next = 0;  // place of the next
  std::uint32_t kept = 0;  // how many places hold one of this day
  Price closing;           // what the closing call traded at; 0: nothing, or it was none
  Quantity closing_volume;
  std::uint32_t closing_trades = 0;
  bool set_by_hand = false;  // the reference price

  void note(Price price, Quantity quantity) {
    latest[next] = {.price = price, .quantity = quantity};
    if (++next == latest.size()) next = 0;
    if (kept < latest.size()) ++kept;
  }
};

struct Instrument {
  InstrumentId id;
  MarketId market;
  std::string code;
  std::string name;
  std::vector<ClauseSpec> spec;  // the filter as it was written
  Filter filter;
  InstrumentTerms terms;
  TradingRules rules;
  std::vector<RegistryId> registries;  // that could deliver when it was created
  std::vector<InstrumentId> narrower;  // whose sells its buys can take, besides its own; ascending
  std::vector<InstrumentId> wider;     // whose buys its sells can fill, besides its own; ascending
  Price last;                          // trade; 0: none yet
  Price reference;                     // 0: none yet
  Quantity volume;                     // contracts traded
  DayPrices day;
  std::uint32_t stops_waiting = 0;  // derived, never encoded, like
  std::uint32_t registry_set = 0;   // a number for `registries`: equal ones have the same
};

BOOST_DESCRIBE_STRUCT(TierPlace, (), (volume_from, fees))
BOOST_DESCRIBE_STRUCT(Venue,
                      (),
                      (id,
                       code,
                       name,
                       phase,
                       phase_reason,
                       day_ends,
                       schedule,
                       change_at,
                       until_lifted,
                       calendar_source,
                       fees,
                       tiers,
                       uncross_due,
                       settle_days,
                       settles_at,
                       settle_day_ends,
                       call,
                       opened,
                       day_end))
BOOST_DESCRIBE_STRUCT(PastTrade, (), (price, quantity))
BOOST_DESCRIBE_STRUCT(DayPrices,
                      (),
                      (latest, next, kept, closing, closing_volume, closing_trades, set_by_hand))
BOOST_DESCRIBE_STRUCT(Instrument,
                      (),
                      (id,
                       market,
                       code,
                       name,
                       spec,
                       filter,
                       terms,
                       rules,
                       registries,
                       narrower,
                       wider,
                       last,
                       reference,
                       volume,
                       day))

// Who has traded where, for fee tiers.
struct VolumeKey {
  ParticipantId participant;
  MarketId market;
  Dimension dimension = Dimension::energy_wh;
  auto operator<=>(const VolumeKey&) const = default;
};
struct MonthVolume {
  std::int32_t month = 0;   // year x 12 + month - 1
  std::int64_t amount = 0;  // Wh or g CO2e, at most kSupplyMax
};
BOOST_DESCRIBE_STRUCT(VolumeKey, (), (participant, market, dimension))
BOOST_DESCRIBE_STRUCT(MonthVolume, (), (month, amount))

struct ClientOrderKey {
  AccountId account;
  ClientOrderId client_order_id;
  bool operator==(const ClientOrderKey&) const = default;
  [[nodiscard]] std::uint64_t mixed() const {
    return mix(mix(client_order_id.value()) ^ account.value());
  }
};

// Where the aggressor at work has moved the last price of an instrument on which stops wait.
struct PriceMove {
  InstrumentId instrument;
  Price before;
  Price low;
  Price high;
  Side aggressor;
};
// The last price of an instrument with a dynamic collar, before the aggressor at work.
struct PriceBefore {
  InstrumentId instrument;
  Price last;
};

struct Market {
  std::vector<Venue> venues;                          // by id - 1
  std::vector<Instrument> instruments;                // by id - 1
  std::vector<Book> books;                            // by instrument id - 1
  std::vector<FeeSchedule> schedules{FeeSchedule{}};  // every one ever set: orders keep theirs
  std::map<VolumeKey, MonthVolume> volumes;           // in markets with tiers
  BookStore store;                                    // orders and levels of all books
  Pool<OrderExtra> extras;
  Pool<Condition, 8> conditions;
  Pool<Reservation> reservations;
  std::vector<OrderList> account_orders;  // by account id
  OrderTable by_id;
  IndexBy<ClientOrderKey> by_client_id;
  std::map<ClientId, OrderList> sessions;  // orders that end with a session
  std::set<MarketId>
      undrawn;  // a change of phase has begun to be possible, and the next Tick draws when it is
  std::map<TradeId, PendingSettlement> settlements;  // still to come
  Standings standings;
  std::map<std::vector<RegistryId>, std::uint32_t> registry_sets;  // derived
  struct VenueCash {
    Currency currency;
    CashSlot slot = CashLedger::kNone;
  };
  VenueCash venue_cash;  // where fees went last; derived
  OrderId last_order;
  TradeId last_trade;
  // Of one command at work; kept here for their memory only.
  std::vector<PriceMove> moves;
  std::vector<PriceBefore> before;

  [[nodiscard]] const Venue* find(MarketId id) const { return find_by_id(venues, id); }
  [[nodiscard]] const Instrument* find(InstrumentId id) const {
    return find_by_id(instruments, id);
  }
  [[nodiscard]] const Instrument& get(InstrumentId id) const { return get_by_id(instruments, id); }
  [[nodiscard]] Instrument& get(InstrumentId id) { return get_by_id(instruments, id); }
  // Numbers the instrument's set of registries.
  void note_registries(Instrument& instrument);
  // The live order; kNoSlot: none.
  [[nodiscard]] OrderSlot find_order(OrderId id) const { return by_id.find(id, store.orders); }
  [[nodiscard]] Book& book(InstrumentId id) { return books[id.value() - 1]; }
  [[nodiscard]] const Book& book(InstrumentId id) const { return books[id.value() - 1]; }
  // The order's condition; nullptr: none. What it hides, where it is in the book.
  [[nodiscard]] Condition* condition_of(const Order& order) {
    if (order.extra == kNoSlot || extras[order.extra].condition == kNoSlot) return nullptr;
    return &conditions[extras[order.extra].condition];
  }
  [[nodiscard]] const Condition* condition_of(const Order& order) const {
    return const_cast<Market*>(this)->condition_of(order);
  }
  [[nodiscard]] Quantity hidden_of(const Order& order) const {
    return order.is_iceberg ? condition_of(order)->hidden : Quantity();
  }
  // When a resting order came to its place: all books are served in this order at one price.
  [[nodiscard]] OrderId priority_of(const Order& order) const {
    if (order.extra == kNoSlot || !extras[order.extra].priority.is_set()) return order.id;
    return extras[order.extra].priority;
  }
  // All of one live order; of every live order, by id.
  [[nodiscard]] OrderImage image_of(OrderSlot slot) const;
  [[nodiscard]] std::vector<OrderImage> live_orders() const;
  // A pooled order with what the image says, but its promise; not enrolled and not in a level.
  OrderSlot revive(const OrderImage& image);
  // Enters a live order into the look-ups by id, account and client order id; takes it out of them
  // and frees its place.
  void enrol(OrderSlot slot);
  void strike(OrderSlot slot);
  void drop_extra(ExtraSlot slot);  // and its condition
  // The account's live orders, oldest first: visit(slot). They may end meanwhile.
  template <class Visit>
  void for_each_order_of(AccountId account, Visit&& visit) const {
    if (account.value() < account_orders.size())
      account_orders[account.value()].for_each(store.orders, visit);
  }
  // What `sell` promises, in the order of delivery: visit(holding, units per contract, contracts).
  template <class Visit>
  void for_each_promise(const Order& sell, Visit&& visit) const {
    if (!sell.is_split) {
      if (sell.promise.holding != kNoSlot)
        visit(sell.promise.holding, sell.promise.units_per_contract, sell.open);
      return;
    }
    for (ReservationSlot at = sell.split.first; at != kNoSlot; at = reservations[at].next) {
      const Reservation& part = reservations[at];
      visit(part.holding, part.units_per_contract, part.contracts);
    }
  }

  void encode(Encoder& out) const;
  // Everything but the live orders, which are returned: the desk puts them back.
  [[nodiscard]] std::vector<OrderImage> decode(Decoder& in);
};

// Where limit prices may lie: within the instrument's collar and, where it has a reference price,
// its band.
struct PriceRange {
  Price low;
  Price high;
};
[[nodiscard]] PriceRange price_range(const Instrument& instrument);

// Cash for `quantity` contracts at `price`. Cannot overflow for an order within its instrument's
// terms.
[[nodiscard]] Cash value_of(Price price, Quantity quantity, const InstrumentTerms& terms);

inline constexpr std::int64_t kUnitsPerContractMax = 0xffffffff;

// How many of a lot's units make one contract; 0: not a whole number, so the lot cannot deliver.
[[nodiscard]] std::int64_t units_per_contract(const InstrumentTerms& terms,
                                              Dimension dimension,
                                              std::int64_t unit_size);

}  // namespace origo
