#include "tests/model/minimal.h"

#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace origo {
namespace {

constexpr std::size_t kFew = 40;

// A step that remembers which one placed the order it means: numbers shift when steps are left out.
struct Traced {
  Step step;
  std::size_t number = 0;                // among all steps of the run
  std::optional<std::size_t> placed_by;  // likewise
};
using Steps = std::vector<Traced>;

OrderRef* target_of(Command& command) {
  if (auto* amend = std::get_if<AmendOrder>(&command)) return &amend->target;
  if (auto* reduce = std::get_if<ReduceOrder>(&command)) return &reduce->target;
  if (auto* cancel = std::get_if<CancelOrder>(&command)) return &cancel->target;
  return nullptr;
}

// Runs steps after the set-up, each as the core then numbers it: visit(step) -> bool, false stops.
template <class Visit>
void run(const Pair& set_up, const Steps& steps, Visit&& visit) {
  Pair pair = set_up;
  std::uint64_t sequence = set_up.core().sequence().value();
  std::map<std::size_t, OrderId> placed;
  for (const Traced& traced : steps) {
    Step step = traced.step;
    step.header.sequence = Sequence(++sequence);
    if (traced.placed_by && placed.count(*traced.placed_by) > 0)
      target_of(step.command)->order = placed.at(*traced.placed_by);
    const OrderId before = pair.core().market().last_order;
    if (!visit(pair, step)) return;
    const bool places = std::holds_alternative<PlaceOrder>(step.command);
    if (places && pair.core().market().last_order != before) placed[traced.number] = next(before);
  }
}

Steps traced(const Pair& set_up, const std::vector<Step>& steps) {
  Steps all;
  for (const Step& step : steps)
    all.push_back({.step = step, .number = all.size(), .placed_by = {}});
  std::map<OrderId, std::size_t> placed;
  std::size_t number = 0;
  run(set_up, all, [&](Pair& pair, Step& step) {
    OrderRef* target = target_of(step.command);
    if (target != nullptr && placed.count(target->order) > 0)
      all[number].placed_by = placed.at(target->order);
    const OrderId before = pair.core().market().last_order;
    static_cast<void>(pair.apply(step));
    if (std::holds_alternative<PlaceOrder>(step.command)) placed[next(before)] = number;
    ++number;
    return true;
  });
  return all;
}

// States are costly to compare, so in a long run they are looked at now and then.
std::optional<Difference> replay(const Pair& set_up, const Steps& steps) {
  std::optional<Difference> found;
  std::size_t i = 0;
  run(set_up, steps, [&](Pair& pair, const Step& step) {
    std::string what = pair.apply(step);
    const bool look = steps.size() <= kFew || i % kFew == 0 || i + 1 == steps.size();
    if (what.empty() && look) what = pair.compare_states();
    if (!what.empty()) found = Difference{.step = i, .what = what};
    ++i;
    return !found;
  });
  return found;
}

// All but one chunk, for ever smaller chunks: the halves first, single steps last.
class WithoutAChunk {
 public:
  explicit WithoutAChunk(Steps steps) : steps_(std::move(steps)), size_(steps_.size() / 2) {}

  rc::Maybe<Steps> operator()() {
    if (start_ >= steps_.size()) {
      start_ = 0;
      size_ /= 2;
    }
    if (size_ == 0) return rc::Nothing;
    const auto from = steps_.begin() + static_cast<std::ptrdiff_t>(start_);
    const std::size_t end = std::min(start_ + size_, steps_.size());
    Steps fewer(steps_.begin(), from);
    fewer.insert(fewer.end(), steps_.begin() + static_cast<std::ptrdiff_t>(end), steps_.end());
    start_ = end;
    return fewer;
  }

 private:
  Steps steps_;
  std::size_t size_;
  std::size_t start_ = 0;
};

// The same step with one thing less about it.
rc::Seq<Traced> plainer(const Traced& from) {
  std::vector<Traced> all;
  const auto try_with = [&](auto change) {
    Traced other = from;
    auto* place = std::get_if<PlaceOrder>(&other.step.command);
    if (place == nullptr) return;
    change(*place);
    if (encoded(other.step.command) != encoded(from.step.command)) all.push_back(other);
  };
  try_with([](PlaceOrder& c) {
    c.time_in_force = TimeInForce::gtc;
    c.expire_at = {};
  });
  try_with([](PlaceOrder& c) {
    if (c.type == OrderType::limit) return;
    c.type = OrderType::limit;
    c.protection_price = {};
    c.price = Price(c.side == Side::buy ? 102 : 98);
  });
  try_with([](PlaceOrder& c) { c.lots.clear(); });
  try_with([](PlaceOrder& c) { c.client_order_id = {}; });
  try_with([](PlaceOrder& c) { c.cancel_on_disconnect = false; });
  try_with([](PlaceOrder& c) { c.self_trade = SelfTrade::allowed; });
  try_with([](PlaceOrder& c) { c.min_quantity = {}; });
  try_with([](PlaceOrder& c) { c.post_only = false; });
  try_with([](PlaceOrder& c) { c.min_visible = {}; });
  try_with([](PlaceOrder& c) { c.peak = c.min_visible = {}; });
  try_with([](PlaceOrder& c) { c.stop_price = {}; });
  try_with([](PlaceOrder& c) { c.protection_price = {}; });
  try_with([](PlaceOrder& c) { c.instrument = InstrumentId(1); });
  try_with([](PlaceOrder& c) { c.quantity = Quantity(1); });
  try_with([](PlaceOrder& c) { c.quantity = Quantity((c.quantity.value() + 1) / 2); });
  return rc::seq::fromContainer(all);
}

// The smallest that `shrinks` leads to and that still differs.
template <class Shrinks>
Steps smallest(const Pair& set_up, const Steps& steps, Shrinks shrinks) {
  const auto all = rc::shrinkable::shrinkRecur(steps, shrinks);
  const auto differs = [&](const Steps& tried) { return replay(set_up, tried).has_value(); };
  return rc::shrinkable::findLocalMin(all, differs).first;
}

// The same at one moment, if time plays no part.
rc::Seq<Steps> at_once(const Pair& set_up, const Steps& steps) {
  Steps all = steps;
  for (Traced& traced : all) traced.step.header.time = set_up.core().time();
  const bool already = steps.empty() || steps.back().step.header.time == set_up.core().time();
  return already ? rc::Seq<Steps>() : rc::seq::just(all);
}

Steps up_to_difference(const Pair& set_up, Steps steps) {
  const std::optional<Difference> left = replay(set_up, steps);
  if (left) steps.resize(left->step + 1);
  return steps;
}

}  // namespace

Minimal shrink(const Pair& set_up, const std::vector<Step>& steps) {
  Steps fewer = up_to_difference(set_up, traced(set_up, steps));
  fewer =
      smallest(set_up, fewer, [](const Steps& tried) { return rc::makeSeq<WithoutAChunk>(tried); });
  fewer = up_to_difference(set_up, fewer);
  fewer = smallest(set_up, fewer, [&](const Steps& tried) {
    return rc::seq::concat(rc::makeSeq<WithoutAChunk>(tried),
                           at_once(set_up, tried),
                           rc::shrink::eachElement(tried, plainer));
  });
  fewer = up_to_difference(set_up, fewer);
  Minimal minimal;
  run(set_up, fewer, [&](Pair& pair, const Step& step) {
    minimal.steps.push_back(step);
    static_cast<void>(pair.apply(step));
    return true;
  });
  if (const std::optional<Difference> left = replay(set_up, fewer)) minimal.what = left->what;
  return minimal;
}

}  // namespace origo
