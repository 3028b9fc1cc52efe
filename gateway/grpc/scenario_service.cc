#include "engine/exchange.h"
#include "gateway/grpc/gate.h"
#include "gateway/grpc/services.h"
#include "gateway/node/scenario_control.h"
#include "origo/v1/scenario.grpc.pb.h"

namespace origo::gateway {
namespace {

// Threads of gRPC may wait here: a node for scenario files has one caller.
class ScenarioService final : public v1::ScenarioControl::CallbackService {
 public:
  explicit ScenarioService(const ServiceParts& parts)
      : node_(parts.node), authenticator_(parts.calls.authenticator()) {}

 private:
  grpc::ServerUnaryReactor* Begin(grpc::CallbackServerContext* context,
                                  const v1::BeginRequest* request,
                                  v1::BeginResponse*) override {
    return answer(context, [&] {
      const ScenarioRun run{.number = request->run(), .start = Instant(request->now())};
      if (run.number == 0 || run.start <= Instant() || run.start > kInstantMax)
        return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "run and now: must be positive");
      if (node_.scenario->begin(run)) return grpc::Status::OK;
      return grpc::Status(grpc::StatusCode::UNAVAILABLE, "the node begins anew: ask again");
    });
  }

  grpc::ServerUnaryReactor* SetTime(grpc::CallbackServerContext* context,
                                    const v1::SetTimeRequest* request,
                                    v1::SetTimeResponse* response) override {
    return answer(context, [&] {
      if (!node_.set_time(Instant(request->now())))
        return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "now: must not be in the past");
      response->set_sequence(node_.live_sequence().value());
      return grpc::Status::OK;
    });
  }

  grpc::ServerUnaryReactor* ReadEvents(grpc::CallbackServerContext* context,
                                       const v1::ReadEventsRequest* request,
                                       v1::ReadEventsResponse* response) override {
    return answer(context, [&] {
      const auto said = node_.scenario->said(Sequence(request->after_sequence()),
                                             Sequence(request->at_least_sequence()));
      if (!said) return grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, "no such command came");
      response->set_sequence(said->last.value());
      response->set_events(said->events.data(), said->events.size());
      return grpc::Status::OK;
    });
  }

  // Only the admin may.
  template <class Work>
  grpc::ServerUnaryReactor* answer(grpc::CallbackServerContext* context, Work&& work) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const Caller caller = authenticator_.identify(*context);
    if (!caller.status.ok()) {
      reactor->Finish(caller.status);
    } else if (caller.user != UserId(1)) {
      reactor->Finish({grpc::StatusCode::PERMISSION_DENIED, "principal: must be the node's admin"});
    } else {
      reactor->Finish(work());
    }
    return reactor;
  }

  const NodeAccess& node_;
  Authenticator& authenticator_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_scenario_control(const ServiceParts& parts) {
  return std::make_unique<ScenarioService>(parts);
}

}  // namespace origo::gateway
