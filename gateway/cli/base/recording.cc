#include "gateway/cli/base/recording.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <optional>
#include <unordered_map>

#include "gateway/cli/base/csv.h"
#include "gateway/cli/base/parse.h"

namespace origo::gateway {
namespace {

// Limit prices that mean "at any price": a bid without end, an ask for nothing.
constexpr std::string_view kBidAtAnyPrice = "999999999";

enum class Row : std::uint8_t { created, changed, deleted };

struct OrderRow {
  std::size_t line = 0;
  std::uint32_t order = 0;
  std::int64_t time_ms = 0;
  std::string price;
  std::string volume;
  Row row = Row::created;
  Side side = Side::buy;
};

struct TradeRow {
  std::size_t line = 0;
  std::int64_t time_ms = 0;
  std::string price;
  std::string amount;
  std::string_view buy;
  std::string_view sell;
  bool buyer_took = false;
};

// "6.405e-05" as "0.00006405"; what is no such number stays as it is.
std::string without_exponent(std::string_view number) {
  const std::size_t mark = number.find_first_of("eE");
  if (mark == std::string_view::npos) return std::string(number);
  std::string_view power = number.substr(mark + 1);
  const bool down = power.starts_with('-');
  if (down || power.starts_with('+')) power.remove_prefix(1);
  const auto places = parse_count(power);
  if (!places || *places > 18) return std::string(number);
  std::string digits(number.substr(0, mark));
  std::size_t point = digits.find('.');
  if (point == std::string::npos) {
    point = digits.size();
  } else {
    digits.erase(point, 1);
  }
  if (down) {
    digits.insert(0, *places, '0');
  } else {
    digits.append(*places, '0');
    point += *places;
  }
  return point == digits.size() ? digits : digits.insert(point, ".");
}

// Decimals that are not zeros at the end.
unsigned decimals_of(std::string_view number) {
  const std::size_t point = number.find('.');
  if (point == std::string_view::npos) return 0;
  const std::size_t last = number.find_last_not_of('0');
  return static_cast<unsigned>(last - point);
}

std::string_view whole_part(std::string_view number) {
  return number.substr(0, number.find('.'));
}

// What the planned orders promise while they rest, by the record.
class Promises {
 public:
  void open(const ReplayStep& step) {
    change(step.side,
           step.side == Side::buy ? Wide{step.price} * step.quantity : Wide{step.quantity});
  }
  void close(Side side, std::int64_t price, std::int64_t quantity) {
    change(side, side == Side::buy ? -Wide{price} * quantity : -Wide{quantity});
  }
  [[nodiscard]] static std::int64_t capped(long double value) {
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    return value >= static_cast<long double>(kMost) ? kMost : static_cast<std::int64_t>(value);
  }
  [[nodiscard]] std::int64_t bids_max() const {
    return capped(static_cast<long double>(bids_max_));
  }
  [[nodiscard]] std::int64_t asks_max() const {
    return capped(static_cast<long double>(asks_max_));
  }

 private:
  __extension__ using Wide = __int128;
  void change(Side side, Wide by) {
    Wide& now = side == Side::buy ? bids_ : asks_;
    Wide& most = side == Side::buy ? bids_max_ : asks_max_;
    now += by;
    most = std::max(most, now);
  }
  Wide bids_ = 0;
  Wide asks_ = 0;
  Wide bids_max_ = 0;
  Wide asks_max_ = 0;
};

class Planner {
 public:
  explicit Planner(const RecordingLimits& limits) : limits_(limits) {}

  RecordingOrError run(std::string_view orders_csv, std::string_view trades_csv) {
    const bool done =
        read_orders(orders_csv) && read_trades(trades_csv) && scale_trades() && plan();
    if (done) {
      std::int64_t traded = 0;
      for (const RecordedTrade& trade : out_.trades) traded += trade.quantity;
      out_.cash_needed = promises_.bids_max();
      out_.units_needed = Promises::capped(static_cast<long double>(promises_.asks_max()) +
                                           static_cast<long double>(traded));
    }
    return {.recording = std::move(out_), .error = std::move(error_)};
  }

 private:
  struct Traded {
    std::int64_t time_ms = 0;
    std::int64_t quantity = 0;
  };
  struct Live {
    bool entered = false;
    Side side = Side::buy;
    bool trades_ever = false;
    std::size_t placed = 0;  // its step
    std::int64_t price = 0;
    std::int64_t open = 0;      // by the record
    std::int64_t filled = 0;    // by the record
    std::deque<Traded> trades;  // of the record, not told by a row so far
  };

  bool fail(const char* file, std::size_t line, const std::string& what) {
    error_ = std::string(file) + ", line " + std::to_string(line) + ": " + what;
    return false;
  }

  std::uint32_t number_of(std::string_view id) {
    const auto [at, fresh] = numbers_.emplace(std::string(id), out_.ids.size() + 1);
    if (fresh) out_.ids.emplace_back(id);
    return static_cast<std::uint32_t>(at->second);
  }

  bool read_orders(std::string_view csv) {
    CsvReader reader(csv, {"id", "exchange_timestamp", "price", "volume", "action", "direction"});
    while (const auto cells = reader.next()) {
      const auto time = parse_count((*cells)[1]);
      const std::string_view action = (*cells)[4];
      const std::string_view side = (*cells)[5];
      const bool known = action == "created" || action == "changed" || action == "deleted";
      if ((*cells)[0].empty()) return fail("orders", reader.line(), "no id");
      if (!time)
        return fail("orders", reader.line(), "exchange_timestamp is no number of milliseconds");
      if (!known)
        return fail("orders", reader.line(), "action is none of: created, changed, deleted");
      if (side != "bid" && side != "ask")
        return fail("orders", reader.line(), "direction is neither bid nor ask");
      last_time_ = std::max(last_time_, static_cast<std::int64_t>(*time));
      rows_.push_back({.line = reader.line(),
                       .order = number_of((*cells)[0]),
                       .time_ms = last_time_,
                       .price = without_exponent((*cells)[2]),
                       .volume = without_exponent((*cells)[3]),
                       .row = action == "created"   ? Row::created
                              : action == "changed" ? Row::changed
                                                    : Row::deleted,
                       .side = side == "bid" ? Side::buy : Side::sell});
      out_.price_decimals = std::max(out_.price_decimals, decimals_of(rows_.back().price));
      out_.quantity_decimals = std::max(out_.quantity_decimals, decimals_of(rows_.back().volume));
    }
    if (!reader.problem().empty()) return fail("orders", reader.line(), reader.problem());
    return true;
  }

  bool read_trades(std::string_view csv) {
    CsvReader reader(
        csv, {"exchange_timestamp", "price", "amount", "buy_order_id", "sell_order_id", "side"});
    while (const auto cells = reader.next()) {
      const std::string_view side = (*cells)[5];
      const auto time = parse_count((*cells)[0]);
      if (side != "buy" && side != "sell")
        return fail("trades", reader.line(), "side is neither buy nor sell");
      if (!time)
        return fail("trades", reader.line(), "exchange_timestamp is no number of milliseconds");
      trade_rows_.push_back({.line = reader.line(),
                             .time_ms = static_cast<std::int64_t>(*time),
                             .price = without_exponent((*cells)[1]),
                             .amount = without_exponent((*cells)[2]),
                             .buy = (*cells)[3],
                             .sell = (*cells)[4],
                             .buyer_took = side == "buy"});
      out_.price_decimals = std::max(out_.price_decimals, decimals_of(trade_rows_.back().price));
      out_.quantity_decimals =
          std::max(out_.quantity_decimals, decimals_of(trade_rows_.back().amount));
    }
    if (!reader.problem().empty()) return fail("trades", reader.line(), reader.problem());
    return true;
  }

  // Trades in whole numbers; and the market's limits, which follow from them.
  bool scale_trades() {
    lives_.resize(out_.ids.size() + 1);
    const auto find = [&](std::string_view id) {
      const auto at = numbers_.find(std::string(id));
      return at == numbers_.end() ? 0 : static_cast<std::uint32_t>(at->second);
    };
    std::int64_t highest = 0;
    for (const TradeRow& row : trade_rows_) {
      const auto price = parse_decimal(row.price, out_.price_decimals);
      const auto amount = parse_decimal(row.amount, out_.quantity_decimals);
      if (!price || *price <= 0) return fail("trades", row.line, "price is not a positive number");
      if (!amount || *amount <= 0)
        return fail("trades", row.line, "amount is not a positive number");
      const std::uint32_t buy = find(row.buy);
      const std::uint32_t sell = find(row.sell);
      out_.trades.push_back({.taker = row.buyer_took ? buy : sell,
                             .maker = row.buyer_took ? sell : buy,
                             .price = *price,
                             .quantity = *amount});
      for (const std::uint32_t order : {buy, sell}) {
        if (order == 0) continue;
        lives_[order].trades.push_back({row.time_ms, *amount});
        lives_[order].trades_ever = true;
      }
      highest = std::max(highest, *price);
    }
    // Far from every trade there are only prices that nobody means.
    constexpr std::int64_t kFar = 20;
    constexpr std::int64_t kWithoutTrades = 1'000'000'000;
    const std::int64_t most = limits_.notional_max / 1000;
    out_.price_max = highest == 0 ? kWithoutTrades : highest > most / kFar ? most : highest * kFar;
    out_.quantity_max = std::min(limits_.quantity_max, limits_.notional_max / out_.price_max);
    return true;
  }

  bool plan() {
    for (const OrderRow& row : rows_) {
      const auto volume = parse_decimal(row.volume, out_.quantity_decimals);
      const auto price = parse_decimal(row.price, out_.price_decimals);
      if (!volume || *volume < 0) return fail("orders", row.line, "volume is not a number");
      if (!price || *price < 0) return fail("orders", row.line, "price is not a number");
      Live& live = lives_[row.order];
      switch (row.row) {
        case Row::created:
          ++out_.created;
          create(row, live, *price, *volume);
          break;
        case Row::changed:
          ++out_.changed;
          change(row, live, *price, *volume);
          break;
        case Row::deleted:
          ++out_.deleted;
          remove(row, live);
          break;
      }
    }
    return true;
  }

  void leave_out(const char* reason) { ++out_.left_out[reason]; }

  void create(const OrderRow& row, Live& live, std::int64_t price, std::int64_t volume) {
    const bool market =
        row.side == Side::buy ? whole_part(row.price) == kBidAtAnyPrice : price == 0;
    if (live.entered) return leave_out("created twice");
    if (volume == 0) return leave_out("created without volume");
    if (volume > out_.quantity_max) return leave_out("quantity above the market's limit");
    if (!market && (price < 1 || price > out_.price_max))
      return leave_out("price outside the collar");
    live.entered = true;
    live.side = row.side;
    live.price = market ? (row.side == Side::buy ? out_.price_max : 1) : price;
    live.open = volume;
    ReplayStep step{.time_ms = row.time_ms,
                    .action = ReplayAction::place,
                    .order = row.order,
                    .side = row.side,
                    .market = market,
                    .price = live.price,
                    .quantity = volume};
    promises_.open(step);
    if (market) step.price = 0;
    live.placed = out_.steps.size();
    out_.steps.push_back(step);
  }

  void change(const OrderRow& row, Live& live, std::int64_t price, std::int64_t volume) {
    if (!live.entered) return leave_out("of an order that was not entered");
    const std::int64_t drop = live.open - volume;
    if (told_by_trade(live, drop, row.time_ms)) {
      ++out_.told_by_trades;
      promises_.close(live.side, live.price, drop);
      live.open = volume;
      return;
    }
    if (price == live.price && drop == 0) return leave_out("changes nothing");
    if (price < 1 || price > out_.price_max || volume > out_.quantity_max)
      return leave_out("changed to outside the market's limits");
    ReplayStep step{.time_ms = row.time_ms, .order = row.order, .side = live.side};
    if (price == live.price && drop > 0) {
      step.action = ReplayAction::reduce;
      step.quantity = drop;
    } else {
      step.action = ReplayAction::amend;
      step.price = price;
      step.quantity = live.filled + volume;
    }
    promises_.close(live.side, live.price, live.open);
    live.price = price;
    live.open = volume;
    promises_.open({.side = live.side, .price = price, .quantity = volume});
    out_.steps.push_back(step);
  }

  void remove(const OrderRow& row, Live& live) {
    if (!live.entered) return leave_out("of an order that was not entered");
    live.entered = false;
    promises_.close(live.side, live.price, live.open);
    ReplayStep& place = out_.steps[live.placed];
    if (place.time_ms == row.time_ms && !place.market && !live.trades_ever) {
      place.post_only = true;
      ++out_.post_only;
    }
    out_.steps.push_back({.time_ms = row.time_ms,
                          .action = ReplayAction::cancel,
                          .order = row.order,
                          .side = live.side});
  }

  // Whether the order's next trades in the record, up to now, add up to `drop`; if so, they are
  // used up.
  static bool told_by_trade(Live& live, std::int64_t drop, std::int64_t now_ms) {
    std::int64_t sum = 0;
    for (std::size_t n = 0;
         n < live.trades.size() && live.trades[n].time_ms <= now_ms && sum < drop;
         ++n) {
      sum += live.trades[n].quantity;
      if (sum != drop) continue;
      live.trades.erase(live.trades.begin(),
                        live.trades.begin() + static_cast<std::ptrdiff_t>(n) + 1);
      live.filled += drop;
      return true;
    }
    return false;
  }

  RecordingLimits limits_;
  Recording out_;
  std::string error_;
  std::unordered_map<std::string, std::size_t> numbers_;
  std::vector<OrderRow> rows_;
  std::vector<TradeRow> trade_rows_;
  std::vector<Live> lives_;  // by order
  std::int64_t last_time_ = 0;
  Promises promises_;
};

}  // namespace

RecordingOrError parse_recording(std::string_view orders_csv,
                                 std::string_view trades_csv,
                                 const RecordingLimits& limits) {
  return Planner(limits).run(orders_csv, trades_csv);
}

}  // namespace origo::gateway
