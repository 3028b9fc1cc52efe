// origo-load: how many orders a node makes durable per second, and how long each frame takes,
// beside an empty echo of the same messages through the same server code (the echo_node program).
//
// Both servers are measured in turn, A B A B, in one run, because machines drift; what is quoted is
// the median and the ratio. The answers of a node count only when they come, that is, once durable.
#include <grpcpp/grpcpp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "loadtest/base/sample_market.h"
#include "origo/v1/orders.grpc.pb.h"
#include "proto/codec/commands.h"

namespace origo::loadtest {
namespace {

using SteadyClock = std::chrono::steady_clock;

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "origo-load: %s\n", why.c_str());
  std::exit(1);
}

std::string hex(const std::uint8_t* bytes, std::size_t size) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < size; ++i) {
    out += kDigits[bytes[i] >> 4U];
    out += kDigits[bytes[i] & 15U];
  }
  return out;
}

std::uint64_t random_id() {
  std::uint64_t id = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&id), sizeof id) != 1) give_up("no random bytes");
  return id | 1U;
}

// One credential's connection to a server, with client numbers that go on.
class Connection {
 public:
  Connection(const std::string& address, std::string token) : token_(std::move(token)) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(8 << 20);
    arguments.SetInt("grpc.use_local_subchannel_pool", 1);
    stub_ = v1::OrderEntry::NewStub(
        grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
  }
  void authorise(grpc::ClientContext& context) const {
    context.AddMetadata("authorization", "Bearer " + token_);
    context.set_wait_for_ready(true);
  }
  v1::OrderEntry::Stub& stub() { return *stub_; }
  void number(v1::Command& command) {
    command.set_client(client_);
    command.set_client_sequence(++sequence_);
  }

  // One command, answered.
  v1::Answer send(const Command& command) {
    if (!setup_) {
      setup_context_ = std::make_unique<grpc::ClientContext>();
      authorise(*setup_context_);
      setup_ = stub_->Trade(setup_context_.get());
    }
    v1::OrderFrame frame;
    proto::write_command(command, *frame.add_commands());
    number(*frame.mutable_commands(0));
    v1::AnswerFrame answers;
    if (!setup_->Write(frame) || !setup_->Read(&answers))
      give_up("the server ended the stream: " + setup_->Finish().error_message());
    return answers.answers(0);
  }
  void end_setup() {
    if (!setup_) return;
    setup_->WritesDone();
    setup_->Finish();
    setup_.reset();
  }

 private:
  std::string token_;
  std::unique_ptr<v1::OrderEntry::Stub> stub_;
  std::uint64_t client_ = random_id();
  std::uint64_t sequence_ = 0;
  std::unique_ptr<grpc::ClientContext> setup_context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::OrderFrame, v1::AnswerFrame>> setup_;
};

// The node's sample market, built through the API like any user would.
struct RemoteMarket {
  SampleMarket market;
  std::string trader_token;
};

RemoteMarket build_remote_market(const std::string& address, const std::string& admin_token) {
  std::map<Actor, std::unique_ptr<Connection>> actors;
  RemoteMarket remote;
  actors[Actor::admin] = std::make_unique<Connection>(address, admin_token);
  const auto send = [&](Actor actor, const Command& command) {
    const v1::Answer answer = actors.at(actor)->send(command);
    if (answer.has_reject())
      give_up("setting up the market: " + answer.reject().field() + " " + answer.reject().rule());
    Answer out;
    out.id = answer.id();
    return out;
  };
  const auto add_actor = [&](Actor actor, ParticipantId participant) {
    std::array<std::uint8_t, 32> secret{};
    if (RAND_bytes(secret.data(), static_cast<int>(secret.size())) != 1) give_up("no random bytes");
    const std::string token = hex(secret.data(), secret.size());
    CreateUser create{.participant = participant, .name = "load", .person = "", .token = {}};
    SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), create.token.data());
    const Answer made = send(Actor::admin, create);
    actors[actor] = std::make_unique<Connection>(address, token);
    if (actor == Actor::trader) remote.trader_token = token;
    return UserId(static_cast<std::uint32_t>(made.id));
  };
  const Date first = *make_date(2020, 1, 1);
  remote.market = build_sample_market({}, {.first = first, .last = first}, send, add_actor);
  for (auto& [actor, connection] : actors) connection->end_setup();
  return remote;
}

struct Figures {
  double per_second = 0;
  std::vector<double> frame_us;  // sorted
  std::uint64_t refused = 0;
};

// A pattern of load: how many commands share a frame, how many frames are under way.
struct Pattern {
  std::string name;
  int commands = 1;
  int in_flight = 1;
  bool unary = false;
};

Figures run_unary(Connection& connection, OrderFlow& flow, double seconds) {
  Figures figures;
  const auto start = SteadyClock::now();
  const auto end = start + std::chrono::duration<double>(seconds);
  while (SteadyClock::now() < end) {
    v1::Command wrapped;
    proto::write_command(flow.next_order(), wrapped);
    grpc::ClientContext context;
    connection.authorise(context);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    v1::Answer answer;
    const auto before = SteadyClock::now();
    const grpc::Status status = connection.stub().Place(&context, wrapped.place_order(), &answer);
    if (!status.ok()) give_up("unary order: " + status.error_message());
    figures.frame_us.push_back(
        std::chrono::duration<double, std::micro>(SteadyClock::now() - before).count());
    if (answer.has_reject()) ++figures.refused;
  }
  figures.per_second = static_cast<double>(figures.frame_us.size()) /
                       std::chrono::duration<double>(SteadyClock::now() - start).count();
  std::sort(figures.frame_us.begin(), figures.frame_us.end());
  return figures;
}

// Keeps `in_flight` frames under way: one thread writes, this one reads.
Figures run_stream(Connection& connection,
                   OrderFlow& flow,
                   const Pattern& pattern,
                   double seconds) {
  grpc::ClientContext context;
  connection.authorise(context);
  auto stream = connection.stub().Trade(&context);
  const std::size_t in_flight = static_cast<std::size_t>(pattern.in_flight);
  std::vector<SteadyClock::time_point> sent(in_flight);  // by frame number modulo the window
  std::mutex mutex;
  std::condition_variable room;
  std::uint64_t written = 0;
  std::uint64_t read = 0;
  bool stop = false;
  std::thread writer([&] {
    v1::OrderFrame frame;
    for (std::uint64_t n = 0;; ++n) {
      for (int i = 0; i < pattern.commands; ++i) {
        v1::Command& command =
            i < frame.commands_size() ? *frame.mutable_commands(i) : *frame.add_commands();
        proto::write_command(flow.next_order(), command);
        connection.number(command);
      }
      std::unique_lock lock(mutex);
      room.wait(lock, [&] { return stop || n - read < in_flight; });
      if (stop) break;
      sent[n % in_flight] = SteadyClock::now();
      lock.unlock();
      if (!stream->Write(frame)) break;
      lock.lock();
      written = n + 1;
    }
    stream->WritesDone();
  });
  Figures figures;
  const auto start = SteadyClock::now();
  const auto end = start + std::chrono::duration<double>(seconds);
  auto last = start;
  std::uint64_t answers = 0;
  v1::AnswerFrame frame;
  while (stream->Read(&frame)) {
    last = SteadyClock::now();
    answers += static_cast<std::uint64_t>(frame.answers_size());
    for (const v1::Answer& answer : frame.answers())
      figures.refused += answer.has_reject() ? 1U : 0U;
    const std::scoped_lock lock(mutex);
    figures.frame_us.push_back(
        std::chrono::duration<double, std::micro>(last - sent[read % in_flight]).count());
    ++read;
    if (last >= end) stop = true;
    room.notify_one();
  }
  writer.join();
  const grpc::Status status = stream->Finish();
  if (!status.ok()) give_up("order stream: " + status.error_message());
  if (read < written) give_up("the server answered fewer frames than it got");
  figures.per_second =
      static_cast<double>(answers) / std::chrono::duration<double>(last - start).count();
  std::sort(figures.frame_us.begin(), figures.frame_us.end());
  return figures;
}

Figures run(Connection& connection, OrderFlow& flow, const Pattern& pattern, double seconds) {
  return pattern.unary ? run_unary(connection, flow, seconds)
                       : run_stream(connection, flow, pattern, seconds);
}

double percentile(const std::vector<double>& sorted, double p) {
  return sorted.empty()
             ? 0
             : sorted[static_cast<std::size_t>(p * static_cast<double>(sorted.size() - 1))];
}

// The round with the median throughput.
const Figures& median(std::vector<Figures>& rounds) {
  std::sort(rounds.begin(), rounds.end(), [](const Figures& a, const Figures& b) {
    return a.per_second < b.per_second;
  });
  return rounds[rounds.size() / 2];
}

std::string read_token(const std::string& path) {
  std::ifstream file(path);
  std::string token;
  if (!(file >> token)) give_up("cannot read a token from " + path);
  return token;
}

void print(const std::string& who, const Pattern& pattern, const Figures& f, bool json) {
  if (json) {
    std::printf(
        "{\"server\":\"%s\",\"pattern\":\"%s\",\"orders_per_second\":%.0f,\"frame_us_p50\":%.0f,"
        "\"frame_us_p99\":%.0f,\"frame_us_p999\":%.0f,\"refused\":%llu}\n",
        who.c_str(),
        pattern.name.c_str(),
        f.per_second,
        percentile(f.frame_us, 0.5),
        percentile(f.frame_us, 0.99),
        percentile(f.frame_us, 0.999),
        static_cast<unsigned long long>(f.refused));
    return;
  }
  std::printf("  %-5s %10.0f orders/s   frame p50 %7.0f us  p99 %7.0f us  p99.9 %7.0f us%s\n",
              who.c_str(),
              f.per_second,
              percentile(f.frame_us, 0.5),
              percentile(f.frame_us, 0.99),
              percentile(f.frame_us, 0.999),
              f.refused > 0 ? ("  refused " + std::to_string(f.refused)).c_str() : "");
}

}  // namespace
}  // namespace origo::loadtest

int main(int argc, char** argv) {
  using namespace origo;
  using namespace origo::loadtest;
  CLI::App app{
      "Measures durable orders per second of a node through gRPC, beside an empty echo.\n\n"
      "Example:\n  origod --data /tmp/d --sync always &   echo_node --port 7501 --token-file "
      "/tmp/d/admin.token &\n"
      "  origo-load --node 127.0.0.1:7401 --echo 127.0.0.1:7501 --token-file /tmp/d/admin.token"};
  std::string node;
  std::string echo;
  std::string token_file;
  double seconds = 2;
  int rounds = 3;
  int in_flight = 16;
  bool json = false;
  std::vector<int> frames{1, 16, 64, 256};
  app.add_option("--node", node, "gRPC address of a fresh node")->required();
  app.add_option(
      "--echo", echo, "gRPC address of an echo_node with the same token; none: no ratio");
  app.add_option("--token-file", token_file, "the admin's token")->required();
  app.add_option("--seconds", seconds, "of each measurement")->capture_default_str();
  app.add_option("--rounds", rounds, "of each pattern; the median is told")->capture_default_str();
  app.add_option("--frames", frames, "commands a frame")->capture_default_str();
  app.add_option("--in-flight", in_flight, "frames under way")->capture_default_str();
  app.add_flag("--json", json, "a line of JSON for each figure");
  CLI11_PARSE(app, argc, argv);

  const std::string admin = read_token(token_file);
  const RemoteMarket remote = build_remote_market(node, admin);
  Connection to_node(node, remote.trader_token);
  std::unique_ptr<Connection> to_echo;
  if (!echo.empty()) to_echo = std::make_unique<Connection>(echo, admin);
  OrderFlow node_flow(remote.market, 1);
  OrderFlow echo_flow(remote.market, 1);

  std::vector<Pattern> patterns{{.name = "unary", .commands = 1, .in_flight = 1, .unary = true}};
  for (const int size : frames) {
    patterns.push_back({.name = "stream of " + std::to_string(size),
                        .commands = size,
                        .in_flight = in_flight,
                        .unary = false});
  }
  for (const Pattern& pattern : patterns) {
    std::vector<Figures> node_rounds;
    std::vector<Figures> echo_rounds;
    for (int round = 0; round < rounds; ++round) {
      node_rounds.push_back(run(to_node, node_flow, pattern, seconds));
      if (to_echo) echo_rounds.push_back(run(*to_echo, echo_flow, pattern, seconds));
    }
    if (!json) std::printf("%s\n", pattern.name.c_str());
    const Figures& node_figures = median(node_rounds);
    print("node", pattern, node_figures, json);
    if (!to_echo) continue;
    const Figures& echo_figures = median(echo_rounds);
    print("echo", pattern, echo_figures, json);
    if (!json) std::printf("  ratio %.2f\n", node_figures.per_second / echo_figures.per_second);
    std::fflush(stdout);
  }
  return 0;
}
