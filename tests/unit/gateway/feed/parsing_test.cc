#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gateway/feed/client_message.h"
#include "gateway/feed/frame.h"
#include "gateway/feed/host_check.h"
#include "gateway/feed/router.h"
#include "gateway/feed/token_bucket.h"
#include "gateway/feed/topic.h"

namespace origo::gateway {
namespace {

TEST(Topic, IdsAreReadExactlyAsTheyArePrinted) {
  EXPECT_EQ(parse_instrument("ins-1"), 1u);
  EXPECT_EQ(parse_instrument("ins-18446744073709551615"), 18446744073709551615u);
  EXPECT_EQ(instrument_name(17), "ins-17");
  for (const char* wrong : {"",
                            "ins-",
                            "ins-0",
                            "ins-01",
                            "ins-+1",
                            "ins--1",
                            "ins-1 ",
                            " ins-1",
                            "INS-1",
                            "ins-1x",
                            "1",
                            "can-1",
                            "ins-18446744073709551616"}) {
    EXPECT_EQ(parse_instrument(wrong), std::nullopt) << wrong;
  }
}

TEST(Frame, HeaderFollowsTheLength) {
  EXPECT_EQ(*make_text_frame("hi"), std::string("\x81\x02hi", 4));
  EXPECT_EQ(make_text_frame(std::string(125, 'x'))->substr(0, 2), "\x81\x7d");
  EXPECT_EQ(make_text_frame(std::string(126, 'x'))->substr(0, 4), std::string("\x81\x7e\0\x7e", 4));
  EXPECT_EQ(make_text_frame(std::string(65535, 'x'))->substr(0, 4), "\x81\x7e\xff\xff");
  EXPECT_EQ(make_text_frame(std::string(65536, 'x'))->substr(0, 10),
            std::string("\x81\x7f\0\0\0\0\0\x01\0\0", 10));
}

struct MessageCase {
  const char* text;
  const char* code;
  const char* field;
};

TEST(ClientMessage, EveryRefusalNamesItsField) {
  const MessageCase cases[] = {
      {"", "malformed_message", ""},
      {"null", "malformed_message", ""},
      {"[]", "malformed_message", ""},
      {"{", "malformed_message", ""},
      {"{\"op\":{}}", "malformed_message", ""},
      {"[[[[[[[[[[", "malformed_message", ""},
      {"{}", "unknown_op", "op"},
      {R"({"op":1})", "unknown_op", "op"},
      {R"({"op":"buy"})", "unknown_op", "op"},
      {R"({"op":"subscribe"})", "unknown_channel", "channel"},
      {R"({"op":"subscribe","channel":"book.l9","instrument":"ins-1"})",
       "unknown_channel",
       "channel"},
      {R"({"op":"subscribe","channel":"trades"})", "malformed_instrument", "instrument"},
      {R"({"op":"subscribe","channel":"trades","instrument":1})",
       "malformed_instrument",
       "instrument"},
      {R"({"op":"subscribe","channel":"trades","instrument":"ins-1","depth":5})",
       "unknown_field",
       "depth"},
      {R"({"op":"ping","id":7})", "malformed_id", "id"},
  };
  for (const MessageCase& c : cases) {
    const auto parsed = parse_client_message(c.text);
    const auto* error = std::get_if<ApiError>(&parsed);
    ASSERT_NE(error, nullptr) << c.text;
    EXPECT_EQ(error->code, c.code) << c.text;
    EXPECT_EQ(error->field, c.field) << c.text;
    EXPECT_FALSE(error->rule.empty()) << c.text;
  }
}

TEST(ClientMessage, ReadsTheThreeOperations) {
  const auto parsed =
      parse_client_message(R"({"op":"subscribe","channel":"book.l2","instrument":"ins-3"})");
  const auto& message = std::get<SubscribeMessage>(std::get<ClientMessage>(parsed));
  EXPECT_EQ(message.topic, (Topic{.channel = Channel::book_l2, .instrument = 3}));
  const auto ping = parse_client_message(R"({"op":"ping","id":"a \"{[ b"})");
  EXPECT_EQ(std::get<PingMessage>(std::get<ClientMessage>(ping)).id, "a \"{[ b");
  const auto plain = parse_client_message(R"({"op":"ping"})");
  EXPECT_EQ(std::get<PingMessage>(std::get<ClientMessage>(plain)).id, "");
}

TEST(ApiError, HostileTextStaysInsideItsString) {
  const std::string json = to_json({"unknown_field", "a\"},{\"\xff\n", "rule"});
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  ASSERT_TRUE(parsed.is_object()) << json;
  EXPECT_EQ(parsed.size(), 3u);
}

TEST(HostCheck, AllowsLoopbackAndConfiguredNamesOnly) {
  const HostCheck check({"Feed.Example.org"}, {"https://app.example.org"}, false);
  for (const char* good : {"localhost",
                           "LOCALHOST:8080",
                           "127.0.0.1:1",
                           "[::1]",
                           "[::1]:8080",
                           "feed.example.org",
                           "feed.example.org:443"}) {
    EXPECT_FALSE(check.check_host(good)) << good;
  }
  for (const char* bad : {"",
                          ":80",
                          "evil.example",
                          "localhost.evil.example",
                          "localhost:",
                          "127.0.0.2",
                          "localhost:80x",
                          "localhost:8080:9",
                          "[::1",
                          "[::1]x",
                          "localhost:123456",
                          "evil.example:localhost",
                          "localhost "}) {
    EXPECT_TRUE(check.check_host(bad)) << bad;
  }
  EXPECT_FALSE(check.check_origin(std::nullopt, "localhost:80"));
  EXPECT_FALSE(check.check_origin("http://localhost:80", "localhost:80"));
  EXPECT_FALSE(check.check_origin("https://app.example.org", "localhost:80"));
  for (const char* bad : {"null",
                          "",
                          "https://localhost:80",
                          "http://localhost:81",
                          "http://localhost",
                          "http://evil.example",
                          "http://localhost:80.evil"}) {
    EXPECT_TRUE(check.check_origin(bad, "localhost:80")) << bad;
  }
}

TEST(Target, RefusesWhatTwoReadersCouldReadDifferently) {
  const auto target = parse_target("/a%20b/c?x=1&y=a+b%2B&&z");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/a b/c");
  EXPECT_EQ(target->query.at("x"), "1");
  EXPECT_EQ(target->query.at("y"), "a b+");
  EXPECT_EQ(target->query.at("z"), "");
  for (const char* bad : {"",
                          "*",
                          "http://localhost/",
                          "a",
                          "/..",
                          "/a/../b",
                          "/%2e%2e/b",
                          "/./a",
                          "/%",
                          "/%2",
                          "/%zz",
                          "/%00",
                          "/a%0d%0ab",
                          "/?x=1&x=2",
                          "/?%"}) {
    EXPECT_FALSE(parse_target(bad)) << bad;
  }
}

TEST(Router, MatchesWholeSegmentsAndPrefersLiterals) {
  Router router;
  router.add("GET", "/", [](const HttpRequest&) { return HttpResponse::text("root"); });
  router.add("GET", "/a/{id}", [](const HttpRequest& r) {
    return HttpResponse::text("id " + r.parameters.at("id"));
  });
  router.add("GET", "/a/list", [](const HttpRequest&) { return HttpResponse::text("list"); });
  router.add("POST", "/a/{id}", [](const HttpRequest&) { return HttpResponse::text("post"); });

  const auto ask = [&router](const char* method, const char* path) {
    HttpRequest request;
    request.method = method;
    request.path = path;
    const auto match = router.find(request);
    return match.handler != nullptr ? (*match.handler)(request) : match.otherwise;
  };
  EXPECT_EQ(ask("GET", "/").body, "root");
  EXPECT_EQ(ask("GET", "/a/7").body, "id 7");
  EXPECT_EQ(ask("GET", "/a/list").body, "list");
  EXPECT_EQ(ask("POST", "/a/7").body, "post");
  EXPECT_EQ(ask("GET", "/a/").status, 404);
  EXPECT_EQ(ask("GET", "/a").status, 404);
  EXPECT_EQ(ask("GET", "/a/7/8").status, 404);
  EXPECT_EQ(ask("DELETE", "/a/7").status, 405);
}

TEST(TokenBucket, AllowsABurstAndThenTheRate) {
  TokenBucket bucket(10, 3);
  auto now = TokenBucket::Clock::now();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.take(now));
  EXPECT_FALSE(bucket.take(now));
  now += std::chrono::milliseconds(100);
  EXPECT_TRUE(bucket.take(now));
  EXPECT_FALSE(bucket.take(now));
  now += std::chrono::hours(1);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.take(now));
  EXPECT_FALSE(bucket.take(now));
}

}  // namespace
}  // namespace origo::gateway
