#include "gateway/node/verification_code.h"

#include <array>
#include <boost/endian/conversion.hpp>

namespace origo::gateway {

namespace {

constexpr std::string_view kPurpose = "origo cancellation statement 1";
constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kLength = 16;
constexpr std::size_t kGroup = 4;
constexpr unsigned kBitsPerDigit = 5;
static_assert(kDigits.size() == 1U << kBitsPerDigit);

}  // namespace

std::string verification_code(const storage::Chain& journal_chain,
                              EventSequence sequence,
                              std::span<const std::uint8_t> event) {
  std::array<std::byte, sizeof(std::uint64_t)> number{};
  boost::endian::store_little_u64(reinterpret_cast<unsigned char*>(number.data()),
                                  sequence.value());
  storage::Hasher hasher;
  hasher.begin();
  hasher.update(std::as_bytes(std::span(kPurpose)));
  hasher.update(journal_chain);
  hasher.update(number);
  hasher.update(std::as_bytes(event));
  const storage::Chain digest = hasher.finish();
  std::string code;
  std::uint64_t bits = 0;
  unsigned count = 0;
  for (std::size_t next = 0; code.size() < kLength;) {
    if (count < kBitsPerDigit) {
      bits = (bits << 8U) | std::to_integer<std::uint64_t>(digest[next++]);
      count += 8;
    }
    count -= kBitsPerDigit;
    code.push_back(kDigits[(bits >> count) & (kDigits.size() - 1)]);
  }
  return code;
}

std::string print_verification_code(std::string_view code) {
  std::string printed;
  for (std::size_t begin = 0; begin < code.size(); begin += kGroup) {
    if (begin > 0) printed.push_back('-');
    printed += code.substr(begin, kGroup);
  }
  return printed;
}

std::optional<std::string> parse_verification_code(std::string_view text) {
  std::string code;
  for (char sign : text) {
    if (sign == '-' || sign == ' ') continue;
    if (sign >= 'a' && sign <= 'z') sign = static_cast<char>(sign - 'a' + 'A');
    if (sign == 'O') sign = '0';
    if (sign == 'I' || sign == 'L') sign = '1';
    if (kDigits.find(sign) == std::string_view::npos || code.size() == kLength) return std::nullopt;
    code.push_back(sign);
  }
  if (code.size() != kLength) return std::nullopt;
  return code;
}

}  // namespace origo::gateway
