#include "tests/scenario/last_price.h"

#include <algorithm>

#include "tests/scenario/world.h"

namespace origo::scenario {
namespace {

const char* const kSeller = "mint";

std::string verb_of(const Json& step) {
  const auto verb = step.is_object() ? step.find("do") : step.end();
  return verb != step.end() && verb->is_string() ? verb->get<std::string>() : "";
}

bool is_set(const Json& step, const char* key) {
  if (!step.is_object()) return false;
  const auto value = step.find(key);
  return value != step.end() && !value->is_null() && *value != 0;
}

// Whether a stop can wait from this step on.
bool places_stop(const Json& step) {
  if (is_set(step, "stop") || is_set(step, "stop_price")) return true;
  const auto fields = step.is_object() ? step.find("fields") : step.end();
  return fields != step.end() && is_set(*fields, "stop_price");
}

}  // namespace

Price LastPrice::of(InstrumentId instrument) const {
  const auto found = last_.find(instrument);
  return found == last_.end() ? Price() : found->second;
}

void LastPrice::see(const Event& event) {
  const auto* trade = std::get_if<Trade>(&event);
  if (trade == nullptr) return;
  last_[trade->instrument] = trade->price;
  last_[trade->sell_instrument] = trade->price;
}

Reply LastPrice::execute(AccountId account, Command command) {
  Reply reply = world_.driver().execute(
      {.principal = world_.user_of(account), .command = std::move(command)});
  if (!reply.answer.ok())
    throw NotOffered("set_last where the market says " +
                     std::string(info_of(reply.answer.code).name));
  for (const Event& event : reply.events) see(event);
  return reply;
}

// Whether bids stand in the way is asked with an order that refuses to trade and is taken back;
// asks are kept away from in the same manner by the buy that then waits for the sell.
std::vector<Event> LastPrice::trade_at(const std::string& instrument, Price price) {
  if (world_.phase() != Phase::continuous)
    throw NotOffered("set_last where the market does not trade");
  const AccountId seller(static_cast<std::uint32_t>(world_.names().find(Kind::account, kSeller)));
  if (!seller.is_set()) throw NotOffered("set_last where nobody mints certificates");
  const AccountId buyer(static_cast<std::uint32_t>(world_.resolve(Kind::account, kBuyer)));
  PlaceOrder sell{
      .account = seller,
      .instrument =
          InstrumentId(static_cast<std::uint32_t>(world_.resolve(Kind::instrument, instrument))),
      .side = Side::sell,
      .price = price,
      .quantity = Quantity(std::max<std::int64_t>(1, world_.spec_of(instrument).quantity_min))};
  sell.post_only = true;
  PlaceOrder buy = sell;
  buy.account = buyer;
  buy.side = Side::buy;

  const OrderId tried(execute(seller, sell).answer.id);
  execute(seller,
          CancelOrder{.target = {.account = seller, .order = tried, .client_order_id = {}}});
  execute(buyer, buy);
  sell.post_only = false;
  const Reply reply = execute(seller, sell);
  give_back(reply.events, buyer, seller);
  // All that the trade is ends with the aggressor's end.
  const auto own_end =
      std::find_if(reply.events.begin(), reply.events.end(), [&](const Event& event) {
        const auto* ended = std::get_if<OrderEnded>(&event);
        return ended != nullptr && ended->order == OrderId(reply.answer.id);
      });
  if (own_end == reply.events.end()) throw FileMistake("set_last did not trade");
  return {own_end + 1, reply.events.end()};
}

// The certificates go back, so that whoever comes next gets the same serial numbers as without the
// trade.
void LastPrice::give_back(const std::vector<Event>& events, AccountId from, AccountId to) {
  for (const Event& event : events) {
    const auto* moved = std::get_if<CertificatesMoved>(&event);
    if (moved == nullptr || moved->from != to || moved->to != from) continue;
    execute(from,
            TransferCertificates{
                .from = from, .to = to, .lot = moved->lot, .units = moved->range.count});
  }
}

bool has_stops(const Scenario& scenario) {
  return std::any_of(scenario.steps.begin(), scenario.steps.end(), places_stop);
}

std::map<std::string, std::int64_t> starting_prices(const Scenario& scenario,
                                                    const std::string& default_instrument) {
  std::map<std::string, std::int64_t> prices;
  for (const auto& [name, spec] : scenario.instruments) {
    if (spec.last > 0) prices[name] = spec.last;
  }
  for (const Json& step : scenario.steps) {
    if (places_stop(step)) break;
    if (verb_of(step) != "set_last" || !is_set(step, "px") || !step["px"].is_number_integer())
      continue;
    prices.emplace(step.value("instrument", default_instrument), step["px"].get<std::int64_t>());
  }
  return prices;
}

}  // namespace origo::scenario
