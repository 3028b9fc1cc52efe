#include "gateway/grpc/raw_service.h"
#include "gateway/grpc/services.h"
#include "origo/v1/orders.grpc.pb.h"

namespace origo::gateway {
namespace {

// A stream that ends before it began.
class RefusedStream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  explicit RefusedStream(const grpc::Status& status) { Finish(status); }
  void OnDone() override { delete this; }
};

class OrderEntryService final : public RawService<v1::OrderEntry::Service> {
 public:
  explicit OrderEntryService(const ServiceParts& parts) : RawService(parts.calls), parts_(parts) {
    stream("Trade", [this](grpc::CallbackServerContext* context) { return trade(*context); });
    command<v1::PlaceOrder>("Place");
    command<v1::AmendOrder>("Amend");
    command<v1::ReduceOrder>("Reduce");
    command<v1::CancelOrder>("Cancel");
    command<v1::MassCancel>("MassCancel");
    command<v1::EndSession>("EndSession");
    command<v1::SetKillSwitch>("SetKillSwitch");
  }

 private:
  using Stream = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;
  Stream* trade(const grpc::CallbackServerContext& context) {
    Caller caller = calls_.authenticator().identify(context);
    if (!caller.status.ok()) return new RefusedStream(caller.status);
    const SessionWish wish = session_wish(context);
    if (!wish.status.ok()) return new RefusedStream(wish.status);
    auto presence = std::make_unique<Presence>(parts_.sessions, caller.user, wish.grace);
    if (wish.client.is_set()) presence->note(wish.client, false);
    RateShare share = calls_.limiter().share_of(caller.user, context.peer());
    return new OrderStream(parts_.answers,
                           parts_.node.sink,
                           calls_,
                           caller,
                           std::move(share),
                           std::move(presence),
                           parts_.stream_limits);
  }

  const ServiceParts parts_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_order_entry(const ServiceParts& parts) {
  return std::make_unique<OrderEntryService>(parts);
}

}  // namespace origo::gateway
