#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <utility>

#include "origo/v1/admin.grpc.pb.h"
#include "origo/v1/orders.grpc.pb.h"

namespace origo::integration {

// A user of a node through its public API.
class Client {
 public:
  Client(const std::string& address, std::string token);

  // One command; the answer or, as `reject.name`, why it did not reach the exchange.
  v1::Answer submit(const v1::Command& command);
  // The same, which must be accepted; returns what was created.
  std::uint64_t must(const v1::Command& command);

  void prepare(grpc::ClientContext& context) const;
  [[nodiscard]] const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

 private:
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::Admin::Stub> admin_;
  const std::string token_;
};

}  // namespace origo::integration
