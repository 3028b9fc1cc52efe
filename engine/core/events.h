#pragma once

#include <algorithm>
#include <boost/describe.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "engine/core/encoding.h"
#include "engine/core/event.h"

// What a command says: its events as bytes, and the answer to whoever gave it.
namespace origo {

// The events of one or more commands, encoded as they are decided: [u32 length][u16 number][body].
// The same bytes are chained, published and compared; readers decode them. The buffer keeps its
// memory when it is cleared, so that saying what happens allocates nothing after a while.
class Events {
 public:
  Events() = default;
  Events(const Events& other) { *this = other; }
  Events& operator=(const Events& other) {
    if (this == &other) return *this;
    clear();
    add_raw(other.bytes(), other.count_);
    return *this;
  }
  Events(Events&& other) noexcept { *this = std::move(other); }
  Events& operator=(Events&& other) noexcept {
    memory_ = std::move(other.memory_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    count_ = std::exchange(other.count_, 0);
    return *this;
  }
  ~Events() = default;

  template <class E>
  void append(const E& event) {
    constexpr auto number = static_cast<std::uint16_t>(boost::mp11::mp_find<Event, E>::value + 1);
    static_assert(number <= boost::mp11::mp_size<Event>::value);
    constexpr std::size_t size = encoding::fixed_size<E>();
    if constexpr (size > 0) {
      std::uint8_t* at = room_for(6 + size);
      at = encoding::put_fixed(at, static_cast<std::uint32_t>(2 + size));
      at = encoding::put_fixed(at, number);
      encoding::put_fixed(at, event);
      size_ += 6 + size;
    } else {
      varying_.clear();
      Encoder(varying_).put(event);
      std::uint8_t* at = room_for(6 + varying_.size());
      at = encoding::put_fixed(at, static_cast<std::uint32_t>(2 + varying_.size()));
      at = encoding::put_fixed(at, number);
      std::copy(varying_.begin(), varying_.end(), at);
      size_ += 6 + varying_.size();
    }
    ++count_;
  }
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {memory_.get(), size_}; }
  [[nodiscard]] Bytes copy() const { return {memory_.get(), memory_.get() + size_}; }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  void clear() {
    size_ = 0;
    count_ = 0;
  }

 private:
  void add_raw(std::span<const std::uint8_t> bytes, std::uint64_t count) {
    std::copy(bytes.begin(), bytes.end(), room_for(bytes.size()));
    size_ += bytes.size();
    count_ += count;
  }
  // Where the next `bytes` go.
  std::uint8_t* room_for(std::size_t bytes) {
    if (capacity_ - size_ < bytes) [[unlikely]]
      grow(bytes);
    return memory_.get() + size_;
  }
  void grow(std::size_t bytes) {
    const std::size_t wider = std::max<std::size_t>({1024, capacity_ * 2, size_ + bytes});
    std::unique_ptr<std::uint8_t[]> memory(new std::uint8_t[wider]);
    std::copy_n(memory_.get(), size_, memory.get());
    memory_ = std::move(memory);
    capacity_ = wider;
  }

  std::unique_ptr<std::uint8_t[]> memory_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  std::uint64_t count_ = 0;
  Bytes varying_;  // the body of an event whose length is not known beforehand
};

// Calls `visit(event)` for each event in [data, data + size), in order. False if malformed.
template <class Visit>
bool for_each_event(const std::uint8_t* data, std::size_t size, Visit&& visit) {
  Decoder frames(data, size);
  while (!frames.at_end()) {
    std::uint32_t length = 0;
    frames.get(length);
    if (!frames.ok() || frames.left() < length) return false;
    const std::uint8_t* body = data + (size - frames.left());
    Decoder one(body, length);
    Event event;
    one.get(event);
    if (!one.ok() || !one.at_end()) return false;
    visit(event);
    frames = Decoder(body + length, frames.left() - length);
  }
  return true;
}

// What the caller of a command is told. For a repeat: the first answer again.
struct Answer {
  Reject code = Reject::accepted;
  std::string detail;
  std::uint64_t id = 0;       // what was created, in the id space of the command; 0: nothing
  EventSequence first_event;  // of the command's events
  Quantity filled;            // orders: traded at once
  Quantity open;              // orders: resting now
  bool proposed = false;      // waits for a second person; `id` names the proposal
  [[nodiscard]] bool ok() const { return code == Reject::accepted; }
};
BOOST_DESCRIBE_STRUCT(Answer, (), (code, detail, id, first_event, filled, open, proposed))

}  // namespace origo
