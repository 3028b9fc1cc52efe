#include <google/protobuf/stubs/logging.h>

#include "tests/fuzz/proto_inputs.h"

// Everything that reaches the codec from outside: journal records and client messages.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const google::protobuf::LogSilencer quiet;  // of text that is not UTF-8
  if (size == 0) return 0;
  if (data[0] % 2 == 0) {
    origo::proto::check_record_input(data + 1, size - 1);
  } else {
    origo::proto::check_message_input(data + 1, size - 1);
  }
  return 0;
}
