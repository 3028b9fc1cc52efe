#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "tests/unit/gateway/feed/server_fixture.h"

namespace origo::gateway {
namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;
using test::Json;

// A new self-signed certificate for localhost.
void write_certificate(const TlsOptions& files) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  const unsigned char host[] = "localhost";
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, host, -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_sign(certificate, key, EVP_sha256());
  std::FILE* file = std::fopen(files.private_key_file.c_str(), "w");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  file = std::fopen(files.certificate_chain_file.c_str(), "w");
  PEM_write_X509(file, certificate);
  std::fclose(file);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

class TlsTest : public test::ServerTest {
 protected:
  void SetUp() override {
    test::ServerTest::SetUp();
    folder_ = std::filesystem::temp_directory_path() / ("origo-tls-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
    options.tls = TlsOptions{.certificate_chain_file = folder_ / "certificate.pem",
                             .private_key_file = folder_ / "key.pem"};
    write_certificate(*options.tls);
  }
  void TearDown() override {
    test::ServerTest::TearDown();
    std::filesystem::remove_all(folder_);
  }
  std::filesystem::path folder_;
};

struct TlsFeedClient {
  explicit TlsFeedClient(std::uint16_t port) {
    auto& socket = stream.next_layer().next_layer();
    socket.open(tcp::v4());
    socket.set_option(asio::socket_base::receive_buffer_size(4096));
    socket.connect({asio::ip::address_v4::loopback(), port});
    stream.next_layer().handshake(asio::ssl::stream_base::client);
    stream.handshake("localhost:" + std::to_string(port), "/ws");
    const std::string subscribe = R"({"op":"subscribe","channel":"book.l2","instrument":"ins-1"})";
    stream.write(asio::buffer(subscribe));
  }
  Json receive() {
    boost::beast::flat_buffer input;
    error_code error;
    stream.read(input, error);
    if (error) return nullptr;
    return Json::parse(
        std::string_view(static_cast<const char*>(input.data().data()), input.data().size()));
  }
  asio::io_context io;
  asio::ssl::context context{asio::ssl::context::tls_client};
  websocket::stream<asio::ssl::stream<tcp::socket>, false> stream{io, context};
};

// Conflation must not tear a TLS record apart: every frame that arrives is whole, whatever was
// dropped between them.
TEST_F(TlsTest, ASlowReaderOverTlsIsConflatedBetweenFrames) {
  options.limits.queue_bytes_max = 32 * 1024;
  options.limits.send_buffer_bytes = 4 * 1024;
  options.limits.behind_timeout = std::chrono::minutes(10);
  start();
  EXPECT_EQ(server->url(), "https://127.0.0.1:" + std::to_string(port));
  TlsFeedClient client(port);
  std::uint64_t seq = client.receive()["seq"];
  for (int round = 1; round <= 5; ++round) {
    const std::string count = "origo_feed_conflations_total " + std::to_string(round - 1);
    for (int i = 1; metric_is(count); ++i)
      publish_level(1, Side::buy, 1 + i % 90, round * 1000 + i);
    publish_level(1, Side::buy, 500 + round, 1);
    const std::string mark = std::to_string(500 + round);
    for (bool seen = false; !seen;) {
      const Json message = client.receive();
      ASSERT_TRUE(message.is_object());
      if (message["type"] == "update") {
        ASSERT_EQ(message["seq"].get<std::uint64_t>(), seq + 1);
      }
      seq = message["seq"];
      for (const Json& level : message["bids"]) seen = seen || level[0] == mark;
    }
    // Up to date again before the next round.
    ASSERT_TRUE(test::eventually([this] { return metric_is("origo_feed_queued_bytes 0"); }));
  }
}

TEST_F(TlsTest, PlainTextToATlsPortIsClosed) {
  start();
  test::RawClient client(port);
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client.read_all().find("HTTP/1.1"), std::string::npos);
}

TEST_F(TlsTest, UnusableFilesAreNamed) {
  options.tls->private_key_file = folder_ / "nowhere.pem";
  try {
    HttpServer broken(options, hub, metrics);
    FAIL();
  } catch (const HttpConfigError& error) {
    EXPECT_NE(std::string(error.what()).find("nowhere.pem"), std::string::npos);
  }
}

TEST_F(TlsTest, OtherAddressesThanLoopbackAreServed) {
  options.address = "0.0.0.0";
  EXPECT_NO_THROW(HttpServer(options, hub, metrics));
}

}  // namespace
}  // namespace origo::gateway
