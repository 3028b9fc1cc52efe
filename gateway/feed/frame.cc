#include "gateway/feed/frame.h"

#include <cstdint>
#include <utility>

namespace origo::gateway {

WireFrame make_text_frame(std::string_view text) {
  std::string buffer(kFrameHeaderMax, '\0');
  buffer.append(text);
  return seal_text_frame(std::move(buffer));
}

WireFrame seal_text_frame(std::string buffer) {
  const std::uint64_t size = buffer.size() - kFrameHeaderMax;
  std::string header(1, '\x81');  // final fragment, text
  const auto append_big_endian = [&header, size](int bytes) {
    for (int i = bytes - 1; i >= 0; --i) header.push_back(static_cast<char>(size >> (8 * i)));
  };
  if (size < 126) {
    append_big_endian(1);
  } else if (size <= 0xffff) {
    header.push_back(126);
    append_big_endian(2);
  } else {
    header.push_back(127);
    append_big_endian(8);
  }
  buffer.replace(0, kFrameHeaderMax, header);
  return std::make_shared<const std::string>(std::move(buffer));
}

}  // namespace origo::gateway
