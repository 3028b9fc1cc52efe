#include <algorithm>
#include <queue>
#include <set>
#include <utility>

#include "gateway/feed/feed_book.h"
#include "gateway/feed/feed_json.h"

// What the feed's channels say of its books.
namespace origo::gateway {
namespace {

// The best `count` levels of several sides as one.
template <class Levels>
std::vector<ShownLevel> best_of(const std::vector<const Levels*>& sides, std::size_t count) {
  struct At {
    typename Levels::const_iterator level;
    typename Levels::const_iterator end;
    bool operator>(const At& other) const { return level->first > other.level->first; }
  };
  std::priority_queue<At, std::vector<At>, std::greater<>> heads;
  for (const Levels* side : sides) {
    if (!side->empty()) heads.push({.level = side->begin(), .end = side->end()});
  }
  std::vector<ShownLevel> best;
  while (!heads.empty()) {
    At head = heads.top();
    const ShownLevel& level = head.level->second;
    if (!best.empty() && best.back().rank == level.rank) {
      best.back().open += level.open;
      best.back().orders += level.orders;
    } else if (best.size() < count) {
      best.push_back(level);
    } else {
      break;
    }
    heads.pop();
    if (++head.level != head.end) heads.push(head);
  }
  return best;
}

}  // namespace

BookFeed::LevelView BookFeed::levels_of(const Book& book) const {
  return {.bids = best_of<Levels>({&book.bids}, depth_.levels),
          .asks = best_of<Levels>({&book.asks}, depth_.levels)};
}

// What a seller here can fill, and what a buyer here can take.
BookFeed::LevelView BookFeed::combined_levels_of(const Book& book) const {
  std::vector<const Levels*> bids{&book.bids};
  std::vector<const Levels*> asks{&book.asks};
  for (const Book* wider : book.wider) bids.push_back(&wider->bids);
  for (const Book* narrower : book.narrower) asks.push_back(&narrower->asks);
  return {.bids = best_of(bids, depth_.levels), .asks = best_of(asks, depth_.levels)};
}

BookFeed::OrderView BookFeed::orders_of(const Book& book) const {
  return {.bids = queues_.best(book.instrument, Side::buy, depth_.orders),
          .asks = queues_.best(book.instrument, Side::sell, depth_.orders)};
}

bool BookFeed::knows(const Topic& topic) const {
  return find(topic) != nullptr;
}

void BookFeed::write_snapshot(const Topic& topic, std::string& json) {
  Book& book = *find(topic);
  write_position(json);
  switch (topic.channel) {
    case Channel::trades:
      append_list(json, "trades", book.trades);
      break;
    case Channel::book_l1:
      book.shown_l1.clear();
      write_l1(book, book.shown_l1);
      json.append(book.shown_l1);
      break;
    case Channel::book_l2:
      book.shown_levels = levels_of(book);
      append_sides(json, *book.shown_levels);
      break;
    case Channel::book_l3:
      book.shown_orders = orders_of(book);
      append_sides(json, *book.shown_orders);
      break;
    case Channel::book_combined:
      book.shown_combined = combined_levels_of(book);
      append_sides(json, *book.shown_combined);
      break;
    case Channel::auction:
      book.shown_auction.clear();
      write_auction(book, book.shown_auction);
      json.append(book.shown_auction);
      break;
    case Channel::stats:
      write_stats(book, json);  // may be ahead of what was published: updates are whole states, too
      break;
  }
}

void BookFeed::publish_changes(FeedHub& hub) {
  for (Book* book : touched_) {
    book->touched = false;
    publish_trades(*book, hub);
    publish_l1(*book, hub);
    publish_auction(*book, hub);
    if (book->shown_levels) {
      publish_view(book->topic(Channel::book_l2), book->shown_levels, levels_of(*book), hub);
    }
    if (book->shown_orders) {
      publish_view(book->topic(Channel::book_l3), book->shown_orders, orders_of(*book), hub);
    }
  }
  publish_combined(touched_, hub);
  touched_.clear();
}

void BookFeed::publish_trades(Book& book, FeedHub& hub) {
  if (book.new_trades.empty()) return;
  hub.publish(book.topic(Channel::trades), [this, &book](std::string& json) {
    write_position(json);
    append_list(json, "trades", book.new_trades);
  });
  book.new_trades.clear();
}

void BookFeed::publish_l1(Book& book, FeedHub& hub) {
  std::string members;
  write_l1(book, members);
  if (members == book.shown_l1) return;
  book.shown_l1 = std::move(members);
  hub.publish(book.topic(Channel::book_l1), [this, &book](std::string& json) {
    write_position(json);
    json.append(book.shown_l1);
  });
}

// Topics that nobody has asked for since their last message stay as they are, unnumbered. Where
// nobody listens any more the number tells the next subscriber's snapshot from the last one.
template <class View>
void BookFeed::publish_view(const Topic& topic,
                            std::optional<View>& shown,
                            View next,
                            FeedHub& hub) const {
  if (!hub.is_wanted(topic)) {
    shown.reset();
    hub.publish(topic, [](std::string&) {});
    return;
  }
  const View changes = difference(*shown, next);
  if (changes.empty()) return;
  shown = std::move(next);
  hub.publish(topic, [&](std::string& json) {
    write_position(json);
    append_sides(json, changes);
  });
}

void BookFeed::publish_combined(const std::vector<Book*>& changed, FeedHub& hub) {
  std::set<InstrumentId> affected;
  const auto note = [&](const Book& book) {
    if (book.shown_combined) affected.insert(book.instrument);
  };
  for (const Book* book : changed) {
    note(*book);
    for (const Book* related : book->narrower) note(*related);
    for (const Book* related : book->wider) note(*related);
  }
  for (const InstrumentId instrument : affected) {
    Book& book = book_of(instrument);
    publish_view(
        book.topic(Channel::book_combined), book.shown_combined, combined_levels_of(book), hub);
  }
}

// The best prices that are limits: what stands at any price has none.
void BookFeed::write_l1(const Book& book, std::string& json) const {
  const auto best = [&json](const char* name, const Levels& side) {
    json.append("\"").append(name).append("\":");
    const auto level =
        std::ranges::find_if(side, [](const auto& one) { return !one.second.price.is_zero(); });
    if (level == side.end()) {
      json.append("null");
    } else {
      append_item(json, level->second);
    }
  };
  best("bid", book.bids);
  json.push_back(',');
  best("ask", book.asks);
  json.append(",\"last\":");
  if (book.last_price) {
    append_quoted(json, book.last_price->value());
  } else {
    json.append("null");
  }
}

// Which commands the message includes, and when the last of them was.
void BookFeed::write_position(std::string& json) const {
  json.append("\"sequence\":");
  append_quoted(json, static_cast<std::int64_t>(last_.value()));
  json.append(",\"time\":");
  append_quoted(json, time_.ns());
  json.push_back(',');
}

}  // namespace origo::gateway
