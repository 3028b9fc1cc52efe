#include <boost/describe/enum_to_string.hpp>
#include <utility>

#include "gateway/feed/feed_book.h"
#include "gateway/feed/feed_json.h"

// The channel of statistics: the day's prices and volume, and the reference price.
namespace origo::gateway {
namespace {

// "name":"8", or null
void append_price(std::string& json, const char* name, bool is_known, std::int64_t price) {
  json.append("\"").append(name).append("\":");
  if (is_known) {
    append_quoted(json, price);
  } else {
    json.append("null");
  }
}

void append_reference(std::string& json, const FeedReference& reference) {
  json.push_back('{');
  append_price(json, "price", true, reference.price.value());
  json.append(",\"method\":\"").append(boost::describe::enum_to_string(reference.method, ""));
  json.append("\",\"day\":");
  json.append(reference.day ? "\"" + to_string(*reference.day) + "\"" : "null");
  json.append(",\"volume\":");
  append_quoted(json, reference.volume.value());
  json.append(",\"trades\":");
  append_quoted(json, reference.trades);
  json.push_back('}');
}

}  // namespace

// It holds from now on, also for a call that goes on.
void BookFeed::take(const ReferencePriceSet& event) {
  Book& book = book_of(event.reference.instrument);
  book.reference =
      FeedReference{.price = event.reference.price, .method = ReferenceMethod::set_by_hand};
  touch_stats(book);
  touch_call(book);
}

void BookFeed::take(const ReferencePriceDecided& event) {
  Book& book = book_of(event.instrument);
  book.reference = FeedReference{.price = event.price,
                                 .method = event.method,
                                 .day = event.day,
                                 .volume = event.volume,
                                 .trades = event.trades};
  touch_stats(book);
  touch_call(book);
}

// A feed that has started anew may be told a trade again that the state had counted.
void BookFeed::count(Book& book, const FeedTrade& trade) {
  Candle& day = book.day;
  if (day.trades > 0 && trade.trade <= day.last) return;
  const std::int64_t price = trade.price.value();
  const std::int64_t quantity = trade.quantity.value();
  if (day.trades == 0) day.start = start_of(Interval::day, trade.time);
  origo::gateway::add_trade(day, trade.trade, price, quantity, price * quantity);
  touch_stats(book);
}

void BookFeed::begin_day(Date day) {
  if (day == today_) return;
  today_ = day;
  for (const auto& [id, book] : books_) {
    if (book->day.trades == 0 || date_of(book->day.start) == day) continue;
    book->day = Candle();
    touch_stats(*book);
  }
}

void BookFeed::touch_stats(Book& book) {
  if (std::exchange(book.stats_touched, true)) return;
  untold_.push_back(&book);
  const std::lock_guard lock(mutex_);
  to_tell_ = true;
}

void BookFeed::publish_stats(FeedHub& hub) {
  for (Book* const book : std::exchange(untold_, {})) {
    book->stats_touched = false;
    std::string members;
    write_stats(*book, members);
    publish_members(*book, Channel::stats, book->shown_stats, std::move(members), hub);
  }
  const std::lock_guard lock(mutex_);
  to_tell_ = false;
}

void BookFeed::write_stats(const Book& book, std::string& json) {
  const Candle& day = book.day;
  const bool traded = day.trades > 0;
  json.append("\"day\":");
  json.append(traded ? "\"" + to_string(date_of(day.start)) + "\"" : "null").push_back(',');
  append_price(json, "open", traded, day.open);
  json.push_back(',');
  append_price(json, "high", traded, day.high);
  json.push_back(',');
  append_price(json, "low", traded, day.low);
  json.push_back(',');
  append_price(
      json, "last", book.last_price.has_value(), book.last_price.value_or(Price()).value());
  json.append(",\"volume\":");
  append_quoted(json, day.volume);
  json.push_back(',');
  append_price(json, "vwap", traded, traded ? average_of_instrument(day) : 0);
  json.append(",\"trades\":");
  append_quoted(json, static_cast<std::int64_t>(day.trades));
  json.append(",\"reference\":");
  if (book.reference) {
    append_reference(json, *book.reference);
  } else {
    json.append("null");
  }
}

}  // namespace origo::gateway
