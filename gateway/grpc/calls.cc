#include "gateway/grpc/calls.h"

#include <algorithm>
#include <utility>

#include "gateway/grpc/frame_builder.h"
#include "gateway/grpc/wire.h"
#include "proto/codec/commands.h"

namespace origo::gateway {
namespace {

using SteadyClock = std::chrono::steady_clock;

// One command on its way. Deletes itself when answered.
class CommandCall final : public FrameReceiver {
 public:
  CommandCall(AnswerQueue& queue,
              grpc::ServerUnaryReactor* reactor,
              grpc::ByteBuffer* out,
              std::unique_ptr<Presence> presence)
      : FrameReceiver(queue), reactor_(reactor), out_(out), presence_(std::move(presence)) {}

  void start(CommandSink& sink, ClientFrame client) {
    client_ = std::move(client);
    if (client_.frame->commands.empty()) {
      finish(grpc::Status::OK);
    } else {
      submit(sink, std::move(client_.frame));
    }
  }
  void deliver(std::unique_ptr<Frame> frame) override {
    client_.frame = std::move(frame);
    finish(status_of(client_.frame->outcome));
  }

 private:
  ~CommandCall() override = default;
  void finish(grpc::Status status) {
    if (status.ok()) {
      v1::Answer answer;
      write_answer(client_, answer);
      status = serialize(answer, *out_);
    }
    reactor_->Finish(status);
    delete this;
  }

  grpc::ServerUnaryReactor* reactor_;
  grpc::ByteBuffer* out_;
  const std::unique_ptr<Presence> presence_;  // null: its order does not end with a session
  ClientFrame client_;
};

bool is_cancel_body(const google::protobuf::Message& body) {
  const auto* type = body.GetDescriptor();
  return type == v1::CancelOrder::descriptor() || type == v1::MassCancel::descriptor() ||
         type == v1::ReduceOrder::descriptor() || type == v1::EndSession::descriptor() ||
         type == v1::SetKillSwitch::descriptor();
}

}  // namespace

bool is_cancel(const v1::Command& command) {
  return command.has_cancel_order() || command.has_mass_cancel() || command.has_reduce_order() ||
         command.has_end_session() || command.has_set_kill_switch();
}

UnaryCalls::UnaryCalls(const NodeAccess& node,
                       AnswerQueue& queue,
                       Sessions& sessions,
                       const GrpcOptions& options)
    : node_(node),
      queue_(queue),
      sessions_(sessions),
      options_(options),
      authenticator_(node),
      limiter_(options.rates) {
  for (std::size_t i = 0; i < options.query_threads; ++i) threads_.emplace_back([this] { run(); });
}

UnaryCalls::~UnaryCalls() {
  std::deque<Task> left;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    left.swap(tasks_);
  }
  filled_.notify_all();
  for (const Task& task : left) task.reactor->Finish(status_of(FrameOutcome::stopping));
  for (std::thread& thread : threads_) thread.join();
}

grpc::ServerUnaryReactor* UnaryCalls::refuse(grpc::CallbackServerContext* context,
                                             const grpc::Status& status) {
  auto* reactor = context->DefaultReactor();
  reactor->Finish(status);
  return reactor;
}

grpc::Status UnaryCalls::admit(grpc::CallbackServerContext& context, UserId user, bool cancels) {
  const CommandCounts one{.cancels = cancels ? 1U : 0U, .others = cancels ? 0U : 1U};
  const Admitted admitted = limiter_.share_of(user, context.peer()).admit(one, SteadyClock::now());
  if (admitted.counts == one) return grpc::Status::OK;
  tell_limited(admitted.limit, 1);
  context.AddTrailingMetadata("retry-after-ms", std::to_string(admitted.retry_after.count()));
  return {grpc::StatusCode::RESOURCE_EXHAUSTED,
          "rate_limited: " + words_of(admitted, limiter_.limits())};
}

// Without a client id the order is the core's to refuse.
std::unique_ptr<Presence> UnaryCalls::bind(UserId user,
                                           const v1::PlaceOrder& order,
                                           std::uint64_t client,
                                           grpc::Status& status) {
  if (!order.cancel_on_disconnect() || client == 0) return nullptr;
  auto presence = std::make_unique<Presence>(sessions_, user);
  if (presence->note_beside_stream(ClientId(client))) return presence;
  status = {grpc::StatusCode::FAILED_PRECONDITION,
            "session_missing: cancel_on_disconnect needs an open stream (OrderEntry.Trade) of its "
            "client id; "
            "nothing was done"};
  return nullptr;
}

grpc::ServerUnaryReactor* UnaryCalls::command(grpc::CallbackServerContext* context,
                                              const google::protobuf::Message& body,
                                              grpc::ByteBuffer* out) {
  const Caller caller = authenticator_.identify(*context);
  if (!caller.status.ok()) return refuse(context, caller.status);
  const ClientNumbers numbers = client_numbers(*context);
  if (!numbers.status.ok()) return refuse(context, numbers.status);
  const grpc::Status admitted = admit(*context, caller.user, is_cancel_body(body));
  if (!admitted.ok()) return refuse(context, admitted);
  std::unique_ptr<Presence> presence;
  if (body.GetDescriptor() == v1::PlaceOrder::descriptor()) {
    grpc::Status bound;
    presence = bind(caller.user, static_cast<const v1::PlaceOrder&>(body), numbers.client, bound);
    if (!bound.ok()) return refuse(context, bound);
  }
  ClientFrame client;
  FrameBuilder(caller.user).add(body, numbers.client, numbers.sequence, client);
  auto* reactor = context->DefaultReactor();
  (new CommandCall(queue_, reactor, out, std::move(presence)))
      ->start(node_.sink, std::move(client));
  return reactor;
}

grpc::ServerUnaryReactor* UnaryCalls::command(grpc::CallbackServerContext* context,
                                              v1::Command& command,
                                              grpc::ByteBuffer* out) {
  const Caller caller = authenticator_.identify(*context);
  if (!caller.status.ok()) return refuse(context, caller.status);
  const grpc::Status admitted = admit(*context, caller.user, is_cancel(command));
  if (!admitted.ok()) return refuse(context, admitted);
  grpc::Status bound;
  auto presence = bind(caller.user, command.place_order(), command.client(), bound);
  if (!bound.ok()) return refuse(context, bound);
  ClientFrame client;
  FrameBuilder(caller.user).add(command, client);
  auto* reactor = context->DefaultReactor();
  (new CommandCall(queue_, reactor, out, std::move(presence)))
      ->start(node_.sink, std::move(client));
  return reactor;
}

grpc::ServerUnaryReactor* UnaryCalls::query(grpc::CallbackServerContext* context,
                                            const google::protobuf::Message& request,
                                            std::uint64_t at_least,
                                            ViewQuery query,
                                            std::function<grpc::Status()> finish) {
  const auto now = std::chrono::system_clock::now();
  const auto asked =
      context->deadline() > now ? context->deadline() - now : SteadyClock::duration::zero();
  const auto deadline =
      SteadyClock::now() + std::min<SteadyClock::duration>(asked, options_.query_deadline);
  if (Sequence(at_least) > node_.live_sequence()) {
    return refuse(
        context,
        {grpc::StatusCode::OUT_OF_RANGE, "at_least_sequence: no command has this number yet"});
  }
  return job(context,
             request,
             [this, at_least, deadline, query = std::move(query), finish = std::move(finish)](
                 UserId user) {
               const grpc::Status status = answer_query(user, Sequence(at_least), deadline, query);
               return status.ok() && finish ? finish() : status;
             });
}

grpc::ServerUnaryReactor* UnaryCalls::job(grpc::CallbackServerContext* context,
                                          const google::protobuf::Message& request,
                                          std::function<grpc::Status(UserId)> job) {
  const Caller caller = authenticator_.identify(*context);
  if (!caller.status.ok()) return refuse(context, caller.status);
  if (const auto unknown = proto::find_unknown_field(request)) {
    return refuse(context,
                  {grpc::StatusCode::INVALID_ARGUMENT,
                   (unknown->field.empty() ? "request" : unknown->field) + ": " + unknown->detail});
  }
  auto* reactor = context->DefaultReactor();
  enqueue({reactor, [job = std::move(job), user = caller.user] { return job(user); }});
  return reactor;
}

grpc::Status UnaryCalls::answer_query(UserId user,
                                      Sequence at_least,
                                      SteadyClock::time_point deadline,
                                      const ViewQuery& query) {
  grpc::Status status;
  const ReadOutcome outcome =
      node_.reader.read(at_least, deadline, [&](const Exchange& exchange, Sequence sequence) {
        const User* known = exchange.parties().find(user);
        status = known == nullptr ? status_of(FrameOutcome::stopping)
                                  : query(Viewer(exchange, *known), sequence);
      });
  if (outcome == ReadOutcome::behind) {
    return {grpc::StatusCode::DEADLINE_EXCEEDED, "at_least_sequence: not reached in time"};
  }
  if (outcome == ReadOutcome::stopped) return status_of(FrameOutcome::stopping);
  return status;
}

void UnaryCalls::enqueue(Task task) {
  bool taken = false;
  bool stopping = false;
  {
    const std::lock_guard lock(mutex_);
    stopping = stopping_;
    taken = !stopping_ && tasks_.size() < options_.queries_waiting_max;
    if (taken) tasks_.push_back(task);
  }
  if (taken) {
    filled_.notify_one();
  } else {
    task.reactor->Finish(status_of(stopping ? FrameOutcome::stopping : FrameOutcome::overloaded));
  }
}

void UnaryCalls::run() {
  while (true) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      filled_.wait(lock, [&] { return stopping_ || !tasks_.empty(); });
      if (stopping_) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task.reactor->Finish(task.run());
  }
}

}  // namespace origo::gateway
