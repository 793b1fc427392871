#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace dkv {

// The secret that all nodes of a cluster share. Nothing uses it directly: each purpose derives a key of its own from
// it, so that one purpose says nothing about another.
struct ClusterSecret {
  static constexpr std::size_t kBytes = 32;
  std::array<unsigned char, kBytes> bytes{};
  friend bool operator==(const ClusterSecret&, const ClusterSecret&) = default;
};

// One secret, and those that are accepted beside it while a secret is replaced.
struct ClusterSecrets {
  ClusterSecret current;
  std::vector<ClusterSecret> accepted;  // at most kAcceptedSecretsMax
};
inline constexpr std::size_t kAcceptedSecretsMax = 4;

// A secret as the text of a file: 64 hexadecimal digits and a line feed. Text survives editors, copies through a
// terminal, and stores of secrets; a file of 32 bytes does not.
std::string secret_text(const ClusterSecret& secret);
// Reads secret_text(); white space around the digits is allowed. The error never repeats the text.
Result<ClusterSecret> read_secret(std::string_view text);
inline constexpr std::size_t kSecretTextBytesMax = 256;

}  // namespace dkv
