#include "engine/registry/lot_ends.h"

namespace origo {

void watch_ends(State& state, LotId id, Instant now) {
  Lot& lot = state.registry.get(id);
  if (lot.watched) return;
  lot.watched = true;
  const auto watch = [&](Date last_day, DueKind kind) {
    if (last_day != kNever && now < end_of(last_day))
      state.due.insert({.at = end_of(last_day), .kind = kind, .id = id.value()});
  };
  watch(lot.transferable_until, DueKind::transfer_end);
  watch(lot.cancellable_until, DueKind::expiry);
}

void write_off_late(State& state, LotId lot, Instant now) {
  const Date last_day = state.registry.get(lot).cancellable_until;
  if (now >= end_of(last_day)) state.registry.await_write_off(last_day, lot);
}

}  // namespace origo
