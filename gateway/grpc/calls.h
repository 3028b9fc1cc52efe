#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <google/protobuf/message.h>
#include <grpcpp/support/server_callback.h>

#include "gateway/grpc/answer_queue.h"
#include "gateway/grpc/gate.h"
#include "gateway/grpc/server.h"
#include "gateway/grpc/viewer.h"
#include "origo/v1/commands.pb.h"

// Unary calls: one command, or one query.
namespace origo::gateway {

class UnaryCalls {
 public:
  UnaryCalls(const NodeAccess& node, AnswerQueue& queue, const GrpcOptions& options);
  // Cancels what waits; ends the threads.
  ~UnaryCalls();
  UnaryCalls(const UnaryCalls&) = delete;
  UnaryCalls& operator=(const UnaryCalls&) = delete;

  // Handles a call that is one command: `body` is its message.
  grpc::ServerUnaryReactor* command(grpc::CallbackServerContext* context,
                                    const google::protobuf::Message& body, v1::Answer* answer);
  // The same with the client's numbers within.
  grpc::ServerUnaryReactor* command(grpc::CallbackServerContext* context, const v1::Command& command,
                                    v1::Answer* answer);

  // Handles a query: `fill(viewer, request, response)` returns the status, under the reader's lock.
  template <class Request, class Response, class Fill>
  grpc::ServerUnaryReactor* query(grpc::CallbackServerContext* context, const Request* request,
                                  Response* response, Fill fill) {
    return run_query(context, *request, request->at_least_sequence(),
                     [=](const Viewer& viewer, Sequence sequence) {
                       response->set_sequence(sequence.value());
                       return fill(viewer, *request, *response);
                     });
  }

  // Runs `work` on a query thread once the caller is known; for calls that are no query.
  grpc::ServerUnaryReactor* work(grpc::CallbackServerContext* context,
                                 const google::protobuf::Message& request,
                                 std::function<grpc::Status(UserId)> work);

  [[nodiscard]] Authenticator& authenticator() { return authenticator_; }

 private:
  using ViewQuery = std::function<grpc::Status(const Viewer&, Sequence)>;
  struct Task {
    grpc::ServerUnaryReactor* reactor;
    std::function<grpc::Status()> run;
  };

  grpc::ServerUnaryReactor* run_query(grpc::CallbackServerContext* context,
                                      const google::protobuf::Message& request,
                                      std::uint64_t at_least, ViewQuery query);
  grpc::Status answer_query(UserId user, Sequence at_least,
                            std::chrono::steady_clock::time_point deadline, const ViewQuery& query);
  void enqueue(Task task);
  void run();

  const NodeAccess& node_;
  AnswerQueue& queue_;
  const GrpcOptions& options_;
  Authenticator authenticator_;

  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<Task> tasks_;  // guarded by mutex_, likewise the next one
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace origo::gateway
