#include "gateway/feed/connection.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <span>

namespace origo::gateway {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// The most buffers that Asio passes to one system call.
constexpr std::size_t kBuffersMax = 64;

// Gathers into one write at most this much, so that one fast peer does not hold the thread.
constexpr std::size_t kWriteBytesMax = 256 * 1024;

}  // namespace

Connection::Connection(std::unique_ptr<Transport> transport, std::shared_ptr<FeedMetrics> metrics)
    : transport_(std::move(transport)), metrics_(std::move(metrics)) {
  metrics_->connections.Increment();
}

Connection::~Connection() {
  close();
  if (on_gone_) on_gone_();
}

void Connection::enqueue(WireFrame bytes, Kind kind, IoDone done) {
  if (!open_ || queue_closed_) {
    if (done) complete(std::move(done), asio::error::operation_aborted, 0);
    return;
  }
  add_queued(static_cast<std::ptrdiff_t>(bytes->size()));
  queue_.push_back({.bytes = std::move(bytes), .kind = kind, .done = std::move(done)});
}

void Connection::flush() {
  while (open_ && !waiting_ && !queue_.empty()) {
    std::array<asio::const_buffer, kBuffersMax> buffers;
    std::size_t count = 0;
    std::size_t size = 0;
    for (const Entry& entry : queue_) {
      if (count == kBuffersMax || size >= kWriteBytesMax) break;
      const std::size_t offset = count == 0 ? front_offset_ : 0;
      buffers[count] = asio::buffer(*entry.bytes) + offset;
      size += buffers[count].size();
      ++count;
    }
    const std::span<const asio::const_buffer> gathered(buffers.data(), count);
    error_code error;
    const std::size_t written = transport_->write_some(gathered, error);
    if (error == asio::error::would_block || error == asio::error::try_again) {
      waiting_ = true;
      taken_bytes_ = transport_->async_write_some(
          gathered, [self = shared_from_this()](error_code failure, std::size_t later) {
            self->waiting_ = false;
            self->taken_bytes_ = 0;
            if (failure) return self->fail(failure);
            self->consume(later);
            self->flush();
            if (self->queue_.empty() && self->on_drained_) self->on_drained_();
          });
    } else if (error) {
      fail(error);
    } else {
      consume(written);
    }
  }
}

void Connection::consume(std::size_t size) {
  if (size == 0) return;
  metrics_->writes.Increment();
  metrics_->bytes_sent.Increment(static_cast<double>(size));
  add_queued(-static_cast<std::ptrdiff_t>(size));
  while (size > 0 && !queue_.empty()) {
    Entry& front = queue_.front();
    const std::size_t left = front.bytes->size() - front_offset_;
    if (size < left) {
      front_offset_ += size;
      return;
    }
    size -= left;
    front_offset_ = 0;
    if (front.done) complete(std::move(front.done), {}, front.bytes->size());
    queue_.pop_front();
  }
}

void Connection::drop_data() {
  auto first = queue_.begin();
  std::size_t begun = front_offset_ + taken_bytes_;
  for (; first != queue_.end() && begun > 0; ++first) {
    begun -= std::min(begun, first->bytes->size());
  }
  std::ptrdiff_t dropped = 0;
  const auto kept = std::remove_if(first, queue_.end(), [&dropped](const Entry& entry) {
    if (entry.kind != Kind::data) return false;
    dropped += static_cast<std::ptrdiff_t>(entry.bytes->size());
    return true;
  });
  queue_.erase(kept, queue_.end());
  add_queued(-dropped);
}

void Connection::close() {
  if (!open_) return;
  open_ = false;
  error_code ignored;
  transport_->socket().close(ignored);
  metrics_->connections.Decrement();
  fail(asio::error::operation_aborted);
}

void Connection::shutdown_send() {
  error_code ignored;
  transport_->socket().shutdown(IoSocket::shutdown_send, ignored);
}

void Connection::fail(error_code error) {
  add_queued(-static_cast<std::ptrdiff_t>(queued_bytes_));
  queue_closed_ = true;
  front_offset_ = 0;
  std::deque<Entry> failed;
  failed.swap(queue_);
  for (Entry& entry : failed) {
    if (entry.done) complete(std::move(entry.done), error, 0);
  }
}

void Connection::complete(IoDone done, error_code error, std::size_t size) {
  asio::post(get_executor(),
             [done = std::move(done), error, size]() mutable { std::move(done)(error, size); });
}

void Connection::add_queued(std::ptrdiff_t bytes) {
  queued_bytes_ = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(queued_bytes_) + bytes);
  metrics_->queued_bytes.Increment(static_cast<double>(bytes));
}

}  // namespace origo::gateway
