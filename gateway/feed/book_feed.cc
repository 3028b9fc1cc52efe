#include "gateway/feed/book_feed.h"

#include <algorithm>
#include <boost/mp11/algorithm.hpp>
#include <utility>

#include "engine/core/ensure.h"
#include "gateway/feed/feed_book.h"

namespace origo::gateway {
namespace {

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

BookFeed::BookFeed(FeedDepth depth, std::size_t queue_bytes_max)
    : depth_(depth), queue_bytes_max_(queue_bytes_max) {}

BookFeed::~BookFeed() = default;

void BookFeed::load(const FeedStart& start) {
  Book& book = book_of(start.instrument);
  for (const FeedLevel& level : start.levels) set_level(start.instrument, level.side, level);
  for (const FeedOrder& order : start.orders) {
    queues_.add(order.order,
                {.instrument = start.instrument, .side = order.side, .price = order.price},
                order.visible);
  }
  for (const FeedTrade& trade : start.trades) add_trade(book, trade);
  book.new_trades.clear();
  relate(book, start.related);
  phases_[start.market] = start.phase;
  join(book, start.market);
  if (!start.phase.in_call()) book.indicated.reset();
  if (start.auction) book.auction = start.auction;
  book.day = start.day;
  if (start.reference) book.reference = start.reference;
  if (book.shown_stats.empty()) {
    write_stats(book, book.shown_stats);
  } else {
    touch_stats(book);
  }
  touch_call(book);
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
    const bool has_work = lost_.is_set() || behind_ || to_indicate_ || to_tell_;
    if (!has_work || std::exchange(draining_, true)) return;
  }
  hub.submit([this](FeedHub& on) {
    drain(on);
    indicate();
    publish_stats(on);
  });
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
  relate_new();
}

// Makes the books those of `state`. What subscribers have seen stays known, so that levels go on as
// increments would; trades have a gap.
void BookFeed::reload(const FeedReload& state, FeedHub& hub) {
  for (const auto& [id, book] : books_) {
    book->bids.clear();
    book->asks.clear();
    book->narrower.clear();
    book->wider.clear();
    touch(*book);
    touch_auction(*book);
  }
  queues_ = OrderQueues();
  unrelated_.clear();
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
  begin_day(date_of(time_));
  const std::span<const std::uint8_t> events(*batch.events);
  if (!batch.event_ends) return apply_command(events, batch.last <= reloaded_);
  Sequence command(batch.last.value() - batch.event_ends->size());
  std::size_t begin = 0;
  for (const std::uint32_t end : *batch.event_ends) {
    command = next(command);
    apply_command(events.subspan(begin, end - begin), command <= reloaded_);
    begin = end;
  }
}

// If `known`, the feed has started anew from a state that includes the command: its books are in
// already, of its trades perhaps only some.
void BookFeed::apply_command(std::span<const std::uint8_t> events, bool known) {
  while (!events.empty()) {
    // [u32 length][u16 number][body]: most events do not concern the feed and stay undecoded.
    Decoder head(events.data(), events.size());
    std::uint32_t length = 0;
    std::uint16_t number = 0;
    head.get(length);
    head.get(number);
    ENSURE(head.ok());
    ENSURE(length >= sizeof number && length <= events.size() - sizeof length);
    Decoder body(events.data() + sizeof length + sizeof number, length - sizeof number);
    events = events.subspan(sizeof length + length);
    if (number == kNumberOf<Trade>) {
      take(decode<Trade>(body), known);
    } else if (known) {
      continue;
    } else if (number == kNumberOf<LevelChanged>) {
      const auto event = decode<LevelChanged>(body);
      set_level(event.instrument, event.side, {event.side, event.price, event.open, event.orders});
    } else if (number == kNumberOf<InstrumentCreated>) {
      const auto event = decode<InstrumentCreated>(body);
      join(book_of(event.instrument), event.details.market);
      unrelated_.push_back(event.instrument);
    } else if (number == kNumberOf<PhaseChanged>) {
      take(decode<PhaseChanged>(body));
    } else if (number == kNumberOf<Uncrossed>) {
      take(decode<Uncrossed>(body));
    } else if (number == kNumberOf<ReferencePriceSet>) {
      take(decode<ReferencePriceSet>(body));
    } else if (number == kNumberOf<ReferencePriceDecided>) {
      take(decode<ReferencePriceDecided>(body));
    } else {
      take_order_event(number, body);
    }
  }
}

// Where an order stands. That its level has changed is told by itself.
void BookFeed::take_order_event(std::uint16_t number, Decoder& body) {
  if (number == kNumberOf<OrderRested>) {
    const auto e = decode<OrderRested>(body);
    queues_.add(e.order, {.instrument = e.instrument, .side = e.side, .price = e.price}, e.visible);
  } else if (number == kNumberOf<OrderRefreshed>) {
    const auto e = decode<OrderRefreshed>(body);
    queues_.add(e.order, {.instrument = e.instrument, .side = e.side, .price = e.price}, e.visible);
  } else if (number == kNumberOf<OrderAmended>) {
    const auto e = decode<OrderAmended>(body);
    e.requeued ? queues_.remove(e.order) : queues_.show(e.order, e.visible);
    touch_call(book_of(e.instrument));  // also where only its hidden part has changed
  } else if (number == kNumberOf<OrderEnded>) {
    queues_.remove(decode<OrderEnded>(body).order);
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

void BookFeed::set_level(InstrumentId instrument, Side side, const FeedLevel& level) {
  Book& book = book_of(instrument);
  Levels& levels = side == Side::buy ? book.bids : book.asks;
  const std::int64_t rank = rank_of(side, level.price);
  if (level.orders == 0) {
    levels.erase(rank);
  } else {
    levels[rank] = {.rank = rank, .price = level.price, .open = level.open, .orders = level.orders};
  }
  touch(book);
  touch_call(book);
}

// A trade between two related instruments is a trade of both.
void BookFeed::take(const Trade& event, bool known) {
  if (!known) queues_.take(event);
  const FeedTrade trade{.trade = event.trade,
                        .price = event.price,
                        .quantity = event.quantity,
                        .aggressor = event.aggressor,
                        .time = time_};
  const auto add = [&](InstrumentId instrument) {
    Book& book = book_of(instrument);
    count(book, trade);
    if (known && !book.trades.empty() && trade.trade <= book.trades.back().trade) return;
    add_trade(book, trade);
  };
  add(event.instrument);
  if (event.sell_instrument != event.instrument) add(event.sell_instrument);
}

void BookFeed::add_trade(Book& book, const FeedTrade& trade) {
  book.last_price = trade.price;
  book.trades.push_back(trade);
  if (book.trades.size() > depth_.trades) book.trades.pop_front();
  book.new_trades.push_back(trade);
  touch(book);
}

// Relations hold both ways, so the older instruments get theirs from the newer ones.
void BookFeed::relate(Book& book, const FeedRelations& related) {
  const auto join = [](std::vector<Book*>& all, Book& one) {
    if (std::ranges::find(all, &one) == all.end()) all.push_back(&one);
  };
  for (const InstrumentId id : related.narrower) {
    join(book.narrower, book_of(id));
    join(book_of(id).wider, book);
  }
  for (const InstrumentId id : related.wider) {
    join(book.wider, book_of(id));
    join(book_of(id).narrower, book);
  }
}

void BookFeed::relate_new() {
  if (!relator_) unrelated_.clear();
  std::erase_if(unrelated_, [&](InstrumentId instrument) {
    const std::optional<FeedRelations> related = relator_(instrument);
    if (!related) return false;
    Book& book = book_of(instrument);
    relate(book, *related);
    touch(book);
    return true;
  });
  const std::lock_guard lock(mutex_);
  behind_ = !unrelated_.empty();
}

}  // namespace origo::gateway
