#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "loadtest/workload/checksum.h"
#include "loadtest/workload/draw.h"
#include "loadtest/workload/flow_options.h"
#include "loadtest/workload/plain_book.h"

namespace origo::loadtest {

// Makes an order flow around a fair price that walks: limit orders a geometric distance behind it,
// takers up to half that through it, cancels and changes mostly of late orders; steered so that the
// number of resting orders stays near the target. Runs the plain book along, to know what rests and
// what is expected.
//
// Same options, same commands: the order of the draws is the format's and must not change.
class FlowGenerator {
 public:
  using Sink = std::function<void(const FlowCommand&)>;

  FlowGenerator(const FlowOptions& options, Sink sink);

  // Hands every command to the sink and returns the header that belongs in front of them. Throws
  // std::runtime_error if the mix runs dry: only cancels and changes, and nothing rests.
  FlowHeader run();

 private:
  static constexpr std::size_t kRecent = 1024;
  struct Instrument {
    std::int32_t middle = 0;
    std::int32_t shift = 0;                       // of the middle, by the swing, so far
    std::vector<std::uint64_t> live;              // ids that rest or did lately; cleaned when drawn
    std::array<std::uint64_t, kRecent> recent{};  // a ring of the latest that came to rest
    std::size_t recent_count = 0;
    std::uint64_t resting = 0;

    void note_recent(std::uint64_t id) { recent[recent_count++ % kRecent] = id; }
  };
  using Weights = std::array<std::uint64_t, 7>;

  void prefill();
  bool step(std::uint64_t done);
  void move_middle(Instrument& instrument, std::uint64_t done);
  std::size_t draw_kind(const Instrument& instrument);
  void enter(std::size_t kind, FlowCommand command);
  bool change(std::size_t kind, FlowCommand command);
  void reprice(FlowCommand& command, const PlainOrder* order);
  bool emit(const FlowCommand& command);

  std::uint64_t next_id();
  std::uint64_t pick_order(Instrument& instrument);
  std::int32_t behind(const Instrument& instrument, FlowSide side);
  std::int32_t through(const Instrument& instrument, FlowSide side);
  std::int32_t on_grid(const Instrument& instrument, FlowSide side, std::int64_t levels) const;

  FlowOptions options_;
  Sink sink_;
  FlowHeader header_;
  std::uint64_t target_;  // resting orders per instrument
  double spread_;
  double move_chance_;
  Draw draw_;
  std::vector<Instrument> instruments_;
  Popularity popularity_;
  Geometric near_, far_, take_, jump_, age_;
  TradeSums sums_;
  PlainExchange book_;
  std::uint64_t last_id_ = 0;
};

}  // namespace origo::loadtest
