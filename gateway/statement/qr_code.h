#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace origo::gateway {

// A QR code (ISO/IEC 18004, error correction M) without its quiet zone of four modules.
struct QrCode {
  std::size_t size = 0;       // modules on each side
  std::vector<bool> modules;  // row by row; true: dark

  [[nodiscard]] bool dark(std::size_t column, std::size_t row) const {
    return modules[row * size + column];
  }
};

// Requires: `text` is at most 1,000 bytes.
[[nodiscard]] QrCode make_qr_code(const std::string& text);

}  // namespace origo::gateway
