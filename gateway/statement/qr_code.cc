#include "gateway/statement/qr_code.h"

#include <qrencode.h>

#include <memory>

#include "engine/core/ensure.h"

namespace origo::gateway {

QrCode make_qr_code(const std::string& text) {
  struct Free {
    void operator()(QRcode* code) const { QRcode_free(code); }
  };
  const std::unique_ptr<QRcode, Free> code(
      QRcode_encodeData(static_cast<int>(text.size()),
                        reinterpret_cast<const unsigned char*>(text.data()),
                        0,
                        QR_ECLEVEL_M));
  ENSURE(code != nullptr);
  const auto size = static_cast<std::size_t>(code->width);
  QrCode made{.size = size, .modules = std::vector<bool>(size * size)};
  for (std::size_t index = 0; index < size * size; ++index) {
    made.modules[index] = (code->data[index] & 1U) != 0;
  }
  return made;
}

}  // namespace origo::gateway
