#include "tests/support/book_from_events.h"

#include <algorithm>

#include "tests/support/readable.h"

namespace origo {
namespace {

// A side as it is compared: best price first.
struct LevelInWords {
  Price price;
  std::vector<BookFromEvents::Shown> queue;
  BookFromEvents::Depth depth;
};

// What the core holds.
std::vector<LevelInWords> levels_of(const Market& market, BookFromEvents::Place place) {
  std::vector<LevelInWords> out;
  const auto add = [&](const Level& level) {
    LevelInWords& words = out.emplace_back();
    words.price = level.price;
    words.depth = {.open = level.open, .orders = level.orders};
    for (OrderSlot at = level.first; at != kNoSlot; at = market.store.orders[at].next) {
      const OrderImage order = market.image_of(at);
      words.queue.push_back({.order = order.id, .visible = order.visible()});
    }
    return true;
  };
  const auto add_all = [&](const BookSide& side) { side.for_each(market.store, add); };
  // At any price is at 0: the worst of bids, the best of asks.
  const Book& book = market.book(place.first);
  if (place.second == Side::sell) add_all(book.at_any_price(Side::sell));
  add_all(book.side(place.second));
  if (place.second == Side::buy) add_all(book.at_any_price(Side::buy));
  return out;
}

// The same order for what a map holds by ascending price.
template <class T>
std::vector<std::pair<Price, T>> best_first(const std::map<Price, T>& by_price, Side side) {
  std::vector<std::pair<Price, T>> out(by_price.begin(), by_price.end());
  if (side == Side::buy) std::reverse(out.begin(), out.end());
  return out;
}

std::string in_words(const std::vector<BookFromEvents::Shown>& queue) {
  std::string out;
  for (const BookFromEvents::Shown& shown : queue)
    out += (out.empty() ? "" : " ") + readable(shown.order) + ":" + readable(shown.visible);
  return out;
}

std::string in_words(const BookFromEvents::Depth& depth) {
  return readable(depth.open) + " in " + std::to_string(depth.orders);
}

// Every price at which the two differ.
template <class T, class Member>
void compare_prices(const std::string& where,
                    const std::vector<LevelInWords>& core,
                    Member member,
                    const std::vector<std::pair<Price, T>>& told,
                    std::vector<std::string>& differences) {
  for (std::size_t i = 0; i < std::max(core.size(), told.size()); ++i) {
    const std::string held =
        i < core.size() ? readable(core[i].price) + ": " + in_words(core[i].*member) : "nothing";
    const std::string heard =
        i < told.size() ? readable(told[i].first) + ": " + in_words(told[i].second) : "nothing";
    if (held != heard)
      differences.push_back(where + ": the core holds " + held + ", the events say " + heard);
  }
}

}  // namespace

std::optional<Price> BookFromEvents::SideOfBook::best(Side side) const {
  const auto first = levels.upper_bound(Price());  // at any price is no price
  if (first == levels.end()) return std::nullopt;
  return side == Side::buy ? levels.rbegin()->first : first->first;
}

void BookFromEvents::see(const Event& event) {
  if (const auto* rested = std::get_if<OrderRested>(&event)) {
    leave(rested->order);
    stand(rested->order, {rested->instrument, rested->side}, rested->price, rested->visible);
  } else if (const auto* refreshed = std::get_if<OrderRefreshed>(&event)) {
    leave(refreshed->order);
    stand(refreshed->order,
          {refreshed->instrument, refreshed->side},
          refreshed->price,
          refreshed->visible);
  } else if (const auto* amended = std::get_if<OrderAmended>(&event)) {
    if (amended->requeued)
      leave(amended->order);
    else if (Shown* shown = find(amended->order))
      shown->visible = amended->visible;
  } else if (const auto* trade = std::get_if<Trade>(&event)) {
    trade_away(*trade);
  } else if (const auto* ended = std::get_if<OrderEnded>(&event)) {
    leave(ended->order);
  } else if (const auto* changed = std::get_if<LevelChanged>(&event)) {
    std::map<Price, Depth>& levels = sides_[{changed->instrument, changed->side}].levels;
    if (changed->orders == 0)
      levels.erase(changed->price);
    else
      levels[changed->price] = {.open = changed->open, .orders = changed->orders};
  }
}

void BookFromEvents::stand(OrderId order, Place place, Price price, Quantity visible) {
  sides_[place].queues[price].push_back({.order = order, .visible = visible});
  where_[order] = {.place = place, .price = price};
}

void BookFromEvents::leave(OrderId order) {
  const auto found = where_.find(order);
  if (found == where_.end()) return;
  auto& queues = sides_[found->second.place].queues;
  const auto level = queues.find(found->second.price);
  std::erase_if(level->second, [&](const Shown& shown) { return shown.order == order; });
  if (level->second.empty()) queues.erase(level);
  where_.erase(found);
}

BookFromEvents::Shown* BookFromEvents::find(OrderId order) {
  const auto found = where_.find(order);
  if (found == where_.end()) return nullptr;
  std::vector<Shown>& queue = sides_[found->second.place].queues[found->second.price];
  return &*std::find_if(
      queue.begin(), queue.end(), [&](const Shown& shown) { return shown.order == order; });
}

// A trade with an order that comes in takes from what the other shows. Two that stand both, as a
// call leaves them, trade in full, hidden parts first.
void BookFromEvents::trade_away(const Trade& trade) {
  Shown* maker = find(trade.maker);
  Shown* taker = find(trade.taker);
  if (maker != nullptr && taker != nullptr) {
    maker->visible = std::min(maker->visible, trade.maker_open);
    taker->visible = std::min(taker->visible, trade.taker_open);
  } else if (maker != nullptr) {
    maker->visible -= trade.quantity;
  }
}

std::vector<std::string> BookFromEvents::compare(const Market& market) const {
  std::vector<std::string> differences;
  for (const Instrument& instrument : market.instruments) {
    for (const Side side : {Side::buy, Side::sell})
      compare_side(market, {instrument.id, side}, differences);
  }
  return differences;
}

void BookFromEvents::compare_side(const Market& market,
                                  Place place,
                                  std::vector<std::string>& differences) const {
  static const SideOfBook kEmpty;
  const auto found = sides_.find(place);
  const SideOfBook& told = found == sides_.end() ? kEmpty : found->second;
  const std::vector<LevelInWords> core = levels_of(market, place);
  const std::string where = readable(place.second) + " side of instrument " + readable(place.first);
  compare_prices(where + " by order",
                 core,
                 &LevelInWords::queue,
                 best_first(told.queues, place.second),
                 differences);
  compare_prices(where + " by level",
                 core,
                 &LevelInWords::depth,
                 best_first(told.levels, place.second),
                 differences);

  const LevelSlot best = market.book(place.first).side(place.second).best();
  const std::string held = best == kNoSlot ? "nothing" : readable(market.store.levels[best].price);
  const std::optional<Price> top = told.best(place.second);
  const std::string heard = top ? readable(*top) : "nothing";
  if (held != heard)
    differences.push_back(where + ": the best is " + held + ", the events say " + heard);

  // The two readings agree with each other.
  for (const auto& [price, queue] : told.queues) {
    Depth sum{.open = {}, .orders = static_cast<std::uint32_t>(queue.size())};
    for (const Shown& shown : queue) sum.open += shown.visible;
    const auto level = told.levels.find(price);
    if (level == told.levels.end() || level->second != sum)
      differences.push_back(where + " at " + readable(price) + ": the orders sum up to " +
                            in_words(sum));
  }
}

}  // namespace origo
