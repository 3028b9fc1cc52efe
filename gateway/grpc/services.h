#pragma once

#include <memory>

#include <grpcpp/impl/service_type.h>

#include "gateway/grpc/answer_queue.h"
#include "gateway/grpc/calls.h"
#include "gateway/grpc/order_stream.h"
#include "gateway/grpc/server.h"

// The services of origo/v1, each in a file of its own.
namespace origo::gateway {

// What services use; outlives them.
struct ServiceParts {
  const NodeAccess& node;
  AnswerQueue& answers;
  UnaryCalls& calls;
  StreamLimits stream_limits;
};

[[nodiscard]] std::unique_ptr<grpc::Service> make_order_entry(const ServiceParts& parts);
[[nodiscard]] std::unique_ptr<grpc::Service> make_registry(const ServiceParts& parts);
[[nodiscard]] std::unique_ptr<grpc::Service> make_accounts(const ServiceParts& parts);
[[nodiscard]] std::unique_ptr<grpc::Service> make_market_data(const ServiceParts& parts);
[[nodiscard]] std::unique_ptr<grpc::Service> make_admin(const ServiceParts& parts);

// A method that is one command; Message is its message.
#define ORIGO_COMMAND_METHOD(Method, Message)                                                 \
  grpc::ServerUnaryReactor* Method(grpc::CallbackServerContext* context,                      \
                                   const v1::Message* message, v1::Answer* answer) override { \
    return parts_.calls.command(context, *message, answer);                                   \
  }

// A query: `function(viewer, request, response)` returns the status.
#define ORIGO_QUERY_METHOD(Method, function)                                                \
  grpc::ServerUnaryReactor* Method(grpc::CallbackServerContext* context,                    \
                                   const v1::Method##Request* request,                      \
                                   v1::Method##Response* response) override {               \
    return parts_.calls.query(context, request, response,                                   \
                              [this](const Viewer& viewer, const v1::Method##Request& asked, \
                                     v1::Method##Response& out) {                           \
                                return function(viewer, asked, out);                        \
                              });                                                           \
  }

}  // namespace origo::gateway
