#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace origo::gateway {

// Bytes that are ready for the wire and shared by everyone they are sent to.
using WireFrame = std::shared_ptr<const std::string>;

// A whole WebSocket text message as one final, unmasked frame (RFC 6455, section 5.2). Frames from
// a server carry no mask, so one frame serves every subscriber.
[[nodiscard]] WireFrame make_text_frame(std::string_view text);

// The same in place: `buffer` holds kFrameHeaderMax bytes of room followed by the text.
inline constexpr std::size_t kFrameHeaderMax = 10;
[[nodiscard]] WireFrame seal_text_frame(std::string buffer);

}  // namespace origo::gateway
