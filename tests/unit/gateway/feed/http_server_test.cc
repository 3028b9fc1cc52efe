#include "gateway/feed/http_server.h"

#include <cstdlib>
#include <filesystem>

#include "tests/unit/gateway/feed/server_fixture.h"

namespace origo::gateway {
namespace {

class HttpServerTest : public test::ServerTest {};

std::string request(const std::string& line, const std::string& headers = {}) {
  return line + " HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close" + headers;
}

TEST_F(HttpServerTest, ServesPageHealthMetricsAndRoutes) {
  server = std::make_unique<HttpServer>(options, hub, metrics);
  server->set_readiness([ready = 0]() mutable { return ready++ == 0 ? "replaying" : ""; });
  server.reset();
  start();
  const auto page = test::get(port, "/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.headers.at("content-type"), "text/html; charset=utf-8");
  EXPECT_NE(page.headers.at("content-security-policy").find("frame-ancestors 'none'"),
            std::string::npos);
  EXPECT_EQ(page.headers.at("content-security-policy").find("unsafe"), std::string::npos);
  EXPECT_EQ(page.headers.at("x-content-type-options"), "nosniff");
  const auto same =
      test::http(port, request("GET /", "\r\nIf-None-Match: " + page.headers.at("etag")));
  EXPECT_EQ(same.status, 304);
  EXPECT_TRUE(same.body.empty());
  const auto head = test::http(port, request("HEAD /"));
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-length"), std::to_string(page.body.size()));
  EXPECT_TRUE(head.body.empty());

  EXPECT_EQ(test::get(port, "/healthz").status, 200);
  EXPECT_EQ(test::get(port, "/readyz").status, 200);
  const auto numbers = test::get(port, "/metrics");
  EXPECT_EQ(numbers.status, 200);
  EXPECT_NE(numbers.body.find("origo_feed_connections 1"), std::string::npos);
  EXPECT_EQ(test::get(port, "/api/v1/echo/7?q=x%20y").body, "7x y");
  EXPECT_EQ(test::http(port, request("POST /api/v1/echo", "\r\nContent-Length: 5"), "hello").body,
            "hello");
}

TEST_F(HttpServerTest, ReadinessTellsWhyNot) {
  server = std::make_unique<HttpServer>(options, hub, metrics);
  server->set_readiness([] { return std::string("the journal is being replayed"); });
  server->start();
  const auto reply = test::get(server->port(), "/readyz");
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.json()["code"], "not_ready");
  EXPECT_EQ(reply.json()["rule"], "the journal is being replayed");
}

TEST_F(HttpServerTest, RefusalsAreTyped) {
  options.limits.body_bytes_max = 100;
  options.limits.header_bytes_max = 1000;
  start();
  struct Case {
    std::string head;
    int status;
    std::string code;
  };
  const std::string host = " HTTP/1.1\r\nHost: localhost:{port}";
  const Case cases[] = {
      {request("GET /nothing"), 404, "path_not_found"},
      {request("GET /assets/../index.html"), 400, "malformed_target"},
      {request("DELETE /api/v1/echo/1"), 405, "method_not_allowed"},
      {request("POST /"), 405, "method_not_allowed"},
      {request("GET /api/v1/throws"), 500, "internal_error"},
      {request("GET /api/v1/echo/1?q=1&q=2"), 400, "malformed_target"},
      {request("GET /ws"), 426, "upgrade_required"},
      {"GET / HTTP/1.1", 400, "host_missing"},
      {"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost", 400, "host_missing"},
      {"GET / HTTP/1.1\r\nHost: evil.example", 421, "host_not_allowed"},
      {"GET / HTTP/1.0\r\nHost: localhost", 505, "version_not_supported"},
      {"nonsense", 400, "malformed_request"},
      {"GET /\x01 HTTP/1.1", 400, "malformed_request"},
      {request("GET /", "\r\nX: " + std::string(2000, 'x')), 431, "header_too_large"},
      {request("POST /api/v1/echo", "\r\nContent-Length: 101"), 413, "body_too_large"},
      {request("POST /api/v1/echo", "\r\nContent-Length: -1"), 400, "malformed_request"},
      {request("POST /api/v1/echo", "\r\nOrigin: http://evil.example\r\nContent-Length: 0"),
       403,
       "origin_not_allowed"},
      {"GET /ws" + host +
           "\r\nOrigin: http://evil.example\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13",
       403,
       "origin_not_allowed"},
  };
  for (const Case& c : cases) {
    const auto reply = test::http(port, c.head);
    EXPECT_EQ(reply.status, c.status) << c.head;
    const auto json = reply.json();
    ASSERT_TRUE(json.is_object()) << c.head << reply.body;
    EXPECT_EQ(json["code"], c.code) << c.head;
    EXPECT_TRUE(json.contains("field") && json.contains("rule")) << c.head;
    EXPECT_EQ(reply.body.find("secret"), std::string::npos);
  }
}

TEST_F(HttpServerTest, KeepsTheConnectionForFurtherRequests) {
  start();
  test::RawClient client(port);
  for (int i = 0; i < 3; ++i) {
    client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    std::string answer;
    while (answer.find("{\"status\":\"ok\"}") == std::string::npos) {
      const std::string part = client.read_some();
      ASSERT_FALSE(part.empty());
      answer += part;
    }
    EXPECT_EQ(answer.rfind("HTTP/1.1 200 OK\r\n", 0), 0u);
  }
}

TEST_F(HttpServerTest, EndsRequestsThatNeverComplete) {
  options.limits.request_timeout = std::chrono::milliseconds(50);
  start();
  test::RawClient client(port);
  client.send("GET / HTTP/1.1\r\nHost: local");
  EXPECT_EQ(client.read_all(), "");  // closed without an answer
}

TEST_F(HttpServerTest, LimitsConnectionsPerAddress) {
  options.limits.connections_per_address_max = 2;
  start();
  auto first = std::make_unique<test::RawClient>(port);
  test::RawClient second(port);
  ASSERT_TRUE(test::eventually([this] { return metric_is("origo_feed_connections 2"); }));
  test::RawClient third(port);
  EXPECT_EQ(third.read_all(), "");
  EXPECT_TRUE(metric_is("origo_feed_refused_total{reason=\"connections\"} 1"));
  first.reset();
  ASSERT_TRUE(test::eventually([this] { return metric_is("origo_feed_connections 1"); }));
  EXPECT_EQ(test::get(port, "/healthz").status, 200);
}

TEST_F(HttpServerTest, RefusesToListenElsewhereWithoutTls) {
  for (const char* address : {"0.0.0.0", "::", "192.0.2.1", "example.org"}) {
    options.address = address;
    EXPECT_THROW(HttpServer(options, hub, metrics), HttpConfigError) << address;
  }
}

TEST_F(HttpServerTest, ATakenPortIsAClearError) {
  start();
  options.port = port;
  try {
    HttpServer another(options, hub, metrics);
    FAIL();
  } catch (const HttpConfigError& error) {
    EXPECT_NE(std::string(error.what()).find("Address already in use"), std::string::npos);
  }
}

TEST_F(HttpServerTest, StopsWithRequestsOpen) {
  start();
  test::RawClient idle(port);
  test::RawClient half(port);
  half.send("GET / HTTP/1.1\r\nHo");
  ASSERT_TRUE(test::eventually([this] { return metric_is("origo_feed_connections 2"); }));
  server->stop();
  EXPECT_EQ(idle.read_all(), "");
  EXPECT_EQ(half.read_all(), "");
  EXPECT_TRUE(metric_is("origo_feed_connections 0"));
}

}  // namespace
}  // namespace origo::gateway
