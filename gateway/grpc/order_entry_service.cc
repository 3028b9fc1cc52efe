#include "gateway/grpc/services.h"
#include "origo/v1/orders.grpc.pb.h"

namespace origo::gateway {
namespace {

// A stream that ends before it began.
class RefusedStream final : public grpc::ServerBidiReactor<v1::OrderFrame, v1::AnswerFrame> {
 public:
  explicit RefusedStream(const grpc::Status& status) { Finish(status); }
  void OnDone() override { delete this; }
};

class OrderEntryService final : public v1::OrderEntry::CallbackService {
 public:
  explicit OrderEntryService(const ServiceParts& parts) : parts_(parts) {}

  grpc::ServerBidiReactor<v1::OrderFrame, v1::AnswerFrame>* Trade(
      grpc::CallbackServerContext* context) override {
    const Caller caller = parts_.calls.authenticator().identify(*context);
    if (!caller.status.ok()) return new RefusedStream(caller.status);
    return new OrderStream(parts_.answers, parts_.node.sink, caller.user, parts_.stream_limits);
  }

  ORIGO_COMMAND_METHOD(Place, PlaceOrder)
  ORIGO_COMMAND_METHOD(Amend, AmendOrder)
  ORIGO_COMMAND_METHOD(Reduce, ReduceOrder)
  ORIGO_COMMAND_METHOD(Cancel, CancelOrder)
  ORIGO_COMMAND_METHOD(MassCancel, MassCancel)

 private:
  const ServiceParts parts_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_order_entry(const ServiceParts& parts) {
  return std::make_unique<OrderEntryService>(parts);
}

}  // namespace origo::gateway
