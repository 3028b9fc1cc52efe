#pragma once

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "gateway/grpc/server.h"
#include "gateway/node/sequencer.h"
#include "loadtest/base/sample_market.h"
#include "origo/v1/accounts.grpc.pb.h"
#include "origo/v1/admin.grpc.pb.h"
#include "origo/v1/market_data.grpc.pb.h"
#include "origo/v1/orders.grpc.pb.h"
#include "origo/v1/registry.grpc.pb.h"
#include "storage/memory_journal.h"

namespace origo::gateway::test {

// Passes frames on, or holds them back, and remembers how many were on their way at once.
class GateSink final : public CommandSink, public FrameOwner {
 public:
  explicit GateSink(CommandSink& next) : next_(next) {}
  void submit(std::unique_ptr<Frame> frame) override;
  void answered(std::unique_ptr<Frame> frame) override;

  void hold();
  void release();
  void wait_for_held(std::size_t frames);
  [[nodiscard]] std::size_t on_their_way_max();

 private:
  void pass(std::unique_ptr<Frame> frame);

  CommandSink& next_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool holding_ = false;
  std::vector<std::unique_ptr<Frame>> held_;
  std::vector<std::pair<Frame*, FrameOwner*>> owners_;
  std::size_t most_ = 0;
};

// A user's metadata and a deadline.
class Call {
 public:
  explicit Call(const std::string& token);
  operator grpc::ClientContext*() { return &context_; }  // NOLINT(google-explicit-constructor)
  grpc::ClientContext* operator->() { return &context_; }

 private:
  grpc::ClientContext context_;
};

// A node behind real gRPC on the loopback: journal in memory, clock at noon, nothing else replaced.
class GrpcTest : public testing::Test {
 protected:
  GrpcTest();
  ~GrpcTest() override;

  void serve(const GrpcOptions& options = {});
  void stop_serving() { server_.reset(); }
  [[nodiscard]] std::string address() const;
  [[nodiscard]] std::shared_ptr<grpc::Channel> connect() const;

  // Submits as `token`; the status must be OK.
  v1::Answer submit(const v1::Command& command, const std::string& token);
  v1::Answer submit(const Command& command, const std::string& token);
  std::uint64_t must(const Command& command, const std::string& token);
  // A new user with one role, and its token.
  std::pair<std::uint64_t, std::string> add_user(std::uint64_t participant, Role role, Scope scope);
  // What the core has said about the ends of orders, as far as queries show.
  [[nodiscard]] std::vector<OrderEnded> ended_orders();
  // A market with lots and cash, in which trader_ may trade.
  loadtest::SampleMarket build_market(const loadtest::SampleMarketOptions& options);

  template <class Service>
  [[nodiscard]] std::unique_ptr<typename Service::Stub> stub() const {
    return Service::NewStub(channel_);
  }

  std::string admin_;  // tokens
  std::string trader_;
  std::filesystem::path folder_;
  storage::MemoryJournal journal_;
  SimulatedClock clock_;
  std::unique_ptr<storage::History> history_;
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<Sequencer> sequencer_;
  std::unique_ptr<GateSink> gate_;
  std::unique_ptr<NodeAccess> access_;
  std::unique_ptr<GrpcServer> server_;
  std::shared_ptr<grpc::Channel> channel_;

 private:
  std::mutex ended_mutex_;
  std::vector<OrderEnded> ended_;  // guarded by ended_mutex_
};

[[nodiscard]] v1::Command create_market(const std::string& code);

}  // namespace origo::gateway::test
