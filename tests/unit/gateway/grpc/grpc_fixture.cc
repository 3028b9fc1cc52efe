#include "tests/unit/gateway/grpc/grpc_fixture.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "gateway/grpc/token.h"
#include "gateway/node/ask.h"
#include "proto/codec/commands.h"

namespace origo::gateway::test {

void GateSink::submit(std::unique_ptr<Frame> frame) {
  {
    const std::lock_guard lock(mutex_);
    owners_.emplace_back(frame.get(), frame->owner);
    most_ = std::max(most_, owners_.size());
    frame->owner = this;
    if (holding_) {
      held_.push_back(std::move(frame));
      changed_.notify_all();
      return;
    }
  }
  next_.submit(std::move(frame));
}

void GateSink::answered(std::unique_ptr<Frame> frame) {
  FrameOwner* owner = nullptr;
  {
    const std::lock_guard lock(mutex_);
    const auto found =
        std::ranges::find(owners_, frame.get(), &std::pair<Frame*, FrameOwner*>::first);
    owner = found->second;
    owners_.erase(found);
  }
  owner->answered(std::move(frame));
}

void GateSink::hold() {
  const std::lock_guard lock(mutex_);
  holding_ = true;
}

void GateSink::release() {
  std::vector<std::unique_ptr<Frame>> held;
  {
    const std::lock_guard lock(mutex_);
    holding_ = false;
    held.swap(held_);
  }
  for (auto& frame : held) next_.submit(std::move(frame));
}

void GateSink::wait_for_held(std::size_t frames) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return held_.size() >= frames; });
}

std::size_t GateSink::on_their_way_max() {
  const std::lock_guard lock(mutex_);
  return most_;
}

Call::Call(const std::string& token) {
  if (!token.empty()) context_.AddMetadata("authorization", "Bearer " + token);
  context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
}

GrpcTest::GrpcTest() : admin_(draw_token()), clock_(Instant(1'767'268'800'000'000'000)) {
  static std::atomic<int> count{0};
  folder_ = std::filesystem::temp_directory_path() /
            ("origo-grpc-" + std::to_string(getpid()) + "-" + std::to_string(count++));
  auto history =
      storage::History::open({.directory = folder_ / "history", .create_if_missing = true});
  EXPECT_TRUE(history.ok()) << history.status.message;
  history_ = std::move(history.value);
  reader_ = std::make_unique<Reader>(
      CoreState{}, std::make_unique<HistoryRecorder>(*history_), SnapshotWriter{}, ReaderOptions{});
  sequencer_ = std::make_unique<Sequencer>(CoreState{}, journal_, clock_, SequencerOptions{});
  sequencer_->subscribe([this](const std::shared_ptr<const AppliedBatch>& batch) {
    const std::lock_guard lock(ended_mutex_);
    for_each_event(batch->events.data(), batch->events.size(), [&](const Event& event) {
      if (const auto* ended = std::get_if<OrderEnded>(&event)) ended_.push_back(*ended);
    });
  });
  sequencer_->subscribe(
      [this](const std::shared_ptr<const AppliedBatch>& batch) { reader_->enqueue(batch); });
  sequencer_->start();
  const Asked first = ask(
      *sequencer_, {}, Bootstrap{.venue_name = "Venue", .admin_token = digest_of_token(admin_)});
  EXPECT_TRUE(first.answer.answer.ok());
  gate_ = std::make_unique<GateSink>(*sequencer_);
  access_ = std::make_unique<NodeAccess>(NodeAccess{
      .sink = *gate_,
      .reader = *reader_,
      .history = HistoryView(*history_),
      .live_sequence = [this] { return sequencer_->sequence(); },
      .status =
          [this] {
            return NodeStatus{
                .durable = sequencer_->sequence(), .sync_policy = "always", .banner = "a test"};
          },
      .tokens_changed = [this] { return sequencer_->tokens_changed(); },
      .journal = &journal_});
}

GrpcTest::~GrpcTest() {
  if (gate_) gate_->release();
  server_.reset();
  sequencer_->stop();
  reader_->stop(false);
  history_.reset();
  std::filesystem::remove_all(folder_);
}

void GrpcTest::serve(const GrpcOptions& options) {
  auto server = GrpcServer::start(options, *access_);
  ASSERT_TRUE(server.ok()) << server.status.message;
  server_ = std::move(server.value);
  channel_ = connect();
}

std::string GrpcTest::address() const {
  return "127.0.0.1:" + std::to_string(server_->port());
}

std::shared_ptr<grpc::Channel> GrpcTest::connect() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
  return grpc::CreateCustomChannel(address(), grpc::InsecureChannelCredentials(), arguments);
}

std::vector<OrderEnded> GrpcTest::ended_orders() {
  const std::lock_guard lock(ended_mutex_);
  return ended_;
}

v1::Answer GrpcTest::submit(const v1::Command& command, const std::string& token) {
  v1::Answer answer;
  const grpc::Status status = stub<v1::Admin>()->Submit(Call(token), command, &answer);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return answer;
}

v1::Answer GrpcTest::submit(const Command& command, const std::string& token) {
  v1::Command message;
  proto::write_command(command, message);
  return submit(message, token);
}

std::uint64_t GrpcTest::must(const Command& command, const std::string& token) {
  const v1::Answer answer = submit(command, token);
  EXPECT_FALSE(answer.has_reject()) << answer.DebugString();
  return answer.id();
}

std::pair<std::uint64_t, std::string> GrpcTest::add_user(std::uint64_t participant,
                                                         Role role,
                                                         Scope scope) {
  v1::Command command;
  command.mutable_create_user()->set_participant(participant);
  command.mutable_create_user()->set_name("user");
  command.mutable_create_user()->set_person("person " + draw_token());
  const v1::Answer answer = submit(command, admin_);
  EXPECT_EQ(answer.token().size(), 64u) << answer.DebugString();
  const UserId user(static_cast<std::uint32_t>(answer.id()));
  must(GrantRole{.user = user, .role = role, .scope = scope}, admin_);
  return {answer.id(), answer.token()};
}

loadtest::SampleMarket GrpcTest::build_market(const loadtest::SampleMarketOptions& options) {
  std::string tokens[4] = {admin_};
  const Period day{*make_date(2025, 12, 1), *make_date(2025, 12, 1)};
  auto market = loadtest::build_sample_market(
      options,
      day,
      [&](loadtest::Actor actor, const Command& command) {
        const v1::Answer answer = submit(command, tokens[static_cast<std::size_t>(actor)]);
        EXPECT_FALSE(answer.has_reject()) << answer.DebugString();
        return Answer{.id = answer.id()};
      },
      [&](loadtest::Actor actor, ParticipantId participant) {
        v1::Command command;
        command.mutable_create_user()->set_participant(participant.value());
        command.mutable_create_user()->set_name("actor");
        const v1::Answer answer = submit(command, admin_);
        tokens[static_cast<std::size_t>(actor)] = answer.token();
        return UserId(static_cast<std::uint32_t>(answer.id()));
      });
  trader_ = tokens[static_cast<std::size_t>(loadtest::Actor::trader)];
  return market;
}

v1::Command create_market(const std::string& code) {
  v1::Command command;
  command.mutable_create_market()->set_code(code);
  command.mutable_create_market()->set_name(code);
  return command;
}

}  // namespace origo::gateway::test
