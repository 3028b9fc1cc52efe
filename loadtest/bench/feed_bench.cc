// Feed messages per second to many subscribers, beside a plain TCP fan-out of the same bytes.
//
//   feed_bench [ROUNDS] [SECONDS]
//
// Both are measured in turn (A B A B ...), so that a machine whose speed drifts treats them alike;
// the medians and their ratio are what counts. The feed's figure is the whole way: core events in,
// books kept, JSON encoded, frames queued and written by the real server. Plain TCP only writes.
// Both write what one wake gives in one system call per subscriber; readers only count bytes.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateway/feed/book_feed.h"
#include "gateway/feed/feed_metrics.h"
#include "gateway/feed/http_server.h"

namespace origo::gateway {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

int connect_to(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("connect");
  return fd;
}

void send_all(int fd, const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) fail("send");
    sent += static_cast<std::size_t>(n);
  }
}

// Reads until what was read ends with `end`, or holds it.
void read_until(int fd, const std::string& end) {
  std::string text;
  char buffer[4096];
  while (text.find(end) == std::string::npos) {
    const ssize_t n = recv(fd, buffer, sizeof buffer, 0);
    if (n <= 0) fail("recv");
    text.append(buffer, static_cast<std::size_t>(n));
  }
}

// Reads from all sockets on one thread and counts bytes.
class Readers {
 public:
  explicit Readers(std::vector<int> sockets) : sockets_(std::move(sockets)) {
    poll_ = epoll_create1(EPOLL_CLOEXEC);
    for (const int fd : sockets_) {
      fcntl(fd, F_SETFL, O_NONBLOCK);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.fd = fd;
      epoll_ctl(poll_, EPOLL_CTL_ADD, fd, &event);
    }
    thread_ = std::thread([this] { run(); });
  }
  ~Readers() {
    stop_ = true;
    thread_.join();
    for (const int fd : sockets_) close(fd);
    close(poll_);
  }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  void run() {
    std::vector<char> buffer(256 * 1024);
    std::vector<epoll_event> events(256);
    while (!stop_) {
      const int ready = epoll_wait(poll_, events.data(), static_cast<int>(events.size()), 20);
      for (int i = 0; i < ready; ++i) {
        const ssize_t n =
            recv(events[static_cast<std::size_t>(i)].data.fd, buffer.data(), buffer.size(), 0);
        if (n > 0) bytes_ += static_cast<std::uint64_t>(n);
      }
    }
  }
  std::vector<int> sockets_;
  int poll_ = -1;
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

struct Result {
  double messages_per_second = 0;
  double bytes_per_message = 0;
};

// The real server with its subscribers, each on `messages` topics that all change in every wake.
class FeedRun {
 public:
  FeedRun(std::size_t subscribers, std::uint32_t messages) : messages_(messages) {
    for (std::uint32_t id = 1; id <= messages_; ++id) {
      FeedStart start{.instrument = InstrumentId(id), .levels = {}, .trades = {}};
      for (std::int64_t i = 0; i < 20; ++i) {
        start.levels.push_back(
            {.side = Side::buy, .price = Price(1000 - i), .open = Quantity(50), .orders = 3});
        start.levels.push_back(
            {.side = Side::sell, .price = Price(1001 + i), .open = Quantity(50), .orders = 3});
      }
      feed_.load(start);
    }
    HttpOptions options;
    options.limits.connections_per_address_max = subscribers + 10;
    options.limits.queue_bytes_max = 64 * 1024 * 1024;  // nobody is slow here
    server_ = std::make_unique<HttpServer>(options, hub_, metrics_);
    server_->start();
    std::vector<int> sockets;
    for (std::size_t i = 0; i < subscribers; ++i) sockets.push_back(subscribe());
    readers_ = std::make_unique<Readers>(std::move(sockets));
  }
  ~FeedRun() {
    readers_.reset();
    server_->stop();
  }

  Result measure(Clock::duration length) {
    const double frames_before = metrics_->frames_sent.Value();
    const double bytes_before = metrics_->bytes_sent.Value();
    const std::uint64_t read_before = readers_->bytes();
    const auto begin = Clock::now();
    while (Clock::now() - begin < length) {
      // At most a few wakes under way, and no growing queues: the slower side sets the pace.
      {
        std::unique_lock lock(mutex_);
        done_.wait(lock, [this] { return submitted_ - finished_ < 4; });
      }
      while (metrics_->queued_bytes.Value() > 4e6) std::this_thread::yield();
      submit();
    }
    {
      std::unique_lock lock(mutex_);
      done_.wait(lock, [this] { return submitted_ == finished_; });
    }
    while (metrics_->queued_bytes.Value() > 0 ||
           static_cast<double>(readers_->bytes() - read_before) <
               metrics_->bytes_sent.Value() - bytes_before) {
      std::this_thread::yield();
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    const double frames = metrics_->frames_sent.Value() - frames_before;
    return {.messages_per_second = frames / seconds,
            .bytes_per_message = (metrics_->bytes_sent.Value() - bytes_before) / frames};
  }

 private:
  int subscribe() const {
    const int fd = connect_to(server_->port());
    send_all(fd,
             "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    read_until(fd, "\r\n\r\n");
    for (std::uint32_t id = 1; id <= messages_; ++id) {
      const std::string text = R"({"op":"subscribe","channel":"book.l2","instrument":"ins-)" +
                               std::to_string(id) + "\"}";
      std::string frame = "\x81";
      frame.push_back(static_cast<char>(0x80 | text.size()));
      send_all(fd, frame + std::string(4, '\0') + text);  // a mask of zeros
      read_until(fd, "]]}");
    }
    return fd;
  }
  void submit() {
    Events events;
    for (std::uint32_t id = 1; id <= messages_; ++id) {
      const auto i = static_cast<std::int64_t>(submitted_);
      events.append(LevelChanged{.instrument = InstrumentId(id),
                                 .side = i % 2 == 0 ? Side::buy : Side::sell,
                                 .price = Price(i % 2 == 0 ? 1000 - i % 20 : 1001 + i % 20),
                                 .open = Quantity(100 + i % 800),
                                 .orders = 3});
    }
    ++submitted_;
    feed_.submit(hub_,
                 {.last = Sequence(submitted_),
                  .time = Instant(1'774'000'000'000'000'000),
                  .events = std::make_shared<const Bytes>(events.copy())});
    hub_.submit([this](FeedHub&) {
      const std::lock_guard lock(mutex_);
      ++finished_;
      done_.notify_one();
    });
  }

  const std::uint32_t messages_;
  BookFeed feed_;
  std::shared_ptr<FeedMetrics> metrics_ =
      std::make_shared<FeedMetrics>(std::make_shared<prometheus::Registry>());
  FeedHub hub_{feed_, metrics_};
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<Readers> readers_;
  std::mutex mutex_;
  std::condition_variable done_;
  std::uint64_t submitted_ = 0;
  std::uint64_t finished_ = 0;  // guarded by mutex_
};

// One thread that writes the same bytes to every socket.
class PlainRun {
 public:
  explicit PlainRun(std::size_t subscribers) {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0) fail("bind");
    if (listen(listener, 1024) != 0) fail("listen");
    getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    std::vector<int> sockets;
    for (std::size_t i = 0; i < subscribers; ++i) {
      sockets.push_back(connect_to(ntohs(address.sin_port)));
      const int fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      writers_.push_back(fd);
    }
    close(listener);
    readers_ = std::make_unique<Readers>(std::move(sockets));
  }
  ~PlainRun() {
    readers_.reset();
    for (const int fd : writers_) close(fd);
  }

  Result measure(Clock::duration length, std::size_t messages, double bytes_per_message) {
    const std::string bytes(
        static_cast<std::size_t>(static_cast<double>(messages) * bytes_per_message), 'x');
    const std::uint64_t read_before = readers_->bytes();
    std::uint64_t sent = 0;
    const auto begin = Clock::now();
    while (Clock::now() - begin < length) {
      for (const int fd : writers_) send_all(fd, bytes);
      sent += writers_.size();
    }
    while (readers_->bytes() - read_before < sent * bytes.size()) std::this_thread::yield();
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    return {.messages_per_second = static_cast<double>(sent * messages) / seconds,
            .bytes_per_message = bytes_per_message};
  }

 private:
  std::vector<int> writers_;
  std::unique_ptr<Readers> readers_;
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void compare(std::size_t subscribers, std::uint32_t messages, int rounds, Clock::duration length) {
  FeedRun feed(subscribers, messages);
  PlainRun plain(subscribers);
  (void)feed.measure(length / 4);  // warm
  std::vector<double> feed_rates;
  std::vector<double> plain_rates;
  std::vector<double> ratios;
  double size = 0;
  for (int round = 0; round < rounds; ++round) {
    const Result a = feed.measure(length);
    const Result b = plain.measure(length, messages, a.bytes_per_message);
    size = a.bytes_per_message;
    feed_rates.push_back(a.messages_per_second);
    plain_rates.push_back(b.messages_per_second);
    ratios.push_back(a.messages_per_second / b.messages_per_second);
  }
  std::printf("%11zu %9u %7.0f %12.0f %12.0f %7.2f\n",
              subscribers,
              messages,
              size,
              median(feed_rates),
              median(plain_rates),
              median(ratios));
  std::fflush(stdout);
}

}  // namespace
}  // namespace origo::gateway

int main(int argc, char** argv) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
  const std::chrono::duration<double> length(argc > 2 ? std::atof(argv[2]) : 1.0);
  std::printf("%11s %9s %7s %12s %12s %7s\n",
              "subscribers",
              "per wake",
              "bytes",
              "feed msg/s",
              "plain msg/s",
              "ratio");
  for (const std::size_t subscribers : {100u, 1000u}) {
    for (const std::uint32_t messages : {1u, 8u}) {
      origo::gateway::compare(subscribers,
                              messages,
                              rounds,
                              std::chrono::duration_cast<std::chrono::nanoseconds>(length));
    }
  }
  return 0;
}
