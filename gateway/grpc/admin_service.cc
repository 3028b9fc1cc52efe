#include "engine/exchange.h"
#include "gateway/grpc/raw_service.h"
#include "gateway/grpc/services.h"
#include "origo/v1/admin.grpc.pb.h"

namespace origo::gateway {
namespace {

class AdminService final : public RawService<v1::Admin::Service> {
 public:
  explicit AdminService(const ServiceParts& parts) : RawService(parts.calls), parts_(parts) {
    command<v1::CreateMarket>("CreateMarket");
    command<v1::CreateInstrument>("CreateInstrument");
    command<v1::SetCalendar>("SetCalendar");
    command<v1::SetFees>("SetFees");
    command<v1::SetPhase>("SetPhase");
    command<v1::SetReferencePrice>("SetReferencePrice");
    command<v1::DefineAttribute>("DefineAttribute");
    command<v1::SetRelaxations>("SetRelaxations");
    command<v1::SetRulesVersion>("SetRulesVersion");
    command<v1::Command>("Submit");
    query<v1::StatusRequest, v1::StatusResponse>("Status",
                                                 [this](auto&... all) { return status(all...); });
    job<v1::TakeSnapshotRequest, v1::TakeSnapshotResponse>(
        "TakeSnapshot",
        [this](UserId user, auto& response) { return take_snapshot(user, response); });
  }

 private:
  grpc::Status status(const Viewer& viewer,
                      const v1::StatusRequest&,
                      v1::StatusResponse& response) const {
    const Exchange& exchange = viewer.exchange();
    const NodeStatus node = parts_.node.status();
    response.set_durable_sequence(node.durable.value());
    response.set_event_sequence(exchange.event_sequence().value());
    response.set_time(exchange.time().ns());
    response.set_chain(node.chain.data(), node.chain.size());
    response.set_sync_policy(node.sync_policy);
    const origo::SetRelaxations& relaxations = exchange.relaxations();
    response.mutable_relaxations()->set_four_eyes(relaxations.four_eyes);
    response.mutable_relaxations()->set_holds(relaxations.holds);
    response.mutable_relaxations()->set_exit_hold_ns(relaxations.exit_hold_ns);
    response.set_rules_version(exchange.rules_version());
    const Participant* venue = exchange.parties().find(ParticipantId(1));
    if (venue != nullptr) response.set_venue(venue->name);
    response.set_banner(node.banner);
    response.set_version(node.version);
    response.set_started_at(node.started_at.ns());
    response.set_snapshot_sequence(parts_.node.reader.snapshot_sequence().value());
    response.set_accepting(node.accepting);
    response.set_trouble(node.trouble);
    response.set_now(node.now.ns());
    return grpc::Status::OK;
  }

  grpc::Status take_snapshot(UserId user, v1::TakeSnapshotResponse& response) const {
    bool allowed = false;
    const ReadOutcome outcome = parts_.node.reader.read(
        Sequence(),
        std::chrono::steady_clock::now() + std::chrono::seconds(10),
        [&](const Exchange& exchange, Sequence) {
          allowed = exchange.parties().may(user, Role::admin, {ScopeKind::node, 0});
        });
    if (outcome != ReadOutcome::done) return status_of(FrameOutcome::stopping);
    if (!allowed) return {grpc::StatusCode::PERMISSION_DENIED, "principal: needs the role admin"};
    const storage::Status status = parts_.node.reader.request_snapshot().get();
    if (!status.ok()) return {grpc::StatusCode::INTERNAL, "snapshot: " + status.message};
    response.set_sequence(parts_.node.reader.snapshot_sequence().value());
    return grpc::Status::OK;
  }

  const ServiceParts parts_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_admin(const ServiceParts& parts) {
  return std::make_unique<AdminService>(parts);
}

}  // namespace origo::gateway
