#include "storage/chain.h"

#include <openssl/evp.h>

#include <cstdlib>

namespace origo::storage {
namespace {

// libcrypto refuses SHA-256 only when it is broken or out of memory; there is no way on from there.
void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

std::string to_hex(Bytes bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::byte byte : bytes) {
    const auto value = std::to_integer<unsigned>(byte);
    text.push_back(kDigits[value >> 4U]);
    text.push_back(kDigits[value & 15U]);
  }
  return text;
}

void Hasher::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Hasher::Hasher() : context_(EVP_MD_CTX_new()) {
  require(context_ != nullptr);
  require(EVP_DigestInit_ex2(context_.get(), EVP_sha256(), nullptr) == 1);
}

Hasher::~Hasher() = default;

void Hasher::begin() {
  // Without a type the context keeps the algorithm it has already fetched.
  require(EVP_DigestInit_ex2(context_.get(), nullptr, nullptr) == 1);
}

void Hasher::update(Bytes bytes) {
  require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

Chain Hasher::finish() {
  Chain digest{};
  unsigned size = 0;
  require(EVP_DigestFinal_ex(
              context_.get(), reinterpret_cast<unsigned char*>(digest.data()), &size) == 1);
  require(size == digest.size());
  return digest;
}

Chain Hasher::extend(const Chain& previous, Bytes bytes) {
  begin();
  update(previous);
  update(bytes);
  return finish();
}

}  // namespace origo::storage
