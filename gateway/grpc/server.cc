#include "gateway/grpc/server.h"

#include <arpa/inet.h>
#include <google/protobuf/stubs/logging.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "gateway/grpc/services.h"
#include "gateway/node/sessions.h"

namespace origo::gateway {
namespace {

bool is_loopback(const std::string& address) {
  in_addr v4{};
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24U == 127;
  in6_addr v6{};
  if (inet_pton(AF_INET6, address.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6);
  return address == "localhost";
}

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

storage::Outcome<std::shared_ptr<grpc::ServerCredentials>> credentials(const GrpcOptions& options) {
  using storage::StatusCode;
  if (!options.tls) {
    if (is_loopback(options.address)) return {{}, grpc::InsecureServerCredentials()};
    return {{StatusCode::invalid,
             "gRPC on " + options.address +
                 " needs TLS: give a certificate chain and a private key, or listen on 127.0.0.1"},
            nullptr};
  }
  const auto chain = read_file(options.tls->certificate_chain_file);
  if (!chain) {
    return {{StatusCode::unreadable,
             "cannot read the certificate chain " + options.tls->certificate_chain_file},
            nullptr};
  }
  const auto key = read_file(options.tls->private_key_file);
  if (!key) {
    return {
        {StatusCode::unreadable, "cannot read the private key " + options.tls->private_key_file},
        nullptr};
  }
  grpc::SslServerCredentialsOptions tls;
  tls.pem_key_cert_pairs.push_back({*key, *chain});
  return {{}, grpc::SslServerCredentials(tls)};
}

template <class Duration>
int milliseconds(Duration duration) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

void set_limits(grpc::ServerBuilder& builder, const GrpcOptions& options) {
  grpc::ResourceQuota quota("origo");
  quota.Resize(options.memory_bytes_max);
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(options.message_bytes_max);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, options.metadata_bytes_max);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.streams_per_connection_max);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS,
                             milliseconds(options.connection_age_max));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS,
                             milliseconds(options.connection_idle_max));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, milliseconds(options.keepalive));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                             milliseconds(options.keepalive_timeout));
  // Else the third ping of a quiet stream would wait for data, and its client could vanish
  // unnoticed.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 2);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

}  // namespace

// Members are destroyed in the order that calls need: the server first, what its calls use after
// it.
struct GrpcServer::Parts {
  Parts(const GrpcOptions& o, const NodeAccess& n)
      : options(o),
        node(n),
        sessions(node.sink,
                 node.reader,
                 node.live_sequence,
                 {.grace = options.disconnect_grace, .on_over = options.on_session_over}),
        calls(node, answers, sessions, options) {}

  const GrpcOptions options;
  const NodeAccess node;
  AnswerQueue answers;
  Sessions sessions;
  UnaryCalls calls;
  std::vector<std::unique_ptr<grpc::Service>> services;
  std::unique_ptr<grpc::Server> server;
  int port = 0;
};

storage::Outcome<std::unique_ptr<GrpcServer>> GrpcServer::start(const GrpcOptions& options,
                                                                const NodeAccess& node) {
  auto keys = credentials(options);
  if (!keys.ok()) return {keys.status, nullptr};

  auto parts = std::make_unique<Parts>(options, node);
  const ServiceParts shared{
      .node = parts->node,
      .answers = parts->answers,
      .sessions = parts->sessions,
      .calls = parts->calls,
      .stream_limits = {.frames_in_flight_max = options.frames_in_flight_max,
                        .commands_in_flight_max = options.commands_in_flight_max}};
  parts->services.push_back(make_order_entry(shared));
  parts->services.push_back(make_registry(shared));
  parts->services.push_back(make_accounts(shared));
  parts->services.push_back(make_market_data(shared));
  parts->services.push_back(make_admin(shared));
  parts->services.push_back(make_reports(shared));
  if (node.scenario != nullptr) parts->services.push_back(make_scenario_control(shared));

  // Health and reflection plugins are for the whole process, and there may be several servers in
  // one.
  [[maybe_unused]] static const bool kPlugins = [] {
    google::protobuf::SetLogHandler(nullptr);  // it reports clients' malformed text on stderr
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    return true;
  }();
  grpc::ServerBuilder builder;
  set_limits(builder, options);
  const bool v6 = options.address.find(':') != std::string::npos;
  const std::string host = v6 ? "[" + options.address + "]" : options.address;
  const std::string address = host + ":" + std::to_string(options.port);
  builder.AddListeningPort(address, keys.value, &parts->port);
  for (const auto& service : parts->services) builder.RegisterService(service.get());
  parts->server = builder.BuildAndStart();
  if (parts->server == nullptr || parts->port == 0) {
    return {{storage::StatusCode::in_use,
             "cannot serve gRPC on " + address +
                 ": the address is in use or not this machine's, or the keys do not fit"},
            nullptr};
  }
  auto server = std::unique_ptr<GrpcServer>(new GrpcServer(std::move(parts)));
  server->parts_->sessions.start();
  server->set_serving(true);
  return {{}, std::move(server)};
}

GrpcServer::GrpcServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

GrpcServer::~GrpcServer() {
  stop(std::chrono::milliseconds(200));
}

std::uint16_t GrpcServer::port() const {
  return static_cast<std::uint16_t>(parts_->port);
}

void GrpcServer::set_serving(bool serving) {
  grpc::HealthCheckServiceInterface* health = parts_->server->GetHealthCheckService();
  if (health != nullptr) health->SetServingStatus(serving);
}

std::size_t GrpcServer::clients_away() const {
  return parts_->sessions.away();
}

void GrpcServer::stop(std::chrono::milliseconds grace) {
  if (parts_->server == nullptr) return;
  parts_->sessions.stop();
  set_serving(false);
  parts_->server->Shutdown(std::chrono::system_clock::now() + grace);
  parts_->server->Wait();
  parts_->server.reset();
}

}  // namespace origo::gateway
