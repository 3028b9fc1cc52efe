#include "gateway/feed/feed_session.h"

#include <prometheus/gauge.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <string>
#include <utility>

#include "gateway/feed/client_message.h"
#include "gateway/feed/server_core.h"
#include "gateway/feed/token_bucket.h"

namespace origo::gateway {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;

using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>,
                                         IoExecutor>;

class FeedSession final : public FeedSubscriber, public std::enable_shared_from_this<FeedSession> {
 public:
  FeedSession(ServerCore& core, std::shared_ptr<Connection> connection)
      : core_(core),
        connection_(std::move(connection)),
        websocket_(connection_),
        timer_(connection_->get_executor()),
        messages_(core.options.limits.messages_per_second, core.options.limits.messages_burst) {
    core_.metrics->subscribers.Increment();
  }

  ~FeedSession() override {
    core_.hub.remove(*this);
    core_.metrics->subscribers.Decrement();
  }

  void start(const beast::http::request<beast::http::string_body>& request);

  [[nodiscard]] bool enqueue(const WireFrame& frame) override;
  void flush() override;
  void fall_behind() override;

 private:
  void read();
  void handle_text(std::string_view text);
  void handle(const SubscribeMessage& message);
  void handle(const UnsubscribeMessage& message);
  void handle(const PingMessage& message);
  void reply(std::string json);
  void reply_error(const ApiError& error);
  void catch_up();
  void drop(websocket::close_code code, const char* reason);
  void finish();

  ServerCore& core_;
  std::shared_ptr<Connection> connection_;
  websocket::stream<QueuedStream, false> websocket_;  // without compression
  beast::flat_buffer input_;
  Timer timer_;  // while behind: until dropped; while closing: until closed
  TokenBucket messages_;
  bool behind_ = false;
  bool closing_ = false;
};

void FeedSession::start(const beast::http::request<beast::http::string_body>& request) {
  const HttpLimits& limits = core_.options.limits;
  websocket_.set_option(
      websocket::stream_base::timeout{.handshake_timeout = limits.handshake_timeout,
                                      .idle_timeout = limits.idle_timeout,
                                      .keep_alive_pings = true});
  websocket_.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
    response.set(beast::http::field::server, "origo");
  }));
  websocket_.read_message_max(limits.message_bytes_max);
  // After the peer's close, Beast answers with its own and nothing may follow it.
  websocket_.control_callback([this](websocket::frame_type type, beast::string_view) {
    if (type != websocket::frame_type::close) return;
    closing_ = true;
    core_.hub.remove(*this);
  });
  websocket_.async_accept(request, [self = shared_from_this()](error_code error) {
    if (error) return self->finish();
    self->connection_->on_drained([weak = self->weak_from_this()] {
      if (const auto session = weak.lock()) session->catch_up();
    });
    self->read();
  });
}

void FeedSession::read() {
  websocket_.async_read(input_, [self = shared_from_this()](error_code error, std::size_t) {
    if (error) return self->finish();
    if (!self->closing_) {
      if (!self->messages_.take(TokenBucket::Clock::now())) {
        self->reply_error({"rate_limited", "", "send fewer messages per second"});
        self->drop(websocket::close_code::policy_error, "too many messages");
      } else if (!self->websocket_.got_text()) {
        self->reply_error({"text_required", "", "messages must be text"});
      } else {
        self->handle_text(
            {static_cast<const char*>(self->input_.data().data()), self->input_.data().size()});
      }
    }
    self->input_.consume(self->input_.size());
    self->read();
  });
}

void FeedSession::handle_text(std::string_view text) {
  const auto parsed = parse_client_message(text);
  if (const auto* error = std::get_if<ApiError>(&parsed)) return reply_error(*error);
  std::visit([this](const auto& message) { handle(message); }, std::get<ClientMessage>(parsed));
}

void FeedSession::handle(const SubscribeMessage& message) {
  if (core_.hub.subscriptions_of(*this) >= core_.options.limits.subscriptions_max) {
    return reply_error({"too_many_subscriptions",
                        "",
                        "at most " + std::to_string(core_.options.limits.subscriptions_max) +
                            " subscriptions per connection"});
  }
  const auto result = core_.hub.subscribe(*this, message.topic);
  if (const auto* error = std::get_if<ApiError>(&result)) return reply_error(*error);
  if (behind_) {
    core_.hub.mark_behind(*this);  // the snapshot comes when the queue has room
  } else if (enqueue(std::get<WireFrame>(result))) {
    connection_->flush();
  } else {
    core_.hub.mark_behind(*this);
  }
}

void FeedSession::handle(const UnsubscribeMessage& message) {
  if (!core_.hub.unsubscribe(*this, message.topic)) {
    return reply_error({"not_subscribed", "channel", "there is no such subscription"});
  }
  reply("{\"type\":\"unsubscribed\",\"channel\":\"" + std::string(name_of(message.topic.channel)) +
        "\",\"instrument\":\"" + instrument_name(message.topic.instrument) + "\"}");
}

void FeedSession::handle(const PingMessage& message) {
  reply("{\"type\":\"pong\",\"id\":" + json_string(message.id) + "}");
}

void FeedSession::reply(std::string json) {
  if (closing_) return;
  connection_->enqueue(make_text_frame(json), Connection::Kind::control, {});
  connection_->flush();
  // Answers are never dropped, so whoever asks on and on without reading is.
  if (connection_->queued_bytes() > 2 * core_.options.limits.queue_bytes_max) {
    drop(websocket::close_code::policy_error, "slow consumer");
  }
}

void FeedSession::reply_error(const ApiError& error) {
  reply(to_json(error, "\"type\":\"error\","));
}

bool FeedSession::enqueue(const WireFrame& frame) {
  if (closing_) return true;
  if (connection_->queued_bytes() + frame->size() > core_.options.limits.queue_bytes_max) {
    fall_behind();
    return false;
  }
  connection_->enqueue(frame, Connection::Kind::data, {});
  return true;
}

void FeedSession::flush() {
  connection_->flush();
}

void FeedSession::fall_behind() {
  if (closing_) return;
  connection_->drop_data();
  if (behind_) return;
  behind_ = true;
  timer_.expires_after(core_.options.limits.behind_timeout);
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (error || !self->behind_ || self->closing_) return;
    self->drop(websocket::close_code::policy_error, "slow consumer");
  });
  // If the peer isn't slow, the wake was just large: go on at once.
  asio::post(connection_->get_executor(), [self = shared_from_this()] {
    self->connection_->flush();
    if (!self->connection_->is_waiting()) self->catch_up();
  });
}

// Sends fresh snapshots of the topics that were missed, as far as the peer takes them.
void FeedSession::catch_up() {
  while (behind_ && !closing_ && connection_->queued_bytes() == 0 && connection_->is_open()) {
    while (connection_->queued_bytes() < core_.options.limits.queue_bytes_max / 2) {
      const auto frame = core_.hub.next_missed_snapshot(*this);
      if (!frame) {
        behind_ = false;
        timer_.cancel();
        break;
      }
      connection_->enqueue(*frame, Connection::Kind::data, {});
    }
    connection_->flush();
  }
}

void FeedSession::drop(websocket::close_code code, const char* reason) {
  if (closing_) return;
  closing_ = true;
  core_.metrics->count_drop(reason);
  core_.hub.remove(*this);
  connection_->drop_data();
  websocket_.async_close(websocket::close_reason(code, reason),
                         [self = shared_from_this()](error_code) { self->finish(); });
  timer_.expires_after(core_.options.limits.close_grace);
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->connection_->close();
  });
}

void FeedSession::finish() {
  closing_ = true;
  timer_.cancel();
  core_.hub.remove(*this);
  connection_->close();
}

}  // namespace

void start_feed_session(ServerCore& core,
                        std::shared_ptr<Connection> connection,
                        const beast::http::request<beast::http::string_body>& request) {
  std::make_shared<FeedSession>(core, std::move(connection))->start(request);
}

}  // namespace origo::gateway
