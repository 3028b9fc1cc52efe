#include <algorithm>
#include <span>

#include "tests/fuzz/encoding_inputs.h"

// Bytes are refused, or are exactly what encoding the decoded value gives: equal values have equal
// bytes, so a digest of bytes is a digest of the value. The first byte names the kind of value.
namespace {

using namespace origo;

template <class T>
void check_value(const std::uint8_t* data, std::size_t size) {
  T value{};
  Decoder in(data, size);
  in.get(value);
  if (!in.ok() || !in.at_end()) return;
  ENSURE(encoded(value) == Bytes(data, data + size));
}

void check_events(const std::uint8_t* data, std::size_t size) {
  Events again;
  const bool whole = for_each_event(data, size, [&](const Event& event) {
    std::visit([&](const auto& body) { again.append(body); }, event);
  });
  if (!whole) return;
  ENSURE(std::ranges::equal(again.bytes(), std::span(data, size)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t kind = data[0] % (kEncodedKinds + 1);
  if (kind == kEncodedKinds) {
    check_events(data + 1, size - 1);
    return 0;
  }
  boost::mp11::mp_with_index<kEncodedKinds>(kind, [&](auto index) {
    check_value<boost::mp11::mp_at<EncodedKinds, decltype(index)>>(data + 1, size - 1);
  });
  return 0;
}
