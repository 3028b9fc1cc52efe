#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "engine/core/command.h"
#include "engine/core/encoding.h"
#include "engine/market/book.h"
#include "engine/market/filter.h"
#include "engine/market/order.h"

// Markets, instruments, books and live orders. Data and look-ups; the trading desk (desk.h) decides.
namespace origo {

struct Venue {
  MarketId id;
  std::string code;
  std::string name;
  Phase phase = Phase::continuous;
  std::vector<Instant> day_ends;  // ascending
  std::uint32_t fees = 0;         // current schedule, by place in Market::schedules
};

struct Instrument {
  InstrumentId id;
  MarketId market;
  std::string code;
  std::string name;
  std::vector<ClauseSpec> spec;  // the filter as it was written
  Filter filter;
  InstrumentTerms terms;
  std::vector<RegistryId> registries;  // that could deliver when it was created
  Price last;                          // trade; 0: none yet
  Quantity volume;                     // contracts traded
};

BOOST_DESCRIBE_STRUCT(Venue, (), (id, code, name, phase, day_ends, fees))
BOOST_DESCRIBE_STRUCT(Instrument, (),
                      (id, market, code, name, spec, filter, terms, registries, last, volume))

struct ClientOrderKey {
  AccountId account;
  ClientOrderId client_order_id;
  bool operator==(const ClientOrderKey&) const = default;
  [[nodiscard]] std::uint64_t mixed() const {
    return mix(mix(client_order_id.value()) ^ account.value());
  }
};

struct AccountOrders {
  OrderSlot first = kNoSlot;
  OrderSlot last = kNoSlot;
};
BOOST_DESCRIBE_STRUCT(AccountOrders, (), (first, last))

struct Market {
  std::vector<Venue> venues;            // by id - 1
  std::vector<Instrument> instruments;  // by id - 1
  std::vector<Book> books;              // by instrument id - 1
  std::vector<FeeSchedule> schedules{FeeSchedule{}};  // every one ever set: orders keep theirs
  Pool<Order> orders;
  Pool<Reservation> reservations;
  std::vector<AccountOrders> account_orders;  // by account id; live orders in order of entry
  OrderTable by_id;
  IndexBy<ClientOrderKey> by_client_id;
  OrderId last_order;
  TradeId last_trade;

  [[nodiscard]] const Venue* find(MarketId id) const;
  [[nodiscard]] const Instrument* find(InstrumentId id) const;
  [[nodiscard]] const Instrument& get(InstrumentId id) const;
  [[nodiscard]] Instrument& get(InstrumentId id);
  [[nodiscard]] Book& book(InstrumentId id) { return books[id.value() - 1]; }
  [[nodiscard]] const Book& book(InstrumentId id) const { return books[id.value() - 1]; }
  [[nodiscard]] const Order* find(OrderId id) const;

  void encode(Encoder& out) const;
  void decode(Decoder& in);
};

// Cash for `quantity` contracts at `price`. Cannot overflow for an order within its instrument's terms.
[[nodiscard]] Cash value_of(Price price, Quantity quantity, const InstrumentTerms& terms);

// How many of a lot's units make one contract; 0: not a whole number, so the lot cannot deliver.
[[nodiscard]] std::int64_t units_per_contract(const InstrumentTerms& terms, Dimension dimension,
                                              std::int64_t unit_size);

}  // namespace origo
