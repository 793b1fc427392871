#include "sim/clients/forger.h"

#include "engine/core/assert.h"
#include "engine/core/hash.h"

namespace dkv::sim {
namespace {

constexpr std::string_view kClusterName = "simulated";
constexpr std::uint64_t kForgersSalt = 1;
constexpr std::size_t kMarkBytes = 4;  // of the secret, after the version

Context invented(Stream& random) {
  VersionVector seen;
  const std::uint64_t entries = 1 + random.below(4);
  for (std::uint64_t i = 0; i < entries; ++i) {
    const Actor actor{{random.next(), random.next()}, static_cast<std::uint32_t>(1 + random.below(1'000))};
    seen = seen.with({actor, 1 + random.below(1u << 30)});
  }
  return {seen, Hlc{random.next() >> 2}};
}

// Raises each counter beyond all that was minted. A clock may have isolated dots only, or nothing at all.
Context raised(const Context& honest, Stream& random) {
  if (honest.seen.entries().empty()) return invented(random);
  Context context = honest;
  for (const Dot& entry : honest.seen.entries()) {
    context.seen = context.seen.with({entry.actor, (std::uint64_t{1} << 61) + random.below(1'000)});
  }
  return context;
}

}  // namespace

ClusterSecret secret_from(std::uint64_t seed, std::uint64_t salt) noexcept {
  ClusterSecret secret;
  for (std::size_t i = 0; i < ClusterSecret::kBytes; ++i) {
    secret.bytes[i] = static_cast<unsigned char>(mix64(hash_combine(hash_combine(seed, salt), i)));
  }
  return secret;
}

Forger::Forger(std::uint64_t seed)
    : cluster_(kClusterName, {.current = secret_from(seed), .accepted = {}}),
      own_(kClusterName, {.current = secret_from(seed, kForgersSalt), .accepted = {}}) {}

std::string Forger::forge(Forgery kind, const Key& key, const Context& seen, Stream& random) const {
  const std::string honest = cluster_.seal(key, seen);
  const auto other = [&] { return cluster_.seal(*Key::make("forged", key.key()), seen); };
  // Everybody who holds a token knows the mark of the secret. A forger who copies it gets as far as the MAC.
  const auto with_mark = [&](std::string token) { return token.replace(1, kMarkBytes, honest, 1, kMarkBytes); };
  const std::size_t body = honest.size() - ContextSeal::kMacBytes;
  switch (kind) {
    case Forgery::kInvented: return with_mark(own_.seal(key, invented(random)));
    case Forgery::kFarCounter: {
      // With the MAC of the honest token, as the forger has no better one.
      const std::string far = cluster_.seal(key, raised(seen, random));
      return far.substr(0, far.size() - ContextSeal::kMacBytes) + honest.substr(body);
    }
    case Forgery::kOtherKey: return other();
    case Forgery::kOtherCluster: return own_.seal(key, seen);
    case Forgery::kCut: return honest.substr(0, honest.size() - 1);
    case Forgery::kNoMac: return "\x01" + encode_context(seen) + "sum4";
    case Forgery::kSwapped: return honest.substr(0, body) + other().substr(body);
  }
  DKV_ASSERT(!"a forgery without a form");
  return {};
}

}  // namespace dkv::sim
