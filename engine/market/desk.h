#pragma once

#include <boost/container/small_vector.hpp>

#include "engine/core/result.h"
#include "engine/state.h"

namespace origo {

// The trading desk: takes orders in, matches them, settles what they trade.
// Syntax and rights are checked before it is called. Every method validates all, then changes all.
// Source: market rules, sections 1, 2 and 7.
class Desk {
 public:
  explicit Desk(const Working& working)
      : events_(working.events),
        now_(working.now),
        client_(working.client),
        state_(working.state),
        market_(working.state.market),
        moves_(market_.moves),
        before_(market_.before) {
    moves_.clear();
    before_.clear();
  }

  struct Taken {
    OrderId id;
    Quantity filled;  // at once
    Quantity open;    // resting or waiting now
  };

  // Matches an incoming order and lets the rest of it stand in the book, if its kind rests; a stop
  // order waits instead. Then the stops fire that its trades have reached. Shape:   OrderAccepted,
  // per maker touched Trade, CertificatesMoved.., TradeSettled (or, where trades
  //          settle later, SettlementScheduled), LevelChanged and
  //          OrderEnded if it is filled (OrderRefreshed and LevelChanged if it shows its next
  //          peak), then OrderRested and LevelChanged, or OrderEnded; OrderWaiting for a stop;
  //          StopTriggered and the same again for each that fires.
  // Ensures: outside calls the book is not crossed; total cash and total units are unchanged.
  // Cost:    O(levels moved + makers touched), and a walk over the account's lots that fit for a
  // sell.
  Result<Taken> place(const PlaceOrder& command);
  // A decrease keeps priority; an increase or a change of price loses it and may trade at once; to
  // or below what is filled ends the order (reason amend).
  Result<Taken> amend(const AmendOrder& command);
  Result<Taken> reduce(const ReduceOrder& command);
  Result<Taken> cancel(const CancelOrder& command);
  // Ends all matching orders of the account, oldest first; how many is the answer's id.
  Result<std::uint64_t> mass_cancel(const MassCancel& command);

  // Ends every order that `lot` is reserved for: it can no longer be delivered.
  void end_orders_on_lots(std::span<const LotId> lots, OrderEnd reason);
  // Ends orders that `holding` is promised to, the newest first, until no more than `left` units
  // are promised by it or none is left.
  void end_orders_beyond(HoldingSlot holding, Units left, OrderEnd reason);
  void end_orders_of_account(AccountId account, OrderEnd reason);
  // Ends the market's sells of certificates that would end before a trade of now settles, oldest
  // first.
  void end_orders_settling_late(MarketId market);
  // Ends the instrument's orders whose limit lies outside its band, oldest first.
  void end_orders_outside_band(const Instrument& instrument);
  // Ends the participant's buys that have lost a receiving account they need.
  void end_orders_without_receiver(ParticipantId participant, OrderEnd reason);
  // Ends the orders that were to end with the client's session, oldest first; how many.
  std::uint64_t end_session(ClientId client);
  // A DAY or GTD order has fallen due.
  void expire_order(OrderId order);
  // Whether the market can go over to `next`: a call that ends must find its prices.
  // Rejects: reference_missing (detail: the instrument).
  [[nodiscard]] Verdict check_leave(MarketId market, Phase next) const;
  // What a change of phase does to the market's orders: before it, the uncross of a call that ends;
  // after it, the end of orders that the phase does not take, and of stops that were reached.
  void leave_phase(MarketId market, Phase next);
  void enter_phase(MarketId market, PhaseCause cause);
  // Puts the live orders of a snapshot back, by id and in the queues by priority; false: they
  // cannot be.
  [[nodiscard]] bool restore(const std::vector<OrderImage>& images);

 private:
  struct Pick {
    HoldingSlot holding;
    std::uint32_t units_per_contract;
    Quantity contracts;
  };
  using Picks = boost::container::small_vector<Pick, 4>;
  // An order on its way into the market: what it needs before it has a level.
  struct Incoming {
    OrderSlot slot;
    InstrumentId instrument;
    const Instrument& listed;  // that one
    Price limit;               // 0: at any price, which only a call can find
    Price floor;               // buys: the lower edge of their instrument's collar
    // The books beside its own that it can trade with: a buy takes what is narrower, a sell fills
    // what is wider.
    const std::vector<InstrumentId>& reach;
  };
  // What an amendment makes of an order.
  struct Amended {
    Quantity total;
    Price price;  // limit; of an order without one: what it may cost at worst, or 0 at any price
    Price stop_price;  // while it waits
  };
  using Move = PriceMove;
  using Before = PriceBefore;
  // What ended an aggressor's trading: nothing in its reach crosses (or it is filled), the
  // prevention of self-trades, or a trade that would have been outside a collar.
  enum class Matched : std::uint8_t { done, prevented, outside };
  // A stop whose price was reached and that has yet to fire.
  struct Reached {
    bool against_move;
    Side side;
    Price stop_price;
    OrderId place;
    OrderSlot slot;
    InstrumentId instrument;
  };

  [[nodiscard]] Order& order(OrderSlot slot) { return market_.store.orders[slot]; }
  [[nodiscard]] const Order& order(OrderSlot slot) const { return market_.store.orders[slot]; }
  [[nodiscard]] const Level& level_of(const Order& queued) const {
    return market_.store.levels[queued.level];
  }
  [[nodiscard]] const Instrument& instrument_of(const Order& queued) const {
    return market_.get(level_of(queued).place.instrument());
  }
  [[nodiscard]] bool waits(const Order& queued) const {
    return level_of(queued).place.queue() == Queue::stops;
  }
  [[nodiscard]] Phase phase_of(const Instrument& instrument) const {
    return market_.find(instrument.market)->phase;
  }

  // order entry: desk.cc
  [[nodiscard]] Verdict check_entrant(AccountId account, AccountStanding& standing) const;
  [[nodiscard]] static Verdict check_phase(Phase phase,
                                           const PlaceOrder& command,
                                           const TradingRules& rules);
  [[nodiscard]] Verdict check_limits(Quantity total,
                                     Price limit,
                                     const InstrumentTerms& terms) const;
  [[nodiscard]] Verdict check_price(Price price, const InstrumentTerms& terms) const;
  [[nodiscard]] Verdict check_band(Price limit, const Instrument& instrument) const;
  [[nodiscard]] Verdict check_prices(const PlaceOrder& command, const Instrument& instrument) const;
  [[nodiscard]] Verdict check_ids(const PlaceOrder& command) const;
  [[nodiscard]] Verdict check_sender(AccountId account, AccountStanding& standing) const;
  [[nodiscard]] Verdict check_receivers(const PlaceOrder& command,
                                        const Instrument& instrument,
                                        AccountStanding& standing) const;
  [[nodiscard]] bool can_receive(AccountId account, const Instrument& instrument) const;
  [[nodiscard]] OrderSlot draft(const PlaceOrder& command,
                                const Instrument& instrument,
                                CashSlot cash);
  [[nodiscard]] Verdict check_entry(const PlaceOrder& command, const Incoming& taker) const;
  [[nodiscard]] Instant expiry_of(const PlaceOrder& command, const Instrument& instrument) const;
  [[nodiscard]] static Price limit_of(const PlaceOrder& command, const InstrumentTerms& terms);
  [[nodiscard]] std::uint32_t schedule_for(AccountId account, const Instrument& instrument) const;
  void take_extra(OrderSlot slot,
                  const PlaceOrder& command,
                  const Instrument& instrument,
                  Price limit,
                  Instant expire_at);
  [[nodiscard]] Result<OrderSlot> find_target(const OrderRef& target) const;
  [[nodiscard]] Incoming incoming(OrderSlot slot, const Instrument& instrument, Price limit) const;
  Taken run(const Incoming& incoming, bool stood = false);
  Taken join_call(const Incoming& incoming);
  OrderExtra& extra_of(Order& order);

  // changes: amending.cc
  Result<Taken> amend_to(OrderSlot slot, const Amended& to);
  [[nodiscard]] Amended terms_of(const Order& queued) const;
  [[nodiscard]] Verdict check_growth(const Order& order,
                                     const Amended& to,
                                     const Instrument& instrument) const;
  Taken requeue(OrderSlot slot, const Amended& to, const Instrument& instrument);
  Taken raise_hidden(OrderSlot slot, Quantity total);
  void shrink(OrderSlot slot, Quantity by, Price price, const Instrument& instrument);
  void say_amended(
      const Order& amended, InstrumentId instrument, Price price, Quantity visible, bool requeued);

  // stops and peaks: waiting.cc
  [[nodiscard]] static bool is_through(Side side, Price stop_price, Price last);
  void wait(OrderSlot slot, const Instrument& instrument);
  void note_move(const Instrument& traded, Price price, Side aggressor);
  void collect_reached(std::vector<Reached>& queue);
  void fire_stops();
  Taken trigger(OrderSlot slot, const Instrument& instrument);
  void draw_place(Order& order);
  [[nodiscard]] Quantity shown(const Order& order) const {
    return order.open - market_.hidden_of(order);
  }
  [[nodiscard]] bool needs_refresh(const Order& maker) const;
  void refresh(OrderSlot slot);

  // promises: reserving.cc
  [[nodiscard]] bool deliverable(LotId lot, const Instrument& instrument, Sellable& found) const;
  [[nodiscard]] InstrumentLots* find_few_lots(const Instrument& instrument) const;
  [[nodiscard]] bool is_over(AccountId account, const Sellable& lot) const;
  [[nodiscard]] Standing& look_through_holdings(AccountId account,
                                                const Instrument& instrument) const;
  [[nodiscard]] Verdict pick_lots(AccountId account,
                                  const Instrument& instrument,
                                  Quantity quantity,
                                  const std::vector<LotId>& nominated,
                                  Picks& picks) const;
  [[nodiscard]] Verdict pick_more(const Order& order, Quantity more, Picks& picks) const;
  void promise(OrderSlot slot, const Picks& picks);
  void add_part(OrderSlot slot, const Pick& pick);
  void release_contracts(OrderSlot slot, Quantity contracts);  // the last promised first
  void drop_part(Order& order, ReservationSlot part);
  [[nodiscard]] Cash worst_case(const Order& order,
                                Price price,
                                const InstrumentTerms& terms) const;
  void set_reserved(Order& order, Cash needed);

  // trading: matching.cc
  template <class Visit>
  void for_each_in_reach(const Incoming& taker, const BookSide& side, Visit&& visit) const;
  [[nodiscard]] const Level* front(const Incoming& taker, const BookSide& side) const;
  [[nodiscard]] const Level* front_above_floor(const Incoming& taker, const BookSide& side) const;
  [[nodiscard]] OrderSlot next_maker(const Incoming& taker) const;
  [[nodiscard]] bool is_own(const Incoming& taker, const Order& maker) const;
  [[nodiscard]] Quantity available(const Incoming& taker, Quantity enough) const;
  [[nodiscard]] Quantity available_from_others(const Incoming& taker, Quantity enough) const;
  [[nodiscard]] Matched match(const Incoming& taker);
  [[nodiscard]] bool prevent(const Incoming& taker, OrderSlot own);
  void trade(const Incoming& taker, OrderSlot maker, Quantity quantity);
  void note_trade(Instrument& traded, Price price, Quantity quantity, Side aggressor);
  void rest(const Incoming& incoming);
  LevelReport stand(OrderSlot slot, BookPlace place, Price price);
  void enrol_once(OrderSlot slot);
  [[nodiscard]] LevelReport leave_queue(OrderSlot slot);
  void end(OrderSlot slot, InstrumentId instrument, OrderEnd reason);
  void end(OrderSlot slot, OrderEnd reason) {
    end(slot, level_of(order(slot)).place.instrument(), reason);
  }
  void say_level(const LevelReport& level);
  [[nodiscard]] Due due_of(const Order& dated) const;

  // collars: collars.cc
  [[nodiscard]] bool is_outside(const Instrument& bought, Price price) const;
  [[nodiscard]] const Instrument& bought_by(const Incoming& taker, InstrumentId other) const;
  [[nodiscard]] Price first_outside(const Incoming& taker) const;
  void note_before(const Instrument& traded);
  void interrupt(const Incoming& taker);

  // settlement: settling.cc
  // `later`: the settlement is still to come, and keeps what it needs; nullptr: at once.
  [[nodiscard]] PendingSettlement* begin_settlement(TradeId trade,
                                                    const Instrument& instrument,
                                                    AccountId buyer,
                                                    AccountId seller);
  void deliver(
      TradeId trade, OrderSlot sell, AccountId buyer, Quantity quantity, PendingSettlement* later);
  void settle(TradeId trade,
              Order& buy,
              Order& sell,
              Price buy_limit,
              Cash cash,
              Quantity quantity,
              Side aggressor,
              const InstrumentTerms& terms,
              PendingSettlement* later);
  void schedule(
      PendingSettlement& settlement, Cash cash, Cash& buyer_fee, Cash& seller_fee, CashSlot venue);
  [[nodiscard]] FeeTally& tally_of(Order& order, bool as_maker, FeeTally& fresh);
  [[nodiscard]] CashSlot venue_cash(Currency currency);
  void count_volume(const Instrument& instrument,
                    AccountId buyer,
                    AccountId seller,
                    Quantity quantity);

  // calls: calls.cc
  [[nodiscard]] bool uncrosses(MarketId market, Phase next) const;
  [[nodiscard]] OrderSlot first_in_call(const Instrument& instrument, Side side) const;
  Price uncross(Instrument& instrument, CallKind call);
  void settle_leftovers(const Instrument& instrument, Price price);
  void cross(OrderSlot buy, OrderSlot sell, Price price, Quantity quantity, bool uncrossed);
  void take_off(OrderSlot slot, Quantity quantity);
  void end_crossed(OrderSlot slot);
  void cross_lattice(MarketId market);
  [[nodiscard]] OrderSlot best_crossing_buy(std::vector<InstrumentId>& wide) const;
  [[nodiscard]] bool comes_before(OrderSlot a, OrderSlot b) const;
  [[nodiscard]] OrderSlot crossing_sell(OrderSlot buy) const;

  // what happens to orders without being asked: ending.cc
  void end_day_orders(MarketId market);
  void end_all(MarketId market, TimeInForce kind, OrderEnd reason);
  void fire_reached_meanwhile(MarketId market);
  template <class Visit>
  void for_each_queued(const Instrument& instrument, Visit&& visit) const;
  template <class Visit>
  void for_each_promise_of(AccountId holder, Visit&& visit) const;

  Events& events_;
  Instant now_;
  ClientId client_;
  State& state_;
  Market& market_;
  std::vector<PriceMove>& moves_;
  std::vector<PriceBefore>& before_;
};

// Visits the levels of `side` that the order may trade with, best first: visit(level) -> bool,
// false stops. Collars are the buyer's: asks below its instrument's are passed over.
template <class Visit>
void Desk::for_each_in_reach(const Incoming& taker, const BookSide& side, Visit&& visit) const {
  side.for_each(market_.store, [&](const Level& level) {
    if (side.better(taker.limit, level.price)) return false;
    return level.price < taker.floor || visit(level);
  });
}

}  // namespace origo
