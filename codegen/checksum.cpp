#include "codegen/checksum.hpp"

#include <openssl/sha.h>

#include <array>

namespace segue::codegen {

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  constexpr std::string_view hex = "0123456789abcdef";
  std::string text;
  text.reserve(digest.size() * 2);
  for (const unsigned char byte : digest) {
    text += hex[byte >> 4U];
    text += hex[byte & 0xFU];
  }
  return text;
}

}  // namespace segue::codegen
