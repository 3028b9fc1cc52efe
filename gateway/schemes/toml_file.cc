#include "gateway/schemes/toml_file.h"

#include <openssl/evp.h>

#include <fstream>
#include <iterator>
#include <system_error>

#include "engine/core/ensure.h"

namespace origo::gateway {

Hash256 sha256(std::string_view text) {
  Hash256 digest{};
  unsigned size = 0;
  const int done =
      EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  ENSURE(done == 1);
  ENSURE(size == digest.size());
  return digest;
}

std::optional<std::string> read_whole(const std::filesystem::path& path) {
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none)) return std::nullopt;
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad()) return std::nullopt;
  return text;
}

FileError unreadable(const std::filesystem::path& path) {
  return {.file = path.string(), .line = 0, .key = {}, .rule = "must exist and be readable"};
}

}  // namespace origo::gateway
