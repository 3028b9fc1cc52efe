#include <algorithm>
#include <random>
#include <thread>
#include <vector>

#include "tests/unit/gateway/feed/server_fixture.h"

namespace origo::gateway {
namespace {

using test::client_frame;
using test::FeedClient;
using test::Json;
using test::RawClient;

class FeedServerTest : public test::ServerTest {};

// Reads a book.l2 stream into the best price and open quantity of each level, checking numbers.
struct Ladder {
  std::map<std::string, std::string> bids;
  std::uint64_t seq = 0;
  int snapshots = 0;
  int updates = 0;

  void take(const Json& message) {
    ASSERT_EQ(message.value("channel", ""), "book.l2") << message;
    if (message["type"] == "snapshot") {
      bids.clear();
      ++snapshots;
    } else {
      ASSERT_EQ(message["seq"].get<std::uint64_t>(), seq + 1);
      ++updates;
    }
    seq = message["seq"];
    for (const Json& level : message["bids"]) {
      if (level[1] == "0") {
        bids.erase(level[0]);
      } else {
        bids[level[0]] = level[1];
      }
    }
  }
};

TEST_F(FeedServerTest, EverySubscriberSeesOneConsistentStream) {
  start();
  // A publisher that never pauses; clients subscribe in the middle of it.
  constexpr int kBatches = 4'000;
  std::thread publisher([this] {
    for (int i = 1; i <= kBatches; ++i) publish_level(1, Side::buy, 1 + i % 20, i);
    publish_level(1, Side::buy, 500, 1);  // the mark of the end
  });
  std::vector<std::thread> readers;
  std::vector<Ladder> ladders(6);
  for (Ladder& ladder : ladders) {
    readers.emplace_back([this, &ladder] {
      FeedClient client(port);
      client.subscribe("book.l2", "ins-1");
      while (ladder.bids.count("500") == 0) {
        const Json message = client.receive();
        ASSERT_FALSE(message.is_null()) << client.close_reason();
        ASSERT_NO_FATAL_FAILURE(ladder.take(message));
      }
    });
  }
  publisher.join();
  for (std::thread& reader : readers) reader.join();
  for (const Ladder& ladder : ladders) {
    EXPECT_EQ(ladder.snapshots, 1);
    EXPECT_EQ(ladder.bids, ladders[0].bids);
    EXPECT_EQ(ladder.bids.size(), 21u);
    EXPECT_EQ(ladder.bids.at("1"), std::to_string(kBatches));
  }
}

TEST_F(FeedServerTest, ASlowReaderIsConflatedAndSlowsNobody) {
  options.limits.queue_bytes_max = 16 * 1024;
  options.limits.send_buffer_bytes = 4 * 1024;
  options.limits.behind_timeout = std::chrono::minutes(10);
  start();
  FeedClient slow(port, 4 * 1024);
  slow.subscribe("book.l2", "ins-1");
  Ladder slow_ladder;
  ASSERT_NO_FATAL_FAILURE(slow_ladder.take(slow.receive()));

  FeedClient fast(port);
  fast.subscribe("book.l2", "ins-1");
  Ladder fast_ladder;
  ASSERT_NO_FATAL_FAILURE(fast_ladder.take(fast.receive()));
  // The slow one reads nothing while the fast one gets every message, one by one.
  int published = 0;
  while (metric_is("origo_feed_conflations_total 0")) {
    ++published;
    publish_level(1, Side::buy, 1 + published % 50, published);
    ASSERT_NO_FATAL_FAILURE(fast_ladder.take(fast.receive()));
    ASSERT_LT(published, 1'000'000);
  }
  for (int i = 0; i < 200; ++i) {
    ++published;
    publish_level(1, Side::buy, 1 + published % 50, published);
    ASSERT_NO_FATAL_FAILURE(fast_ladder.take(fast.receive()));
  }
  publish_level(1, Side::buy, 500, 1);
  ASSERT_NO_FATAL_FAILURE(fast_ladder.take(fast.receive()));
  EXPECT_EQ(fast_ladder.snapshots, 1);
  EXPECT_EQ(fast_ladder.updates, published + 1);

  // Now the slow one reads: what was on its way, then a fresh snapshot instead of the rest.
  while (slow_ladder.bids.count("500") == 0) {
    const Json message = slow.receive();
    ASSERT_FALSE(message.is_null()) << slow.close_reason();
    ASSERT_NO_FATAL_FAILURE(slow_ladder.take(message));
  }
  EXPECT_GE(slow_ladder.snapshots, 2);
  EXPECT_LT(slow_ladder.updates, published);
  EXPECT_EQ(slow_ladder.bids, fast_ladder.bids);
  EXPECT_EQ(slow_ladder.seq, fast_ladder.seq);

  // And is an ordinary subscriber again.
  publish_level(1, Side::buy, 501, 1);
  ASSERT_NO_FATAL_FAILURE(slow_ladder.take(slow.receive()));
  EXPECT_EQ(slow_ladder.bids.count("501"), 1u);
}

TEST_F(FeedServerTest, AStuckReaderIsDroppedWithAReason) {
  options.limits.queue_bytes_max = 16 * 1024;
  options.limits.send_buffer_bytes = 4 * 1024;
  options.limits.behind_timeout = std::chrono::milliseconds(20);
  options.limits.close_grace = std::chrono::minutes(10);
  start();
  FeedClient stuck(port, 4 * 1024);
  stuck.subscribe("book.l2", "ins-1");
  ASSERT_FALSE(stuck.receive().is_null());
  for (int i = 1; !metric_is("origo_feed_drops_total{reason=\"slow consumer\"} 1"); ++i) {
    publish_level(1, Side::buy, 1 + i % 50, i);
    ASSERT_LT(i, 1'000'000);
  }
  while (!stuck.receive().is_null()) {
  }
  EXPECT_EQ(stuck.close_code(), 1008);
  EXPECT_EQ(stuck.close_reason(), "slow consumer");
  EXPECT_TRUE(test::eventually([this] { return metric_is("origo_feed_subscribers 0"); }));
  EXPECT_TRUE(metric_is("origo_feed_subscriptions 0"));
  EXPECT_TRUE(test::eventually([this] { return metric_is("origo_feed_queued_bytes 0"); }));
}

TEST_F(FeedServerTest, AReaderThatNeverReadsAgainIsClosedAfterTheGrace) {
  options.limits.queue_bytes_max = 16 * 1024;
  options.limits.send_buffer_bytes = 4 * 1024;
  options.limits.behind_timeout = std::chrono::milliseconds(20);
  options.limits.close_grace = std::chrono::milliseconds(20);
  start();
  FeedClient stuck(port, 4 * 1024);
  stuck.subscribe("book.l2", "ins-1");
  ASSERT_FALSE(stuck.receive().is_null());
  for (int i = 1; !metric_is("origo_feed_connections 0"); ++i) {
    publish_level(1, Side::buy, 1 + i % 50, i);
    ASSERT_LT(i, 10'000'000);
  }
}

TEST_F(FeedServerTest, AnswersEachMessageOrSaysWhatIsWrong) {
  options.limits.subscriptions_max = 3;
  start();
  FeedClient client(port);
  client.send({{"op", "ping"}, {"id", "a\"b"}});
  EXPECT_EQ(client.receive(), Json({{"type", "pong"}, {"id", "a\"b"}}));
  client.subscribe("book.l1", "ins-9");
  EXPECT_EQ(client.receive()["code"], "unknown_instrument");
  client.subscribe("book.l9", "ins-1");
  EXPECT_EQ(client.receive(),
            Json({{"type", "error"},
                  {"code", "unknown_channel"},
                  {"field", "channel"},
                  {"rule",
                   "must be trades, book.l1, book.l2, book.l3, book.combined, auction or stats"}}));
  for (const char* instrument : {"ins-1", "ins-2", "ins-3"}) {
    client.subscribe("trades", instrument);
    EXPECT_EQ(client.receive()["instrument"], instrument);
  }
  client.subscribe("book.l1", "ins-1");
  EXPECT_EQ(client.receive()["code"], "too_many_subscriptions");
  client.send({{"op", "unsubscribe"}, {"channel", "trades"}, {"instrument", "ins-3"}});
  EXPECT_EQ(client.receive()["type"], "unsubscribed");
  client.send({{"op", "unsubscribe"}, {"channel", "trades"}, {"instrument", "ins-3"}});
  EXPECT_EQ(client.receive()["code"], "not_subscribed");
}

TEST_F(FeedServerTest, TooManyMessagesEndTheConnection) {
  options.limits.messages_burst = 3;
  options.limits.messages_per_second = 0.001;
  start();
  FeedClient client(port);
  for (int i = 0; i < 4; ++i) client.send({{"op", "ping"}});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.receive()["type"], "pong");
  EXPECT_EQ(client.receive()["code"], "rate_limited");
  EXPECT_TRUE(client.receive().is_null());
  EXPECT_EQ(client.close_code(), 1008);
  EXPECT_EQ(client.close_reason(), "too many messages");
}

TEST_F(FeedServerTest, ABacklogOfAnswersEndsTheConnection) {
  options.limits.queue_bytes_max = 4 * 1024;
  options.limits.send_buffer_bytes = 4 * 1024;
  options.limits.messages_burst = 1e9;
  options.limits.close_grace = std::chrono::milliseconds(10);
  start();
  RawClient client(port, 4 * 1024);
  ASSERT_TRUE(client.upgrade(port));
  const std::string ping = client_frame(0x81, R"({"op":"ping","id":"0123456789012345678901"})");
  std::string many;
  for (int i = 0; i < 100; ++i) many += ping;
  for (int i = 0; i < 10'000 && !metric_is("origo_feed_connections 0"); ++i) client.send(many);
  EXPECT_TRUE(metric_is("origo_feed_drops_total{reason=\"slow consumer\"} 1"));
}

// What RFC 6455 forbids ends this connection with the right code, and no other.
TEST_F(FeedServerTest, MalformedFramesEndOnlyTheirConnection) {
  options.limits.message_bytes_max = 1000;
  start();
  FeedClient witness(port);
  witness.subscribe("trades", "ins-1");
  ASSERT_EQ(witness.receive()["type"], "snapshot");
  struct Case {
    const char* what;
    std::string bytes;
    int code;  // 0: the connection ends without a close frame being required
  };
  const Case cases[] = {
      {"unmasked", client_frame(0x81, "{}", false), 1002},
      {"reserved bit", client_frame(0xc1, "{}"), 1002},
      {"reserved opcode", client_frame(0x83, "{}"), 1002},
      {"reserved control opcode", client_frame(0x8b, "{}"), 1002},
      {"fragmented ping", client_frame(0x09, "x"), 1002},
      {"long ping", client_frame(0x89, std::string(126, 'x')), 1002},
      {"continuation of nothing", client_frame(0x80, "{}"), 1002},
      {"text inside a fragmented text", client_frame(0x01, "{") + client_frame(0x81, "}"), 1002},
      {"bad UTF-8", client_frame(0x81, "\xff\xfe"), 1007},
      {"overlong UTF-8", client_frame(0x81, "\xc0\xaf"), 1007},
      {"surrogate", client_frame(0x81, "\xed\xa0\x80"), 1007},
      {"cut UTF-8", client_frame(0x81, "\xe2\x82"), 1007},
      {"too large", client_frame(0x81, std::string(1001, 'x')), 1009},
      {"too large in parts",
       client_frame(0x01, std::string(600, 'x')) + client_frame(0x80, std::string(600, 'x')),
       1009},
      {"huge length", std::string("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff", 10) + "abcd", 1009},
      {"negative length",
       std::string("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff", 10) + "abcd",
       1009},
      {"length not minimal", std::string("\x81\xfe\x00\x01", 4) + "abcdx", 1002},
      {"close with half a code", client_frame(0x88, "x"), 1002},
      {"close with a reserved code", client_frame(0x88, std::string("\x03\xed", 2)), 1002},
      {"cut in the middle", client_frame(0x81, "{}").substr(0, 5), 0},
      {"not WebSocket at all", "GET / HTTP/1.1\r\n\r\n", 1002},
  };
  for (const Case& c : cases) {
    RawClient client(port);
    ASSERT_TRUE(client.upgrade(port)) << c.what;
    client.send(c.bytes);
    client.close_send();
    const std::string answer = client.read_all();
    if (c.code == 0) continue;
    EXPECT_GE(answer.size(), 4u) << c.what;
    if (answer.size() < 4) continue;
    EXPECT_EQ(answer[0], '\x88') << c.what;
    const int code =
        static_cast<unsigned char>(answer[2]) * 256 + static_cast<unsigned char>(answer[3]);
    EXPECT_EQ(code, c.code) << c.what;
  }
  std::mt19937_64 random(11);
  for (int i = 0; i < 300; ++i) {
    RawClient client(port);
    ASSERT_TRUE(client.upgrade(port));
    std::string bytes(1 + random() % 200, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    client.send(bytes);
    client.close_send();
    (void)client.read_all();
  }
  witness.send({{"op", "ping"}});
  EXPECT_EQ(witness.receive()["type"], "pong");
  EXPECT_TRUE(test::eventually([this] { return metric_is("origo_feed_connections 1"); }));
}

TEST_F(FeedServerTest, FragmentsPingsAndCloseFollowTheProtocol) {
  start();
  RawClient client(port);
  ASSERT_TRUE(client.upgrade(port));
  client.send(client_frame(0x01, R"({"op":)") + client_frame(0x89, "are you there") +
              client_frame(0x80, R"("ping"})") + client_frame(0x82, "binary") +
              client_frame(0x88, std::string("\x03\xe8", 2)));
  const std::string answer = client.read_all();
  EXPECT_NE(answer.find("\x8a\x0d"
                        "are you there"),
            std::string::npos);
  EXPECT_NE(answer.find(R"({"type":"pong","id":""})"), std::string::npos);
  EXPECT_NE(answer.find("text_required"), std::string::npos);
  EXPECT_EQ(answer.substr(answer.size() - 4), std::string("\x88\x02\x03\xe8", 4));
}

TEST_F(FeedServerTest, ASilentPeerIsPingedAndThenClosed) {
  options.limits.idle_timeout = std::chrono::milliseconds(100);
  start();
  RawClient client(port);
  ASSERT_TRUE(client.upgrade(port));
  const std::string answer = client.read_all();  // ends because the server gives up
  EXPECT_EQ(answer.substr(0, 1), "\x89");        // after having asked
  EXPECT_TRUE(test::eventually([this] { return metric_is("origo_feed_connections 0"); }));
}

TEST_F(FeedServerTest, UpgradeNeedsAnAllowedOrigin) {
  options.origins = {"https://app.example.org"};
  start();
  const auto upgrades = [this](const std::string& headers) {
    return RawClient(port).upgrade(port, headers);
  };
  EXPECT_TRUE(upgrades(""));
  EXPECT_TRUE(upgrades("Origin: http://localhost:" + std::to_string(port) + "\r\n"));
  EXPECT_TRUE(upgrades("Origin: https://app.example.org\r\n"));
  EXPECT_FALSE(upgrades("Origin: http://evil.example\r\n"));
  EXPECT_FALSE(upgrades("Origin: null\r\n"));
  EXPECT_FALSE(upgrades("Origin: http://localhost:" + std::to_string(port) +
                        "\r\nOrigin: http://evil.example\r\n"));
  EXPECT_TRUE(metric_is("origo_feed_refused_total{reason=\"origin\"} 3"));
}

TEST_F(FeedServerTest, StopsWithSubscribersConnected) {
  start();
  FeedClient client(port);
  client.subscribe("book.l2", "ins-1");
  ASSERT_EQ(client.receive()["type"], "snapshot");
  publish_level(1, Side::buy, 1, 1);
  server->stop();
  while (!client.receive().is_null()) {
  }
  EXPECT_TRUE(metric_is("origo_feed_connections 0"));
  EXPECT_TRUE(metric_is("origo_feed_subscribers 0"));
}

}  // namespace
}  // namespace origo::gateway
