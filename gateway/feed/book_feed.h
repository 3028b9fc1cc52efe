#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/core/amount.h"
#include "engine/core/date.h"
#include "engine/core/event.h"
#include "engine/core/id.h"
#include "gateway/feed/feed_hub.h"

namespace origo::gateway {

// The durable events of one or more commands, as the sequencer hands them on.
struct FeedBatch {
  Sequence last;                        // the last command of the batch
  Instant time;                         // its time
  std::shared_ptr<const Bytes> events;  // as class Events encodes them
};

// Where an instrument's feed starts: the state before the first batch.
struct FeedLevel {
  Side side = Side::buy;
  Price price;
  Quantity open;
  std::uint32_t orders = 0;
};
struct FeedTrade {
  TradeId trade;
  Price price;
  Quantity quantity;
  Side aggressor = Side::buy;
  Instant time;
};
struct FeedStart {
  InstrumentId instrument;
  std::vector<FeedLevel> levels;
  std::vector<FeedTrade> trades;  // oldest first; the newest gives the last price
};

// All instruments as of one command, from a state that follows the sequencer.
struct FeedReload {
  Sequence sequence;
  Instant time;
  std::vector<FeedStart> instruments;
};
// A state that includes `at_least`, or nothing yet. Called on the feed thread; must not wait.
using FeedReloader = std::function<std::optional<FeedReload>(Sequence at_least)>;

// Turns the core's events into the channels trades, book.l1 and book.l2. It keeps its own books, so
// that snapshots and increments come from one ordered stream.
//
// Thread: the feed thread, except before the server starts.
class BookFeed final : public FeedSource {
 public:
  // book.l2 shows at most `depth` levels of each side; trades snapshots the last `trades_kept`.
  // At most `queue_bytes_max` of events wait for the feed thread.
  explicit BookFeed(std::size_t depth = 100, std::size_t trades_kept = 50,
                    std::size_t queue_bytes_max = std::size_t{64} << 20U);
  ~BookFeed() override;

  // Adds an instrument in the state of a recovered core. Once each, before any batch.
  void load(const FeedStart& start);

  // Takes over a batch; the messages go out with publish_changes(). A batch of malformed bytes
  // stops the process: these are the core's own.
  void apply(const FeedBatch& batch);

  // Where the feed starts anew when it has lost batches. Before any batch; without one none is lost
  // and the queue is not bounded.
  void set_reloader(FeedReloader reloader) { reloader_ = std::move(reloader); }

  // apply() on the feed thread, from any thread and in order of the calls. Never waits: what finds
  // the queue full is lost with all that is in it, and the feed starts anew from a later state;
  // subscribers then get fresh snapshots.
  void submit(FeedHub& hub, FeedBatch batch);

  // Batches that wait for the feed thread. Any thread.
  [[nodiscard]] std::size_t waiting() const;

  // Has the feed try again to start anew, if it must; now and then. Any thread.
  void look(FeedHub& hub);

  [[nodiscard]] bool knows(const Topic& topic) const override;
  void write_snapshot(const Topic& topic, std::string& json) override;
  void publish_changes(FeedHub& hub) override;

 private:
  struct Level {
    Price price;
    Quantity open;
    std::uint32_t orders = 0;
    friend bool operator==(const Level&, const Level&) = default;
  };
  // Best level first. Keys are prices, negated for bids.
  using BookSide = std::map<std::int64_t, Level>;
  using View = std::vector<Level>;  // the best levels, best first
  struct Book;

  void drain(FeedHub& hub);
  void reload(const FeedReload& state, FeedHub& hub);
  Book& book_of(InstrumentId instrument);
  Book* find(const Topic& topic) const;
  void touch(Book& book);
  void take(const InstrumentCreated& event);
  void take(const Trade& event, bool known);
  void take(const LevelChanged& event);
  void add_trade(Book& book, const FeedTrade& trade);
  [[nodiscard]] View view_of(const BookSide& side, std::size_t depth) const;
  void publish_trades(Book& book, FeedHub& hub);
  void publish_l1(Book& book, FeedHub& hub);
  void publish_l2(Book& book, FeedHub& hub);
  void write_l1(const Book& book, std::string& json) const;
  void write_position(std::string& json) const;

  const std::size_t depth_;
  const std::size_t trades_kept_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Book>> books_;
  std::vector<Book*> touched_;  // since the last publish_changes(), each once
  Sequence last_;
  Instant time_;
  Sequence reloaded_;  // the state of the last new start
  FeedReloader reloader_;

  const std::size_t queue_bytes_max_;
  mutable std::mutex mutex_;
  std::vector<FeedBatch> queue_;   // guarded by mutex_, likewise the next four
  std::size_t queue_bytes_ = 0;
  bool draining_ = false;          // the feed thread has been told
  Sequence lost_;                  // the last batch that was dropped and not made up for; unset: none
};

}  // namespace origo::gateway
