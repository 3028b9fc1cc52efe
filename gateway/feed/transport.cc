#include "gateway/feed/transport.h"

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <cstring>
#include <utility>

namespace origo::gateway {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

class PlainTransport final : public Transport {
 public:
  explicit PlainTransport(IoSocket socket) : socket_(std::move(socket)) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
  }

  void async_handshake(IoDone done) override {
    asio::post(socket_.get_executor(),
               [done = std::move(done)]() mutable { std::move(done)(error_code{}, 0); });
  }

  void async_read_some(asio::mutable_buffer buffer, IoDone done) override {
    socket_.async_read_some(asio::buffer(buffer), std::move(done));
  }

  std::size_t write_some(std::span<const asio::const_buffer> buffers, error_code& error) override {
    return socket_.write_some(buffers, error);
  }

  std::size_t async_write_some(std::span<const asio::const_buffer>, IoDone done) override {
    socket_.async_wait(IoSocket::wait_write, [done = std::move(done)](error_code error) mutable {
      std::move(done)(error, 0);
    });
    return 0;
  }

  IoSocket& socket() override { return socket_; }

 private:
  IoSocket socket_;
};

// One TLS record at a time: the frames of a queue are gathered into it.
class TlsTransport final : public Transport {
 public:
  TlsTransport(IoSocket socket, asio::ssl::context& context)
      : stream_(std::move(socket), context) {}

  void async_handshake(IoDone done) override {
    stream_.async_handshake(
        asio::ssl::stream_base::server,
        [done = std::move(done)](error_code error) mutable { std::move(done)(error, 0); });
  }

  void async_read_some(asio::mutable_buffer buffer, IoDone done) override {
    stream_.async_read_some(asio::buffer(buffer), std::move(done));
  }

  std::size_t write_some(std::span<const asio::const_buffer>, error_code& error) override {
    error = asio::error::would_block;
    return 0;
  }

  std::size_t async_write_some(std::span<const asio::const_buffer> buffers, IoDone done) override {
    std::size_t size = 0;
    for (const asio::const_buffer& buffer : buffers) {
      const std::size_t part = std::min(buffer.size(), record_.size() - size);
      std::memcpy(record_.data() + size, buffer.data(), part);
      size += part;
    }
    stream_.async_write_some(asio::buffer(record_.data(), size), std::move(done));
    return size;
  }

  IoSocket& socket() override { return stream_.next_layer(); }

 private:
  asio::ssl::stream<IoSocket> stream_;
  std::array<char, 16 * 1024> record_{};
};

}  // namespace

std::unique_ptr<Transport> make_plain_transport(IoSocket socket) {
  return std::make_unique<PlainTransport>(std::move(socket));
}

std::unique_ptr<Transport> make_tls_transport(IoSocket socket, asio::ssl::context& context) {
  return std::make_unique<TlsTransport>(std::move(socket), context);
}

}  // namespace origo::gateway
