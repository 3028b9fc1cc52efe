#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <limits>
#include <set>
#include <string>

#include "engine/exchange.h"
#include "tests/support/readable.h"
#include "tests/support/stream.h"

// Any command that decodes, by anyone, gets an answer: no broken invariant stops the core, and a
// refusal changes nothing. Most fields are drawn so that they nearly fit, the others from the ends
// of their range. ORIGO_FULL=1 runs longer; ORIGO_SEED=n runs one.
namespace origo {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

template <class C>
concept Growing = requires(C& c) {
  c.emplace_back();
};

std::int64_t draw_number(Draw& draw) {
  constexpr std::int64_t kEnds[] = {
      0, -1, kMin, kMax, kMin + 1, kSupplyMax, kSupplyMax + 1, 1'000'000'000, 1'000'000};
  if (draw.one_in(12)) return kEnds[draw.below(std::size(kEnds))];
  return draw.one_in(3) ? draw.between(90, 110) : draw.between(1, 20);
}

std::string draw_word(Draw& draw) {
  constexpr const char* kWords[] = {
      "FR",     "biomethane", "disclosure", "KWH",           "FINE",
      "COARSE", "carrier",    "scheme",     "vintage",       "support",
      "true",   "2026-01-31", "17",         "a;b",           "{registry}-{serial:5}",
      "",       "x\n",        "\xff",       "{serial:9999}", "{",
      "none"};
  if (draw.one_in(20)) return std::string(draw.below(2'100), 'y');
  return kWords[draw.below(std::size(kWords))];
}

template <class T>
void fill(Draw& draw, T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    value = draw.one_in(2);
  } else if constexpr (std::is_same_v<T, std::string>) {
    value = draw_word(draw);
  } else if constexpr (std::is_same_v<T, Currency>) {
    value =
        draw.one_in(10) ? Currency{static_cast<std::uint32_t>(draw.bits())} : currency_of("EUR");
  } else if constexpr (std::is_enum_v<T>) {
    value = static_cast<T>(draw.one_in(20) ? draw.below(256) : 1 + draw.below(5));
  } else if constexpr (std::is_same_v<T, Date>) {
    constexpr std::int32_t kEnds[] = {std::numeric_limits<std::int32_t>::min(),
                                      std::numeric_limits<std::int32_t>::max(),
                                      kNever.days(),
                                      kNever.days() + 1,
                                      -25'567,
                                      -25'568,
                                      0};
    value = Date(draw.one_in(10) ? kEnds[draw.below(std::size(kEnds))]
                                 : static_cast<std::int32_t>(draw.between(20'000, 20'700)));
  } else if constexpr (std::is_same_v<T, Instant>) {
    value = Instant(draw.one_in(3)   ? draw_number(draw)
                    : draw.one_in(3) ? 0
                                     : draw.between(20'600, 20'700) * kDayNs);
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    value = draw.one_in(2) ? 1'000'000 : draw_number(draw);
  } else if constexpr (std::is_integral_v<T>) {
    value = static_cast<T>(draw.one_in(20) ? draw.bits() : draw.below(6));
  } else if constexpr (encoding::IsId<T>::value) {
    value = T(static_cast<typename T::Rep>(draw.one_in(30) ? draw.bits() : draw.below(18)));
  } else if constexpr (encoding::IsAmount<T>::value) {
    value = T(draw_number(draw));
  } else if constexpr (encoding::IsByteArray<T>::value) {
    value = {};
    value[0] = static_cast<std::uint8_t>(draw.below(20));
  } else if constexpr (encoding::Described<T>) {
    boost::mp11::mp_for_each<encoding::Members<T>>(
        [&](auto member) { fill(draw, value.*member.pointer); });
  } else {
    static_assert(Growing<T>);
    value.clear();
    for (std::uint64_t left = draw.below(4); left > 0; --left) fill(draw, value.emplace_back());
  }
}

// A scheme loads only when all of it fits, so one of its fields is spoilt at a time.
Scheme draw_scheme(Draw& draw, const Exchange& exchange) {
  Scheme scheme = exchange.registry().schemes[draw.below(exchange.registry().schemes.size())];
  constexpr std::size_t kFields = boost::mp11::mp_size<encoding::Members<Scheme>>::value;
  const std::size_t spoilt = draw.below(kFields);
  std::size_t at = 0;
  boost::mp11::mp_for_each<encoding::Members<Scheme>>([&](auto member) {
    if (at++ == spoilt) fill(draw, scheme.*member.pointer);
  });
  return scheme;
}

// An instrument likewise.
CreateInstrument draw_instrument(Draw& draw, const Exchange& exchange) {
  const Instrument& known =
      exchange.market().instruments[draw.below(exchange.market().instruments.size())];
  CreateInstrument create{.market = known.market,
                          .code = "I" + std::to_string(draw.below(1'000)),
                          .name = "name",
                          .filter = known.spec,
                          .terms = known.terms};
  switch (draw.below(4)) {
    case 0:
      fill(draw, create.filter);
      break;
    case 1:
      fill(draw, create.terms.tick_value);
      break;
    case 2:
      fill(draw, create.terms.price_max);
      break;
    default:
      fill(draw, create.terms);
  }
  return create;
}

Command draw_command(Draw& draw, const Exchange& exchange) {
  Command command;
  if (draw.one_in(30)) return LoadScheme{.scheme = draw_scheme(draw, exchange), .source = {}};
  if (draw.one_in(30)) return draw_instrument(draw, exchange);
  boost::mp11::mp_with_index<boost::mp11::mp_size<Command>::value>(
      draw.below(boost::mp11::mp_size<Command>::value),
      [&](auto index) { fill(draw, command.emplace<index()>()); });
  return command;
}

Bytes state_without_place(const Exchange& exchange) {
  Bytes bytes;
  Encoder out(bytes);
  exchange.encode(out);
  return Bytes(bytes.begin() + 24,
               bytes.end());  // without its place: sequence, time, event sequence
}

// The last command, for the words of a core that stops: put into words only then, by a handler of
// abort(), which is called by the core itself.
struct Last {
  std::uint64_t seed = 0;
  UserId principal;
  Command command;
};
Last last;

std::string last_words() {
  return "hostile test: ORIGO_SEED=" + std::to_string(last.seed) + " by " +
         readable(last.principal) + " " + readable(last.command) + "\n";
}

void tell_last(int) {
  const std::string words = last_words();
  if (write(STDERR_FILENO, words.data(), words.size()) < 0) _exit(2);
  std::signal(SIGABRT, SIG_DFL);
  std::raise(SIGABRT);
}

void run_seed(std::uint64_t seed, std::set<std::size_t>& accepted) {
  Stream stream(seed);
  Draw draw(seed);
  Exchange exchange;
  Events events;
  // Half sensible, so that there is something to spoil.
  Instant now;
  for (int step = 0; step < 900; ++step) {
    Step next = stream.next(exchange);
    now = std::max(now, next.header.time);
    next.header.sequence = origo::next(exchange.sequence());
    next.header.time = now;
    last = {.seed = seed, .principal = next.header.origin.principal, .command = next.command};
    exchange.apply(next.header, next.command, events);
    if (static_cast<std::size_t>(step) < stream.set_up_size()) continue;
    const Command command = draw_command(draw, exchange);
    const UserId principal(static_cast<std::uint32_t>(draw.one_in(2) ? 1 : draw.below(8)));
    const CommandHeader header{.sequence = origo::next(exchange.sequence()),
                               .time = now,
                               .origin = {.principal = principal}};
    last = {.seed = seed, .principal = principal, .command = command};
    const Bytes before = state_without_place(exchange);
    const bool due = exchange.next_due() <= now;
    const Answer answer = exchange.apply(header, command, events);
    if (answer.ok()) accepted.insert(command.index());
    ASSERT_TRUE(answer.ok() || due || state_without_place(exchange) == before)
        << last_words() << readable(answer);
    const bool check = answer.ok() || step % 50 == 0;
    ASSERT_EQ(check ? exchange.check_invariants() : std::vector<std::string>(),
              std::vector<std::string>())
        << last_words();
    events.clear();
  }
}

TEST(Hostile, AnyCommandIsAnswered) {
  std::signal(SIGABRT, tell_last);
  std::set<std::size_t> accepted;
  if (const char* one = std::getenv("ORIGO_SEED"))
    return run_seed(std::strtoull(one, nullptr, 10), accepted);
  const std::uint64_t seeds = std::getenv("ORIGO_FULL") != nullptr ? 400 : 40;
  for (std::uint64_t seed = 1; seed <= seeds && !::testing::Test::HasFailure(); ++seed)
    run_seed(seed, accepted);
  EXPECT_GE(accepted.size(), 20u) << "kinds of commands that were accepted at least once";
}

}  // namespace
}  // namespace origo
