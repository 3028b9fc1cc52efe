#include "tests/scenario/in_process_driver.h"

#include <algorithm>
#include <map>
#include <span>

#include "engine/market/call_book.h"
#include "engine/market/settlements.h"
#include "engine/registry/lineage.h"
#include "engine/registry/serial_format.h"
#include "tests/scenario/from_json.h"

namespace origo::scenario {
namespace {

constexpr std::uint32_t kSweepLimit = 1000;
constexpr int kTicksMax = 100000;

void decode_all(std::span<const std::uint8_t> bytes, std::vector<Event>& events) {
  const bool all_read = for_each_event(
      bytes.data(), bytes.size(), [&](const Event& event) { events.push_back(event); });
  ENSURE(all_read);
}

// A digest of the body for the core's memory of repeats, as a gateway makes it.
Hash128 digest_of(const Command& command) {
  const Bytes body = encoded(command);
  const Hash256 full = hash_of(std::string(body.begin(), body.end()));
  Hash128 half{};
  std::copy_n(full.begin(), half.size(), half.begin());
  return half;
}

Bytes whole(const Exchange& exchange) {
  Bytes bytes;
  Encoder out(bytes);
  exchange.encode(out);
  return bytes;
}

}  // namespace

void InProcessDriver::start(Instant now, bool bootstrapped) {
  exchange_ = std::make_unique<Exchange>();
  now_ = now;
  records_.clear();
  said_.clear();
  books_ = BookFromEvents();
  faults_.clear();
  if (!bootstrapped) return;
  const Reply reply =
      apply(Origin{}, Bootstrap{.venue_name = "Venue", .admin_token = hash_of("admin")});
  ENSURE(reply.answer.ok());
}

Bytes InProcessDriver::state() const {
  Bytes bytes;
  Encoder out(bytes);
  exchange_->parties().encode(out);
  exchange_->cash().encode(out);
  exchange_->holdings().encode(out);
  out.put(exchange_->registry());
  exchange_->market().encode(out);
  return bytes;
}

Reply InProcessDriver::apply(const Origin& origin, const Command& command) {
  const CommandHeader header{
      .sequence = next(exchange_->sequence()), .time = now_, .origin = origin};
  const Bytes before = state();
  Events events;
  Reply reply;
  reply.answer = exchange_->apply(header, command, events);
  records_.emplace_back(header, command);
  said_.insert(said_.end(), events.bytes().begin(), events.bytes().end());
  decode_all(events.bytes(), reply.events);
  for (const Event& event : reply.events) books_.see(event);
  for (std::string& wrong : books_.compare(exchange_->market()))
    faults_.push_back(std::move(wrong));
  if (!reply.answer.ok() && state() != before)
    faults_.push_back("a refused command changed the state");
  for (std::string& broken : exchange_->check_invariants()) faults_.push_back(std::move(broken));
  return reply;
}

void InProcessDriver::tick_while_due(std::vector<Event>& events) {
  for (int i = 0; i < kTicksMax && exchange_->next_due() <= now_; ++i) {
    Reply reply = apply(Origin{}, Tick{.sweep_limit = kSweepLimit});
    events.insert(events.end(), reply.events.begin(), reply.events.end());
  }
  if (exchange_->next_due() <= now_) faults_.push_back("due work does not end");
}

std::vector<Event> InProcessDriver::set_time(Instant now) {
  if (now < now_) throw FileMistake("the clock never goes back");
  now_ = now;
  std::vector<Event> events;
  tick_while_due(events);
  return events;
}

Reply InProcessDriver::execute(const Submission& submission) {
  Origin origin{.principal = submission.principal,
                .client = submission.client,
                .client_sequence = submission.client_sequence,
                .digest = {}};
  if (submission.client.is_set()) origin.digest = digest_of(submission.command);
  return apply(origin, submission.command);
}

std::vector<LevelView> InProcessDriver::levels(InstrumentId instrument, Side side) {
  std::vector<LevelView> views;
  const Market& market = exchange_->market();
  const Book& book = market.book(instrument);
  for (const BookSide* levels : {&book.at_any_price(side), &book.side(side)}) {
    levels->for_each(market.store, [&](const Level& level) {
      views.push_back({.price = level.price, .open = level.open, .orders = level.orders});
      return true;
    });
  }
  return views;
}

std::vector<LevelView> InProcessDriver::combined(InstrumentId instrument, Side side) {
  const Instrument& own = exchange_->market().get(instrument);
  std::map<Price, LevelView> sums;
  std::vector<InstrumentId> reach = side == Side::buy ? own.wider : own.narrower;
  reach.push_back(instrument);
  for (const InstrumentId each : reach) {
    for (const LevelView& level : levels(each, side)) {
      LevelView& sum = sums[level.price];
      sum.price = level.price;
      sum.open += level.open;
      sum.orders += level.orders;
    }
  }
  std::vector<LevelView> views;
  for (const auto& [price, view] : sums) views.push_back(view);
  if (side == Side::buy) std::reverse(views.begin(), views.end());
  return views;
}

PriceFinding InProcessDriver::indication(InstrumentId instrument) {
  const Market& market = exchange_->market();
  if (!market.find(market.get(instrument).market)->in_call()) return {};
  return find_call_price(market, market.get(instrument));
}

CashView InProcessDriver::cash(AccountId account, Currency currency) {
  const CashSlot slot = exchange_->cash().find(account, currency);
  if (slot == CashLedger::kNone) return {};
  const CashBalance& balance = exchange_->cash().get(slot);
  return {.available = balance.available,
          .reserved = balance.reserved,
          .pending = pending_sums(exchange_->market(), account).cash_of(account, currency)};
}

std::vector<HoldingView> InProcessDriver::holdings(AccountId account) {
  std::vector<HoldingView> views;
  const PendingSums pending = pending_sums(exchange_->market(), account);
  exchange_->holdings().for_each_of(account, [&](HoldingSlot slot) {
    const Holding& holding = exchange_->holdings().get(slot);
    HoldingView& view = views.emplace_back();
    view.lot = holding.lot;
    view.available = holding.available();
    view.reserved = holding.reserved;
    view.pending = pending.units_of(account, holding.lot);
    view.serials = print(exchange_->holdings().ranges(holding));
    view.frozen = print(exchange_->holdings().frozen(holding));
  });
  std::sort(views.begin(), views.end(), [](const auto& a, const auto& b) { return a.lot < b.lot; });
  return views;
}

std::vector<SettlementView> InProcessDriver::settlements(AccountId account) {
  std::vector<SettlementView> views;
  for (const SettlementSide& side : settlement_sides(exchange_->market(), account)) {
    SettlementView& view = views.emplace_back();
    view = {.side = side.side,
            .cash = side.settlement->cash,
            .fee = side.fee(),
            .due = side.settlement->due};
    for (const PendingDelivery& delivery : side.settlement->deliveries)
      view.deliveries.emplace_back(delivery.lot, delivery.units);
  }
  return views;
}

DeviceView InProcessDriver::device(DeviceId id) {
  const Device* device = exchange_->registry().find(id);
  if (device == nullptr) throw FileMistake("there is no such device");
  const DeviceVersion& today = device->on(date_of(now_));
  DeviceView view{.producer = today.producer,
                  .name = today.name,
                  .carriers = today.carriers,
                  .start = device->start(),
                  .last_day = today.last_day == kNever ? Date() : today.last_day,
                  .fields = {},
                  .approved = device->approved,
                  .suspended = device->suspended,
                  .waiting = device->waiting,
                  .history = {}};
  for (const Field& field : today.fields) view.fields.emplace_back(field.name, field.value);
  for (const DeviceVersion& version : device->versions) {
    view.history.push_back(
        {.valid_from = version.valid_from == kDateMin ? Date() : version.valid_from,
         .producer = version.producer,
         .name = version.name,
         .change = version.change,
         .asked_by = version.asked_by,
         .approved_by = version.approved_by});
  }
  return view;
}

LotView InProcessDriver::lot(LotId id) {
  const Registry& registry = exchange_->registry();
  const Lot* lot = registry.find(id);
  if (lot == nullptr) throw FileMistake("there is no such lot");
  std::map<std::string, std::string> attributes;
  for (const AttributeValue& value : lot->attributes) {
    std::string& text = attributes[exchange_->vocabulary().get_attribute(value.attribute).name];
    text += (text.empty() ? "" : ";") + print_value(exchange_->vocabulary(), value);
  }
  Units frozen;
  for (const SerialRange& range : exchange_->holdings().frozen(id)) frozen += range.count;
  return {.registry = lot->registry,
          .device = lot->device,
          .issued_on = lot->issued_on,
          .transferable_until = lot->transferable_until,
          .cancellable_until = lot->cancellable_until,
          .issued = lot->issued,
          .held = exchange_->holdings().circulating(id),
          .cancelled = lot->cancelled,
          .expired = lot->expired,
          .withdrawn = lot->withdrawn,
          .voided = lot->voided,
          .claimed = lot->claimed,
          .frozen = frozen,
          .flagged = lot->flagged,
          .captured_co2 = lot->co2,
          .first_serial = print_serial(registry, *lot, Serial(1)),
          .attributes = std::move(attributes)};
}

LineageView InProcessDriver::lineage(LotId id) {
  constexpr std::size_t kMost = 1'000;  // as a node does
  const Registry& registry = exchange_->registry();
  if (registry.find(id) == nullptr) throw FileMistake("there is no such lot");
  const Lineage lineage = trace(registry, exchange_->vocabulary(), id, kMost);
  LineageView view;
  const auto add = [](const LineageStep& step, std::vector<LineageStepView>& steps) {
    steps.push_back({.kind = boost::describe::enum_to_string(step.kind, "?"),
                     .input = step.input.lot,
                     .units = step.input.units,
                     .captured_co2 = step.input.captured});
  };
  for (const LineageStep& step : lineage.upstream) add(step, view.upstream);
  for (const LineageStep& step : lineage.downstream) add(step, view.downstream);
  for (const CarbonOrigin& origin : lineage.origins) {
    std::string words;
    for (const Co2Source source : origin.sources)
      words += std::string(words.empty() ? "" : ";") + boost::describe::enum_to_string(source, "?");
    view.origins.emplace_back(words, origin.mass);
  }
  view.complete = lineage.complete;
  return view;
}

Measured InProcessDriver::carried(DeviceId id, const std::string& carrier) {
  const Device* device = exchange_->registry().find(id);
  if (device == nullptr) throw FileMistake("there is no such device");
  Measured sum;
  for (const auto& [line, remainder] : device->carried) {
    if (line.carrier == carrier) sum += remainder.amount;
  }
  return sum;
}

BalanceView InProcessDriver::balance(SiteId id) {
  const Registry& registry = exchange_->registry();
  const Site* site = registry.find(id);
  if (site == nullptr) throw FileMistake("there is no such site");
  BalanceView view;
  if (site->balances.empty()) return view;
  const Balance& newest = site->balances.back();
  const auto left = [&](const BalanceLine& line) {
    return newest.closed ? line.carried_out : line.held();
  };
  view.period = newest.period;
  view.closed = newest.closed;
  view.gas = left(newest.gas);
  for (const auto& [proof, line] : newest.proofs) {
    if (left(line).is_positive()) view.proofs[registry.get(proof).number] = left(line);
  }
  return view;
}

std::vector<std::string> InProcessDriver::faults() {
  return std::exchange(faults_, {});
}

std::vector<std::string> InProcessDriver::finish() {
  std::vector<std::string> wrong;
  Exchange second;
  Events events;
  for (const auto& [header, command] : records_) second.apply(header, command, events);
  if (events.copy() != said_) wrong.push_back("a replay of the records says other events");
  const Bytes first_state = whole(*exchange_);
  if (whole(second) != first_state)
    wrong.push_back("a replay of the records ends in another state");
  Exchange restored;
  Decoder in(first_state);
  if (!restored.decode(in) || whole(restored) != first_state) {
    wrong.push_back("the encoded state does not survive being read back");
  }
  return wrong;
}

}  // namespace origo::scenario
