#include "proto/codec/commands.h"

#include <gmock/gmock.h>
#include <google/protobuf/unknown_field_set.h>

#include <functional>

#include "proto/codec/names.h"
#include "proto/codec/record.h"
#include "proto/codec/rejects.h"
#include "tests/unit/proto/draw_command.h"

namespace origo::proto {
namespace {

using google::protobuf::Message;

TEST(Commands, EveryAlternativeSurvivesTheRoundTrip) {
  Draw draw(1);
  for (std::size_t index = 0; index < kCommandCount; ++index) {
    for (int round = 0; round < 50; ++round) {
      const Command command = draw_command(draw, index);
      if (!is_public(command)) continue;
      v1::Command message;
      write_command(command, message);
      v1::Command received;
      ASSERT_TRUE(received.ParseFromString(message.SerializeAsString()));
      Command plain;
      const auto plain_error = read_command(received, plain);
      ASSERT_FALSE(plain_error) << message.DebugString() << plain_error->field
                                << plain_error->detail;
      EXPECT_EQ(encoded(plain), encoded(command)) << message.DebugString();
      Bytes bytes;
      ASSERT_FALSE(append_command(received, bytes));
      EXPECT_EQ(bytes, encoded(command)) << message.DebugString();
    }
  }
}

TEST(Commands, ABodyAloneReadsLikeTheCommand) {
  Draw draw(2);
  for (std::size_t index = 0; index < kCommandCount; ++index) {
    const Command command = draw_command(draw, index);
    if (!is_public(command)) continue;
    v1::Command message;
    write_command(command, message);
    const auto* field = message.GetReflection()->GetOneofFieldDescriptor(
        message, v1::Command::descriptor()->FindOneofByName("body"));
    ASSERT_NE(field, nullptr);
    Bytes bytes;
    ASSERT_FALSE(append_command_body(message.GetReflection()->GetMessage(message, field), bytes));
    EXPECT_EQ(bytes, encoded(command));
  }
}

TEST(Commands, OnlyTheNodesOwnAreNotPublic) {
  std::vector<std::string> hidden;
  boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, Command>>(
      [&](auto type) {
        using C = typename decltype(type)::type;
        if (!is_public(Command(C()))) hidden.push_back(type_name<C>());
      });
  EXPECT_THAT(hidden, testing::ElementsAre("bootstrap", "tick", "quarantine_record"));
}

TEST(Commands, MessagesHaveNoFieldThatTheEngineLacks) {
  boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, Command>>(
      [&](auto type) {
        using C = typename decltype(type)::type;
        if (!is_public(Command(C()))) return;
        const auto* field = v1::Command::descriptor()->FindFieldByName(type_name<C>());
        ASSERT_NE(field, nullptr) << type_name<C>();
        EXPECT_EQ(static_cast<std::size_t>(field->message_type()->field_count()),
                  boost::mp11::mp_size<encoding::Members<C>>::value)
            << type_name<C>();
      });
}

template <class E>
void expect_same_enum(const google::protobuf::EnumDescriptor* descriptor) {
  const auto upper = [](std::string text) {
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
  };
  std::string prefix = upper(type_name<E>());
  ASSERT_NE(descriptor, nullptr) << prefix;
  const auto* unspecified = descriptor->FindValueByNumber(0);
  ASSERT_NE(unspecified, nullptr);
  EXPECT_EQ(unspecified->name(), prefix + "_UNSPECIFIED");
  int count = 1;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto enumerator) {
    const auto* value = descriptor->FindValueByName(prefix + "_" + upper(enumerator.name));
    ASSERT_NE(value, nullptr) << prefix << " " << enumerator.name;
    EXPECT_EQ(value->number(), static_cast<int>(enumerator.value));
    ++count;
  });
  EXPECT_EQ(descriptor->value_count(), count) << prefix;
}

TEST(Commands, EnumsHaveTheEnginesNamesAndNumbers) {
  expect_same_enum<Side>(v1::Side_descriptor());
  expect_same_enum<OrderType>(v1::OrderType_descriptor());
  expect_same_enum<TimeInForce>(v1::TimeInForce_descriptor());
  expect_same_enum<Phase>(v1::Phase_descriptor());
  expect_same_enum<AttributeKind>(v1::AttributeKind_descriptor());
  expect_same_enum<Role>(v1::Role_descriptor());
  expect_same_enum<ScopeKind>(v1::ScopeKind_descriptor());
  expect_same_enum<FreezeTarget>(v1::FreezeTarget_descriptor());
  expect_same_enum<Dimension>(v1::Dimension_descriptor());
  expect_same_enum<ParticipantKind>(v1::ParticipantKind_descriptor());
  expect_same_enum<Measure>(v1::Measure_descriptor());
  expect_same_enum<Confidence>(v1::Confidence_descriptor());
  expect_same_enum<FieldKind>(v1::FieldKind_descriptor());
  expect_same_enum<ClockBasis>(v1::ClockBasis_descriptor());
}

v1::Command some_order() {
  v1::Command command;
  v1::PlaceOrder& order = *command.mutable_place_order();
  order.set_account(1);
  order.set_instrument(2);
  order.set_side(v1::SIDE_BUY);
  order.set_type(v1::ORDER_TYPE_LIMIT);
  order.set_time_in_force(v1::TIME_IN_FORCE_GTC);
  order.set_price(100);
  order.set_quantity(5);
  return command;
}

v1::Command drawn(std::size_t index) {
  Draw draw(index);
  v1::Command message;
  write_command(draw_command(draw, index), message);
  return message;
}

template <class C>
v1::Command drawn() {
  return drawn(boost::mp11::mp_find<Command, C>::value);
}

void add_unknown(Message& message) {
  message.GetReflection()->MutableUnknownFields(&message)->AddVarint(999, 1);
}

struct Case {
  const char* title;
  std::function<v1::Command()> make;
  Reject code;
  const char* field;
};

TEST(Commands, AMalformedOneNamesTheField) {
  const Case cases[] = {
      {"no body", [] { return v1::Command(); }, Reject::malformed, "body"},
      {"unknown field beside the body",
       [] {
         v1::Command c = some_order();
         add_unknown(c);
         return c;
       },
       Reject::malformed,
       "command"},
      {"unknown field in an order",
       [] {
         v1::Command c = some_order();
         add_unknown(*c.mutable_place_order());
         return c;
       },
       Reject::malformed,
       "place_order"},
      {"unknown field deep inside",
       [] {
         v1::Command c = drawn<CancelOrder>();
         add_unknown(*c.mutable_cancel_order()->mutable_target());
         return c;
       },
       Reject::malformed,
       "cancel_order.target"},
      {"unknown field in a list",
       [] {
         v1::Command c = drawn<CreateInstrument>();
         c.mutable_create_instrument()->clear_filter();
         c.mutable_create_instrument()->add_filter();
         add_unknown(*c.mutable_create_instrument()->add_filter());
         return c;
       },
       Reject::malformed,
       "create_instrument.filter[1]"},
      {"side unspecified",
       [] {
         v1::Command c = some_order();
         c.mutable_place_order()->clear_side();
         return c;
       },
       Reject::enum_invalid,
       "place_order.side"},
      {"side unknown",
       [] {
         v1::Command c = some_order();
         c.mutable_place_order()->set_side(static_cast<v1::Side>(3));
         return c;
       },
       Reject::enum_invalid,
       "place_order.side"},
      {"type negative",
       [] {
         v1::Command c = some_order();
         c.mutable_place_order()->set_type(static_cast<v1::OrderType>(-1));
         return c;
       },
       Reject::enum_invalid,
       "place_order.type"},
      {"time in force that would wrap to a known one",
       [] {
         v1::Command c = some_order();
         c.mutable_place_order()->set_time_in_force(static_cast<v1::TimeInForce>(257));
         return c;
       },
       Reject::enum_invalid,
       "place_order.time_in_force"},
      {"account above 32 bits",
       [] {
         v1::Command c = some_order();
         c.mutable_place_order()->set_account(1ull << 32);
         return c;
       },
       Reject::malformed,
       "place_order.account"},
      {"a lot above 32 bits",
       [] {
         v1::Command c = some_order();
         c.mutable_place_order()->add_lots(1);
         c.mutable_place_order()->add_lots(1ull << 40);
         return c;
       },
       Reject::malformed,
       "place_order.lots[1]"},
      {"target left out",
       [] {
         v1::Command c;
         c.mutable_amend_order()->set_quantity(1);
         return c;
       },
       Reject::malformed,
       "amend_order.target"},
      {"scope left out",
       [] {
         v1::Command c = drawn<GrantRole>();
         c.mutable_grant_role()->clear_scope();
         return c;
       },
       Reject::malformed,
       "grant_role.scope"},
      {"mass cancel of side 0",
       [] {
         v1::Command c = drawn<MassCancel>();
         c.mutable_mass_cancel()->set_side(v1::SIDE_UNSPECIFIED);
         return c;
       },
       Reject::enum_invalid,
       "mass_cancel.side"},
      {"no such day",
       [] {
         v1::Command c = drawn<DeclareProduction>();
         c.mutable_declare_production()->mutable_period()->set_last("2026-02-30");
         return c;
       },
       Reject::malformed,
       "declare_production.period.last"},
      {"currency in small letters",
       [] {
         v1::Command c = drawn<DepositCash>();
         c.mutable_deposit_cash()->set_currency("eur");
         return c;
       },
       Reject::currency_invalid,
       "deposit_cash.currency"},
      {"digest too short",
       [] {
         v1::Command c = drawn<CreateUser>();
         c.mutable_create_user()->set_token_digest("abc");
         return c;
       },
       Reject::malformed,
       "create_user.token_digest"},
      {"control character",
       [] {
         v1::Command c = drawn<CreateMarket>();
         c.mutable_create_market()->set_name("a\nb");
         return c;
       },
       Reject::text_invalid,
       "create_market.name"},
      {"kind unknown in a list",
       [] {
         v1::Command c = drawn<CreateParticipant>();
         c.mutable_create_participant()->clear_kinds();
         c.mutable_create_participant()->add_kinds(v1::PARTICIPANT_KIND_TRADER);
         c.mutable_create_participant()->add_kinds(static_cast<v1::ParticipantKind>(99));
         return c;
       },
       Reject::enum_invalid,
       "create_participant.kinds[1]"},
      {"months above 16 bits",
       [] {
         v1::Command c = drawn<LoadScheme>();
         c.mutable_load_scheme()->mutable_scheme()->set_production_months_max(70'000);
         return c;
       },
       Reject::malformed,
       "load_scheme.scheme.production_months_max"},
  };
  for (const Case& given : cases) {
    const v1::Command message = given.make();
    Bytes bytes = {7};
    const auto error = append_command(message, bytes);
    ASSERT_TRUE(error) << given.title;
    EXPECT_EQ(error->code, given.code) << given.title;
    EXPECT_EQ(error->field, given.field) << given.title;
    EXPECT_EQ(bytes, Bytes{7}) << given.title << ": something was appended";
    Command plain;
    const auto plain_error = read_command(message, plain);
    ASSERT_TRUE(plain_error) << given.title;
    EXPECT_EQ(plain_error->code, given.code) << given.title;
    EXPECT_EQ(plain_error->field, given.field) << given.title;
  }
}

TEST(Commands, ARejectSaysCodeFieldAndRule) {
  v1::Reject reject;
  write_reject(Reject::units_not_available, "lot-7", reject);
  EXPECT_EQ(reject.code(), 93u);
  EXPECT_EQ(reject.name(), "units_not_available");
  EXPECT_EQ(reject.class_(), "no_certificates");
  EXPECT_EQ(reject.field(), "units");
  EXPECT_EQ(reject.detail(), "lot-7");
  v1::Reject edge;
  write_reject(DecodeError{Reject::malformed, "place_order.account", "must be small"}, edge);
  EXPECT_EQ(edge.field(), "place_order.account");
  EXPECT_EQ(edge.rule(), "must be small");
}

TEST(Commands, AnUnknownFieldOfAQueryIsFound) {
  v1::Command message = some_order();
  EXPECT_FALSE(find_unknown_field(message));
  add_unknown(*message.mutable_place_order());
  const auto found = find_unknown_field(message);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->field, "place_order");
}

}  // namespace
}  // namespace origo::proto
