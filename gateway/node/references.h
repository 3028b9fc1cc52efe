#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/event.h"
#include "engine/market/market.h"
#include "storage/history.h"

// The reference prices that trading days ended with, in storage/history.
namespace origo::gateway {

struct ReferenceEntry {
  ReferencePriceDecided decided;
  Instant time;
};
BOOST_DESCRIBE_STRUCT(ReferenceEntry, (), (decided, time))

// Two days that end on one date, because a calendar was replaced, have one price: the later one's.
void put_reference(storage::HistoryBatch& batch, const ReferenceEntry& entry);

// What an instrument's filter is asked to name; empty or 0: anything.
struct WantedKind {
  std::string carrier;
  std::string country;       // of the device
  std::int64_t vintage = 0;  // year of production
};
[[nodiscard]] bool names(const std::vector<ClauseSpec>& filter, const WantedKind& wanted);

// A page, by day, then by instrument.
struct ReferencePage {
  Date from;                // first day
  Date to = kNever;         // last day
  std::uint64_t begin = 0;  // the `next` of the page before; 0: at the first day
  std::size_t limit = 100;
};
struct ReferenceList {
  std::vector<ReferenceEntry> entries;
  std::uint64_t next = 0;  // `begin` of the next page; 0: this is the last
};

// Any thread.
class ReferenceView {
 public:
  explicit ReferenceView(const storage::History& history) : history_(history) {}

  [[nodiscard]] storage::Outcome<ReferenceList> of(InstrumentId instrument,
                                                   const ReferencePage& page) const;
  // The newest; nothing: no trading day has ended with a price.
  [[nodiscard]] storage::Outcome<std::optional<ReferenceEntry>> last(InstrumentId instrument) const;
  // Of all instruments that `take` says yes to.
  [[nodiscard]] storage::Outcome<ReferenceList> all(
      const ReferencePage& page, const std::function<bool(InstrumentId)>& take) const;

 private:
  const storage::History& history_;
};

}  // namespace origo::gateway
