#include "engine/settings/cluster_secret.h"

#include <algorithm>

namespace dkv {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kSpace = " \t\r\n";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string secret_text(const ClusterSecret& secret) {
  std::string text;
  for (const unsigned char byte : secret.bytes) {
    text += kHexDigits[byte >> 4];
    text += kHexDigits[byte & 0xf];
  }
  return text + "\n";
}

Result<ClusterSecret> read_secret(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  text = text.substr(0, text.find_last_not_of(kSpace) + 1);
  if (text.size() != 2 * ClusterSecret::kBytes) {
    return fail("a secret is 64 hexadecimal digits, and these are " + std::to_string(text.size()) + " characters");
  }
  ClusterSecret secret;
  for (std::size_t i = 0; i < ClusterSecret::kBytes; ++i) {
    const int high = hex_digit(text[2 * i]);
    const int low = hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return fail("a secret is 64 hexadecimal digits, and one of these is none");
    secret.bytes[i] = static_cast<unsigned char>(high << 4 | low);
  }
  // A placeholder of zeros or of another repeated byte protects nothing.
  if (std::ranges::count(secret.bytes, secret.bytes[0]) == std::ptrdiff_t{ClusterSecret::kBytes}) {
    return fail("the secret repeats one byte: it is no random number");
  }
  return secret;
}

}  // namespace dkv
