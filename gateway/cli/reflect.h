#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

// The public messages read and shown by their own descriptions, so that no command or list needs
// code of its own for that.
namespace origo::gateway {

// The prefix that ids in a field of this name are written with ("acc" for "account", "from", "to");
// empty: the field holds no id.
[[nodiscard]] std::string_view id_prefix(std::string_view field);

// "gtc" for TIME_IN_FORCE_GTC.
[[nodiscard]] std::string short_name(const google::protobuf::EnumValueDescriptor& value);
// The names that a person may give, in order.
[[nodiscard]] std::vector<std::string> choices_of(const google::protobuf::EnumDescriptor& type);
// The value's number; throws a Failure that lists the names.
[[nodiscard]] int enum_number(const google::protobuf::EnumDescriptor& type, std::string_view name);

// Ticks of an instrument (0: unknown) as people read them.
using PriceText = std::function<std::string(std::uint64_t instrument, std::int64_t ticks)>;

class Shower {
 public:
  explicit Shower(PriceText price) : price_(std::move(price)) {}

  // One field of a message, in a cell of a table.
  [[nodiscard]] std::string cell(const google::protobuf::Message& message,
                                 const google::protobuf::FieldDescriptor& field) const;
  // Rows of the list's repeated field as a table; only `columns` if any are named.
  [[nodiscard]] std::string table(const google::protobuf::Message& list,
                                  const std::vector<std::string>& columns) const;
  // Every field that is set, one a line, nested messages indented.
  [[nodiscard]] std::string page(const google::protobuf::Message& message) const;

 private:
  [[nodiscard]] std::string single(const google::protobuf::Message& message,
                                   const google::protobuf::FieldDescriptor& field,
                                   int index) const;
  [[nodiscard]] std::string nested(const google::protobuf::Message& message) const;
  void add_lines(std::string& out,
                 const google::protobuf::Message& message,
                 std::size_t indent) const;

  PriceText price_;
};

// One line of JSON: public field names, 64-bit numbers as strings, fields at their default
// included.
[[nodiscard]] std::string to_json_line(const google::protobuf::Message& message);
// Reads a JSON file into `message`, its fields and enums named as in the API. Failure: usage.
void read_json_file(const std::string& path, google::protobuf::Message& message);

}  // namespace origo::gateway
