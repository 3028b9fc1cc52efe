#include <algorithm>
#include <limits>
#include <vector>

#include "engine/market/call_book.h"
#include "gateway/grpc/pages.h"
#include "gateway/grpc/price_queries.h"
#include "gateway/grpc/raw_service.h"
#include "gateway/grpc/services.h"
#include "origo/v1/market_data.grpc.pb.h"
#include "proto/codec/schemes.h"

namespace origo::gateway {
namespace {

constexpr std::uint32_t kDepthDefault = 20;
constexpr std::uint32_t kDepthMax = 1'000;

void write(const OrderImage& order, v1::Order& out) {
  out.set_order(order.id.value());
  out.set_account(order.account.value());
  out.set_instrument(order.instrument.value());
  out.set_side(static_cast<v1::Side>(order.side));
  out.set_type(static_cast<v1::OrderType>(order.type));
  out.set_time_in_force(static_cast<v1::TimeInForce>(order.time_in_force));
  out.set_price(order.price.value());
  out.set_quantity(order.total.value());
  out.set_open(order.open.value());
  out.set_expire_at(order.expire_at.ns());
  out.set_client_order_id(order.client_order_id.value());
  out.set_state(order.waiting ? v1::ORDER_STATE_WAITING : v1::ORDER_STATE_LIVE);
  out.set_stop_price(order.stop_price.value());
  out.set_filled(order.filled().value());
  out.set_visible(order.visible().value());
  out.set_peak(order.peak.value());
  out.set_min_visible(order.min_visible.value());
  out.set_post_only(order.post_only);
  out.set_self_trade(static_cast<v1::SelfTrade>(order.self_trade));
  out.set_cancel_on_disconnect(order.session.is_set());
  out.set_session(order.session.value());
}

// Orders at any price come before all that have one. False: there are none.
bool write_any_price(const Market& market,
                     const std::vector<InstrumentId>& instruments,
                     Side side,
                     google::protobuf::RepeatedPtrField<v1::Level>& out) {
  v1::Level* level = nullptr;
  for (const InstrumentId id : instruments) {
    const BookSide& queue = market.book(id).at_any_price(side);
    if (queue.empty()) continue;
    if (level == nullptr) level = out.Add();
    const Level& own = market.store.levels[queue.best()];
    level->set_quantity(level->quantity() + own.open.value());
    level->set_orders(level->orders() + own.orders);
  }
  return level != nullptr;
}

// The best `depth` levels of some books' sides as one, best first.
void write(const Market& market,
           const std::vector<InstrumentId>& instruments,
           Side side,
           std::uint32_t depth,
           google::protobuf::RepeatedPtrField<v1::Level>& out) {
  if (write_any_price(market, instruments, side, out)) --depth;
  std::vector<LevelSlot> at;
  for (const InstrumentId id : instruments) at.push_back(market.book(id).side(side).best());
  for (; depth > 0; --depth) {
    v1::Level* level = nullptr;
    Price best;
    for (const LevelSlot slot : at) {
      if (slot == kNoSlot) continue;
      const Price price = market.store.levels[slot].price;
      if (level == nullptr || market.book(instruments.front()).side(side).better(price, best))
        best = price;
      if (level == nullptr) level = out.Add();
    }
    if (level == nullptr) return;
    level->set_price(best.value());
    for (std::size_t i = 0; i < at.size(); ++i) {
      if (at[i] == kNoSlot || market.store.levels[at[i]].price != best) continue;
      const Level& own = market.store.levels[at[i]];
      level->set_quantity(level->quantity() + own.open.value());
      level->set_orders(level->orders() + own.orders);
      at[i] = market.book(instruments[i]).side(side).worse_than(market.store, at[i]);
    }
  }
}

void write(const PhaseChange& change, v1::PhaseChange& out) {
  out.set_at(change.at.ns());
  out.set_phase(static_cast<v1::Phase>(change.phase));
  out.set_random_ns(change.random_ns);
}

void write(const TradeEntry& entry, v1::TradeReport& out) {
  const Trade& trade = entry.trade;
  out.set_trade(trade.trade.value());
  out.set_instrument(trade.instrument.value());
  out.set_price(trade.price.value());
  out.set_quantity(trade.quantity.value());
  out.set_aggressor(static_cast<v1::Side>(trade.aggressor));
  out.set_time(entry.time.ns());
  out.set_command(entry.command.value());
}

class MarketDataService final : public RawService<v1::MarketData::Service> {
 public:
  explicit MarketDataService(const ServiceParts& parts) : RawService(parts.calls), parts_(parts) {
    query<v1::ListMarketsRequest, v1::ListMarketsResponse>("ListMarkets", list_markets);
    query<v1::ListPhaseChangesRequest, v1::ListPhaseChangesResponse>("ListPhaseChanges",
                                                                     list_phase_changes);
    query<v1::ListInstrumentsRequest, v1::ListInstrumentsResponse>("ListInstruments",
                                                                   list_instruments);
    query<v1::GetBookRequest, v1::GetBookResponse>("GetBook", get_book);
    query<v1::GetIndicationRequest, v1::GetIndicationResponse>("GetIndication", get_indication);
    query<v1::ListTradesRequest, v1::ListTradesResponse>(
        "ListTrades", [this](auto&... all) { return list_trades(all...); });
    query<v1::ListCandlesRequest, v1::ListCandlesResponse>("ListCandles", [this](auto&... all) {
      return gateway::list_candles(parts_.node.history, all...);
    });
    query<v1::ListPricesRequest, v1::ListPricesResponse>(
        "ListPrices", [this](const Viewer&, auto&... all) {
          return gateway::list_prices(parts_.node.history, all...);
        });
    query<v1::ListReferencePricesRequest, v1::ListReferencePricesResponse>(
        "ListReferencePrices", [this](auto&... all) {
          return gateway::list_reference_prices(parts_.node.history, all...);
        });
    query<v1::GetStatisticsRequest, v1::GetStatisticsResponse>(
        "GetStatistics",
        [this](auto&... all) { return gateway::get_statistics(parts_.node.history, all...); });
    query<v1::ListOrdersRequest, v1::ListOrdersResponse>("ListOrders", list_orders);
  }

 private:
  static grpc::Status list_markets(const Viewer& viewer,
                                   const v1::ListMarketsRequest& request,
                                   v1::ListMarketsResponse& response) {
    const Exchange& exchange = viewer.exchange();
    return page_by_id(request, response, exchange.market().venues, [&](const Venue& venue) {
      v1::Market& out = *response.add_markets();
      out.set_market(venue.id.value());
      out.set_code(venue.code);
      out.set_name(venue.name);
      out.set_phase(static_cast<v1::Phase>(venue.phase));
      const std::vector<FeeSchedule>& schedules = exchange.market().schedules;
      proto::write_fees(schedules[venue.fees], *out.mutable_fees());
      for (const TierPlace& tier : venue.tiers) {
        proto::write_tier({.volume_from = tier.volume_from, .fees = schedules[tier.fees]},
                          *out.add_fee_tiers());
      }
      out.set_next_day_end(venue.day_end.ns());
      if (venue.in_call()) out.set_call(static_cast<v1::CallKind>(venue.call));
      write_calendar(venue, out);
      out.set_settle_days(venue.settle_days);
      out.set_settles_at(venue.settles_at.ns());
      return true;
    });
  }

  // Not when chance has decided it to be.
  static void write_calendar(const Venue& venue, v1::Market& out) {
    out.set_until_lifted(venue.until_lifted);
    out.set_phase_reason(venue.phase_reason);
    if (venue.calendar_source != Hash256{})
      out.set_calendar(venue.calendar_source.data(), venue.calendar_source.size());
    if (venue.schedule.empty()) return;
    write(venue.schedule.front(), *out.mutable_next_change());
    out.set_calendar_until(venue.schedule.back().at.ns());
  }

  static grpc::Status list_phase_changes(const Viewer& viewer,
                                         const v1::ListPhaseChangesRequest& request,
                                         v1::ListPhaseChangesResponse& response) {
    const Venue* venue = find_by<MarketId>(viewer.exchange().market(), request.market());
    if (venue == nullptr) return not_found("market");
    const auto key = [](const PhaseChange& change) {
      return static_cast<std::uint64_t>(change.at.ns());
    };
    return page(request, response, venue->schedule, key, [&](const PhaseChange& change) {
      write(change, *response.add_phases());
      return true;
    });
  }

  static grpc::Status list_instruments(const Viewer& viewer,
                                       const v1::ListInstrumentsRequest& request,
                                       v1::ListInstrumentsResponse& response) {
    return page_by_id(request,
                      response,
                      viewer.exchange().market().instruments,
                      [&](const Instrument& instrument) {
                        if (request.market() != 0 && instrument.market.value() != request.market())
                          return false;
                        v1::Instrument& out = *response.add_instruments();
                        out.set_instrument(instrument.id.value());
                        out.set_market(instrument.market.value());
                        out.set_code(instrument.code);
                        out.set_name(instrument.name);
                        for (const ClauseSpec& clause : instrument.spec) {
                          proto::write_clause(clause, *out.add_filter());
                        }
                        proto::write_terms(instrument.terms, *out.mutable_terms());
                        proto::write_rules(instrument.rules, *out.mutable_rules());
                        out.set_last_price(instrument.last.value());
                        out.set_reference_price(instrument.reference.value());
                        out.set_volume(instrument.volume.value());
                        for (const InstrumentId id : instrument.narrower)
                          out.add_narrower(id.value());
                        for (const InstrumentId id : instrument.wider) out.add_wider(id.value());
                        return true;
                      });
  }

  static grpc::Status get_book(const Viewer& viewer,
                               const v1::GetBookRequest& request,
                               v1::GetBookResponse& response) {
    const Market& market = viewer.exchange().market();
    const Instrument* instrument = find_by<InstrumentId>(market, request.instrument());
    if (instrument == nullptr) return not_found("instrument");
    const std::uint32_t depth =
        std::min(request.depth() == 0 ? kDepthDefault : request.depth(), kDepthMax);
    response.set_instrument(instrument->id.value());
    std::vector<InstrumentId> bids{instrument->id};
    std::vector<InstrumentId> asks{instrument->id};
    if (request.combined()) {
      bids.insert(bids.end(), instrument->wider.begin(), instrument->wider.end());
      asks.insert(asks.end(), instrument->narrower.begin(), instrument->narrower.end());
    }
    write(market, bids, Side::buy, depth, *response.mutable_bids());
    write(market, asks, Side::sell, depth, *response.mutable_asks());
    return grpc::Status::OK;
  }

  static grpc::Status get_indication(const Viewer& viewer,
                                     const v1::GetIndicationRequest& request,
                                     v1::GetIndicationResponse& response) {
    const Market& market = viewer.exchange().market();
    const Instrument* instrument = find_by<InstrumentId>(market, request.instrument());
    if (instrument == nullptr) return not_found("instrument");
    response.set_instrument(instrument->id.value());
    if (!market.find(instrument->market)->in_call()) return grpc::Status::OK;
    const PriceFinding found = find_call_price(market, *instrument);
    response.set_in_call(true);
    response.set_no_reference(found.outcome == PriceOutcome::no_reference);
    if (found.outcome != PriceOutcome::found) return grpc::Status::OK;
    response.set_price(found.price.value());
    response.set_volume(found.volume.value());
    response.set_surplus(found.surplus.value());
    if (!found.surplus.is_zero())
      response.set_surplus_side(static_cast<v1::Side>(found.surplus_side));
    return grpc::Status::OK;
  }

  grpc::Status list_trades(const Viewer& viewer,
                           const v1::ListTradesRequest& request,
                           v1::ListTradesResponse& response) const {
    const Instrument* instrument =
        find_by<InstrumentId>(viewer.exchange().market(), request.instrument());
    if (instrument == nullptr) return not_found("instrument");
    const auto before = request.page_token().empty() ? 0 : parse_uint64(request.page_token());
    if (!before) return invalid("page_token: must be the next_page_token of an answer");
    const std::size_t size = page_size(request.page_size());
    const auto trades =
        parts_.node.history.trades(instrument->id, {.after = *before, .limit = size});
    if (!trades.ok()) return {grpc::StatusCode::DATA_LOSS, "history: " + trades.status.message};
    for (const TradeEntry& entry : trades.value) write(entry, *response.add_trades());
    if (trades.value.size() == size) {
      response.set_next_page_token(std::to_string(trades.value.back().trade.trade.value()));
    }
    return grpc::Status::OK;
  }

  static grpc::Status list_orders(const Viewer& viewer,
                                  const v1::ListOrdersRequest& request,
                                  v1::ListOrdersResponse& response) {
    const Market& market = viewer.exchange().market();
    const Account* account = find_by<AccountId>(viewer.exchange().parties(), request.account());
    if (account == nullptr || !viewer.sees_orders(*account)) return not_found("account");
    std::vector<OrderImage> orders;
    market.for_each_order_of(account->id,
                             [&](OrderSlot slot) { orders.push_back(market.image_of(slot)); });
    const auto by_id = [](const OrderImage& order) { return order.id.value(); };
    return page(request, response, orders, by_id, [&](const OrderImage& order) {
      if (request.instrument() != 0 && order.instrument.value() != request.instrument())
        return false;
      write(order, *response.add_orders());
      return true;
    });
  }

  const ServiceParts parts_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_market_data(const ServiceParts& parts) {
  return std::make_unique<MarketDataService>(parts);
}

}  // namespace origo::gateway
