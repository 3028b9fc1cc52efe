#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "gateway/feed/api_error.h"
#include "gateway/feed/frame.h"
#include "gateway/feed/topic.h"

namespace origo::gateway {

class FeedHub;
class FeedMetrics;

// Appends JSON members, each followed by nothing but commas between them: "bids":[],"asks":[]
using WriteMembers = std::function<void(std::string& json)>;

// Knows the current state of every topic. All calls come from the feed thread.
class FeedSource {
 public:
  virtual ~FeedSource() = default;

  // True if the instrument exists, so that its topics can be subscribed to.
  [[nodiscard]] virtual bool knows(const Topic& topic) const = 0;

  // Appends the members of a snapshot that holds everything published on `topic` so far, and
  // nothing else: the state changes only together with a message.
  virtual void write_snapshot(const Topic& topic, std::string& json) = 0;

  // Publishes what changed since the last call. Called once per wake, after all work that waited,
  // so that a busy feed sends fewer and fuller messages.
  virtual void publish_changes(FeedHub& hub) = 0;
};

// Receives the frames of the topics it subscribed to. Called on the feed thread only.
class FeedSubscriber {
 public:
  virtual ~FeedSubscriber() = default;

  // Takes an increment for its queue. False: the queue is full; the hub then sends nothing more
  // on any topic of this subscriber until it asks for fresh snapshots.
  [[nodiscard]] virtual bool enqueue(const WireFrame& frame) = 0;

  // Everything of this wake is enqueued: write.
  virtual void flush() = 0;

  // What was sent may have a gap: forget what waits and ask for fresh snapshots.
  virtual void fall_behind() = 0;
};

// Fans messages out to subscribers: numbers them per topic, encodes each once, and keeps the
// promise that a snapshot with sequence n is followed by increments n+1, n+2, ...
//
// Thread: everything runs on the feed thread, except submit() and waiting().
class FeedHub {
 public:
  FeedHub(FeedSource& source, std::shared_ptr<FeedMetrics> metrics);
  ~FeedHub();
  FeedHub(const FeedHub&) = delete;
  FeedHub& operator=(const FeedHub&) = delete;

  // Hands work to the feed thread, in order of submission; never blocks on a subscriber.
  // Any thread.
  void submit(std::function<void(FeedHub&)> work);

  // Number of submitted pieces of work that have not begun. Any thread.
  [[nodiscard]] std::size_t waiting() const;

  // How the feed thread is told that run_waiting() has something to do. Set before the first use
  // by the server that owns the thread; called from submitting threads.
  void set_waker(std::function<void()> waker);

  // Does all submitted work, lets the source publish, and flushes each touched subscriber once.
  void run_waiting();

  // Gives the topic its next sequence number and sends the message to its subscribers.
  // `write` is not called when nobody listens.
  void publish(const Topic& topic, const WriteMembers& write);

  // True if anyone subscribed to the topic.
  [[nodiscard]] bool is_wanted(const Topic& topic) const;

  // Returns the snapshot frame that starts the subscription, or why there is none:
  // unknown_instrument, already_subscribed. Increments follow through enqueue().
  [[nodiscard]] std::variant<WireFrame, ApiError> subscribe(FeedSubscriber& subscriber,
                                                            const Topic& topic);

  // Returns false if there was no such subscription.
  bool unsubscribe(FeedSubscriber& subscriber, const Topic& topic);

  // Forgets a subscriber altogether.
  void remove(FeedSubscriber& subscriber);

  [[nodiscard]] std::size_t subscriptions_of(const FeedSubscriber& subscriber) const;

  // True while the subscriber was refused increments and has not been brought up to date.
  [[nodiscard]] bool is_behind(const FeedSubscriber& subscriber) const;

  // Marks every topic of the subscriber as missed, as if an increment had been refused.
  void mark_behind(FeedSubscriber& subscriber);

  // Every topic may have a gap: marks everything of all subscribers as missed, and tells them.
  void mark_all_behind();

  // Snapshot of one topic that the subscriber missed; its increments follow again. Nothing when
  // the subscriber is up to date.
  [[nodiscard]] std::optional<WireFrame> next_missed_snapshot(FeedSubscriber& subscriber);

  // Sequence of the last message of a topic; 0 before the first.
  [[nodiscard]] std::uint64_t sequence_of(const Topic& topic) const;

 private:
  struct Subscription;
  struct TopicState;
  struct SubscriberState;

  [[nodiscard]] WireFrame encode(const Topic& topic,
                                 std::uint64_t sequence,
                                 std::string_view type,
                                 const WriteMembers& write) const;
  [[nodiscard]] WireFrame snapshot_of(const Topic& topic);
  void detach(Subscription& subscription);

  FeedSource& source_;
  std::shared_ptr<FeedMetrics> metrics_;
  std::unordered_map<Topic, TopicState, TopicHash> topics_;
  std::unordered_map<const FeedSubscriber*, std::unique_ptr<SubscriberState>> subscribers_;
  std::vector<SubscriberState*> touched_;  // each once: SubscriberState::touched

  mutable std::mutex mutex_;
  std::vector<std::function<void(FeedHub&)>> waiting_;  // guarded by mutex_
  std::function<void()> waker_;                         // guarded by mutex_
};

}  // namespace origo::gateway
