#include "tests/integration/client.h"

#include <chrono>
#include <stdexcept>

namespace origo::integration {

namespace {
constexpr std::chrono::seconds kDeadline{30};
}

Client::Client(const std::string& address, std::string token) : token_(std::move(token)) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // every test its own connection
  channel_ = grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
  admin_ = v1::Admin::NewStub(channel_);
}

void Client::prepare(grpc::ClientContext& context) const {
  context.AddMetadata("authorization", "Bearer " + token_);
  context.set_wait_for_ready(true);
  context.set_deadline(std::chrono::system_clock::now() + kDeadline);
}

v1::Answer Client::submit(const v1::Command& command) {
  grpc::ClientContext context;
  prepare(context);
  v1::Answer answer;
  const grpc::Status status = admin_->Submit(&context, command, &answer);
  if (!status.ok()) answer.mutable_reject()->set_name(status.error_message());
  return answer;
}

std::uint64_t Client::must(const v1::Command& command) {
  const v1::Answer answer = submit(command);
  if (answer.has_reject()) {
    throw std::runtime_error(command.ShortDebugString() + ": " +
                             answer.reject().ShortDebugString());
  }
  return answer.id();
}

}  // namespace origo::integration
