#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <span>

namespace origo::gateway {

using IoExecutor = boost::asio::io_context::executor_type;
using IoSocket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, IoExecutor>;
using IoDone = boost::asio::any_completion_handler<void(boost::system::error_code, std::size_t)>;

// The bytes of one TCP connection, with TLS or without, behind one type so that everything above is
// compiled once. Completions never run inside the call that starts the operation.
//
// Thread: the feed thread. One read and one write may be outstanding.
class Transport {
 public:
  virtual ~Transport() = default;

  virtual void async_handshake(IoDone done) = 0;
  virtual void async_read_some(boost::asio::mutable_buffer buffer, IoDone done) = 0;

  // Writes what the socket takes at once; error would_block if that is nothing.
  virtual std::size_t write_some(std::span<const boost::asio::const_buffer> buffers,
                                 boost::system::error_code& error) = 0;

  // Writes some of the buffers later and tells `done` how many bytes: possibly 0, then try again.
  // Returns how many bytes at the front are taken and can't be called back.
  virtual std::size_t async_write_some(std::span<const boost::asio::const_buffer> buffers,
                                       IoDone done) = 0;

  [[nodiscard]] virtual IoSocket& socket() = 0;
};

[[nodiscard]] std::unique_ptr<Transport> make_plain_transport(IoSocket socket);
[[nodiscard]] std::unique_ptr<Transport> make_tls_transport(IoSocket socket,
                                                            boost::asio::ssl::context& context);

}  // namespace origo::gateway
