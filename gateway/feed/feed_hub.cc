#include "gateway/feed/feed_hub.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include <utility>

#include "gateway/feed/feed_metrics.h"

namespace origo::gateway {

struct FeedHub::Subscription {
  Topic topic;
  TopicState* state = nullptr;
  SubscriberState* owner = nullptr;
  std::size_t index = 0;  // in state->subscriptions
  bool missed = false;    // increments are withheld until the next snapshot
};

struct FeedHub::TopicState {
  std::uint64_t sequence = 0;
  std::vector<Subscription*> subscriptions;
  WireFrame snapshot;  // at `sequence`, or null; many may ask for the same one
};

struct FeedHub::SubscriberState {
  FeedSubscriber* subscriber = nullptr;
  std::unordered_map<Topic, std::unique_ptr<Subscription>, TopicHash> subscriptions;
  std::vector<Topic> missed;  // those with Subscription::missed, and some that are gone by now
  bool touched = false;
};

FeedHub::FeedHub(FeedSource& source, std::shared_ptr<FeedMetrics> metrics)
    : source_(source), metrics_(std::move(metrics)) {}

FeedHub::~FeedHub() = default;

void FeedHub::submit(std::function<void(FeedHub&)> work) {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(work));
    metrics_->waiting_work.Set(static_cast<double>(waiting_.size()));
    if (waiting_.size() == 1) wake = waker_;  // later ones ride along
  }
  if (wake) wake();
}

std::size_t FeedHub::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

void FeedHub::set_waker(std::function<void()> waker) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    waker_ = waker;
    wake = !waiting_.empty();
  }
  if (wake && waker) waker();
}

void FeedHub::run_waiting() {
  std::vector<std::function<void(FeedHub&)>> work;
  {
    const std::lock_guard lock(mutex_);
    work.swap(waiting_);
  }
  metrics_->waiting_work.Set(0);
  for (const auto& piece : work) piece(*this);
  source_.publish_changes(*this);

  // A flush may end a connection, and remove() then clears its entry here.
  for (std::size_t i = 0; i < touched_.size(); ++i) {
    if (SubscriberState* state = touched_[i]; state != nullptr) {
      state->touched = false;
      touched_[i] = nullptr;
      state->subscriber->flush();
    }
  }
  touched_.clear();
}

void FeedHub::publish(const Topic& topic, const WriteMembers& write) {
  TopicState& state = topics_[topic];
  ++state.sequence;
  state.snapshot.reset();
  metrics_->messages_published.Increment();
  if (state.subscriptions.empty()) return;

  const WireFrame frame = encode(topic, state.sequence, "update", write);
  std::size_t sent = 0;
  for (Subscription* subscription : state.subscriptions) {
    if (subscription->missed) continue;
    SubscriberState& owner = *subscription->owner;
    if (!owner.subscriber->enqueue(frame)) {
      mark_behind(*owner.subscriber);
      continue;
    }
    ++sent;
    if (!owner.touched) {
      owner.touched = true;
      touched_.push_back(&owner);
    }
  }
  metrics_->frames_sent.Increment(static_cast<double>(sent));
}

bool FeedHub::is_wanted(const Topic& topic) const {
  const auto found = topics_.find(topic);
  return found != topics_.end() && !found->second.subscriptions.empty();
}

std::variant<WireFrame, ApiError> FeedHub::subscribe(FeedSubscriber& subscriber,
                                                     const Topic& topic) {
  if (!source_.knows(topic)) {
    return ApiError{"unknown_instrument", "instrument", "no instrument has this id"};
  }
  auto& owner = subscribers_[&subscriber];
  if (!owner) {
    owner = std::make_unique<SubscriberState>();
    owner->subscriber = &subscriber;
  }
  auto& subscription = owner->subscriptions[topic];
  if (subscription) {
    return ApiError{"already_subscribed", "channel", "subscribe once to a channel and instrument"};
  }
  TopicState& state = topics_[topic];
  subscription = std::make_unique<Subscription>(Subscription{
      .topic = topic, .state = &state, .owner = owner.get(), .index = state.subscriptions.size()});
  state.subscriptions.push_back(subscription.get());
  metrics_->subscriptions.Increment();
  return snapshot_of(topic);
}

bool FeedHub::unsubscribe(FeedSubscriber& subscriber, const Topic& topic) {
  const auto owner = subscribers_.find(&subscriber);
  if (owner == subscribers_.end()) return false;
  const auto found = owner->second->subscriptions.find(topic);
  if (found == owner->second->subscriptions.end()) return false;
  detach(*found->second);
  owner->second->subscriptions.erase(found);
  return true;
}

void FeedHub::remove(FeedSubscriber& subscriber) {
  const auto owner = subscribers_.find(&subscriber);
  if (owner == subscribers_.end()) return;
  for (const auto& [topic, subscription] : owner->second->subscriptions) detach(*subscription);
  for (SubscriberState*& touched : touched_) {
    if (touched == owner->second.get()) touched = nullptr;
  }
  subscribers_.erase(owner);
}

void FeedHub::detach(Subscription& subscription) {
  auto& all = subscription.state->subscriptions;
  all[subscription.index] = all.back();
  all[subscription.index]->index = subscription.index;
  all.pop_back();
  metrics_->subscriptions.Decrement();
}

std::size_t FeedHub::subscriptions_of(const FeedSubscriber& subscriber) const {
  const auto owner = subscribers_.find(&subscriber);
  return owner == subscribers_.end() ? 0 : owner->second->subscriptions.size();
}

bool FeedHub::is_behind(const FeedSubscriber& subscriber) const {
  const auto owner = subscribers_.find(&subscriber);
  return owner != subscribers_.end() && !owner->second->missed.empty();
}

void FeedHub::mark_behind(FeedSubscriber& subscriber) {
  const auto owner = subscribers_.find(&subscriber);
  if (owner == subscribers_.end()) return;
  SubscriberState& state = *owner->second;
  if (state.missed.empty()) metrics_->conflations.Increment();
  for (const auto& [topic, subscription] : state.subscriptions) {
    if (subscription->missed) continue;
    subscription->missed = true;
    state.missed.push_back(topic);
  }
}

void FeedHub::mark_all_behind() {
  for (auto& [topic, state] : topics_) {
    ++state.sequence;
    state.snapshot.reset();
  }
  for (const auto& [subscriber, state] : subscribers_) {
    if (state->subscriptions.empty()) continue;
    mark_behind(*state->subscriber);
    state->subscriber->fall_behind();
  }
}

std::optional<WireFrame> FeedHub::next_missed_snapshot(FeedSubscriber& subscriber) {
  const auto owner = subscribers_.find(&subscriber);
  if (owner == subscribers_.end()) return std::nullopt;
  SubscriberState& state = *owner->second;
  while (!state.missed.empty()) {
    const Topic topic = state.missed.back();
    state.missed.pop_back();
    const auto found = state.subscriptions.find(topic);
    if (found == state.subscriptions.end() || !found->second->missed) continue;
    found->second->missed = false;
    return snapshot_of(topic);
  }
  return std::nullopt;
}

std::uint64_t FeedHub::sequence_of(const Topic& topic) const {
  const auto found = topics_.find(topic);
  return found == topics_.end() ? 0 : found->second.sequence;
}

WireFrame FeedHub::encode(const Topic& topic,
                          std::uint64_t sequence,
                          std::string_view type,
                          const WriteMembers& write) const {
  std::string buffer(kFrameHeaderMax, '\0');
  buffer.reserve(512);
  buffer.append("{\"channel\":\"").append(name_of(topic.channel));
  buffer.append("\",\"instrument\":\"ins-").append(std::to_string(topic.instrument));
  buffer.append("\",\"seq\":").append(std::to_string(sequence));
  buffer.append(",\"type\":\"").append(type).append("\",");
  write(buffer);
  buffer.push_back('}');
  return seal_text_frame(std::move(buffer));
}

WireFrame FeedHub::snapshot_of(const Topic& topic) {
  TopicState& state = topics_[topic];
  if (!state.snapshot) {
    state.snapshot = encode(topic, state.sequence, "snapshot", [this, &topic](std::string& json) {
      source_.write_snapshot(topic, json);
    });
  }
  return state.snapshot;
}

}  // namespace origo::gateway
