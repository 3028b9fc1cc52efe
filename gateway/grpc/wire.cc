#include "gateway/grpc/wire.h"

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/proto_buffer_writer.h>

namespace origo::gateway {

grpc::Status parse(const grpc::ByteBuffer& in, google::protobuf::Message& out) {
  grpc::ByteBuffer copy(in);  // shares the bytes
  if (grpc::GenericDeserialize<grpc::ProtoBufferReader, google::protobuf::Message>(&copy, &out)
          .ok()) {
    return grpc::Status::OK;
  }
  return {grpc::StatusCode::INVALID_ARGUMENT,
          "request: must be a " + out.GetDescriptor()->full_name() + " with all text in UTF-8"};
}

grpc::Status serialize(const google::protobuf::Message& message, grpc::ByteBuffer& out) {
  out.Clear();
  bool own = false;
  return grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(
      message, &out, &own);
}

}  // namespace origo::gateway
