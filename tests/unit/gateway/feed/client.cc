#include "tests/unit/gateway/feed/client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>
#include <thread>

namespace origo::gateway::test {
namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

void connect(tcp::socket& socket, std::uint16_t port, int receive_buffer) {
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
  socket.open(endpoint.protocol());
  if (receive_buffer > 0) {
    socket.set_option(asio::socket_base::receive_buffer_size(receive_buffer));
  }
  socket.connect(endpoint);
  socket.set_option(tcp::no_delay(true));
}

}  // namespace

bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

struct RawClient::Impl {
  asio::io_context io;
  tcp::socket socket{io};
};

RawClient::RawClient(std::uint16_t port, int receive_buffer) : impl_(std::make_unique<Impl>()) {
  connect(impl_->socket, port, receive_buffer);
}

RawClient::~RawClient() = default;

void RawClient::send(std::string_view bytes) {
  error_code ignored;
  asio::write(impl_->socket, asio::buffer(bytes.data(), bytes.size()), ignored);
}

std::string RawClient::read_some() {
  std::string bytes(64 * 1024, '\0');
  error_code error;
  bytes.resize(impl_->socket.read_some(asio::buffer(bytes), error));
  return bytes;
}

std::string RawClient::read_all() {
  std::string all;
  for (std::string part = read_some(); !part.empty(); part = read_some()) all += part;
  return all;
}

void RawClient::close_send() {
  error_code ignored;
  impl_->socket.shutdown(tcp::socket::shutdown_send, ignored);
}

bool RawClient::upgrade(std::uint16_t port, const std::string& extra_headers) {
  send("GET /ws HTTP/1.1\r\nHost: localhost:" + std::to_string(port) +
       "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
       extra_headers + "\r\n");
  std::string answer;
  error_code error;
  asio::read_until(impl_->socket, asio::dynamic_buffer(answer), "\r\n\r\n", error);
  return answer.rfind("HTTP/1.1 101", 0) == 0 &&
         answer.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != std::string::npos;
}

HttpReply http(std::uint16_t port, std::string head, const std::string& body) {
  const std::string place = "{port}";
  for (std::size_t at = head.find(place); at != std::string::npos; at = head.find(place)) {
    head.replace(at, place.size(), std::to_string(port));
  }
  RawClient client(port);
  client.send(head + "\r\n\r\n" + body);
  client.close_send();
  const std::string text = client.read_all();

  HttpReply reply;
  const std::size_t end = text.find("\r\n\r\n");
  if (text.rfind("HTTP/1.1 ", 0) != 0 || end == std::string::npos) return reply;
  reply.status = std::stoi(text.substr(9, 3));
  reply.body = text.substr(end + 4);
  for (std::size_t line = text.find("\r\n") + 2; line < end;) {
    const std::size_t next = text.find("\r\n", line);
    const std::size_t colon = text.find(": ", line);
    std::string name = text.substr(line, colon - line);
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    reply.headers[name] = text.substr(colon + 2, next - colon - 2);
    line = next + 2;
  }
  return reply;
}

HttpReply get(std::uint16_t port, const std::string& path) {
  return http(port, "GET " + path + " HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close");
}

std::string client_frame(unsigned first_byte, std::string_view payload, bool masked) {
  std::string frame(1, static_cast<char>(first_byte));
  const unsigned mask_bit = masked ? 0x80 : 0;
  const auto size = payload.size();
  const auto append = [&frame](std::size_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; --i) frame.push_back(static_cast<char>(value >> (8 * i)));
  };
  if (size < 126) {
    append(mask_bit | size, 1);
  } else if (size <= 0xffff) {
    append(mask_bit | 126, 1);
    append(size, 2);
  } else {
    append(mask_bit | 127, 1);
    append(size, 8);
  }
  const std::string mask = "abcd";
  if (masked) frame += mask;
  for (std::size_t i = 0; i < size; ++i) {
    frame.push_back(masked ? static_cast<char>(payload[i] ^ mask[i % 4]) : payload[i]);
  }
  return frame;
}

struct FeedClient::Impl {
  asio::io_context io;
  websocket::stream<tcp::socket, false> stream{io};
  boost::beast::flat_buffer input;
};

FeedClient::FeedClient(std::uint16_t port, int receive_buffer) : impl_(std::make_unique<Impl>()) {
  connect(impl_->stream.next_layer(), port, receive_buffer);
  impl_->stream.handshake("localhost:" + std::to_string(port), "/ws");
  impl_->stream.read_message_max(64 * 1024 * 1024);
}

FeedClient::~FeedClient() = default;

void FeedClient::send(const Json& message) {
  error_code ignored;
  impl_->stream.write(asio::buffer(message.dump()), ignored);
}

void FeedClient::subscribe(const std::string& channel, const std::string& instrument) {
  send({{"op", "subscribe"}, {"channel", channel}, {"instrument", instrument}});
}

Json FeedClient::receive() {
  impl_->input.clear();
  error_code error;
  impl_->stream.read(impl_->input, error);
  if (error) return nullptr;
  const auto data = impl_->input.data();
  return Json::parse(std::string_view(static_cast<const char*>(data.data()), data.size()));
}

int FeedClient::close_code() const {
  return impl_->stream.reason().code;
}

std::string FeedClient::close_reason() const {
  return std::string(impl_->stream.reason().reason.c_str());
}

}  // namespace origo::gateway::test
