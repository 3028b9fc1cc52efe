#pragma once

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "gateway/grpc/answer_queue.h"
#include "gateway/grpc/calls.h"
#include "gateway/grpc/order_stream.h"
#include "gateway/grpc/server.h"
#include "gateway/node/sessions.h"

// The services of origo/v1, each in a file of its own.
namespace origo::gateway {

// What services use; outlives them.
struct ServiceParts {
  const NodeAccess& node;
  AnswerQueue& answers;
  Sessions& sessions;
  UnaryCalls& calls;
  StreamLimits stream_limits;
};

[[nodiscard]] std::unique_ptr<grpc::Service> make_order_entry(const ServiceParts& parts);
[[nodiscard]] std::unique_ptr<grpc::Service> make_registry(const ServiceParts& parts);
[[nodiscard]] std::unique_ptr<grpc::Service> make_accounts(const ServiceParts& parts);
[[nodiscard]] std::unique_ptr<grpc::Service> make_market_data(const ServiceParts& parts);
[[nodiscard]] std::unique_ptr<grpc::Service> make_admin(const ServiceParts& parts);
[[nodiscard]] std::unique_ptr<grpc::Service> make_reports(const ServiceParts& parts);
[[nodiscard]] std::unique_ptr<grpc::Service> make_scenario_control(const ServiceParts& parts);

}  // namespace origo::gateway
