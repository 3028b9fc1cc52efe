#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

struct evp_md_ctx_st;

namespace origo::storage {

// SHA-256 digest that commits to everything before it. The chain before the first batch is all
// zero.
using Chain = std::array<std::byte, 32>;

using Bytes = std::span<const std::byte>;

// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(Bytes bytes);

// Computes SHA-256 without allocating after construction. Not thread safe: one for each thread.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  // SHA-256(previous || bytes).
  [[nodiscard]] Chain extend(const Chain& previous, Bytes bytes);

  void begin();
  void update(Bytes bytes);
  // The digest of all updates since begin().
  [[nodiscard]] Chain finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace origo::storage
