#pragma once

#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/support/byte_buffer.h>

#include <memory>
#include <string>
#include <utility>

#include "engine/core/ensure.h"
#include "gateway/grpc/calls.h"
#include "gateway/grpc/wire.h"

namespace origo::gateway {

// A generated service whose methods get their bytes as they came, so that a message that cannot be
// parsed is answered in words: gRPC's own handlers answer it as an unknown method, or end a stream
// as if its client had. `Base` is v1::X::Service.
template <class Base>
class RawService : public Base {
 protected:
  explicit RawService(UnaryCalls& calls) : calls_(calls) {}

  // The method `name` takes the command whose message is Message.
  template <class Message>
  void command(const char* name) {
    unary(name,
          [this](grpc::CallbackServerContext* context,
                 const grpc::ByteBuffer* in,
                 grpc::ByteBuffer* out) {
            Message message;
            const grpc::Status status = parse(*in, message);
            return status.ok() ? calls_.command(context, message, out)
                               : calls_.refuse(context, status);
          });
  }

  // The method `name` is a query: `fill(viewer, request, response)` returns the status.
  template <class Request, class Response, class Fill>
  void query(const char* name, Fill fill) {
    unary(name,
          [this, fill](grpc::CallbackServerContext* context,
                       const grpc::ByteBuffer* in,
                       grpc::ByteBuffer* out) {
            const auto request = std::make_shared<Request>();
            const grpc::Status status = parse(*in, *request);
            if (!status.ok()) return calls_.refuse(context, status);
            return calls_.query(context,
                                *request,
                                request->at_least_sequence(),
                                [request, out, fill](const Viewer& viewer, Sequence sequence) {
                                  Response response;
                                  response.set_sequence(sequence.value());
                                  grpc::Status answer = fill(viewer, *request, response);
                                  return answer.ok() ? serialize(response, *out) : answer;
                                });
          });
  }

  // Likewise; then `finish(request, response)` does the long part, which stops no reader.
  template <class Request, class Response, class Fill, class Finish>
  void query(const char* name, Fill fill, Finish finish) {
    unary(name,
          [this, fill, finish](grpc::CallbackServerContext* context,
                               const grpc::ByteBuffer* in,
                               grpc::ByteBuffer* out) {
            const auto request = std::make_shared<Request>();
            const grpc::Status status = parse(*in, *request);
            if (!status.ok()) return calls_.refuse(context, status);
            const auto response = std::make_shared<Response>();
            return calls_.query(
                context,
                *request,
                request->at_least_sequence(),
                [request, response, fill](const Viewer& viewer, Sequence sequence) {
                  response->set_sequence(sequence.value());
                  return fill(viewer, *request, *response);
                },
                [request, response, finish, out] {
                  grpc::Status answer = finish(*request, *response);
                  return answer.ok() ? serialize(*response, *out) : answer;
                });
          });
  }

  // The method `name` does `work(user, response)`, off gRPC's threads.
  template <class Request, class Response, class Work>
  void job(const char* name, Work work) {
    unary(name,
          [this, work](grpc::CallbackServerContext* context,
                       const grpc::ByteBuffer* in,
                       grpc::ByteBuffer* out) {
            Request request;
            const grpc::Status status = parse(*in, request);
            if (!status.ok()) return calls_.refuse(context, status);
            return calls_.job(context, request, [out, work](UserId user) {
              Response response;
              grpc::Status answer = work(user, response);
              return answer.ok() ? serialize(response, *out) : answer;
            });
          });
  }

  template <class Handler>
  void unary(const char* name, Handler handler) {
    this->MarkMethodRawCallback(
        index_of(name),
        new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
            std::move(handler)));
  }
  template <class Handler>
  void stream(const char* name, Handler handler) {
    this->MarkMethodRawCallback(
        index_of(name),
        new grpc::internal::CallbackBidiHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
            std::move(handler)));
  }
  // `handler(context, request)` returns the reactor that writes the answers.
  template <class Handler>
  void server_stream(const char* name, Handler handler) {
    this->MarkMethodRawCallback(
        index_of(name),
        new grpc::internal::CallbackServerStreamingHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
            std::move(handler)));
  }

  UnaryCalls& calls_;

 private:
  static int index_of(const std::string& name) {
    const auto* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(service_name<Base>());
    const auto* method = service == nullptr ? nullptr : service->FindMethodByName(name);
    ENSURE(method != nullptr);
    return method->index();
  }
};

}  // namespace origo::gateway
