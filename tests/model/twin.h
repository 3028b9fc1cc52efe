#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/command.h"
#include "engine/core/events.h"

namespace origo {

// A second, plain implementation of book, ledger, fees and reservation: maps, lists, and every sum
// computed anew from what it sums. Shares vocabulary and calendar with the core and nothing else.
// Of the set-up commands it knows the good case only.
class Twin {
 public:
  struct Said {
    Answer answer;
    std::vector<Event> events;  // refusals without their detail
  };
  Said apply(const CommandHeader& header, const Command& command);

  // ---- what can be compared ----
  struct LevelView {
    Side side;
    std::int64_t price;  // 0: at any price
    std::int64_t open;   // as the book shows it
    std::uint32_t orders;
    bool operator==(const LevelView&) const = default;
  };
  struct OrderView {
    OrderId id;
    std::uint64_t place;
    std::int64_t price;  // limit; 0: at any price; of a market order that waits: its worst price
    std::int64_t stop_price;
    std::int64_t total;
    std::int64_t open;
    std::int64_t visible;
    std::int64_t reserved;
    FeeSchedule fees;
    ClientId session;
  };
  [[nodiscard]] std::int64_t cash_available(AccountId account, Currency currency) const;
  [[nodiscard]] std::int64_t cash_reserved(AccountId account, Currency currency) const;
  [[nodiscard]] std::int64_t units_reserved(AccountId account, LotId lot) const;
  [[nodiscard]] std::vector<SerialRange> ranges(AccountId account, LotId lot) const;
  // Bids from the best, then asks from the best; of a side, orders at any price first.
  [[nodiscard]] std::vector<LevelView> levels(InstrumentId instrument) const;
  [[nodiscard]] std::vector<OrderView> orders() const;                   // live ones by id
  [[nodiscard]] std::int64_t last_price(InstrumentId instrument) const;  // 0: none yet
  // How many fees and rebates lay exactly between two minor units, where rounding must go upwards.
  [[nodiscard]] std::uint64_t halved_fees() const { return halved_fees_; }
  [[nodiscard]] std::uint64_t halved_rebates() const { return halved_rebates_; }
  [[nodiscard]] std::size_t live_orders() const { return orders_.size(); }
  [[nodiscard]] std::uint32_t accounts() const {
    return static_cast<std::uint32_t>(accounts_.size());
  }
  [[nodiscard]] std::uint32_t lots() const { return static_cast<std::uint32_t>(lots_.size()); }
  [[nodiscard]] std::uint32_t instruments() const {
    return static_cast<std::uint32_t>(instruments_.size());
  }

 private:
  static constexpr AccountId kVenue{1};

  struct Participant {
    std::vector<ParticipantKind> kinds;
    bool frozen = false;
    bool killed = false;
    bool killed_by_venue = false;
    std::vector<AccountId> accounts;
  };
  struct Account {
    ParticipantId participant;
    RegistryId registry;
    bool frozen = false;
    std::map<AccountId, Instant> trusted;  // since when
  };
  struct Office {  // a registry
    CreateRegistry details;
    Scheme scheme;
  };
  struct Plant {
    RegisterDevice details;
    std::int64_t carried = 0;
  };
  struct Declared {
    DeclareProduction details;
    int state = 0;  // 0 declared, 1 requested, 2 issued
    AccountId account;
  };
  struct Lot {
    RegistryId registry;
    Period period;
    std::string carrier;
    std::string country;
    std::vector<Field> fields;  // of the declaration
    std::int64_t unit_size;
    std::int64_t issued;
    Date transferable_until;
    Date cancellable_until;
    bool transfer_ended = false;
    bool expired = false;
  };
  struct Holding {
    std::uint64_t opened = 0;       // in which order holdings began
    std::list<SerialRange> ranges;  // ascending, neighbours merged; but for those that are
    std::list<SerialRange> frozen;  // likewise
  };
  struct Exit {
    bool is_cash = false;
    TransferCertificates certificates;
    WithdrawCash cash;
    Instant until;
  };
  struct Venue {
    Phase phase = Phase::continuous;
    bool uncross_due = false;        // orders were gathered and have not uncrossed yet
    CallKind call = CallKind::none;  // has begun and has not uncrossed yet
    bool opened = false;             // the day has seen a call or continuous trading
    Instant day_end;                 // of the trading day that goes on
    FeeSchedule fees;
    std::vector<FeeTier> tiers;
    std::vector<Instant> day_ends;
    std::vector<PhaseChange> schedule;  // still to come
    Instant change_at;                  // of the first of it, where drawn or tried again
    bool undrawn = false;               // the first of it waits for a draw
    bool until_lifted = false;
    std::uint32_t settle_days = 0;  // from trade to settlement; 0: at once
    Instant settles_at;             // when trades of now settle
    Instant day_over;               // then it moves on
  };
  struct PastTrade {
    std::int64_t price;
    std::int64_t quantity;
  };
  struct Instrument {
    CreateInstrument details;
    std::vector<RegistryId> registries;
    std::int64_t last = 0;           // trade price; 0: none yet
    std::int64_t reference = 0;      // 0: none yet
    std::vector<PastTrade> day;      // all trades of the trading day
    std::vector<PastTrade> closing;  // likewise, of its closing call
    bool set_by_hand = false;        // the reference, on this day
    std::map<std::int64_t, std::list<OrderId>> bids;
    std::map<std::int64_t, std::list<OrderId>> asks;
  };
  struct Promise {
    LotId lot;
    std::int64_t units_per_contract;
    std::int64_t contracts;
  };
  struct Role {
    std::int64_t notional = 0;
    std::int64_t quantity = 0;
    std::int64_t paid = 0;
  };
  struct Order {
    OrderId id;
    PlaceOrder details;
    std::uint64_t place = 0;      // in the queue over all books
    std::int64_t price = 0;       // where it stands, or would; 0: at any price, in a call
    std::int64_t worst = 0;       // at which it may trade
    std::int64_t stop_price = 0;  // while it waits
    std::int64_t total = 0;
    std::int64_t open = 0;
    std::int64_t visible = 0;  // of what is open, while it stands in the book
    Instant expire_at;
    ClientId session;           // with which it ends
    std::int64_t reserved = 0;  // cash
    FeeSchedule fees;
    Role maker;
    Role taker;
    std::list<Promise> promises;
    bool resting = false;
    bool has_stood = false;  // in the book: a market order that has stays what it is
    bool waiting = false;    // for its stop price
  };
  using Promises = std::vector<Promise>;
  // What an amendment makes of an order.
  struct Amended {
    std::int64_t total;
    std::int64_t price;
    std::int64_t stop_price;
  };
  struct Match {
    Order& maker;
    Order& taker;
    std::int64_t price;
    std::int64_t quantity;
    bool uncrossed = false;
    bool both_stood = false;  // in the book
  };
  // Where an aggressor has traded an instrument.
  struct Move {
    std::int64_t before;
    std::int64_t low;
    std::int64_t high;
    Side aggressor;  // of the first trade
  };
  struct Traded {
    ParticipantId participant;
    MarketId market;
    Dimension dimension;
    std::int64_t month;
    auto operator<=>(const Traded&) const = default;
  };

  // dispatch: one for each command that a stream holds
  Answer run(const CommandHeader& header, const Command& command);
  template <class C>
  Answer execute(const C&);  // any other command: malformed
  Answer execute(const Bootstrap& c);
  Answer execute(const Tick& c);
  Answer execute(const QuarantineRecord& c);
  Answer execute(const SetRelaxations& c);
  Answer execute(const DefineAttribute& c);
  Answer execute(const CreateParticipant& c);
  Answer execute(const CreateUser& c);
  Answer execute(const GrantRole& c);
  Answer execute(const OpenAccount& c);
  Answer execute(const TrustAccount& c);
  Answer execute(const SetFrozen& c);
  Answer execute(const SetKillSwitch& c);
  Answer execute(const EndSession& c);
  Answer execute(const DepositCash& c);
  Answer execute(const WithdrawCash& c);
  Answer execute(const RecallExit& c);
  Answer execute(const LoadScheme& c);
  Answer execute(const CreateRegistry& c);
  Answer execute(const RegisterDevice& c);
  Answer execute(const ApproveDevice& c);
  Answer execute(const DeclareProduction& c);
  Answer execute(const RequestIssuance& c);
  Answer execute(const ApproveIssuance& c);
  Answer execute(const FreezeCertificates& c);
  Answer execute(const TransferCertificates& c);
  Answer execute(const CancelCertificates& c);
  Answer execute(const CreateMarket& c);
  Answer execute(const SetCalendar& c);
  Answer execute(const SetFees& c);
  Answer execute(const SetPhase& c);
  Answer execute(const CreateInstrument& c);
  Answer execute(const SetReferencePrice& c);
  Answer execute(const PlaceOrder& c);
  Answer execute(const AmendOrder& c);
  Answer execute(const ReduceOrder& c);
  Answer execute(const CancelOrder& c);
  Answer execute(const MassCancel& c);

  static Answer refuse(Reject code);
  static Answer done(std::uint64_t id);
  void say(const Event& event) { events_.push_back(event); }

  // who may
  [[nodiscard]] bool owns(AccountId account) const;      // the principal of this command
  [[nodiscard]] Reject frozen(AccountId account) const;  // accepted: not frozen
  [[nodiscard]] bool has_kind(AccountId account, const std::vector<ParticipantKind>& kinds) const;

  // certificates: twin_registry.cc
  [[nodiscard]] std::int64_t units_of(AccountId account, LotId lot) const;
  [[nodiscard]] std::int64_t units_available(AccountId account, LotId lot) const;
  [[nodiscard]] Reject short_of(AccountId account, LotId lot, Units units) const;
  [[nodiscard]] std::int64_t units_pending(AccountId account, LotId lot) const;
  std::vector<SerialRange> take_lowest(AccountId account, LotId lot, std::int64_t units);
  void put(AccountId account, LotId lot, SerialRange range);
  void end_beyond(AccountId account, LotId lot, std::int64_t left);
  void move(const TransferCertificates& what, MoveReason reason, std::uint64_t reference);
  [[nodiscard]] std::vector<AccountId> holders(LotId lot) const;  // newest holding first
  void sweep(std::uint32_t limit);
  void sweep_late(LotId lot);
  void finish(TransferId id, const Exit& exit);
  void give_back(TransferId id, const Exit& exit);

  // due work: twin_registry.cc
  void do_due_work();

  // settlements that are still to come: twin_settling.cc
  [[nodiscard]] static Instant business_day_end(const Venue& venue, Instant at, std::size_t days);
  void begin_business_day(MarketId market, Instant at);
  [[nodiscard]] static bool ends_before(const Lot& lot, Instant settles_at);
  void end_settling_late(MarketId market);
  void schedule(PendingSettlement pending);
  void complete(TradeId trade);

  // what orders promise: twin_promises.cc
  [[nodiscard]] bool matches(const Lot& lot, const std::vector<ClauseSpec>& filter) const;
  [[nodiscard]] std::int64_t units_per_contract(const Lot& lot, const Instrument& instrument) const;
  [[nodiscard]] std::int64_t contracts_in(AccountId account,
                                          LotId lot,
                                          const Instrument& instrument) const;
  [[nodiscard]] Reject pick(const PlaceOrder& c,
                            const std::vector<LotId>& nominated,
                            Promises& into);
  [[nodiscard]] Reject promise_more(Order& order, std::int64_t contracts);
  void unpromise(Order& order, std::int64_t contracts);
  [[nodiscard]] AccountId receiver(AccountId buyer, RegistryId registry) const;
  [[nodiscard]] bool can_receive(AccountId buyer, const Instrument& instrument) const;
  [[nodiscard]] Reject barred_receiver(AccountId buyer, const Instrument& instrument) const;
  [[nodiscard]] std::int64_t worst_case(const Order& order) const;
  std::int64_t fee_due(const FeeRate& rate, const Role& role);
  [[nodiscard]] FeeSchedule schedule_of(AccountId account, const Instrument& instrument) const;
  [[nodiscard]] Traded traded_by(AccountId account, const Instrument& instrument) const;
  void count_volume(const Order& buy, const Order& sell, std::int64_t contracts);

  // entry and end: twin_desk.cc
  [[nodiscard]] Phase phase_of(const Order& order) const;
  [[nodiscard]] static std::optional<Reject> syntax_error(const PlaceOrder& c);
  [[nodiscard]] std::optional<Reject> entry_error(const PlaceOrder& c) const;
  [[nodiscard]] static Reject off_limits(const Instrument& instrument,
                                         std::int64_t total,
                                         std::int64_t limit);
  [[nodiscard]] static bool outside_collar(const Instrument& instrument, std::int64_t price);
  // Lowest and highest limit within collar and band.
  [[nodiscard]] static std::pair<std::int64_t, std::int64_t> range_of(const Instrument& instrument);
  [[nodiscard]] static bool outside_band(const Instrument& instrument, std::int64_t limit);
  [[nodiscard]] Instant expiry(const PlaceOrder& c) const;
  [[nodiscard]] Order drafted(const PlaceOrder& c) const;
  Answer enter(Order& order);
  Answer join_call(Order& order);
  void stand(Order& order);
  void leave(Order& order);
  void say_level(InstrumentId instrument, Side side, std::int64_t price);
  void end(OrderId id, OrderEnd reason);
  void end_all(const std::vector<OrderId>& all, OrderEnd reason);
  void end_all_of(AccountId account, OrderEnd reason);
  void end_on_lot(LotId lot, OrderEnd reason);

  // changes: twin_amending.cc
  Order* find_target(const OrderRef& target);
  Answer amend_to(Order& order, const Amended& to);
  [[nodiscard]] std::optional<Reject> change_error(const Order& order, const Amended& to);
  Answer requeue(Order& order, const Amended& to);
  Answer keep_place(Order& order, const Amended& to);
  void adopt(Order& order, const Amended& to);
  void say_amended(const Order& order, bool requeued);

  // who meets whom: twin_matching.cc
  std::map<std::int64_t, std::list<OrderId>>& side_of(const Order& order);
  static bool is_within(const Instrument& narrow, const Instrument& wide);
  std::vector<OrderId> opposite(const Order& order);
  OrderId best_opposite(const Order& order);  // unset: nothing crosses
  [[nodiscard]] std::int64_t fillable(const Order& order);
  [[nodiscard]] bool same_participant(const Order& a, const Order& b) const;
  bool prevent(Order& taker, Order& maker);
  Answer aggress(Order& order);
  Answer match(Order& order);
  void trade(Order& taker, Order& maker);
  void exchange(const Match& match);
  // Into `later` where trades settle later.
  void deliver(TradeId trade,
               Order& sell,
               AccountId buyer,
               std::int64_t contracts,
               PendingSettlement* later);
  void settle(TradeId trade,
              Order& buy,
              Order& sell,
              std::int64_t cash,
              std::int64_t quantity,
              Side aggressor,
              PendingSettlement* later);

  // phases: twin_market.cc
  Reject change(MarketId market, const PhaseChanged& to, Instant day_end);
  void follow(MarketId market);
  [[nodiscard]] static Instant looked_at(const Venue& venue);
  void draw_ends(std::uint64_t draw);
  void end_days(MarketId market);
  [[nodiscard]] static Instant day_end(const Venue& venue, Instant after);
  [[nodiscard]] static bool trades_again(const Venue& venue, Instant day_end);
  [[nodiscard]] static CallKind beginning(const Venue& venue, PhaseCause cause, Instant day_end);
  void end_trading_day(MarketId market);
  void decide_reference(InstrumentId id, Instrument& instrument, Date day);
  void end_outside_band(InstrumentId instrument);
  void end_continuous_only(MarketId market, OrderId but = {});

  // collars: twin_market.cc
  [[nodiscard]] const Instrument& bought(const Order& taker, const Order& maker) const;
  [[nodiscard]] bool is_outside(const Order& taker, const Order& maker) const;
  void interrupt(const Order& taker, const Order& maker);

  // calls: twin_calls.cc
  [[nodiscard]] std::int64_t asked_at(const Instrument& instrument, std::int64_t price) const;
  [[nodiscard]] std::int64_t offered_at(const Instrument& instrument, std::int64_t price) const;
  [[nodiscard]] std::optional<std::int64_t> call_price(const Instrument& instrument,
                                                       bool& missing) const;
  [[nodiscard]] bool lacks_reference(MarketId market) const;
  void end_call(MarketId market, CallKind call);
  std::int64_t uncross(InstrumentId id, CallKind call);
  static OrderId first_in_call(const std::map<std::int64_t, std::list<OrderId>>& levels, bool buys);
  void settle_leftover(Order& order, std::int64_t price);
  void cross(Order& buy, Order& sell, std::int64_t price, std::int64_t quantity, bool uncrossed);
  void cross_lattice(MarketId market);

  // stops and peaks: twin_waiting.cc
  [[nodiscard]] bool is_through(const Order& order) const;
  Answer wait(Order& order);
  Answer fire(Order& order);
  void note_price(InstrumentId instrument, std::int64_t price, Side aggressor);
  void queue_reached();
  void note_last_prices(MarketId market);
  void fire_reached();
  [[nodiscard]] bool is_used_up(const Order& maker) const;
  void refresh(Order& maker);

  Instant now_;
  UserId principal_;
  ClientId client_;
  std::vector<Event> events_;
  bool four_eyes_relaxed_ = false;
  std::int64_t hold_ns_ = 0;
  std::map<UserId, ParticipantId> users_;
  std::map<ParticipantId, Participant> participants_;
  std::map<AccountId, Account> accounts_;
  std::map<std::pair<AccountId, Currency>, std::int64_t> cash_;
  std::uint32_t attributes_ = 0;  // defined, besides those that the node knows
  std::vector<Scheme> schemes_;
  std::map<RegistryId, Office> offices_;
  std::map<DeviceId, Plant> plants_;
  std::map<DeclarationId, Declared> declared_;
  std::map<LotId, Lot> lots_;
  std::map<std::pair<AccountId, LotId>, Holding> holdings_;
  std::uint64_t holdings_opened_ = 0;
  std::set<std::pair<Date, LotId>> to_sweep_;  // by last day
  std::map<TransferId, Exit> exits_;
  std::uint64_t transfers_ = 0;
  std::uint64_t cancellations_ = 0;
  std::map<MarketId, Venue> venues_;
  std::map<InstrumentId, Instrument> instruments_;
  std::map<OrderId, Order> orders_;
  std::uint64_t orders_taken_ = 0;
  std::uint64_t trades_ = 0;
  std::map<TradeId, PendingSettlement> pending_;
  std::map<InstrumentId, Move> moves_;     // of the aggressor at work
  std::list<OrderId> reached_;             // stops that have yet to fire, in this order
  std::map<Traded, std::int64_t> traded_;  // Wh or g CO2e, in markets with tiers
  std::map<ClientId, std::map<std::uint64_t, std::pair<Hash128, Answer>>> clients_;
  std::map<ClientId, UserId> client_owners_;
  std::uint64_t halved_fees_ = 0;
  std::uint64_t halved_rebates_ = 0;
};

template <class C>
Answer Twin::execute(const C&) {
  return refuse(Reject::malformed);
}

// Ids count from 1.
template <class Key, class Value>
Key next_key(const std::map<Key, Value>& map) {
  return Key(static_cast<typename Key::Rep>(map.size() + 1));
}

}  // namespace origo
