#include "proto/codec/commands.h"

#include <array>
#include <type_traits>
#include <utility>

#include "proto/codec/names.h"
#include "proto/codec/reflect.h"

namespace origo::proto {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

template <class C>
inline constexpr bool kPublic = !std::is_same_v<C, Bootstrap> && !std::is_same_v<C, Tick> &&
                                !std::is_same_v<C, QuarantineRecord>;

constexpr std::size_t kCommands = boost::mp11::mp_size<Command>::value;

template <class C>
constexpr std::uint16_t number_of() {
  return static_cast<std::uint16_t>(boost::mp11::mp_find<Command, C>::value + 1);
}

// ---- any command, by reflection ----

struct BodyCodec {
  const FieldDescriptor* field = nullptr;  // of the oneof; null: not public
  bool (*read)(const Message&, Command&, DecodeError&) = nullptr;
};

template <class C>
bool read_body(const Message& message, Command& out, DecodeError& error) {
  return reflect::read_message(message, out.emplace<C>(), error);
}

// By position in Command.
const std::array<BodyCodec, kCommands>& body_codecs() {
  static const auto codecs = [] {
    std::array<BodyCodec, kCommands> all{};
    boost::mp11::mp_for_each<boost::mp11::mp_iota_c<kCommands>>([&](auto index) {
      using C = std::variant_alternative_t<decltype(index)::value, Command>;
      if constexpr (kPublic<C>) {
        const auto* field = v1::Command::descriptor()->FindFieldByName(type_name<C>());
        ENSURE(field != nullptr);
        all[decltype(index)::value] = {field, &read_body<C>};
      }
    });
    return all;
  }();
  return codecs;
}

// The codec whose message has this type; null: none.
const BodyCodec* find_codec(const Descriptor* type) {
  for (const BodyCodec& codec : body_codecs()) {
    if (codec.field != nullptr && codec.field->message_type() == type) return &codec;
  }
  return nullptr;
}

const BodyCodec* find_codec(int field_number) {
  for (const BodyCodec& codec : body_codecs()) {
    if (codec.field != nullptr && codec.field->number() == field_number) return &codec;
  }
  return nullptr;
}

bool check_body_given(const v1::Command& message, DecodeError& error) {
  if (!reflect::check_unknown_fields(message, error)) {
    error.within("command");
    return false;
  }
  if (message.body_case() != v1::Command::BODY_NOT_SET) return true;
  error = {Reject::malformed, "body", "must be one of the commands"};
  return false;
}

std::optional<DecodeError> append_by_reflection(const BodyCodec& codec,
                                                const Message& body,
                                                Bytes& out) {
  DecodeError error;
  Command command;
  if (!codec.read(body, command, error)) {
    error.within(codec.field->name());
    return error;
  }
  Encoder(out).put(command);
  return std::nullopt;
}

// ---- the hot path: orders, field by field ----

// Reads one message; the first error wins.
class Reading {
 public:
  explicit Reading(DecodeError& error) : error_(error) {}
  [[nodiscard]] bool ok() const { return ok_; }

  void message(const Message& m) {
    if (ok_) ok_ = reflect::check_unknown_fields(m, error_);
  }
  template <class T>
  void id(std::uint64_t raw, T& out, const char* name) {
    typename T::Rep narrow = 0;
    if (ok_ && !reflect::read_integer(raw, narrow, error_)) fail(name);
    out = T(narrow);
  }
  template <class E>
  void enumerator(int raw, E& out, const char* name) {
    if (ok_ && !reflect::read_enum(raw, out, error_)) fail(name);
  }
  template <class M>
  void target(const M& m, OrderRef& out) {
    if (!ok_) return;
    if (!m.has_target()) {
      error_ = {Reject::malformed, "target", "must be given"};
      ok_ = false;
      return;
    }
    const v1::OrderRef& ref = m.target();
    message(ref);
    id(ref.account(), out.account, "account");
    out.order = OrderId(ref.order());
    out.client_order_id = ClientOrderId(ref.client_order_id());
    if (!ok_) error_.within("target");
  }
  void fail(const char* name) {
    ok_ = false;
    error_.within(name);
  }

 private:
  DecodeError& error_;
  bool ok_ = true;
};

void read(const v1::PlaceOrder& m, PlaceOrder& out, Reading& reading) {
  reading.message(m);
  reading.id(m.account(), out.account, "account");
  reading.id(m.instrument(), out.instrument, "instrument");
  reading.enumerator(m.side(), out.side, "side");
  reading.enumerator(m.type(), out.type, "type");
  reading.enumerator(m.time_in_force(), out.time_in_force, "time_in_force");
  out.price = Price(m.price());
  out.protection_price = Price(m.protection_price());
  out.quantity = Quantity(m.quantity());
  out.expire_at = Instant(m.expire_at());
  out.client_order_id = ClientOrderId(m.client_order_id());
  out.lots.resize(static_cast<std::size_t>(m.lots_size()));
  for (int i = 0; i < m.lots_size() && reading.ok(); ++i) {
    reading.id(m.lots(i), out.lots[static_cast<std::size_t>(i)], "");
    if (!reading.ok()) reading.fail(("lots[" + std::to_string(i) + "]").c_str());
  }
  out.post_only = m.post_only();
  out.min_quantity = Quantity(m.min_quantity());
  reading.enumerator(m.self_trade(), out.self_trade, "self_trade");
  out.stop_price = Price(m.stop_price());
  out.peak = Quantity(m.peak());
  out.min_visible = Quantity(m.min_visible());
  out.cancel_on_disconnect = m.cancel_on_disconnect();
}
void read(const v1::AmendOrder& m, AmendOrder& out, Reading& reading) {
  reading.message(m);
  reading.target(m, out.target);
  out.quantity = Quantity(m.quantity());
  out.price = Price(m.price());
  out.stop_price = Price(m.stop_price());
}
void read(const v1::ReduceOrder& m, ReduceOrder& out, Reading& reading) {
  reading.message(m);
  reading.target(m, out.target);
  out.by = Quantity(m.by());
}
void read(const v1::CancelOrder& m, CancelOrder& out, Reading& reading) {
  reading.message(m);
  reading.target(m, out.target);
}

template <class C, class M>
std::optional<DecodeError> append_order(const M& message, Bytes& out, const char* name) {
  DecodeError error;
  Reading reading(error);
  C command;
  read(message, command, reading);
  if (!reading.ok()) {
    error.within(name);
    return error;
  }
  Encoder encoder(out);
  encoder.put(number_of<C>());
  encoder.put(command);
  return std::nullopt;
}

}  // namespace

std::optional<DecodeError> append_command(const v1::Command& message, Bytes& out) {
  DecodeError error;
  if (!check_body_given(message, error)) return error;
  const int number = message.body_case();
  switch (number) {
    case v1::Command::kPlaceOrder:
      return append_order<PlaceOrder>(message.place_order(), out, "place_order");
    case v1::Command::kAmendOrder:
      return append_order<AmendOrder>(message.amend_order(), out, "amend_order");
    case v1::Command::kReduceOrder:
      return append_order<ReduceOrder>(message.reduce_order(), out, "reduce_order");
    case v1::Command::kCancelOrder:
      return append_order<CancelOrder>(message.cancel_order(), out, "cancel_order");
    default:
      break;
  }
  const BodyCodec* codec = find_codec(number);
  ENSURE(codec != nullptr);
  return append_by_reflection(
      *codec, message.GetReflection()->GetMessage(message, codec->field), out);
}

std::optional<DecodeError> append_command_body(const Message& body, Bytes& out) {
  const BodyCodec* codec = find_codec(body.GetDescriptor());
  ENSURE(codec != nullptr);
  return append_by_reflection(*codec, body, out);
}

std::optional<DecodeError> read_command(const v1::Command& message, Command& out) {
  DecodeError error;
  if (!check_body_given(message, error)) return error;
  const BodyCodec* codec = find_codec(message.body_case());
  ENSURE(codec != nullptr);
  if (codec->read(message.GetReflection()->GetMessage(message, codec->field), out, error)) {
    return std::nullopt;
  }
  error.within(codec->field->name());
  return error;
}

void write_command(const Command& command, v1::Command& message) {
  const FieldDescriptor* field = body_codecs()[command.index()].field;
  ENSURE(field != nullptr);
  Message& body = *message.GetReflection()->MutableMessage(&message, field);
  std::visit(
      [&]<class C>(const C& alternative) {
        if constexpr (kPublic<C>) reflect::write_message(alternative, body);
      },
      command);
}

bool is_public(const Command& command) {
  return body_codecs()[command.index()].field != nullptr;
}

std::string* token_digest_of(v1::Command& message) {
  if (message.has_create_user()) return message.mutable_create_user()->mutable_token_digest();
  if (message.has_replace_token()) return message.mutable_replace_token()->mutable_token_digest();
  return nullptr;
}

std::optional<DecodeError> find_unknown_field(const Message& message) {
  DecodeError error;
  if (!reflect::check_unknown_fields(message, error)) return error;
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const int size = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      const Message& inner = field->is_repeated()
                                 ? reflection->GetRepeatedMessage(message, field, i)
                                 : reflection->GetMessage(message, field);
      auto found = find_unknown_field(inner);
      if (!found) continue;
      found->within(field->name());
      return found;
    }
  }
  return std::nullopt;
}

}  // namespace origo::proto
