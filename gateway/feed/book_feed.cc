#include "gateway/feed/book_feed.h"

#include <algorithm>
#include <boost/mp11/algorithm.hpp>
#include <charconv>
#include <span>
#include <utility>

#include "engine/core/ensure.h"

namespace origo::gateway {
namespace {

void append_number(std::string& json, std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  json.append(digits, end);
}

// Numbers of 64 bits are strings in JSON: a reader's doubles would round them.
void append_quoted(std::string& json, std::int64_t value) {
  json.push_back('"');
  append_number(json, value);
  json.push_back('"');
}

void append_level(std::string& json, Price price, Quantity open, std::uint32_t orders) {
  json.push_back('[');
  append_quoted(json, price.value());
  json.push_back(',');
  append_quoted(json, open.value());
  json.push_back(',');
  append_number(json, orders);
  json.push_back(']');
}

void append_trade(std::string& json, const FeedTrade& trade) {
  json.append("{\"trade\":");
  append_quoted(json, static_cast<std::int64_t>(trade.trade.value()));
  json.append(",\"price\":");
  append_quoted(json, trade.price.value());
  json.append(",\"quantity\":");
  append_quoted(json, trade.quantity.value());
  json.append(trade.aggressor == Side::buy ? ",\"aggressor\":\"buy\"" : ",\"aggressor\":\"sell\"");
  json.append(",\"time\":");
  append_quoted(json, trade.time.ns());
  json.push_back('}');
}

template <class Trades>
void append_trades(std::string& json, const Trades& trades) {
  json.append("\"trades\":[");
  const char* separator = "";
  for (const FeedTrade& trade : trades) {
    json.append(std::exchange(separator, ","));
    append_trade(json, trade);
  }
  json.push_back(']');
}

// What of `next` differs from `shown`; a level that is no longer shown has nothing open.
// Both are sorted best first, `better` says by what.
template <class Level, class Better>
std::vector<Level> difference(const std::vector<Level>& shown,
                              const std::vector<Level>& next,
                              Better better) {
  std::vector<Level> changes;
  auto old = shown.begin();
  for (const Level& level : next) {
    while (old != shown.end() && better(old->price, level.price)) {
      changes.push_back({.price = old++->price, .open = Quantity(0), .orders = 0});
    }
    if (old != shown.end() && old->price == level.price) {
      if (*old != level) changes.push_back(level);
      ++old;
    } else {
      changes.push_back(level);
    }
  }
  for (; old != shown.end(); ++old) {
    changes.push_back({.price = old->price, .open = Quantity(0), .orders = 0});
  }
  return changes;
}

template <class Levels>
void append_levels(std::string& json, const char* name, const Levels& levels) {
  json.append("\"").append(name).append("\":[");
  const char* separator = "";
  for (const auto& level : levels) {
    json.append(std::exchange(separator, ","));
    append_level(json, level.price, level.open, level.orders);
  }
  json.push_back(']');
}

template <class E>
constexpr auto kNumberOf = static_cast<std::uint16_t>(boost::mp11::mp_find<Event, E>::value + 1);

template <class E>
E decode(Decoder& decoder) {
  E event;
  decoder.get(event);
  ENSURE(decoder.ok() && decoder.at_end());
  return event;
}

}  // namespace

struct BookFeed::Book {
  InstrumentId instrument;
  BookSide bids;
  BookSide asks;
  std::deque<FeedTrade> trades;  // the last ones, oldest first
  std::optional<Price> last_price;
  // What was published: subscribers are at this state.
  View shown_bids;
  View shown_asks;
  std::string shown_l1;
  std::vector<FeedTrade> new_trades;  // not published yet
  bool touched = false;

  [[nodiscard]] Topic topic(Channel channel) const {
    return {.channel = channel, .instrument = instrument.value()};
  }
};

BookFeed::BookFeed(std::size_t depth, std::size_t trades_kept, std::size_t queue_bytes_max)
    : depth_(depth), trades_kept_(trades_kept), queue_bytes_max_(queue_bytes_max) {}

BookFeed::~BookFeed() = default;

void BookFeed::load(const FeedStart& start) {
  Book& book = book_of(start.instrument);
  for (const FeedLevel& level : start.levels) {
    take(LevelChanged{.instrument = start.instrument,
                      .side = level.side,
                      .price = level.price,
                      .open = level.open,
                      .orders = level.orders});
  }
  for (const FeedTrade& trade : start.trades) add_trade(book, trade);
  book.new_trades.clear();
}

void BookFeed::submit(FeedHub& hub, FeedBatch batch) {
  std::vector<FeedBatch> dropped;  // freed outside of the lock
  {
    const std::lock_guard lock(mutex_);
    queue_bytes_ += batch.events->size();
    const bool full = queue_bytes_ > queue_bytes_max_ && reloader_ != nullptr;
    if (full) lost_ = batch.last;
    queue_.push_back(std::move(batch));
    if (full) {
      dropped.swap(queue_);
      queue_bytes_ = 0;
    }
    if (std::exchange(draining_, true)) return;
  }
  hub.submit([this](FeedHub& on) { drain(on); });
}

std::size_t BookFeed::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void BookFeed::look(FeedHub& hub) {
  {
    const std::lock_guard lock(mutex_);
    if (!lost_.is_set() || std::exchange(draining_, true)) return;
  }
  hub.submit([this](FeedHub& on) { drain(on); });
}

void BookFeed::drain(FeedHub& hub) {
  Sequence lost;
  {
    const std::lock_guard lock(mutex_);
    draining_ = false;
    lost = lost_;
  }
  if (lost.is_set()) {
    const std::optional<FeedReload> state = reloader_(lost);
    if (!state) return;  // look() comes back to it
    reload(*state, hub);
  }
  std::vector<FeedBatch> batches;
  {
    const std::lock_guard lock(mutex_);
    if (lost_ != lost) return;  // more was lost meanwhile, and what is queued comes behind that
    lost_ = Sequence();
    batches.swap(queue_);
    queue_bytes_ = 0;
  }
  for (const FeedBatch& batch : batches) apply(batch);
}

// Makes the books those of `state`. What subscribers have seen stays known, so that levels go on as
// increments would; trades have a gap.
void BookFeed::reload(const FeedReload& state, FeedHub& hub) {
  for (const auto& [id, book] : books_) {
    book->bids.clear();
    book->asks.clear();
    touch(*book);
  }
  for (const FeedStart& start : state.instruments) {
    Book& book = book_of(start.instrument);
    book.trades.clear();
    book.new_trades.clear();
    load(start);
  }
  last_ = state.sequence;
  time_ = state.time;
  reloaded_ = state.sequence;
  hub.mark_all_behind();
}

void BookFeed::apply(const FeedBatch& batch) {
  last_ = std::max(last_, batch.last);
  time_ = std::max(time_, batch.time);
  // After a new start: its levels are in already, of its trades perhaps only some.
  const bool known = batch.last <= reloaded_;
  const std::uint8_t* at = batch.events->data();
  std::size_t left = batch.events->size();
  while (left > 0) {
    // [u32 length][u16 number][body]: most events do not concern the feed and stay undecoded.
    Decoder head(at, left);
    std::uint32_t length = 0;
    std::uint16_t number = 0;
    head.get(length);
    head.get(number);
    ENSURE(head.ok());
    ENSURE(length >= sizeof number && length <= left - sizeof length);
    Decoder body(at + sizeof length + sizeof number, length - sizeof number);
    if (number == kNumberOf<LevelChanged> && !known) take(decode<LevelChanged>(body));
    if (number == kNumberOf<Trade>) take(decode<Trade>(body), known);
    if (number == kNumberOf<InstrumentCreated>) take(decode<InstrumentCreated>(body));
    at += sizeof length + length;
    left -= sizeof length + length;
  }
}

BookFeed::Book& BookFeed::book_of(InstrumentId instrument) {
  auto& book = books_[instrument.value()];
  if (!book) {
    book = std::make_unique<Book>();
    book->instrument = instrument;
  }
  return *book;
}

BookFeed::Book* BookFeed::find(const Topic& topic) const {
  const auto found = books_.find(topic.instrument);
  return found == books_.end() ? nullptr : found->second.get();
}

void BookFeed::touch(Book& book) {
  if (std::exchange(book.touched, true)) return;
  touched_.push_back(&book);
}

void BookFeed::take(const InstrumentCreated& event) {
  book_of(event.instrument);
}

void BookFeed::take(const LevelChanged& event) {
  Book& book = book_of(event.instrument);
  const bool buy = event.side == Side::buy;
  BookSide& side = buy ? book.bids : book.asks;
  const std::int64_t key = buy ? -event.price.value() : event.price.value();
  if (event.orders == 0) {
    side.erase(key);
  } else {
    side[key] = {.price = event.price, .open = event.open, .orders = event.orders};
  }
  touch(book);
}

// A trade between two related instruments is a trade of both.
void BookFeed::take(const Trade& event, bool known) {
  const FeedTrade trade{.trade = event.trade,
                        .price = event.price,
                        .quantity = event.quantity,
                        .aggressor = event.aggressor,
                        .time = time_};
  const auto add = [&](InstrumentId instrument) {
    Book& book = book_of(instrument);
    if (known && !book.trades.empty() && trade.trade <= book.trades.back().trade) return;
    add_trade(book, trade);
  };
  add(event.instrument);
  if (event.sell_instrument != event.instrument) add(event.sell_instrument);
}

void BookFeed::add_trade(Book& book, const FeedTrade& trade) {
  book.last_price = trade.price;
  book.trades.push_back(trade);
  if (book.trades.size() > trades_kept_) book.trades.pop_front();
  book.new_trades.push_back(trade);
  touch(book);
}

BookFeed::View BookFeed::view_of(const BookSide& side, std::size_t depth) const {
  View view;
  for (auto level = side.begin(); level != side.end() && view.size() < depth; ++level) {
    view.push_back(level->second);
  }
  return view;
}

bool BookFeed::knows(const Topic& topic) const {
  return find(topic) != nullptr;
}

void BookFeed::write_snapshot(const Topic& topic, std::string& json) {
  Book& book = *find(topic);
  write_position(json);
  switch (topic.channel) {
    case Channel::trades:
      append_trades(json, book.trades);
      break;
    case Channel::book_l1:
      book.shown_l1.clear();
      write_l1(book, book.shown_l1);
      json.append(book.shown_l1);
      break;
    case Channel::book_l2:
      book.shown_bids = view_of(book.bids, depth_);
      book.shown_asks = view_of(book.asks, depth_);
      append_levels(json, "bids", book.shown_bids);
      json.push_back(',');
      append_levels(json, "asks", book.shown_asks);
      break;
  }
}

void BookFeed::publish_changes(FeedHub& hub) {
  for (Book* book : touched_) {
    book->touched = false;
    publish_trades(*book, hub);
    publish_l1(*book, hub);
    publish_l2(*book, hub);
  }
  touched_.clear();
}

void BookFeed::publish_trades(Book& book, FeedHub& hub) {
  if (book.new_trades.empty()) return;
  hub.publish(book.topic(Channel::trades), [this, &book](std::string& json) {
    write_position(json);
    append_trades(json, book.new_trades);
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

void BookFeed::publish_l2(Book& book, FeedHub& hub) {
  const Topic topic = book.topic(Channel::book_l2);
  if (!hub.is_wanted(topic)) {
    // The next subscriber's snapshot catches up; the number tells that it is a new state.
    hub.publish(topic, [](std::string&) {});
    return;
  }
  View bids = view_of(book.bids, depth_);
  View asks = view_of(book.asks, depth_);
  const auto bid_changes =
      difference(book.shown_bids, bids, [](Price a, Price b) { return a > b; });
  const auto ask_changes =
      difference(book.shown_asks, asks, [](Price a, Price b) { return a < b; });
  if (bid_changes.empty() && ask_changes.empty()) return;
  book.shown_bids = std::move(bids);
  book.shown_asks = std::move(asks);
  hub.publish(topic, [&](std::string& json) {
    write_position(json);
    append_levels(json, "bids", bid_changes);
    json.push_back(',');
    append_levels(json, "asks", ask_changes);
  });
}

void BookFeed::write_l1(const Book& book, std::string& json) const {
  const auto best = [&json](const char* name, const BookSide& side) {
    json.append("\"").append(name).append("\":");
    if (side.empty()) {
      json.append("null");
    } else {
      const Level& level = side.begin()->second;
      append_level(json, level.price, level.open, level.orders);
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
