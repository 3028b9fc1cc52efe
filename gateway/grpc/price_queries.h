#pragma once

#include <grpcpp/support/status.h>

#include "gateway/grpc/server.h"
#include "gateway/grpc/viewer.h"
#include "origo/v1/market_data.pb.h"

// The queries of MarketData about prices over time.
namespace origo::gateway {

[[nodiscard]] grpc::Status list_candles(const HistoryView& history,
                                        const Viewer& viewer,
                                        const v1::ListCandlesRequest& request,
                                        v1::ListCandlesResponse& response);
[[nodiscard]] grpc::Status list_prices(const HistoryView& history,
                                       const v1::ListPricesRequest& request,
                                       v1::ListPricesResponse& response);
[[nodiscard]] grpc::Status list_reference_prices(const HistoryView& history,
                                                 const Viewer& viewer,
                                                 const v1::ListReferencePricesRequest& request,
                                                 v1::ListReferencePricesResponse& response);
[[nodiscard]] grpc::Status get_statistics(const HistoryView& history,
                                          const Viewer& viewer,
                                          const v1::GetStatisticsRequest& request,
                                          v1::GetStatisticsResponse& response);

}  // namespace origo::gateway
