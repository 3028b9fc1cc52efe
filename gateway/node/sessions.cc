#include "gateway/node/sessions.h"

#include <pthread.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/core/ensure.h"
#include "gateway/node/ask.h"

namespace origo::gateway {
namespace {

constexpr std::size_t kEndedAtOnceMax = 1'000;  // then the others follow
constexpr std::chrono::seconds kReaderPatience{5};

}  // namespace

Sessions::Sessions(CommandSink& sink,
                   Reader& reader,
                   std::function<Sequence()> live_sequence,
                   SessionOptions options)
    : sink_(sink),
      reader_(reader),
      live_sequence_(std::move(live_sequence)),
      options_(std::move(options)) {}

void Sessions::start() {
  ENSURE(!thread_.joinable());
  expect_known();
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "sessions");
}

void Sessions::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Sessions::expect_known() {
  std::optional<std::set<Key>> known;
  while (!known) known = with_live_orders();
  const Clock::time_point due = options_.now() + options_.grace;
  const std::lock_guard lock(mutex_);
  for (const Key& key : *known) {
    State& state = states_[key];
    state.bound = true;
    if (state.streams == 0) state.due = due;
  }
}

std::size_t Sessions::away() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(
      std::ranges::count_if(states_, [](const auto& one) { return one.second.streams == 0; }));
}

void Sessions::join(const Key& key, bool bound) {
  const std::lock_guard lock(mutex_);
  State& state = states_[key];
  ++state.streams;
  state.bound = state.bound || bound;
}

void Sessions::bind(const Key& key) {
  const std::lock_guard lock(mutex_);
  states_.at(key).bound = true;
}

bool Sessions::join_if_here(const Key& key) {
  const std::lock_guard lock(mutex_);
  const auto found = states_.find(key);
  if (found == states_.end() || found->second.streams == 0) return false;
  ++found->second.streams;
  found->second.bound = true;
  return true;
}

void Sessions::leave(const Key& key, Clock::duration grace) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = states_.find(key);
    ENSURE(found != states_.end());
    if (--found->second.streams > 0) return;
    if (!found->second.bound) {
      states_.erase(found);
      return;
    }
    found->second.due = options_.now() + grace;
  }
  changed_.notify_all();
}

void Sessions::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    std::optional<Clock::time_point> next;
    for (const auto& [key, state] : states_) {
      if (state.streams == 0 && (!next || state.due < *next)) next = state.due;
    }
    if (!next) {
      changed_.wait(lock);
    } else if (*next > options_.now()) {
      changed_.wait_until(lock, *next);
    } else {
      lock.unlock();
      look();
      lock.lock();
    }
  }
}

void Sessions::look() {
  const std::vector<Leaver> due = due_at(options_.now());
  if (due.empty()) return;
  const std::optional<std::set<Key>> live = with_live_orders();
  if (!live) return put_off(due);
  std::vector<Leaver> over;
  std::vector<Leaver> done;
  for (const Leaver& leaver : due) (live->contains(leaver.key) ? over : done).push_back(leaver);
  forget(done);
  if (!over.empty()) end(over);
}

std::vector<Sessions::Leaver> Sessions::due_at(Clock::time_point now) const {
  std::vector<Leaver> due;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, state] : states_) {
    if (state.streams == 0 && state.due <= now) due.push_back({.key = key, .due = state.due});
    if (due.size() == kEndedAtOnceMax) break;
  }
  return due;
}

// Whose orders end with a session, as the core knows it now; nothing if it cannot be asked.
std::optional<std::set<Sessions::Key>> Sessions::with_live_orders() const {
  std::set<Key> live;
  const ReadOutcome outcome = reader_.read(
      live_sequence_(), Clock::now() + kReaderPatience, [&](const Exchange& exchange, Sequence) {
        for (const auto& [client, orders] : exchange.market().sessions) {
          live.insert({.client = client, .user = exchange.clients().owner(client)});
        }
      });
  if (outcome == ReadOutcome::behind) return std::nullopt;
  return live;  // stopped: nobody, and nothing ends any more
}

Sessions::State* Sessions::find_away(const Leaver& leaver) {
  const auto found = states_.find(leaver.key);
  const bool away =
      found != states_.end() && found->second.streams == 0 && found->second.due == leaver.due;
  return away ? &found->second : nullptr;
}

void Sessions::forget(const std::vector<Leaver>& leavers) {
  const std::lock_guard lock(mutex_);
  for (const Leaver& leaver : leavers) {
    if (find_away(leaver) != nullptr) states_.erase(leaver.key);
  }
}

void Sessions::put_off(const std::vector<Leaver>& leavers) {
  const Clock::time_point due = options_.now() + options_.retry_interval;
  const std::lock_guard lock(mutex_);
  for (const Leaver& leaver : leavers) {
    if (State* const state = find_away(leaver)) state->due = due;
  }
}

void Sessions::end(const std::vector<Leaver>& leavers) {
  FrameWaiter waiter;
  std::vector<Leaver> over;
  {
    // Under the lock, so that whatever a client sends that comes back now is behind its EndSession.
    const std::lock_guard lock(mutex_);
    auto frame = std::make_unique<Frame>();
    frame->owner = &waiter;
    Encoder bodies(frame->bodies);
    for (const Leaver& leaver : leavers) {
      if (stopping_ || find_away(leaver) == nullptr) continue;
      bodies.put(Command(EndSession{.client = leaver.key.client}));
      frame->commands.push_back(
          {.origin = {}, .end = static_cast<std::uint32_t>(frame->bodies.size())});
      over.push_back(leaver);
    }
    if (over.empty()) return;
    sink_.submit(std::move(frame));
  }
  const std::unique_ptr<Frame> frame = waiter.wait();
  if (frame->outcome != FrameOutcome::sequenced) return put_off(over);
  forget(over);
  for (std::size_t i = 0; i < over.size(); ++i) {
    const ClientId client = over[i].key.client;
    const Answer& answer = frame->answers[i].answer;
    if (!answer.ok())
      spdlog::error("the session of client {} could not be ended: {}",
                    client.value(),
                    info_of(answer.code).name);
    if (answer.ok() && options_.on_over) options_.on_over(client, answer.id);
  }
}

Presence::Presence(Sessions& sessions, UserId user, std::optional<Sessions::Clock::duration> grace)
    : sessions_(sessions),
      user_(user),
      grace_(std::min(grace.value_or(sessions.options_.grace), sessions.options_.grace)) {}

Presence::~Presence() {
  for (const Known& known : known_)
    sessions_.leave({.client = known.client, .user = user_}, grace_);
}

bool Presence::note(ClientId client, bool bound) {
  const auto found = std::find_if(
      known_.rbegin(), known_.rend(), [&](const Known& known) { return known.client == client; });
  const Sessions::Key key{.client = client, .user = user_};
  if (found == known_.rend()) {
    if (known_.size() == kClientsMax) return false;
    sessions_.join(key, bound);
    known_.push_back({.client = client, .bound = bound});
    return true;
  }
  if (bound && !found->bound) {
    sessions_.bind(key);
    found->bound = true;
  }
  if (found != known_.rbegin()) std::iter_swap(found, known_.rbegin());
  return true;
}

bool Presence::note_beside_stream(ClientId client) {
  if (!sessions_.join_if_here({.client = client, .user = user_})) return false;
  known_.push_back({.client = client, .bound = true});
  return true;
}

}  // namespace origo::gateway
