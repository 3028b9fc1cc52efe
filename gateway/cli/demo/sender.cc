#include "gateway/cli/demo/sender.h"

#include <algorithm>

#include "proto/codec/commands.h"

namespace origo::gateway {
namespace {

constexpr std::size_t kFrameCommands = 256;
constexpr std::size_t kFramesInFlight = 4;
constexpr std::chrono::seconds kDeadline{600};

}  // namespace

std::vector<v1::Answer> Sender::send(const std::vector<Command>& commands,
                                     const std::function<void(std::size_t)>& answered) {
  std::vector<v1::Answer> answers;
  if (commands.empty()) return answers;
  grpc::ClientContext context;
  session_.prepare(context, kDeadline);
  v1::OrderEntry::Stub stub(session_.channel());
  const auto stream = stub.Trade(&context);
  std::size_t sent = 0;
  std::size_t frames = 0;
  bool open = true;
  const auto write_frame = [&] {
    v1::OrderFrame frame;
    const std::size_t end = std::min(sent + kFrameCommands, commands.size());
    for (; sent < end; ++sent) proto::write_command(commands[sent], *frame.add_commands());
    open = stream->Write(frame);
    ++frames;
    if (open && sent == commands.size()) stream->WritesDone();
  };
  while (open && answers.size() < commands.size()) {
    while (open && sent < commands.size() && frames < kFramesInFlight) write_frame();
    v1::AnswerFrame frame;
    if (!stream->Read(&frame)) break;
    --frames;
    for (v1::Answer& answer : *frame.mutable_answers()) {
      session_.see(answer.sequence());
      answers.push_back(std::move(answer));
    }
    if (answered) answered(static_cast<std::size_t>(frame.answers_size()));
  }
  if (answers.size() < commands.size()) {
    session_.check(stream->Finish());
    throw Failure(Exit::failed,
                  "the node ended the stream after " + std::to_string(answers.size()) + " of " +
                      std::to_string(commands.size()) + " answers");
  }
  v1::AnswerFrame none;
  while (stream->Read(&none)) {
  }
  session_.check(stream->Finish());
  return answers;
}

std::vector<v1::Answer> Sender::must_send(const std::vector<Command>& commands,
                                          const std::string& what,
                                          const std::function<void(std::size_t)>& answered) {
  auto answers = send(commands, answered);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i].has_reject()) continue;
    v1::Command command;
    proto::write_command(commands[i], command);
    throw Failure(Exit::refused,
                  what + ": refused: " + describe(answers[i].reject()),
                  "the command was " + command.ShortDebugString());
  }
  return answers;
}

v1::Answer Sender::must_send(const Command& command, const std::string& what) {
  return must_send(std::vector<Command>{command}, what, {}).front();
}

}  // namespace origo::gateway
