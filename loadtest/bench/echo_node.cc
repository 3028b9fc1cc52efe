// The node's gRPC server with nothing behind it: commands are decoded and answered at once, on the
// thread that read them. What a node's throughput is compared with.
//
//   echo_node --port N --token-file FILE
#include <openssl/sha.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "gateway/grpc/server.h"

namespace origo::gateway {
namespace {

class EchoSink final : public CommandSink {
 public:
  void submit(std::unique_ptr<Frame> frame) override {
    frame->answers.resize(frame->commands.size());
    for (SequencedAnswer& answer : frame->answers) {
      answer.answer.id = 1;
      answer.answer.open = Quantity(1);
      answer.sequence = Sequence(1);
    }
    FrameOwner* owner = frame->owner;
    owner->answered(std::move(frame));
  }
};

// A core that knows one user, the owner of the token.
CoreState state_with(const std::string& token) {
  CoreState state;
  Bootstrap bootstrap{.venue_name = "Echo", .admin_token = {}};
  SHA256(reinterpret_cast<const unsigned char*>(token.data()),
         token.size(),
         bootstrap.admin_token.data());
  Events events;
  state.exchange.apply(
      {.sequence = Sequence(1), .time = Instant(1), .origin = {}}, bootstrap, events);
  return state;
}

}  // namespace
}  // namespace origo::gateway

int main(int argc, char** argv) {
  using namespace origo;
  using namespace origo::gateway;
  std::string port = "0";
  std::string token_file;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--port") == 0) port = argv[i + 1];
    if (std::strcmp(argv[i], "--token-file") == 0) token_file = argv[i + 1];
  }
  std::ifstream file(token_file);
  std::string token;
  if (!(file >> token)) {
    std::fprintf(stderr, "usage: echo_node --port N --token-file FILE\n");
    return 2;
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  // Queries have no place in the echo, but the services need a history to exist.
  std::string directory = (std::filesystem::temp_directory_path() / "origo-echo-XXXXXX").string();
  if (mkdtemp(directory.data()) == nullptr) return 1;
  auto history =
      storage::History::open({.directory = directory + "/history", .create_if_missing = true});
  if (!history.ok()) {
    std::fprintf(stderr, "echo_node: %s\n", history.status.message.c_str());
    return 1;
  }
  EchoSink sink;
  Reader reader(state_with(token), nullptr, {}, {});
  NodeAccess access{.sink = sink,
                    .reader = reader,
                    .history = HistoryView(*history.value),
                    .live_sequence = [] { return Sequence(1); },
                    .status = [] { return NodeStatus{}; }};
  GrpcOptions options;
  options.port = static_cast<std::uint16_t>(std::strtoul(port.c_str(), nullptr, 10));
  auto server = GrpcServer::start(options, access);
  if (!server.ok()) {
    std::fprintf(stderr, "echo_node: %s\n", server.status.message.c_str());
    return 1;
  }
  std::printf("127.0.0.1:%u\n", server.value->port());
  std::fflush(stdout);
  int received = 0;
  sigwait(&signals, &received);
  server.value->stop(std::chrono::milliseconds(100));
  reader.stop(false);
  history.value.reset();
  std::filesystem::remove_all(directory);
  return 0;
}
