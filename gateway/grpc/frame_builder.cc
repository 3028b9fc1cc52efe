#include "gateway/grpc/frame_builder.h"

#include <algorithm>
#include <optional>

#include "gateway/grpc/token.h"
#include "proto/codec/commands.h"
#include "proto/codec/rejects.h"

namespace origo::gateway {
namespace {

std::optional<proto::DecodeError> check_origin(std::uint64_t client,
                                               std::uint64_t client_sequence) {
  if ((client == 0) == (client_sequence == 0)) return std::nullopt;
  if (client == 0) {
    return proto::DecodeError{
        Reject::malformed, "client", "must be given together with client_sequence"};
  }
  return proto::DecodeError{Reject::malformed, "client_sequence", "must be 1 or more"};
}

void write_sequenced(const SequencedAnswer& from, const Fill* fills, v1::Answer& to) {
  const Answer& answer = from.answer;
  if (!answer.ok()) proto::write_reject(answer.code, answer.detail, *to.mutable_reject());
  to.set_id(answer.id);
  to.set_sequence(from.sequence.value());
  to.set_first_event(answer.first_event.value());
  to.set_filled(answer.filled.value());
  to.set_open(answer.open.value());
  to.set_proposed(answer.proposed);
  for (std::uint32_t i = 0; i < from.fills; ++i) {
    const Fill& fill = fills[i];
    v1::Fill& out = *to.add_fills();
    out.set_price(fill.price.value());
    out.set_quantity(fill.quantity.value());
    out.set_maker_order(fill.maker.value());
    out.set_trade(fill.trade.value());
  }
}

}  // namespace

void FrameBuilder::add(v1::Command& command, ClientFrame& out) {
  std::string* digest = proto::token_digest_of(command);
  if (digest != nullptr && digest->empty()) draw(*digest, out);
  const std::size_t begin = out.frame->bodies.size();
  auto error = check_origin(command.client(), command.client_sequence());
  if (!error) error = proto::append_command(command, out.frame->bodies);
  finish(command.client(), command.client_sequence(), std::move(error), begin, out);
}

void FrameBuilder::add(const google::protobuf::Message& body,
                       std::uint64_t client,
                       std::uint64_t client_sequence,
                       ClientFrame& out) {
  const std::size_t begin = out.frame->bodies.size();
  auto error = check_origin(client, client_sequence);
  if (!error) {
    const auto* field = body.GetDescriptor()->FindFieldByName("token_digest");
    if (field != nullptr && body.GetReflection()->GetString(body, field).empty()) {
      const std::unique_ptr<google::protobuf::Message> copy(body.New());
      copy->CopyFrom(body);
      std::string digest;
      draw(digest, out);
      copy->GetReflection()->SetString(copy.get(), field, std::move(digest));
      error = proto::append_command_body(*copy, out.frame->bodies);
    } else {
      error = proto::append_command_body(body, out.frame->bodies);
    }
  }
  finish(client, client_sequence, std::move(error), begin, out);
}

void FrameBuilder::finish(std::uint64_t client,
                          std::uint64_t client_sequence,
                          std::optional<proto::DecodeError> error,
                          std::size_t begin,
                          ClientFrame& out) {
  const std::size_t index = out.commands++;
  if (error) {
    out.refused.push_back({index, std::move(*error)});
    return;
  }
  Frame& frame = *out.frame;
  Origin origin{
      .principal = principal_, .client = ClientId(client), .client_sequence = client_sequence};
  if (client != 0) {
    hasher_.begin();
    hasher_.update(std::as_bytes(std::span(frame.bodies).subspan(begin)));
    const storage::Chain digest = hasher_.finish();
    std::transform(digest.begin(),
                   digest.begin() + origin.digest.size(),
                   origin.digest.begin(),
                   [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
  }
  frame.commands.push_back({origin, static_cast<std::uint32_t>(frame.bodies.size())});
}

void FrameBuilder::draw(std::string& digest, ClientFrame& out) {
  std::string token = draw_token();
  const Hash256 hash = digest_of_token(token);
  digest.assign(hash.begin(), hash.end());
  out.tokens.push_back({out.commands, std::move(token)});
}

void write_answers(ClientFrame& client, v1::AnswerFrame& out) {
  const Frame& frame = *client.frame;
  const Fill* fills = frame.fills.data();
  auto refused = client.refused.begin();
  auto token = client.tokens.begin();
  auto answer = frame.answers.begin();
  out.mutable_answers()->Reserve(static_cast<int>(client.commands));
  for (std::size_t index = 0; index < client.commands; ++index) {
    v1::Answer& to = *out.add_answers();
    const bool at_edge = refused != client.refused.end() && refused->index == index;
    if (at_edge) {
      proto::write_reject((refused++)->error, *to.mutable_reject());
    } else {
      write_sequenced(*answer, fills, to);
      fills += answer->fills;
      ++answer;
    }
    const bool drawn = token != client.tokens.end() && token->index == index;
    if (!drawn) continue;
    if (!to.has_reject()) to.set_token(std::move(token->token));
    ++token;
  }
}

void write_answer(ClientFrame& client, v1::Answer& out) {
  v1::AnswerFrame frame;
  write_answers(client, frame);
  out.Swap(frame.mutable_answers(0));
}

}  // namespace origo::gateway
