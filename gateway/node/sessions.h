#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "gateway/node/command_sink.h"
#include "gateway/node/reader.h"

namespace origo::gateway {

struct SessionOptions {
  using Clock = std::chrono::steady_clock;
  // How long a client may be away before its session is over; also after a start of the node, for
  // every client that then has orders which end with one.
  Clock::duration grace = std::chrono::seconds(5);
  Clock::duration retry_interval =
      std::chrono::milliseconds(500);  // of what the node could not take
  std::function<Clock::time_point()> now = Clock::now;
  // Told how many orders have ended with the session; may be empty.
  std::function<void(ClientId client, std::uint64_t orders)> on_over = {};
};

// Ends the orders of clients that are gone (PlaceOrder.cancel_on_disconnect).
//
// A client is here while a stream of its user is open that has used its client id. When its last
// stream is gone, it has the grace to come back; then its session is over, and the node itself
// submits EndSession. Whose a client id is, the core says: a stranger's stream that names it
// changes nothing. Thread-safe.
class Sessions {
 public:
  using Clock = SessionOptions::Clock;

  // `live_sequence`: the last command answered.
  Sessions(CommandSink& sink,
           Reader& reader,
           std::function<Sequence()> live_sequence,
           SessionOptions options);
  ~Sessions() { stop(); }
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;

  // Clients of an earlier run are away from now on; from now on sessions end.
  void start();
  // No session ends any more: streams that go now go with the node. Requires: the sink still
  // answers.
  void stop();

  // Clients that are away and may have orders which end when their grace does.
  [[nodiscard]] std::size_t away() const;

  // What start() does, without a thread that calls look() when something is due.
  void expect_known();
  void look();

 private:
  friend class Presence;
  struct Key {
    ClientId client;
    UserId user;
    auto operator<=>(const Key&) const = default;
  };
  struct State {
    std::size_t streams = 0;
    bool bound = false;       // may have orders that end with its session
    Clock::time_point due{};  // while no stream is there: when its session is over
  };
  struct Leaver {
    Key key;
    Clock::time_point due;
  };

  void join(const Key& key, bool bound);
  void bind(const Key& key);
  [[nodiscard]] bool join_if_here(const Key& key);
  void leave(const Key& key, Clock::duration grace);

  void run();
  [[nodiscard]] std::vector<Leaver> due_at(Clock::time_point now) const;
  [[nodiscard]] std::optional<std::set<Key>> with_live_orders() const;
  void forget(const std::vector<Leaver>& leavers);
  void put_off(const std::vector<Leaver>& leavers);
  void end(const std::vector<Leaver>& leavers);
  [[nodiscard]] State* find_away(const Leaver& leaver);  // under mutex_; nullptr: it came back

  CommandSink& sink_;
  Reader& reader_;
  const std::function<Sequence()> live_sequence_;
  const SessionOptions options_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Key, State> states_;  // guarded by mutex_, likewise stopping_
  bool stopping_ = false;
  std::thread thread_;
};

// The client ids that one stream or call uses. They leave with it. One thread at a time.
class Presence {
 public:
  static constexpr std::size_t kClientsMax = 256;

  // `grace`: the node's, if not given or longer than that.
  Presence(Sessions& sessions, UserId user, std::optional<Sessions::Clock::duration> grace = {});
  ~Presence();
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;

  // The client is here; if `bound`, with orders that end with its session. False: this stream has
  // used too many client ids, and is none of this one's.
  bool note(ClientId client, bool bound);
  // The same for bound orders that come without a stream. False: no stream of this client is open.
  [[nodiscard]] bool note_beside_stream(ClientId client);

 private:
  struct Known {
    ClientId client;
    bool bound = false;
  };
  Sessions& sessions_;
  const UserId user_;
  const Sessions::Clock::duration grace_;
  std::vector<Known> known_;  // the one used last is the last
};

}  // namespace origo::gateway
