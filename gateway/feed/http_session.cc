#include "gateway/feed/http_session.h"

#include <spdlog/spdlog.h>

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "gateway/feed/feed_session.h"
#include "gateway/feed/lower_case.h"
#include "gateway/feed/server_core.h"

namespace origo::gateway {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

using Request = http::request<http::string_body>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>,
                                         IoExecutor>;

constexpr auto kLinger = std::chrono::seconds(2);

// Everything the page needs comes from this server; nothing may frame it or run inline.
constexpr const char* kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string serialize(const HttpResponse& response, bool keep_alive, bool head, bool tls) {
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + " ";
  text += http::obsolete_reason(http::int_to_status(static_cast<unsigned>(response.status)));
  const auto header = [&text](std::string_view name, std::string_view value) {
    text.append("\r\n").append(name).append(": ").append(value);
  };
  header("Server", "origo");
  if (response.status != 304) {
    header("Content-Type", response.content_type);
    header("Content-Length", std::to_string(response.body.size()));
  }
  header("Connection", keep_alive ? "keep-alive" : "close");
  header("X-Content-Type-Options", "nosniff");
  header("X-Frame-Options", "DENY");
  header("Referrer-Policy", "no-referrer");
  header("Cross-Origin-Resource-Policy", "same-origin");
  header("Cross-Origin-Opener-Policy", "same-origin");
  if (tls) header("Strict-Transport-Security", "max-age=31536000");
  bool cache_control = false;
  bool own_policy = false;
  for (const auto& [name, value] : response.headers) {
    header(name, value);
    cache_control = cache_control || name == "Cache-Control";
    own_policy = own_policy || name == "Content-Security-Policy";
  }
  if (!cache_control) header("Cache-Control", "no-store");
  if (!own_policy) header("Content-Security-Policy", kContentSecurityPolicy);
  text += "\r\n\r\n";
  if (!head && response.status != 304) text += response.body;
  return text;
}

// What the parser's refusals mean to a client.
HttpResponse describe(const error_code& error, const HttpLimits& limits) {
  if (error == http::error::header_limit) {
    return HttpResponse::error(
        431,
        {"header_too_large", "", "at most " + std::to_string(limits.header_bytes_max) + " bytes"});
  }
  if (error == http::error::body_limit) {
    return HttpResponse::error(
        413, {"body_too_large", "", "at most " + std::to_string(limits.body_bytes_max) + " bytes"});
  }
  return HttpResponse::error(400, {"malformed_request", "", error.message()});
}

HttpResponse run_handler(const HttpHandler& handler, const HttpRequest& request) {
  try {
    return handler(request);
  } catch (const std::exception& exception) {
    spdlog::error("{} {}: {}", request.method, request.path, exception.what());
    return HttpResponse::error(500, {"internal_error", "", "the node logged what went wrong"});
  }
}

class HttpSession final : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(ServerCore& core, std::shared_ptr<Connection> connection, std::string remote_address)
      : core_(core),
        connection_(std::move(connection)),
        stream_(connection_),
        timer_(connection_->get_executor()),
        remote_address_(std::move(remote_address)) {}

  void start();

 private:
  void read_request(std::chrono::milliseconds timeout);
  void handle_request(Request request);
  [[nodiscard]] std::optional<HttpResponse> check(const Request& request) const;
  void upgrade(const Request& request);
  void route(HttpRequest request);
  void respond(const HttpResponse& response);
  void linger();
  void arm(std::chrono::milliseconds timeout);
  void finish();

  ServerCore& core_;
  std::shared_ptr<Connection> connection_;
  QueuedStream stream_;
  Timer timer_;
  std::string remote_address_;
  beast::flat_buffer input_;
  std::optional<http::request_parser<http::string_body>> parser_;
  bool keep_alive_ = false;
  bool head_ = false;
  std::array<char, 4096> discarded_{};
};

void HttpSession::start() {
  arm(core_.options.limits.handshake_timeout);
  connection_->transport().async_handshake(
      [self = shared_from_this()](error_code error, std::size_t) {
        if (error) return self->finish();
        self->read_request(self->core_.options.limits.request_timeout);
      });
}

void HttpSession::arm(std::chrono::milliseconds timeout) {
  timer_.expires_after(timeout);
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->connection_->close();
  });
}

void HttpSession::read_request(std::chrono::milliseconds timeout) {
  const HttpLimits& limits = core_.options.limits;
  parser_.emplace();
  parser_->header_limit(limits.header_bytes_max);
  parser_->body_limit(limits.body_bytes_max);
  arm(timeout);
  http::async_read(
      stream_, input_, *parser_, [self = shared_from_this()](error_code error, std::size_t) {
        if (!error) {
          self->keep_alive_ = self->parser_->get().keep_alive();
          return self->handle_request(self->parser_->release());
        }
        const bool protocol =
            error.category() == make_error_code(http::error::bad_method).category();
        if (!protocol || error == http::error::end_of_stream) return self->finish();
        self->keep_alive_ = false;
        self->head_ = false;
        self->respond(describe(error, self->core_.options.limits));
      });
}

// The checks that hold for every request, whatever it asks for.
std::optional<HttpResponse> HttpSession::check(const Request& request) const {
  if (request.version() != 11) {
    return HttpResponse::error(505, {"version_not_supported", "", "must be HTTP/1.1"});
  }
  if (request.count(http::field::host) != 1) {
    return HttpResponse::error(400, {"host_missing", "Host", "exactly one is required"});
  }
  const std::string_view host = request[http::field::host];
  if (const auto error = core_.host_check.check_host(host)) {
    core_.metrics->count_refused("host");
    return HttpResponse::error(421, *error);
  }
  const bool safe = request.method() == http::verb::get || request.method() == http::verb::head;
  if (!safe || beast::websocket::is_upgrade(request)) {
    std::optional<std::string_view> origin;
    const auto found = request.find(http::field::origin);
    if (found != request.end()) origin = found->value();
    auto error = core_.host_check.check_origin(origin, host);
    if (!error && request.count(http::field::origin) > 1) {
      error = ApiError{"origin_not_allowed", "Origin", "at most one is allowed"};
    }
    if (error) {
      core_.metrics->count_refused("origin");
      return HttpResponse::error(403, *error);
    }
  }
  return std::nullopt;
}

void HttpSession::handle_request(Request request) {
  head_ = request.method() == http::verb::head;
  if (const auto refused = check(request)) {
    keep_alive_ = false;
    return respond(*refused);
  }
  const std::string_view target_text = request.target();
  auto target = parse_target(target_text);
  if (!target) {
    return respond(HttpResponse::error(
        400, {"malformed_target", "path", "must be an absolute path, each parameter once"}));
  }
  if (target->path == "/ws") return upgrade(request);

  HttpRequest routed;
  routed.method = head_ ? "GET" : std::string(request.method_string());
  routed.path = std::move(target->path);
  routed.query = std::move(target->query);
  for (const auto& field : request) {
    routed.headers.emplace(lower_case(field.name_string()), std::string(field.value()));
  }
  routed.body = std::move(request.body());
  routed.remote_address = remote_address_;
  route(std::move(routed));
}

void HttpSession::upgrade(const Request& request) {
  if (!beast::websocket::is_upgrade(request) || input_.size() > 0) {
    keep_alive_ = false;
    HttpResponse response = HttpResponse::error(
        426, {"upgrade_required", "Upgrade", "this path speaks WebSocket (RFC 6455) only"});
    response.headers.emplace_back("Upgrade", "websocket");
    return respond(response);
  }
  core_.metrics->count_request(101);
  timer_.cancel();
  start_feed_session(core_, connection_, request);
}

void HttpSession::route(HttpRequest request) {
  Router::Match quick = core_.quick_routes.find(request);
  if (quick.handler != nullptr) return respond((*quick.handler)(request));
  Router::Match match = core_.routes.find(request);
  if (match.handler == nullptr) {
    return respond(quick.otherwise.status == 405 ? quick.otherwise : match.otherwise);
  }
  if (core_.handlers_waiting >= core_.options.limits.handlers_waiting_max) {
    return respond(HttpResponse::error(503, {"busy", "", "try again in a moment"}));
  }
  ++core_.handlers_waiting;
  timer_.cancel();
  // The handler thread lets go of the session before the feed thread can: it must not end there.
  asio::post(
      core_.handlers,
      [self = shared_from_this(), handler = match.handler, request = std::move(request)]() mutable {
        HttpResponse response = run_handler(*handler, request);
        asio::io_context& io = self->core_.io;
        asio::post(io, [self = std::move(self), response = std::move(response)] {
          --self->core_.handlers_waiting;
          self->respond(response);
        });
      });
}

void HttpSession::respond(const HttpResponse& response) {
  if (!connection_->is_open()) return;
  core_.metrics->count_request(response.status);
  if (core_.stopping) keep_alive_ = false;
  arm(core_.options.limits.write_timeout);
  auto bytes = std::make_shared<const std::string>(
      serialize(response, keep_alive_, head_, core_.options.tls.has_value()));
  connection_->enqueue(std::move(bytes),
                       Connection::Kind::control,
                       [self = shared_from_this()](error_code error, std::size_t) {
                         if (error) return self->finish();
                         if (!self->keep_alive_) return self->linger();
                         self->read_request(self->core_.options.limits.keep_alive_timeout);
                       });
  connection_->flush();
}

// Reads on for a moment before closing: closing with unread input would reset the connection and
// could take the answer away from the client.
void HttpSession::linger() {
  connection_->shutdown_send();
  arm(kLinger);
  const auto read = [self = shared_from_this()](const auto& again) -> void {
    self->connection_->transport().async_read_some(asio::buffer(self->discarded_),
                                                   [self, again](error_code error, std::size_t) {
                                                     if (error) return self->finish();
                                                     again(again);
                                                   });
  };
  read(read);
}

void HttpSession::finish() {
  timer_.cancel();
  connection_->close();
}

}  // namespace

void start_http_session(ServerCore& core,
                        std::shared_ptr<Connection> connection,
                        std::string remote_address) {
  std::make_shared<HttpSession>(core, std::move(connection), std::move(remote_address))->start();
}

}  // namespace origo::gateway
