#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "gateway/feed/feed_metrics.h"
#include "gateway/feed/frame.h"
#include "gateway/feed/transport.h"

namespace origo::gateway {

// A transport with one queue of everything that is to be written: the feed's shared frames and what
// Beast writes itself (handshakes, pongs, closes). So frames never interleave, many go out in one
// write, and nobody waits for a slow peer.
//
// Thread: the feed thread.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // Market data may be dropped before it is begun; the rest may not.
  enum class Kind : std::uint8_t { data, control };

  Connection(std::unique_ptr<Transport> transport, std::shared_ptr<FeedMetrics> metrics);
  ~Connection();

  // Called when the connection is destroyed.
  void on_gone(std::function<void()> callback) { on_gone_ = std::move(callback); }

  // Queues bytes; flush() writes them. `done` is told when the last byte is written or has failed.
  void enqueue(WireFrame bytes, Kind kind, IoDone done = {});

  // Writes as much as the socket takes, and the rest when it takes more.
  void flush();

  // Removes market data whose first byte is not yet written or taken by the transport.
  void drop_data();

  // Everything queued so far is still written, then nothing: what is queued later fails.
  void close_queue() { queue_closed_ = true; }

  [[nodiscard]] std::size_t queued_bytes() const { return queued_bytes_; }

  // Called after the queue has been written out, if it had to wait for the peer.
  void on_drained(std::function<void()> callback) { on_drained_ = std::move(callback); }

  // True while the peer does not take what is queued.
  [[nodiscard]] bool is_waiting() const { return waiting_; }

  // Ends the connection now; all operations complete with errors.
  void close();
  [[nodiscard]] bool is_open() const { return open_; }

  // Says that nothing more will be written; the peer may still be reading what was.
  void shutdown_send();

  [[nodiscard]] Transport& transport() { return *transport_; }
  [[nodiscard]] IoExecutor get_executor() { return transport_->socket().get_executor(); }

 private:
  struct Entry {
    WireFrame bytes;
    Kind kind = Kind::data;
    IoDone done;
  };

  void consume(std::size_t size);
  void fail(boost::system::error_code error);
  void complete(IoDone done, boost::system::error_code error, std::size_t size);
  void add_queued(std::ptrdiff_t bytes);

  std::unique_ptr<Transport> transport_;
  std::shared_ptr<FeedMetrics> metrics_;
  std::function<void()> on_gone_;
  std::function<void()> on_drained_;
  std::deque<Entry> queue_;
  std::size_t front_offset_ = 0;  // bytes of queue_.front() that are written
  std::size_t queued_bytes_ = 0;  // Invariant: sum of queue_[i].bytes sizes, less front_offset_.
  std::size_t taken_bytes_ = 0;   // of queued_bytes_, at the front: by the write in progress
  bool waiting_ = false;          // for the peer to take more
  bool queue_closed_ = false;
  bool open_ = true;
};

// The connection as Beast's next layer: an AsyncStream whose writes go through the queue.
class QueuedStream {
 public:
  using executor_type = IoExecutor;

  explicit QueuedStream(std::shared_ptr<Connection> connection)
      : connection_(std::move(connection)) {}

  executor_type get_executor() const { return connection_->get_executor(); }
  [[nodiscard]] Connection& connection() const { return *connection_; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [connection = connection_](auto handler, const Buffers& targets) {
          for (auto it = boost::asio::buffer_sequence_begin(targets);
               it != boost::asio::buffer_sequence_end(targets);
               ++it) {
            const boost::asio::mutable_buffer target(*it);
            if (target.size() > 0) {
              connection->transport().async_read_some(target, IoDone(std::move(handler)));
              return;
            }
          }
          boost::asio::post(connection->get_executor(),
                            [done = IoDone(std::move(handler))]() mutable {
                              std::move(done)(boost::system::error_code{}, 0);
                            });
        },
        token,
        buffers);
  }

  // Takes all the bytes at once, as one entry of the queue.
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [connection = connection_](auto handler, const Buffers& sources) {
          std::string bytes(boost::asio::buffer_size(sources), '\0');
          boost::asio::buffer_copy(boost::asio::buffer(bytes), sources);
          connection->enqueue(std::make_shared<const std::string>(std::move(bytes)),
                              Connection::Kind::control,
                              IoDone(std::move(handler)));
          connection->flush();
        },
        token,
        buffers);
  }

 private:
  std::shared_ptr<Connection> connection_;
};

// Found by Beast: how to end the stream after the closing handshake or a timeout.
inline void beast_close_socket(QueuedStream& stream) {
  stream.connection().close();
}

template <class Handler>
void async_teardown(boost::beast::role_type, QueuedStream& stream, Handler&& handler) {
  stream.connection().shutdown_send();
  boost::asio::post(stream.get_executor(),
                    boost::beast::bind_front_handler(std::forward<Handler>(handler),
                                                     boost::system::error_code{}));
}

}  // namespace origo::gateway
