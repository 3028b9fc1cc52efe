#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateway/grpc/answer_queue.h"
#include "gateway/grpc/gate.h"
#include "gateway/grpc/server.h"
#include "gateway/grpc/viewer.h"
#include "gateway/node/sessions.h"
#include "origo/v1/commands.pb.h"

// Unary calls: one command, or one query.
namespace origo::gateway {

// Whether it takes orders out of the market: such commands have a rate of their own.
[[nodiscard]] bool is_cancel(const v1::Command& command);

class UnaryCalls {
 public:
  UnaryCalls(const NodeAccess& node,
             AnswerQueue& queue,
             Sessions& sessions,
             const GrpcOptions& options);
  // Cancels what waits; ends the threads.
  ~UnaryCalls();
  UnaryCalls(const UnaryCalls&) = delete;
  UnaryCalls& operator=(const UnaryCalls&) = delete;

  using ViewQuery = std::function<grpc::Status(const Viewer&, Sequence)>;

  // A call that is one command: `body` is its message. `out` gets the Answer.
  grpc::ServerUnaryReactor* command(grpc::CallbackServerContext* context,
                                    const google::protobuf::Message& body,
                                    grpc::ByteBuffer* out);
  // The same with the client's numbers within.
  grpc::ServerUnaryReactor* command(grpc::CallbackServerContext* context,
                                    v1::Command& command,
                                    grpc::ByteBuffer* out);

  // A query: `query` runs on a query thread, under the reader's lock; `finish`, if any, after it
  // there without the lock, unless `query` failed.
  grpc::ServerUnaryReactor* query(grpc::CallbackServerContext* context,
                                  const google::protobuf::Message& request,
                                  std::uint64_t at_least,
                                  ViewQuery query,
                                  std::function<grpc::Status()> finish = {});

  // Anything else: `job` runs on a query thread once the caller is known.
  grpc::ServerUnaryReactor* job(grpc::CallbackServerContext* context,
                                const google::protobuf::Message& request,
                                std::function<grpc::Status(UserId)> job);

  [[nodiscard]] static grpc::ServerUnaryReactor* refuse(grpc::CallbackServerContext* context,
                                                        const grpc::Status& status);

  [[nodiscard]] Authenticator& authenticator() { return authenticator_; }
  [[nodiscard]] RateLimiter& limiter() { return limiter_; }
  void tell_limited(RateLimit limit, std::size_t commands) const {
    if (options_.on_limited) options_.on_limited(limit, commands);
  }

 private:
  struct Task {
    grpc::ServerUnaryReactor* reactor;
    std::function<grpc::Status()> run;
  };

  // The presence of an order that ends with its session, which a stream must keep open; else
  // `status`.
  [[nodiscard]] std::unique_ptr<Presence> bind(UserId user,
                                               const v1::PlaceOrder& order,
                                               std::uint64_t client,
                                               grpc::Status& status);
  // OK, or RESOURCE_EXHAUSTED with the metadata `retry-after-ms`.
  grpc::Status admit(grpc::CallbackServerContext& context, UserId user, bool cancels);
  grpc::Status answer_query(UserId user,
                            Sequence at_least,
                            std::chrono::steady_clock::time_point deadline,
                            const ViewQuery& query);
  void enqueue(Task task);
  void run();

  const NodeAccess& node_;
  AnswerQueue& queue_;
  Sessions& sessions_;
  const GrpcOptions& options_;
  Authenticator authenticator_;
  RateLimiter limiter_;

  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<Task> tasks_;  // guarded by mutex_, likewise the next one
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace origo::gateway
