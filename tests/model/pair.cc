#include "tests/model/pair.h"

#include <gtest/gtest.h>

#include "tests/support/readable.h"

namespace origo {
namespace {

std::vector<Event> without_details(const Events& events) {
  std::vector<Event> out;
  const bool whole = for_each_event(events.bytes().data(), events.bytes().size(), [&](Event event) {
    if (auto* refused = std::get_if<CommandRefused>(&event)) refused->detail.clear();
    out.push_back(std::move(event));
  });
  EXPECT_TRUE(whole);
  return out;
}

// The event's type; of an order's end also the reason, of a reference price the method; of a trade
// whether two books met.
std::string kind_of(const Event& event) {
  const auto* trade = std::get_if<Trade>(&event);
  if (trade != nullptr && trade->instrument != trade->sell_instrument) return "Trade across";
  const auto* ended = std::get_if<OrderEnded>(&event);
  if (ended != nullptr) return "OrderEnded " + readable(ended->reason);
  const auto* decided = std::get_if<ReferencePriceDecided>(&event);
  if (decided != nullptr) return "ReferencePriceDecided " + readable(decided->method);
  const std::string text = readable(event);
  return text.substr(0, text.find('{'));
}

std::string compare_events(const std::vector<Event>& core, const std::vector<Event>& twin) {
  for (std::size_t i = 0; i < core.size() || i < twin.size(); ++i) {
    const bool both = i < core.size() && i < twin.size();
    if (both && encoded(core[i]) == encoded(twin[i])) continue;
    return "event " + std::to_string(i) +
           "\n  core: " + (i < core.size() ? readable(core[i]) : "nothing") +
           "\n  twin: " + (i < twin.size() ? readable(twin[i]) : "nothing");
  }
  return "";
}

std::string compare_answers(const Answer& core, const Answer& twin) {
  const bool same = core.code == twin.code && core.id == twin.id && core.filled == twin.filled &&
                    core.open == twin.open;
  return same ? "" : "answer\n  core: " + readable(core) + "\n  twin: " + readable(twin);
}

std::string compare_cash(const Exchange& core, const Twin& twin) {
  for (std::uint32_t id = 1; id <= twin.accounts(); ++id) {
    for (const Currency currency : {currency_of("EUR"), currency_of("GBP")}) {
      const CashSlot slot = core.cash().find(AccountId(id), currency);
      const CashBalance balance = slot == CashLedger::kNone ? CashBalance() : core.cash().get(slot);
      const std::int64_t available = twin.cash_available(AccountId(id), currency);
      const std::int64_t reserved = twin.cash_reserved(AccountId(id), currency);
      if (balance.available.value() != available || balance.reserved.value() != reserved)
        return "cash of account " + std::to_string(id) + "\n  core: " + readable(balance) +
               "\n  twin: " + std::to_string(available) + " and " + std::to_string(reserved);
    }
  }
  return "";
}

std::string compare_holdings(const Exchange& core, const Twin& twin) {
  for (std::uint32_t id = 1; id <= twin.accounts(); ++id) {
    for (std::uint32_t lot = 1; lot <= twin.lots(); ++lot) {
      const HoldingSlot slot = core.holdings().find(AccountId(id), LotId(lot));
      std::vector<SerialRange> ranges;
      std::int64_t reserved = 0;
      if (slot != Holdings::kNone) {
        const Holding& holding = core.holdings().get(slot);
        ranges = core.holdings().ranges(holding);
        reserved = holding.reserved.value();
      }
      const std::vector<SerialRange> expected = twin.ranges(AccountId(id), LotId(lot));
      if (ranges != expected || reserved != twin.units_reserved(AccountId(id), LotId(lot)))
        return "lot " + std::to_string(lot) + " of account " + std::to_string(id) +
               "\n  core: " + readable(ranges) + " reserves " + std::to_string(reserved) +
               "\n  twin: " + readable(expected) + " reserves " +
               std::to_string(twin.units_reserved(AccountId(id), LotId(lot)));
    }
  }
  return "";
}

std::string compare_books(const Exchange& core, const Twin& twin) {
  for (std::uint32_t id = 1; id <= twin.instruments(); ++id) {
    const InstrumentId instrument(id);
    const Book& book = core.market().book(instrument);
    std::vector<Twin::LevelView> levels;
    for (const Side side : {Side::buy, Side::sell}) {
      const auto add = [&](const Level& level) {
        levels.push_back({.side = side,
                          .price = level.price.value(),
                          .open = level.open.value(),
                          .orders = level.orders});
        return true;
      };
      book.at_any_price(side).for_each(core.market().store, add);
      book.side(side).for_each(core.market().store, add);
    }
    if (levels != twin.levels(instrument)) return "book of instrument " + std::to_string(id);
    if (core.market().get(instrument).last.value() != twin.last_price(instrument))
      return "last price of instrument " + std::to_string(id);
  }
  return "";
}

std::string compare_orders(const Exchange& core, const Twin& twin) {
  const std::vector<OrderImage> images = core.market().live_orders();
  const std::vector<Twin::OrderView> views = twin.orders();
  if (images.size() != views.size()) return "number of live orders";
  for (std::size_t i = 0; i < views.size(); ++i) {
    const OrderImage& ours = images[i];
    const Twin::OrderView& theirs = views[i];
    const bool same = ours.id == theirs.id && ours.priority.value() == theirs.place &&
                      ours.price.value() == theirs.price &&
                      ours.stop_price.value() == theirs.stop_price &&
                      ours.total.value() == theirs.total && ours.open.value() == theirs.open &&
                      ours.visible().value() == theirs.visible &&
                      ours.reserved.value() == theirs.reserved && ours.session == theirs.session &&
                      encoded(core.market().schedules[ours.fees]) == encoded(theirs.fees);
    if (same) continue;
    return "order\n  core: " + readable(ours) + "\n  twin: place " + std::to_string(theirs.place) +
           " price " + std::to_string(theirs.price) + " stop " + std::to_string(theirs.stop_price) +
           " total " + std::to_string(theirs.total) + " open " + std::to_string(theirs.open) +
           " visible " + std::to_string(theirs.visible) + " reserved " +
           std::to_string(theirs.reserved) + " session " + readable(theirs.session) + " fees " +
           readable(theirs.fees.taker);
  }
  return "";
}

}  // namespace

void Seen::note(const Answer& answer, const std::vector<Event>& said) {
  ++commands;
  rejects.insert(answer.code);
  bool fired = false;
  bool reached_by_stop = false;
  for (const Event& event : said) {
    const std::string kind = kind_of(event);
    events.insert(kind);
    if (kind == "StopTriggered") {
      if (reached_by_stop) ++cascades;
      fired = true;
    }
    reached_by_stop = fired && std::holds_alternative<Trade>(event) ? true : reached_by_stop;
  }
}

std::string Pair::apply(const Step& step, Seen* seen) {
  Events events;
  const Answer answer = core_.apply(step.header, step.command, events);
  said_ = twin_.apply(step.header, step.command);
  const std::vector<Event> core_said = without_details(events);
  if (seen != nullptr) seen->note(answer, core_said);
  const std::string difference = compare_events(core_said, said_.events);
  return difference.empty() ? compare_answers(answer, said_.answer) : difference;
}

std::string Pair::compare_states() const {
  for (const auto compare : {compare_cash, compare_holdings, compare_books, compare_orders}) {
    const std::string difference = compare(core_, twin_);
    if (!difference.empty()) return difference;
  }
  std::string all;
  for (const std::string& broken : core_.check_invariants()) all += broken + "\n";
  return all;
}

}  // namespace origo
