#include <algorithm>
#include <limits>
#include <vector>

#include "gateway/grpc/pages.h"
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
}

// The best `depth` levels of a side, best first.
void write(const BookStore& store, const BookSide& side, std::uint32_t depth,
           google::protobuf::RepeatedPtrField<v1::Level>& out) {
  if (depth == 0) return;
  side.for_each(store, [&](const Level& level) {
    v1::Level& to = *out.Add();
    to.set_price(level.price.value());
    to.set_quantity(level.open.value());
    to.set_orders(level.orders);
    return --depth > 0;
  });
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
    query<v1::ListInstrumentsRequest, v1::ListInstrumentsResponse>("ListInstruments", list_instruments);
    query<v1::GetBookRequest, v1::GetBookResponse>("GetBook", get_book);
    query<v1::ListTradesRequest, v1::ListTradesResponse>(
        "ListTrades", [this](auto&... all) { return list_trades(all...); });
    query<v1::ListOrdersRequest, v1::ListOrdersResponse>("ListOrders", list_orders);
  }

 private:
  static grpc::Status list_markets(const Viewer& viewer, const v1::ListMarketsRequest& request,
                                   v1::ListMarketsResponse& response) {
    const Exchange& exchange = viewer.exchange();
    return page_by_id(request, response, exchange.market().venues, [&](const Venue& venue) {
      v1::Market& out = *response.add_markets();
      out.set_market(venue.id.value());
      out.set_code(venue.code);
      out.set_name(venue.name);
      out.set_phase(static_cast<v1::Phase>(venue.phase));
      proto::write_fees(exchange.market().schedules[venue.fees], *out.mutable_fees());
      const auto day_end = std::ranges::upper_bound(venue.day_ends, exchange.time());
      const Instant midnight = end_of(date_of(exchange.time()));
      out.set_next_day_end((day_end == venue.day_ends.end() ? midnight : *day_end).ns());
      return true;
    });
  }

  static grpc::Status list_instruments(const Viewer& viewer, const v1::ListInstrumentsRequest& request,
                                       v1::ListInstrumentsResponse& response) {
    return page_by_id(request, response, viewer.exchange().market().instruments,
                      [&](const Instrument& instrument) {
                        if (request.market() != 0 && instrument.market.value() != request.market()) return false;
                        v1::Instrument& out = *response.add_instruments();
                        out.set_instrument(instrument.id.value());
                        out.set_market(instrument.market.value());
                        out.set_code(instrument.code);
                        out.set_name(instrument.name);
                        for (const ClauseSpec& clause : instrument.spec) {
                          proto::write_clause(clause, *out.add_filter());
                        }
                        proto::write_terms(instrument.terms, *out.mutable_terms());
                        out.set_last_price(instrument.last.value());
                        out.set_volume(instrument.volume.value());
                        return true;
                      });
  }

  static grpc::Status get_book(const Viewer& viewer, const v1::GetBookRequest& request,
                               v1::GetBookResponse& response) {
    const Market& market = viewer.exchange().market();
    const Instrument* instrument = find_by<InstrumentId>(market, request.instrument());
    if (instrument == nullptr) return not_found("instrument");
    const std::uint32_t depth =
        std::min(request.depth() == 0 ? kDepthDefault : request.depth(), kDepthMax);
    const Book& book = market.book(instrument->id);
    response.set_instrument(instrument->id.value());
    write(market.store, book.bids, depth, *response.mutable_bids());
    write(market.store, book.asks, depth, *response.mutable_asks());
    return grpc::Status::OK;
  }

  grpc::Status list_trades(const Viewer& viewer, const v1::ListTradesRequest& request,
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

  static grpc::Status list_orders(const Viewer& viewer, const v1::ListOrdersRequest& request,
                                  v1::ListOrdersResponse& response) {
    const Market& market = viewer.exchange().market();
    const Account* account = find_by<AccountId>(viewer.exchange().parties(), request.account());
    if (account == nullptr || !viewer.sees_orders(*account)) return not_found("account");
    std::vector<OrderImage> orders;
    market.for_each_order_of(account->id, [&](OrderSlot slot) { orders.push_back(market.image_of(slot)); });
    const auto by_id = [](const OrderImage& order) { return order.id.value(); };
    return page(request, response, orders, by_id, [&](const OrderImage& order) {
      if (request.instrument() != 0 && order.instrument.value() != request.instrument()) return false;
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
