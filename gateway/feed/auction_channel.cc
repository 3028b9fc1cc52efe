#include <boost/describe/enum_to_string.hpp>
#include <utility>

#include "gateway/feed/api_error.h"
#include "gateway/feed/feed_book.h"
#include "gateway/feed/feed_json.h"

// The channel of calls: phases, what calls would trade, and what they did.
namespace origo::gateway {
namespace {

// "price":"8","volume":"5","surplus_side":"buy","surplus":"2"
template <class Auction>
void append_members(std::string& json, const Auction& auction) {
  json.append("\"price\":");
  append_quoted(json, auction.price.value());
  json.append(",\"volume\":");
  append_quoted(json, auction.volume.value());
  const char* side = auction.surplus_side == Side::buy ? "\"buy\"" : "\"sell\"";
  json.append(",\"surplus_side\":").append(auction.surplus.is_zero() ? "null" : side);
  json.append(",\"surplus\":");
  append_quoted(json, auction.surplus.value());
}

// ,"call":"opening"
void append_call(std::string& json, CallKind call) {
  json.append(",\"call\":");
  if (call == CallKind::none) {
    json.append("null");
  } else {
    json.append("\"").append(boost::describe::enum_to_string(call, "")).append("\"");
  }
}

bool same(const std::optional<PriceFinding>& a, const PriceFinding& b) {
  return a && a->outcome == b.outcome && a->price == b.price && a->volume == b.volume &&
         a->surplus_side == b.surplus_side && a->surplus == b.surplus;
}

}  // namespace

void BookFeed::join(Book& book, MarketId market) {
  book.phase = &phases_[market];
}

// A halt keeps a call; it ends with continuous trading or the close.
void BookFeed::take(const PhaseChanged& event) {
  FeedPhase& phase = phases_[event.market];
  phase.phase = event.phase;
  phase.reason = event.reason;
  phase.until_lifted = event.until_lifted;
  if (event.phase == Phase::call) phase.call = event.call;
  if (event.phase == Phase::continuous || event.phase == Phase::closed) phase.call = CallKind::none;
  for (const auto& [id, book] : books_) {
    if (book->phase != &phase) continue;
    touch_auction(*book);
    if (!phase.in_call()) book->indicated.reset();
    touch_call(*book);
  }
}

void BookFeed::take(const Uncrossed& event) {
  Book& book = book_of(event.instrument);
  book.auction = FeedAuction{.price = event.price,
                             .volume = event.volume,
                             .surplus_side = event.surplus_side,
                             .surplus = event.surplus,
                             .call = event.call,
                             .time = time_};
  touch_auction(book);
}

void BookFeed::touch_auction(Book& book) {
  book.auction_touched = true;
  touch(book);
}

void BookFeed::touch_call(Book& book) {
  if (book.phase == nullptr || !book.phase->in_call() || std::exchange(book.call_touched, true))
    return;
  in_call_.push_back(&book);
  const std::lock_guard lock(mutex_);
  to_indicate_ = true;
}

// Finding a price costs a walk over the book's levels, so it is done here and now and then, not
// with each order: what came and went meanwhile is not mentioned.
void BookFeed::indicate() {
  std::erase_if(in_call_, [&](Book* book) {
    if (book->phase->in_call() && indicator_) {
      const std::optional<PriceFinding> found = indicator_(book->instrument, last_);
      if (!found) return false;
      if (!same(book->indicated, *found)) {
        book->indicated = found;
        touch_auction(*book);
      }
    }
    book->call_touched = false;
    return true;
  });
  const std::lock_guard lock(mutex_);
  to_indicate_ = !in_call_.empty();
}

void BookFeed::publish_auction(Book& book, FeedHub& hub) {
  if (!std::exchange(book.auction_touched, false)) return;
  std::string members;
  write_auction(book, members);
  publish_members(book, Channel::auction, book.shown_auction, std::move(members), hub);
}

void BookFeed::publish_members(
    Book& book, Channel channel, std::string& shown, std::string members, FeedHub& hub) {
  if (members == shown) return;
  shown = std::move(members);
  hub.publish(book.topic(channel), [&](std::string& json) {
    write_position(json);
    json.append(shown);
  });
}

void BookFeed::write_auction(const Book& book, std::string& json) {
  static const FeedPhase kUnknown;
  const FeedPhase& phase = book.phase == nullptr ? kUnknown : *book.phase;
  json.append("\"phase\":\"")
      .append(boost::describe::enum_to_string(phase.phase, ""))
      .append("\",\"reason\":");
  json.append(phase.reason.empty() ? "null" : json_string(phase.reason));
  json.append(",\"until_lifted\":").append(phase.until_lifted ? "true" : "false");
  append_call(json, phase.in_call() ? phase.call : CallKind::none);
  json.append(",\"indicative\":");
  if (book.indicated && book.indicated->outcome == PriceOutcome::found) {
    json.push_back('{');
    append_members(json, *book.indicated);
    json.push_back('}');
  } else {
    json.append("null");
  }
  json.append(",\"auction\":");
  if (book.auction) {
    json.push_back('{');
    append_members(json, *book.auction);
    append_call(json, book.auction->call);
    json.append(",\"time\":");
    append_quoted(json, book.auction->time.ns());
    json.push_back('}');
  } else {
    json.append("null");
  }
}

}  // namespace origo::gateway
