#include "engine/core/encoding.h"

#include <gtest/gtest.h>

#include "engine/core/command.h"
#include "engine/core/events.h"
#include "tests/support/draw.h"
#include "tests/support/readable.h"

namespace origo {
namespace {

template <class C>
concept Growing = requires(C& c) {
  c.emplace_back();
};

// Fills any described value with drawn numbers, words and lists.
template <class T>
void fill(Draw& draw, T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    value = draw.one_in(2);
  } else if constexpr (std::is_same_v<T, std::string>) {
    value.clear();
    for (std::uint64_t left = draw.below(5); left > 0; --left)
      value += static_cast<char>(draw.below(256));
  } else if constexpr (std::is_enum_v<T>) {
    std::underlying_type_t<T> number{};
    fill(draw, number);
    value = static_cast<T>(number);
  } else if constexpr (std::is_integral_v<T>) {
    value = static_cast<T>(draw.bits() >> draw.below(64));
  } else if constexpr (encoding::IsId<T>::value) {
    typename T::Rep number{};
    fill(draw, number);
    value = T(number);
  } else if constexpr (encoding::IsAmount<T>::value || std::is_same_v<T, Instant>) {
    value = T(static_cast<std::int64_t>(draw.bits() >> draw.below(64)));
  } else if constexpr (std::is_same_v<T, Date>) {
    value = Date(static_cast<std::int32_t>(draw.bits()));
  } else if constexpr (encoding::IsByteArray<T>::value) {
    for (std::uint8_t& byte : value) byte = static_cast<std::uint8_t>(draw.bits());
  } else if constexpr (encoding::Described<T>) {
    boost::mp11::mp_for_each<encoding::Members<T>>(
        [&](auto member) { fill(draw, value.*member.pointer); });
  } else if constexpr (Growing<T>) {
    value.clear();
    for (std::uint64_t left = draw.below(4); left > 0; --left) fill(draw, value.emplace_back());
  } else {
    static_assert(Growing<T>, "no way to fill this type");
  }
}

// Calls `check(value)` with drawn values of each alternative of a variant.
template <class Variant, class Check>
void for_drawn_values(Check&& check) {
  Draw draw(42);
  boost::mp11::mp_for_each<boost::mp11::mp_iota<boost::mp11::mp_size<Variant>>>([&](auto index) {
    for (int round = 0; round < 8; ++round) {
      Variant value;
      auto& body = value.template emplace<index()>();
      if (round > 0) fill(draw, body);  // first as it is made
      check(value);
    }
  });
}

template <class Variant>
void expect_round_trips() {
  for_drawn_values<Variant>([](const Variant& value) {
    const Bytes bytes = encoded(value);
    Variant back;
    Decoder in(bytes);
    in.get(back);
    ASSERT_TRUE(in.ok() && in.at_end()) << value.index();
    EXPECT_EQ(back.index(), value.index());
    EXPECT_EQ(encoded(back), bytes);
    EXPECT_EQ(readable(back), readable(value));
  });
}

// Cut anywhere it is refused; nothing is read beyond the cut (the address sanitizer watches).
template <class Variant>
void expect_cuts_fail() {
  for_drawn_values<Variant>([](const Variant& value) {
    const Bytes bytes = encoded(value);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
      Variant back;
      Decoder in(cut);
      in.get(back);
      ASSERT_FALSE(in.ok()) << value.index() << " cut at " << size << " of " << bytes.size();
    }
  });
}

// Changed anywhere it is refused, or is another value with exactly these bytes.
template <class Variant>
void expect_changes_stay_canonical() {
  Draw draw(7);
  for_drawn_values<Variant>([&](const Variant& value) {
    const Bytes bytes = encoded(value);
    for (int round = 0; round < 20; ++round) {
      Bytes changed = bytes;
      changed[draw.below(changed.size())] = static_cast<std::uint8_t>(draw.bits());
      Variant back;
      Decoder in(changed);
      in.get(back);
      EXPECT_TRUE(!in.ok() || !in.at_end() || encoded(back) == changed);
    }
  });
}

TEST(Encoding, EveryCommandRoundTrips) {
  expect_round_trips<Command>();
}
TEST(Encoding, EveryEventRoundTrips) {
  expect_round_trips<Event>();
}
TEST(Encoding, EveryCommandCutIsRefused) {
  expect_cuts_fail<Command>();
}
TEST(Encoding, EveryEventCutIsRefused) {
  expect_cuts_fail<Event>();
}
TEST(Encoding, EveryCommandChangedStaysCanonical) {
  expect_changes_stay_canonical<Command>();
}
TEST(Encoding, EveryEventChangedStaysCanonical) {
  expect_changes_stay_canonical<Event>();
}

TEST(Encoding, IsLittleEndianFieldByField) {
  const ReduceOrder reduce{
      .target = {.account = AccountId(0x01020304), .order = OrderId(5), .client_order_id = {}},
      .by = Quantity(-2)};
  const Bytes expected = {33,   0,                                      // its number
                          4,    3,    2,    1,                          // account
                          5,    0,    0,    0,    0,    0,    0,    0,  // order
                          0,    0,    0,    0,    0,    0,    0,    0,  // client order id
                          0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  EXPECT_EQ(encoded(Command(reduce)), expected);
  EXPECT_EQ(encoded(Command(SetRulesVersion{.version = 258})), (Bytes{3, 0, 2, 1, 0, 0}));
  EXPECT_EQ(encoded(std::string("ab")), (Bytes{2, 0, 0, 0, 'a', 'b'}));
}

// Journals and feeds depend on these numbers.
TEST(Encoding, KeepsTheNumbersOfCommandsAndEvents) {
  EXPECT_EQ(encoded(Command(Bootstrap()))[0], 1);
  EXPECT_EQ(encoded(Command(ApproveProposal()))[0], 16);
  EXPECT_EQ(encoded(Command(CancelCertificates()))[0], 25);
  EXPECT_EQ(encoded(Command(PlaceOrder()))[0], 31);
  EXPECT_EQ(encoded(Command(RecallExit()))[0], 36);
  EXPECT_EQ(encoded(Command(WithdrawProposal()))[0], 37);
  EXPECT_EQ(encoded(Command(QuarantineRecord()))[0], 38);
  EXPECT_EQ(encoded(Event(CommandRefused()))[0], 1);
  EXPECT_EQ(encoded(Event(CertificatesIssued()))[0], 24);
  EXPECT_EQ(encoded(Event(Trade()))[0], 38);
  EXPECT_EQ(encoded(Event(ExitRecalled()))[0], 43);
  EXPECT_EQ(encoded(Event(ProposalExpired()))[0], 44);
  EXPECT_EQ(encoded(Event(ProposalWithdrawn()))[0], 45);
  EXPECT_EQ(encoded(Event(RecordQuarantined()))[0], 46);
}

TEST(Encoding, RefusesUnknownNumbersAndCounts) {
  const Bytes bad[] = {{0, 0}, {99, 0}, {255, 255}, {16, 0, 1, 0, 0}};
  for (const Bytes& bytes : bad) {
    Command command;
    Decoder in(bytes);
    in.get(command);
    EXPECT_FALSE(in.ok());
  }
  const Bytes endless = {0xff, 0xff, 0xff, 0xff, 1};
  std::vector<std::uint64_t> numbers;
  Decoder in(endless);
  in.get(numbers);
  EXPECT_FALSE(in.ok());
  EXPECT_TRUE(numbers.empty());
  bool flag = false;
  const Bytes two = {2};
  Decoder strict(two);
  strict.get(flag);
  EXPECT_FALSE(strict.ok());
}

TEST(Events, AreReadInOrderAndWhole) {
  Events events;
  std::vector<Bytes> expected;
  for_drawn_values<Event>([&](const Event& event) {
    std::visit([&](const auto& body) { events.append(body); }, event);
    expected.push_back(encoded(event));
  });
  std::vector<Bytes> seen;
  const Bytes bytes = events.copy();
  ASSERT_TRUE(for_each_event(
      bytes.data(), bytes.size(), [&](const Event& event) { seen.push_back(encoded(event)); }));
  EXPECT_EQ(seen, expected);
  EXPECT_EQ(events.count(), expected.size());
}

TEST(Events, CutInsideAnEventAreRefused) {
  Events events;
  events.append(RoleRevoked());
  const std::size_t first = events.bytes().size();
  events.append(CommandRefused{.reason = Reject::malformed, .detail = "x"});
  for (std::size_t size = 0; size <= events.bytes().size(); ++size) {
    const bool whole = size == 0 || size == first || size == events.bytes().size();
    EXPECT_EQ(for_each_event(events.bytes().data(), size, [](const Event&) {}), whole) << size;
  }
}

// Else two byte strings would stand for one value.
TEST(Encoding, KeysThatDoNotAscendAreMalformed) {
  const auto decodes = [](const std::vector<std::uint8_t>& keys, auto empty) {
    Bytes bytes;
    Encoder out(bytes);
    out.put(static_cast<std::uint32_t>(keys.size()));
    for (const std::uint8_t key : keys) {
      out.put(key);
      if constexpr (requires { typename decltype(empty)::mapped_type; }) out.put(true);
    }
    Decoder in(bytes);
    in.get(empty);
    return in.ok() && in.at_end() && empty.size() == keys.size();
  };
  const std::set<std::uint8_t> set;
  const std::map<std::uint8_t, bool> map;
  EXPECT_TRUE(decodes({}, set) && decodes({}, map));
  EXPECT_TRUE(decodes({1, 2, 9}, set) && decodes({1, 2, 9}, map));
  EXPECT_FALSE(decodes({1, 1}, set) || decodes({1, 1}, map));
  EXPECT_FALSE(decodes({2, 1}, set) || decodes({2, 1}, map));
  EXPECT_FALSE(decodes({1, 3, 2}, set) || decodes({1, 3, 2}, map));
}

}  // namespace
}  // namespace origo
