#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <boost/core/demangle.hpp>
#include <string>
#include <typeinfo>

namespace origo::gateway {

// Reads a message as it came. INVALID_ARGUMENT: not one, or text that is not UTF-8.
[[nodiscard]] grpc::Status parse(const grpc::ByteBuffer& in, google::protobuf::Message& out);

// Writes a message as it goes.
[[nodiscard]] grpc::Status serialize(const google::protobuf::Message& message,
                                     grpc::ByteBuffer& out);

// "origo.v1.Registry" for v1::Registry::Service.
template <class Service>
[[nodiscard]] std::string service_name() {
  std::string name = boost::core::demangle(typeid(Service).name());  // origo::v1::Registry::Service
  name.erase(name.rfind("::"));
  for (auto at = name.find("::"); at != std::string::npos; at = name.find("::"))
    name.replace(at, 2, ".");
  return name;
}

}  // namespace origo::gateway
