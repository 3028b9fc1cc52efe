#include "loadtest/workload/flow_generator.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

namespace origo::loadtest {
namespace {

// Places in FlowMix.
enum : std::size_t { kGtc, kIoc, kFok, kMarket, kCancel, kReduce, kReplace };

// The middle of a calm flow is pushed back into this band.
constexpr std::int32_t kBandLow = 20'000;
constexpr std::int32_t kBandHigh = 80'000;
constexpr std::int32_t kFirstMiddle = 50'000;

std::int32_t as_price(std::int64_t ticks) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(ticks, 1, 2'000'000'000));
}

std::int64_t sign_of(FlowSide side) {
  return side == FlowSide::buy ? 1 : -1;
}

std::uint64_t target_of(const FlowOptions& options) {
  return std::max<std::uint64_t>(2, options.depth / options.instruments);
}

const FlowOptions& checked(const FlowOptions& options) {
  if (const std::string problem = problem_with(options); !problem.empty()) {
    throw std::invalid_argument(problem);
  }
  return options;
}

double spread_of(const FlowOptions& options) {
  if (options.spread > 0) return options.spread;
  return std::max(5.0, std::sqrt(static_cast<double>(target_of(options)) / 10.0));
}

}  // namespace

FlowGenerator::FlowGenerator(const FlowOptions& options, Sink sink)
    : options_(checked(options)),
      sink_(std::move(sink)),
      target_(target_of(options)),
      spread_(spread_of(options)),
      // Deeper books move slower, so that the share of trades stays alike.
      move_chance_(0.02 * std::min(1.0, std::sqrt(1000.0 / static_cast<double>(target_)))),
      draw_(options.seed * Draw::kGolden + 12345),
      instruments_([this] {
        std::vector<Instrument> made(options_.instruments);
        for (Instrument& one : made) {
          one.middle = kFirstMiddle + static_cast<std::int32_t>(draw_.below(1000));
        }
        return made;
      }()),
      popularity_(options.instruments, options.zipf, draw_),
      near_(spread_),
      far_(spread_ * 10),
      take_(spread_ / 2),
      jump_(spread_ / 4),
      age_(60),
      sums_(options.instruments),
      book_(options.instruments, [this](const FlowTrade& trade) { sums_.add(trade); }) {
  header_.instruments = options.instruments;
  header_.seed = options.seed;
  header_.depth = options.depth;
  header_.accounts = options.accounts;
}

FlowHeader FlowGenerator::run() {
  prefill();
  header_.resting_start = book_.resting();
  constexpr std::uint64_t kDry = 1'000'000;
  std::uint64_t in_vain = 0;
  while (header_.measured < options_.ops) {
    if (step(header_.measured)) {
      ++header_.measured;
      in_vain = 0;
    } else if (++in_vain > kDry + 100 * std::uint64_t{options_.instruments}) {
      throw std::runtime_error("this mix runs dry: nothing rests that it could cancel or change");
    }
  }
  header_.expected = sums_.result(book_hash(book_, options_.instruments));
  header_.resting_end = book_.resting();
  header_.levels_end = book_.levels();
  return header_;
}

// Limit orders that never cross, in turn over the instruments.
void FlowGenerator::prefill() {
  const std::uint64_t count = options_.instruments;
  for (std::uint64_t n = 0; n < target_ * count; ++n) {
    FlowCommand command;
    command.instrument = static_cast<std::uint32_t>((n * 7919 + n / count) % count);
    Instrument& instrument = instruments_[command.instrument];
    command.order = next_id();
    command.account = static_cast<std::uint32_t>(draw_.below(options_.accounts));
    command.side = static_cast<FlowSide>(draw_.below(2));
    command.quantity = draw_quantity(draw_);
    command.price = behind(instrument, command.side);
    emit(command);
    instrument.live.push_back(command.order);
    instrument.note_recent(command.order);
    ++header_.prefill;
  }
}

// One command; false if there was no order to do it to.
bool FlowGenerator::step(std::uint64_t done) {
  FlowCommand command;
  command.instrument = popularity_(draw_);
  Instrument& instrument = instruments_[command.instrument];
  move_middle(instrument, done);
  const std::size_t kind = draw_kind(instrument);
  command.account = static_cast<std::uint32_t>(draw_.below(options_.accounts));
  if (kind >= kCancel) return change(kind, command);
  enter(kind, command);
  return true;
}

void FlowGenerator::move_middle(Instrument& instrument, std::uint64_t done) {
  if (draw_.chance(move_chance_)) {
    const std::int64_t direction = draw_.chance(0.5) ? 1 : -1;
    const std::int64_t ticks = draw_.chance(0.02) ? 1 + std::int64_t{jump_(draw_)} : 1;
    instrument.middle = as_price(instrument.middle + direction * ticks);
  }
  if (options_.swing_percent == 0) {
    if (instrument.middle < kBandLow) instrument.middle += 5;
    if (instrument.middle > kBandHigh) instrument.middle -= 5;
    return;
  }
  // Down to the full swing at half of the run, and up again.
  const auto ops = static_cast<std::int64_t>(options_.ops);
  const std::int64_t from_half = std::abs(2 * static_cast<std::int64_t>(done) - ops);
  const std::int64_t full = std::int64_t{kFirstMiddle} * options_.swing_percent / 100;
  const auto shift = static_cast<std::int32_t>(full * (ops - from_half) / ops);
  instrument.middle = as_price(instrument.middle - (shift - instrument.shift));
  instrument.shift = shift;
}

std::size_t FlowGenerator::draw_kind(const Instrument& instrument) {
  // Fewer orders than aimed at: more come; more: more are cancelled.
  const double fill = static_cast<double>(instrument.resting) / static_cast<double>(target_);
  const double lack = 1.0 / std::max(fill, 0.05);
  Weights weights{};
  std::uint64_t sum = 0;
  for (std::size_t kind = 0; kind < weights.size(); ++kind) {
    double weight = options_.mix[kind];
    if (kind == kGtc) weight = std::min(lack * lack * lack * lack * weight, 400.0);
    if (kind == kCancel) weight = std::min(fill * fill * fill * fill * weight, 400.0);
    weights[kind] = static_cast<std::uint64_t>(weight * 1e6);
    sum += weights[kind];
  }
  if (sum == 0) throw std::runtime_error("this mix runs dry: nothing rests that it could cancel");
  std::uint64_t drawn = draw_.below(sum);
  std::size_t kind = 0;
  while (drawn >= weights[kind]) drawn -= weights[kind++];
  return kind;
}

void FlowGenerator::enter(std::size_t kind, FlowCommand command) {
  Instrument& instrument = instruments_[command.instrument];
  command.order = next_id();
  command.side = static_cast<FlowSide>(draw_.below(2));
  command.quantity = draw_quantity(draw_);
  switch (kind) {
    case kGtc:
      command.price = behind(instrument, command.side);
      ++header_.counts.gtc;
      break;
    case kMarket:
      command.kind = FlowKind::market;
      command.time_in_force = FlowTif::ioc;
      ++header_.counts.market;
      break;
    default:
      command.time_in_force = kind == kIoc ? FlowTif::ioc : FlowTif::fok;
      command.price = through(instrument, command.side);
      ++(kind == kIoc ? header_.counts.ioc : header_.counts.fok);
  }
  emit(command);
  if (kind != kGtc || book_.find(command.order) == nullptr) return;
  instrument.live.push_back(command.order);
  instrument.note_recent(command.order);
}

bool FlowGenerator::change(std::size_t kind, FlowCommand command) {
  Instrument& instrument = instruments_[command.instrument];
  command.order = pick_order(instrument);
  if (command.order == 0) return false;
  const PlainOrder* order = book_.find(command.order);
  const bool missed = order == nullptr;
  if (!missed) {
    command.side = order->side;
    command.account = order->account;
  }
  if (kind == kCancel) {
    command.kind = FlowKind::cancel;
    ++header_.counts.cancel;
  } else if (kind == kReduce) {
    command.kind = FlowKind::reduce;
    const std::uint64_t most = missed ? 0 : std::max<std::uint64_t>(1, order->open / 2);
    command.quantity = missed ? 1 : 1 + static_cast<std::uint32_t>(draw_.below(most));
    ++header_.counts.reduce;
  } else {
    command.kind = FlowKind::replace;
    reprice(command, order);
    ++header_.counts.replace;
  }
  emit(command);
  if (missed) ++header_.counts.missed;
  if (!missed && kind == kReplace) instrument.note_recent(command.order);
  return true;
}

// A replacement always has another price.
void FlowGenerator::reprice(FlowCommand& command, const PlainOrder* order) {
  command.quantity = draw_quantity(draw_);
  command.price = behind(instruments_[command.instrument], command.side);
  if (order != nullptr && command.price == order->price) {
    command.price = as_price(command.price - sign_of(command.side));
  }
}

bool FlowGenerator::emit(const FlowCommand& command) {
  if (command.price != 0) {
    header_.price_min = std::min(header_.price_min, command.price);
    header_.price_max = std::max(header_.price_max, command.price);
  }
  sink_(command);
  // A command touches one instrument, so the difference in all is the difference there.
  const std::uint64_t before = book_.resting();
  const bool done = book_.apply(command);
  instruments_[command.instrument].resting += book_.resting() - before;
  return done;
}

std::uint64_t FlowGenerator::next_id() {
  ++last_id_;
  const std::uint64_t id = options_.sparse_ids ? Draw::scramble(last_id_) : last_id_;
  header_.order_max = std::max(header_.order_max, id);
  return id;
}

// An order to cancel or change; now and then one that is gone; 0: there is none.
std::uint64_t FlowGenerator::pick_order(Instrument& instrument) {
  if (draw_.chance(options_.recent)) {
    const std::size_t age = std::min<std::size_t>(age_(draw_), kRecent - 1);
    const std::uint64_t id = instrument.recent[(instrument.recent_count - 1 - age) % kRecent];
    if (id != 0 && book_.find(id) != nullptr) return id;
  }
  std::vector<std::uint64_t>& live = instrument.live;
  while (!live.empty()) {
    const std::size_t place = draw_.below(live.size());
    const std::uint64_t id = live[place];
    if (book_.find(id) != nullptr) return id;
    live[place] = live.back();
    live.pop_back();
    if (draw_.chance(0.02)) return id;  // a request that came late
  }
  return 0;
}

// The price of an order that waits: one in ten lies ten times as far away.
std::int32_t FlowGenerator::behind(const Instrument& instrument, FlowSide side) {
  if (options_.sparse_levels > 0) {
    const auto level = static_cast<std::int64_t>(draw_.below(options_.sparse_levels));
    return on_grid(instrument, side, level);
  }
  const std::uint32_t beyond = draw_.chance(0.9) ? near_(draw_) : far_(draw_);
  const std::int64_t distance = 1 + std::int64_t{beyond};
  return as_price(instrument.middle - sign_of(side) * distance);
}

// The price of an order that takes.
std::int32_t FlowGenerator::through(const Instrument& instrument, FlowSide side) {
  const std::int64_t distance = take_(draw_);
  if (options_.sparse_levels > 0) return on_grid(instrument, side, -distance - 1);
  return as_price(instrument.middle + sign_of(side) * distance);
}

// The price so many sparse levels behind the middle; the grid stands still while the middle walks.
std::int32_t FlowGenerator::on_grid(const Instrument& instrument,
                                    FlowSide side,
                                    std::int64_t levels) const {
  const std::int64_t below = instrument.middle / kSparseGap;
  const std::int64_t step = side == FlowSide::buy ? below - levels : below + 1 + levels;
  return as_price(step * kSparseGap);
}

}  // namespace origo::loadtest
