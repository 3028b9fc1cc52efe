#include "gateway/feed/http_server.h"

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <spdlog/spdlog.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <thread>
#include <utility>

#include "gateway/feed/assets.h"
#include "gateway/feed/http_session.h"
#include "gateway/feed/server_core.h"

namespace origo::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Acceptor = asio::basic_socket_acceptor<tcp, IoExecutor>;

HttpResponse serve_asset(const Asset& asset, const HttpRequest& request) {
  HttpResponse response;
  response.content_type = asset.content_type;
  response.headers = {{"ETag", std::string(asset.etag)}, {"Cache-Control", "no-cache"}};
  if (request.header_or("if-none-match", "") == asset.etag) {
    response.status = 304;
  } else {
    response.body = asset.content;
  }
  return response;
}

bool is_loopback(const std::string& text) {
  error_code error;
  const auto address = asio::ip::make_address(text, error);
  return !error && address.is_loopback();
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(HttpOptions options, FeedHub& hub, std::shared_ptr<FeedMetrics> metrics);

  void listen();
  void add_built_in_routes();
  void accept();
  void accepted(IoSocket socket);
  void start();
  void stop();

  ServerCore core;
  std::function<std::string()> why_not_ready;
  std::uint16_t port = 0;

 private:
  void load_tls();

  std::optional<asio::ssl::context> tls_;
  Acceptor acceptor_;
  asio::basic_waitable_timer<std::chrono::steady_clock,
                             asio::wait_traits<std::chrono::steady_clock>,
                             IoExecutor>
      accept_again_;
  asio::executor_work_guard<IoExecutor> busy_;
  std::thread thread_;
  bool stopped_ = false;
};

HttpServer::Impl::Impl(HttpOptions options, FeedHub& hub, std::shared_ptr<FeedMetrics> metrics)
    : core(std::move(options), hub, std::move(metrics)),
      acceptor_(core.io.get_executor()),
      accept_again_(core.io.get_executor()),
      busy_(core.io.get_executor()) {
  if (core.options.tls) load_tls();
  listen();
  add_built_in_routes();
}

void HttpServer::Impl::load_tls() {
  tls_.emplace(asio::ssl::context::tls_server);
  tls_->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                    asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                    asio::ssl::context::no_tlsv1_1);
  error_code error;
  tls_->use_certificate_chain_file(core.options.tls->certificate_chain_file, error);
  if (error) {
    throw HttpConfigError("TLS certificate " + core.options.tls->certificate_chain_file + ": " +
                          error.message());
  }
  tls_->use_private_key_file(core.options.tls->private_key_file, asio::ssl::context::pem, error);
  if (error) {
    throw HttpConfigError("TLS key " + core.options.tls->private_key_file + ": " + error.message());
  }
}

void HttpServer::Impl::listen() {
  const std::string where = core.options.address + ":" + std::to_string(core.options.port);
  error_code error;
  const auto address = asio::ip::make_address(core.options.address, error);
  if (error) throw HttpConfigError("HTTP address " + where + ": must be an IP address");
  if (!address.is_loopback() && !tls_) {
    throw HttpConfigError("HTTP address " + where +
                          ": an address other than loopback needs TLS; configure a certificate "
                          "and key, or listen on 127.0.0.1");
  }
  const tcp::endpoint endpoint(address, core.options.port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) throw HttpConfigError("HTTP address " + where + ": " + error.message());
  port = acceptor_.local_endpoint().port();
}

void HttpServer::Impl::add_built_in_routes() {
  for (const Asset& asset : page_assets()) {
    const auto handler = [&asset](const HttpRequest& request) {
      return serve_asset(asset, request);
    };
    core.quick_routes.add("GET", "/assets/" + std::string(asset.name), handler);
    if (asset.name == "index.html") core.quick_routes.add("GET", "/", handler);
    if (asset.name == "register.html") {
      core.quick_routes.add("GET", "/register", handler);
      core.quick_routes.add("GET", "/register/{id}", handler);
    }
    if (asset.name == "favicon.svg") core.quick_routes.add("GET", "/favicon.ico", handler);
  }
  core.quick_routes.add("GET", "/healthz", [](const HttpRequest&) {
    return HttpResponse::json("{\"status\":\"ok\"}");
  });
  core.routes.add("GET", "/readyz", [this](const HttpRequest&) {
    const std::string reason = why_not_ready ? why_not_ready() : std::string();
    if (reason.empty()) return HttpResponse::json("{\"status\":\"ready\"}");
    return HttpResponse::error(503, {"not_ready", "", reason});
  });
  core.routes.add("GET", "/metrics", [this](const HttpRequest& request) {
    if (!core.options.metrics_anywhere && !is_loopback(request.remote_address)) {
      return HttpResponse::error(403, {"loopback_only", "", "metrics are shown to loopback only"});
    }
    HttpResponse response = HttpResponse::text(
        prometheus::TextSerializer().Serialize(core.metrics->registry()->Collect()));
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return response;
  });
}

void HttpServer::Impl::accept() {
  acceptor_.async_accept([this](error_code error, IoSocket socket) {
    if (core.stopping) return;
    if (!error) {
      accepted(std::move(socket));
      return accept();
    }
    // Out of descriptors, most likely: those who are connected go on.
    spdlog::warn("HTTP accept: {}", error.message());
    accept_again_.expires_after(std::chrono::milliseconds(100));
    accept_again_.async_wait([this](error_code cancelled) {
      if (!cancelled && !core.stopping) accept();
    });
  });
}

void HttpServer::Impl::accepted(IoSocket socket) {
  error_code error;
  const auto remote = socket.remote_endpoint(error);
  if (error) return;
  std::string address = remote.address().to_string();
  const HttpLimits& limits = core.options.limits;
  std::size_t& of_address = core.connections_by_address[address];
  if (core.connections.size() >= limits.connections_max ||
      of_address >= limits.connections_per_address_max) {
    if (of_address == 0) core.connections_by_address.erase(address);
    core.metrics->count_refused("connections");
    return;  // the socket closes
  }
  ++of_address;
  socket.set_option(tcp::no_delay(true), error);
  if (limits.send_buffer_bytes > 0) {
    socket.set_option(asio::socket_base::send_buffer_size(limits.send_buffer_bytes), error);
  }
  auto transport =
      tls_ ? make_tls_transport(std::move(socket), *tls_) : make_plain_transport(std::move(socket));
  auto connection = std::make_shared<Connection>(std::move(transport), core.metrics);
  connection->on_gone([this, address, key = connection.get()] {
    core.connections.erase(key);
    const auto found = core.connections_by_address.find(address);
    if (--found->second == 0) core.connections_by_address.erase(found);
  });
  core.connections.insert(connection.get());
  start_http_session(core, std::move(connection), std::move(address));
}

void HttpServer::Impl::start() {
  core.hub.set_waker([this] { asio::post(core.io, [this] { core.hub.run_waiting(); }); });
  accept();
  thread_ = std::thread([this] { core.io.run(); });
}

void HttpServer::Impl::stop() {
  if (stopped_) return;
  stopped_ = true;
  core.hub.set_waker({});
  asio::post(core.io, [this] {
    core.stopping = true;
    error_code ignored;
    acceptor_.close(ignored);
    accept_again_.cancel();
    for (const std::shared_ptr<Connection>& connection : core.open_connections()) {
      connection->close();
    }
  });
  core.handlers.join();
  busy_.reset();
  if (thread_.joinable()) {
    thread_.join();
  } else {
    core.io.run();
  }
}

HttpServer::HttpServer(HttpOptions options, FeedHub& hub, std::shared_ptr<FeedMetrics> metrics)
    : impl_(std::make_unique<Impl>(std::move(options), hub, std::move(metrics))) {}

HttpServer::~HttpServer() {
  stop();
}

void HttpServer::add_route(std::string method, std::string_view pattern, HttpHandler handler) {
  impl_->core.routes.add(std::move(method), pattern, std::move(handler));
}

void HttpServer::set_readiness(std::function<std::string()> why_not_ready) {
  impl_->why_not_ready = std::move(why_not_ready);
}

void HttpServer::start() {
  impl_->start();
}

void HttpServer::stop() {
  impl_->stop();
}

std::uint16_t HttpServer::port() const {
  return impl_->port;
}

std::string HttpServer::url() const {
  const HttpOptions& options = impl_->core.options;
  const bool v6 = options.address.find(':') != std::string::npos;
  return (options.tls ? "https://" : "http://") +
         (v6 ? "[" + options.address + "]" : options.address) + ":" + std::to_string(impl_->port);
}

}  // namespace origo::gateway
