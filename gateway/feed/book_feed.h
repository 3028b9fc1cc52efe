#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/core/amount.h"
#include "engine/core/date.h"
#include "engine/core/events.h"
#include "engine/core/id.h"
#include "engine/market/price_finding.h"
#include "gateway/feed/feed_hub.h"
#include "gateway/feed/feed_start.h"
#include "gateway/feed/order_queues.h"
#include "gateway/feed/shown.h"

namespace origo::gateway {

// The durable events of one or more commands, as the sequencer hands them on.
struct FeedBatch {
  Sequence last;                        // the last command of the batch
  Instant time;                         // its time
  std::shared_ptr<const Bytes> events;  // as class Events encodes them
  // Where the events of each command end, for all commands up to `last`; null: there is one.
  std::shared_ptr<const std::vector<std::uint32_t>> event_ends = {};
};

// All instruments as of one command, from a state that follows the sequencer.
struct FeedReload {
  Sequence sequence;
  Instant time;
  std::vector<FeedStart> instruments;
};
// A state that includes `at_least`, or nothing yet. Called on the feed thread; must not wait.
using FeedReloader = std::function<std::optional<FeedReload>(Sequence at_least)>;
// What an instrument was found to be related to when it was created; nothing: not known yet.
// Likewise.
using FeedRelator = std::function<std::optional<FeedRelations>(InstrumentId instrument)>;

// What an instrument's call would trade, by a state that includes `at_least`; nothing: not known
// yet. Likewise.
using FeedIndicator =
    std::function<std::optional<PriceFinding>(InstrumentId instrument, Sequence at_least)>;

struct FeedDepth {
  std::size_t levels = 100;  // of each side, in book.l2 and book.combined
  std::size_t trades = 50;   // the last ones, in a snapshot
  std::size_t orders = 500;  // of each side, in book.l3
};

// Turns the core's events into the public channels (see topic.h). It keeps its own books, so that
// snapshots and increments come from one ordered stream.
//
// Thread: the feed thread, except before the server starts.
class BookFeed final : public FeedSource {
 public:
  // At most `queue_bytes_max` of events wait for the feed thread.
  explicit BookFeed(FeedDepth depth = {}, std::size_t queue_bytes_max = std::size_t{64} << 20U);
  ~BookFeed() override;

  // Adds an instrument in the state of a recovered core. Once each, before any batch.
  void load(const FeedStart& start);

  // Takes over a batch; the messages go out with publish_changes(). A batch of malformed bytes
  // stops the process: these are the core's own.
  void apply(const FeedBatch& batch);

  // Where the feed starts anew when it has lost batches. Before any batch; without one none is lost
  // and the queue is not bounded.
  void set_reloader(FeedReloader reloader) { reloader_ = std::move(reloader); }
  // Who knows the relations of new instruments. Before any batch; without one they have none.
  void set_relator(FeedRelator relator) { relator_ = std::move(relator); }

  // Who knows what calls would trade. Before any batch; without one nothing is indicated.
  void set_indicator(FeedIndicator indicator) { indicator_ = std::move(indicator); }

  // apply() on the feed thread, from any thread and in order of the calls. Never waits: what finds
  // the queue full is lost with all that is in it, and the feed starts anew from a later state;
  // subscribers then get fresh snapshots.
  void submit(FeedHub& hub, FeedBatch batch);

  // Batches that wait for the feed thread. Any thread.
  [[nodiscard]] std::size_t waiting() const;

  // Has the feed make up for what it could not do yet, and say what calls would trade and how
  // statistics have changed; a few times a second. Any thread.
  void look(FeedHub& hub);

  [[nodiscard]] bool knows(const Topic& topic) const override;
  void write_snapshot(const Topic& topic, std::string& json) override;
  void publish_changes(FeedHub& hub) override;

 private:
  using Levels = std::map<std::int64_t, ShownLevel>;  // by rank
  using LevelView = BothSides<ShownLevel>;
  using OrderView = BothSides<ShownOrder>;
  struct Book;

  void drain(FeedHub& hub);
  void reload(const FeedReload& state, FeedHub& hub);
  void apply_command(std::span<const std::uint8_t> events, bool known);
  Book& book_of(InstrumentId instrument);
  Book* find(const Topic& topic) const;
  void touch(Book& book);
  void set_level(InstrumentId instrument, Side side, const FeedLevel& level);
  void take_order_event(std::uint16_t number, Decoder& body);
  void take(const Trade& event, bool known);
  void add_trade(Book& book, const FeedTrade& trade);
  void relate(Book& book, const FeedRelations& related);
  void relate_new();
  // calls: auction_channel.cc
  void join(Book& book, MarketId market);
  void take(const PhaseChanged& event);
  void take(const Uncrossed& event);
  void touch_call(Book& book);
  void touch_auction(Book& book);
  void indicate();
  void publish_auction(Book& book, FeedHub& hub);
  // Publishes `members` unless the channel was told just that last.
  void publish_members(
      Book& book, Channel channel, std::string& shown, std::string members, FeedHub& hub);
  static void write_auction(const Book& book, std::string& json);
  // statistics: stats_channel.cc
  void take(const ReferencePriceSet& event);
  void take(const ReferencePriceDecided& event);
  void count(Book& book, const FeedTrade& trade);
  void begin_day(Date day);
  void touch_stats(Book& book);
  void publish_stats(FeedHub& hub);
  static void write_stats(const Book& book, std::string& json);

  [[nodiscard]] LevelView levels_of(const Book& book) const;
  [[nodiscard]] LevelView combined_levels_of(const Book& book) const;
  [[nodiscard]] OrderView orders_of(const Book& book) const;
  void publish_trades(Book& book, FeedHub& hub);
  void publish_l1(Book& book, FeedHub& hub);
  void publish_combined(const std::vector<Book*>& changed, FeedHub& hub);
  template <class View>
  void publish_view(const Topic& topic, std::optional<View>& shown, View next, FeedHub& hub) const;
  void write_l1(const Book& book, std::string& json) const;
  void write_position(std::string& json) const;

  const FeedDepth depth_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Book>> books_;
  OrderQueues queues_;
  std::vector<Book*> touched_;  // since the last publish_changes(), each once
  Sequence last_;
  Instant time_;
  Sequence reloaded_;  // the state of the last new start
  FeedReloader reloader_;
  FeedRelator relator_;
  FeedIndicator indicator_;
  std::map<MarketId, FeedPhase> phases_;
  std::vector<Book*> in_call_;           // whose calls may trade something else now; each once
  std::vector<Book*> untold_;            // whose statistics have changed; each once
  Date today_;                           // UTC, of the newest command
  std::vector<InstrumentId> unrelated_;  // new ones whose relations are not known yet

  const std::size_t queue_bytes_max_;
  mutable std::mutex mutex_;
  std::vector<FeedBatch> queue_;  // guarded by mutex_, likewise the next seven
  std::size_t queue_bytes_ = 0;
  bool draining_ = false;     // the feed thread has been told
  bool behind_ = false;       // there are unrelated instruments
  bool to_indicate_ = false;  // there are such calls
  bool to_tell_ = false;      // there are such statistics
  Sequence lost_;             // the last batch that was dropped and not made up for; unset: none
};

}  // namespace origo::gateway
