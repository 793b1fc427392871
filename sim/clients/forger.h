#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "engine/core/names.h"
#include "engine/gateway/context_seal.h"
#include "sim/kernel/rng.h"

namespace dkv::sim {

// The secret of the cluster in a run, and by another salt that of a forger.
ClusterSecret secret_from(std::uint64_t seed, std::uint64_t salt = 0) noexcept;

enum class Forgery : std::uint8_t {
  kInvented,      // clocks of actors that never were, under a secret of the forger's own
  kFarCounter,    // a counter that no node will ever mint
  kOtherKey,      // the context of another key
  kOtherCluster,  // made by another cluster for a key of this name
  kCut,           // without its last byte
  kNoMac,         // in the form of the first release
  kSwapped,       // the content of one token with the MAC of another
};
inline constexpr std::size_t kForgeries = enumerators<Forgery>();

// A client that writes with contexts that the cluster never gave out for the key. Its tokens take the way of all
// clients' tokens into the store: engine/gateway/context_seal.h. The other simulated clients hold their contexts as
// values, because an honest token is only another form of the same value.
class Forger {
 public:
  explicit Forger(std::uint64_t seed);

  // seen: what the forger was honestly given for the key.
  std::string forge(Forgery kind, const Key& key, const Context& seen, Stream& random) const;
  // The answer of a node's gateway to a request with this token.
  Result<Context> present(const Key& key, const std::string& token) const { return cluster_.open(key, token); }

 private:
  ContextSeal cluster_, own_;
};

}  // namespace dkv::sim
