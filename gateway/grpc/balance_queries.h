#pragma once

#include <grpcpp/support/status.h>

#include "gateway/grpc/viewer.h"
#include "origo/v1/registry.pb.h"

// The queries of Registry about mass balances.
namespace origo::gateway {

[[nodiscard]] grpc::Status list_sites(const Viewer& viewer,
                                      const v1::ListSitesRequest& request,
                                      v1::ListSitesResponse& response);
[[nodiscard]] grpc::Status get_site_balance(const Viewer& viewer,
                                            const v1::GetSiteBalanceRequest& request,
                                            v1::GetSiteBalanceResponse& response);
[[nodiscard]] grpc::Status list_bookings(const Viewer& viewer,
                                         const v1::ListBookingsRequest& request,
                                         v1::ListBookingsResponse& response);

}  // namespace origo::gateway
