#include "gateway/grpc/token.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>

#include "engine/core/ensure.h"
#include "proto/codec/names.h"

namespace origo::gateway {

std::string draw_token() {
  std::array<std::uint8_t, 32> bits{};
  const int drawn = RAND_bytes(bits.data(), static_cast<int>(bits.size()));
  ENSURE(drawn == 1);
  return proto::to_hex(bits);
}

Hash256 digest_of_token(std::string_view token) {
  Hash256 digest{};
  const int done =
      EVP_Digest(token.data(), token.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  ENSURE(done == 1);
  return digest;
}

}  // namespace origo::gateway
