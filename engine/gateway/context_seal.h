#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/context.h"
#include "engine/core/key.h"
#include "engine/core/result.h"
#include "engine/settings/cluster_secret.h"

namespace dkv {

// Makes the opaque token that a client holds, and checks it when it comes back. A message authentication code (MAC)
// under the cluster's secret binds the context to its key and its cluster. So a client can only return contexts that
// the cluster gave out for this key: none of them claims a dot that was never minted.
//
// A token can be returned any number of times. An old one replaces only the versions that it has seen.
class ContextSeal {
 public:
  // Version (1), mark of the secret (4), mark of the key (4), the context, MAC (16).
  static constexpr std::size_t kVersion = 2;
  static constexpr std::size_t kHeadBytes = 1 + 4 + 4;
  static constexpr std::size_t kMacBytes = 16;
  static constexpr std::size_t kBytesMin = kHeadBytes + kContextBytesMin + kMacBytes;
  static constexpr std::size_t kBytesMax = kHeadBytes + kContextBytesMax + kMacBytes;

  // cluster: its name.
  ContextSeal(std::string_view cluster, const ClusterSecrets& secrets);

  // The token: kBytesMin, and 28 for each entry or isolated dot. It is binary; HTTP adds base64.
  std::string seal(const Key& key, const Context& context) const;
  // An empty token is an empty context. Fails and names the reason as far as it can be known: an earlier version
  // without a MAC, cut short, another cluster or secret, another key, changed or forged.
  Result<Context> open(const Key& key, std::string_view token) const;

 private:
  // Derived from one secret for this one purpose and this cluster.
  struct Keys {
    std::array<unsigned char, 32> mac;
    std::uint32_t mark;  // tells which secret made a token; it need not be secret
  };
  using Mac = std::array<unsigned char, kMacBytes>;

  static Keys derive(std::string_view cluster, const ClusterSecret& secret);
  static Mac mac(const Keys& keys, const Key& key, std::string_view body);

  std::vector<Keys> keys_;  // the first one seals
};

}  // namespace dkv
