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
  explicit Desk(Working working)
      : events_(working.events), now_(working.now), state_(working.state), market_(working.state.market) {}

  struct Taken {
    OrderId id;
    Quantity filled;  // at once
    Quantity open;    // resting now
  };

  // Matches an incoming order and lets the rest of it stand in the book, if its kind rests.
  // Shape:   OrderAccepted, per maker touched Trade, CertificatesMoved.., TradeSettled, LevelChanged and
  //          OrderEnded if it is filled, then OrderRested and LevelChanged, or OrderEnded.
  // Ensures: the book is not crossed; total cash and total units are unchanged.
  // Cost:    O(levels moved + makers touched), and a walk over the account's lots for a sell.
  Result<Taken> place(const PlaceOrder& command);
  // A decrease keeps priority; an increase or a change of price loses it and may trade at once; to or
  // below what is filled ends the order (reason amend).
  Result<Taken> amend(const AmendOrder& command);
  Result<Taken> reduce(const ReduceOrder& command);
  Result<Taken> cancel(const CancelOrder& command);
  // Ends all matching orders of the account, oldest first; how many is the answer's id.
  Result<std::uint64_t> mass_cancel(const MassCancel& command);

  // Ends every order that `lot` is reserved for: it can no longer be delivered.
  void end_orders_on_lot(LotId lot, OrderEnd reason);
  void end_orders_of_account(AccountId account, OrderEnd reason);
  // Ends the participant's buys that have lost a receiving account they need.
  void end_orders_without_receiver(ParticipantId participant, OrderEnd reason);
  // The market has closed: its day is over, whatever the calendar says. Soonest due first, then oldest.
  void end_day_orders(MarketId market);
  // A DAY or GTD order has fallen due.
  void expire_order(OrderId order);

 private:
  struct Pick {
    HoldingSlot holding;
    std::int64_t units_per_contract;
    Quantity contracts;
  };
  using Picks = boost::container::small_vector<Pick, 4>;

  // order entry: desk.cc
  [[nodiscard]] Verdict check_standing(const PlaceOrder& command) const;
  [[nodiscard]] Verdict check_price(Price price, const InstrumentTerms& terms) const;
  [[nodiscard]] Verdict check_receivers(const PlaceOrder& command, const Instrument& instrument) const;
  [[nodiscard]] bool can_receive(AccountId account, const Instrument& instrument) const;
  [[nodiscard]] Instant expiry_of(const PlaceOrder& command, const Instrument& instrument) const;
  [[nodiscard]] Result<OrderSlot> find_target(const OrderRef& target) const;
  Result<Taken> amend_to(OrderSlot slot, Quantity total, Price price);
  [[nodiscard]] Order draft_of(const PlaceOrder& command, const Instrument& instrument) const;
  Taken run(OrderSlot slot);
  Taken taken(OrderSlot slot) const;

  // promises: reserving.cc
  [[nodiscard]] Quantity deliverable(HoldingSlot holding, const Instrument& instrument, Pick& pick) const;
  [[nodiscard]] Verdict pick_lots(const PlaceOrder& command, const Instrument& instrument,
                                  Picks& picks) const;
  [[nodiscard]] Verdict pick_more(const Order& order, Quantity more, Picks& picks) const;
  void reserve(OrderSlot slot, const Picks& picks);
  void release_contracts(OrderSlot slot, Quantity contracts);  // the last promised first
  void drop_reservation(ReservationSlot slot);
  [[nodiscard]] Cash worst_case(const Order& order) const;
  void set_reserved(Order& order, Cash needed);

  // trading: matching.cc
  [[nodiscard]] bool crosses(const Order& taker, Price resting) const;
  [[nodiscard]] bool can_fill(const Order& taker) const;
  void match(OrderSlot taker);
  void trade(OrderSlot taker, OrderSlot maker, Quantity quantity);
  void deliver(TradeId trade, OrderSlot sell, AccountId buyer, Quantity quantity);
  void settle(TradeId trade, Order& buy, Order& sell, Cash cash, Quantity quantity, Side aggressor);
  [[nodiscard]] Cash tally(Order& order, bool as_maker, Cash notional, Quantity quantity);
  void rest(OrderSlot slot);
  void leave_book(OrderSlot slot);
  void end(OrderSlot slot, OrderEnd reason);
  void say_level(InstrumentId instrument, Side side, Price price);

  Events& events_;
  Instant now_;
  State& state_;
  Market& market_;
};

}  // namespace origo
