#pragma once

#include <boost/describe.hpp>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/event.h"
#include "engine/exchange.h"
#include "storage/audit/register_flows.h"
#include "storage/history.h"

// What became of certificates, by month and kind, in storage/history. Derived from events alone, so
// a replay of the journal writes the same.
namespace origo::gateway {

// By what certificates are told apart in a register's statistics.
struct RegisterKind {
  RegistryId registry;
  Dimension dimension = Dimension::energy_wh;
  std::int64_t unit_size = 0;  // Wh or g CO2e in one unit
  std::string country;         // of the device: the origin
  std::string carrier;
  auto operator<=>(const RegisterKind&) const = default;
};
BOOST_DESCRIBE_STRUCT(RegisterKind, (), (registry, dimension, unit_size, country, carrier))

[[nodiscard]] RegisterKind kind_of(const Registry& registry, const Lot& lot);

using storage::audit::add_to;
using storage::audit::RegisterFlows;

// A month of a kind in which something happened to it.
struct RegisterMonth {
  RegisterKind kind;
  Date month;  // its first day, UTC: of the command's time
  RegisterFlows flows;
};
BOOST_DESCRIBE_STRUCT(RegisterMonth, (), (kind, month, flows))

// All that is known of a kind: its newest month, and all months together.
struct RegisterTotal {
  RegisterMonth newest;
  RegisterFlows ever;  // opening 0
};
BOOST_DESCRIBE_STRUCT(RegisterTotal, (), (newest, ever))

// Writes months from events. Used by one thread. Memory: one row for each kind there is.
class RegisterRecorder {
 public:
  RegisterRecorder(const storage::History& history, storage::HistoryBatch& batch)
      : history_(history), batch_(batch) {}

  // An event that counts certificates.
  template <class E>
  void add(const E& event, Instant time, const Exchange& exchange) {
    storage::audit::count(event, [&](LotId lot, storage::audit::RegisterSum sum, Units units) {
      add(lot, time, exchange, sum, units);
    });
  }
  // Puts what has changed into the batch. Not ok: the history could not be read.
  [[nodiscard]] storage::Status flush();

 private:
  struct Row {
    RegisterTotal total;
    bool changed = false;
  };
  // Adds `units` to a sum of the lot's kind, in this month and ever.
  void add(LotId lot,
           Instant time,
           const Exchange& exchange,
           storage::audit::RegisterSum sum,
           Units units);
  Row& row_of(RegisterKind kind, Date month);
  void put(const Row& row);

  const storage::History& history_;
  storage::HistoryBatch& batch_;
  storage::Status trouble_;
  std::map<RegisterKind, Row> rows_;
};

// Which months are asked for; unset or empty leaves open.
struct WantedMonths {
  RegistryId registry;
  std::string carrier;
  std::string country;
  Date from;         // first day of the first month
  Date to = kNever;  // no month begins after it
};

// A page, by registry, month, then kind.
struct RegisterPage {
  std::string begin;  // the `next` of the page before; empty: at the start
  std::size_t limit = 100;
};
struct RegisterMonths {
  std::vector<RegisterMonth> entries;
  std::string next;  // `begin` of the next page, in hexadecimal; empty: this is the last
};

// Reads months. Any thread.
class RegisterView {
 public:
  explicit RegisterView(const storage::History& history) : history_(history) {}

  // A page may end early, with a next one, where little of what there is was asked for.
  [[nodiscard]] storage::Outcome<RegisterMonths> months(const WantedMonths& wanted,
                                                        const RegisterPage& page) const;
  // All kinds, in order.
  [[nodiscard]] storage::Outcome<std::vector<RegisterTotal>> totals() const;

 private:
  const storage::History& history_;
};

// Whether a text may be the `begin` of a page.
[[nodiscard]] bool is_month_token(const std::string& text);
// "2026-01" as the first day of the month, and back.
[[nodiscard]] std::optional<Date> parse_month(const std::string& text);
[[nodiscard]] std::string month_text(Date month);
// In Wh or g CO2e; at most the largest number.
[[nodiscard]] std::int64_t amount_of(Units units, std::int64_t unit_size);

}  // namespace origo::gateway
