#include "engine/gateway/context_seal.h"

#include <sodium.h>

#include <algorithm>
#include <boost/endian/conversion.hpp>

#include "engine/core/assert.h"

namespace dkv {
namespace {

constexpr char kPurpose[crypto_kdf_CONTEXTBYTES + 1] = "contexts";
constexpr std::size_t kSecretMarkAt = 1, kKeyMarkAt = 5;

static_assert(ClusterSecret::kBytes == crypto_kdf_KEYBYTES);
// 16 bytes are enough. Only a node can tell a right MAC from a wrong one, so a forger must ask for each try, and 2^128
// tries are out of reach. Collisions of two MACs help nobody, as only the cluster makes them.
static_assert(ContextSeal::kMacBytes == crypto_generichash_BYTES_MIN);
static_assert(ContextSeal::kMacBytes == crypto_verify_16_BYTES);

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void put_number(std::uint32_t number, char* to) {
  boost::endian::store_little_u32(reinterpret_cast<unsigned char*>(to), number);
}

std::uint32_t number_at(std::string_view token, std::size_t at) {
  return boost::endian::load_little_u32(bytes_of(token.substr(at)));
}

// For error messages only: it tells a client that it has mixed up two keys. The MAC covers the whole key.
std::uint32_t mark_of(const Key& key) {
  return static_cast<std::uint32_t>(key.hash());
}

// Checks the parts that need no secret. Empty: they are fine.
std::string bad_form(std::string_view token) {
  const auto version = static_cast<unsigned char>(token[0]);
  if (version == 1) return "it has no MAC, because an earlier release gave it out";
  if (version != ContextSeal::kVersion) {
    return "it has version " + std::to_string(version) + ", and only " + std::to_string(ContextSeal::kVersion) +
           " is known";
  }
  const std::size_t least = ContextSeal::kBytesMin;
  const std::size_t needed =
      token.size() < least
          ? least
          : ContextSeal::kHeadBytes + context_bytes(token.substr(ContextSeal::kHeadBytes)) + ContextSeal::kMacBytes;
  if (token.size() < needed) {
    return "it is cut short: " + std::to_string(token.size()) + " bytes of at least " + std::to_string(needed);
  }
  if (token.size() > needed) return "bytes follow its end";
  return {};
}

}  // namespace

ContextSeal::ContextSeal(std::string_view cluster, const ClusterSecrets& secrets) {
  DKV_ASSERT(sodium_init() >= 0);  // it chooses the fastest code for this processor
  keys_.push_back(derive(cluster, secrets.current));
  for (const ClusterSecret& secret : secrets.accepted) keys_.push_back(derive(cluster, secret));
}

ContextSeal::Keys ContextSeal::derive(std::string_view cluster, const ClusterSecret& secret) {
  unsigned char purpose[crypto_generichash_KEYBYTES];
  crypto_kdf_derive_from_key(purpose, sizeof purpose, 1, kPurpose, secret.bytes.data());
  unsigned char derived[sizeof Keys::mac + sizeof Keys::mark];
  crypto_generichash(derived, sizeof derived, bytes_of(cluster), cluster.size(), purpose, sizeof purpose);
  Keys keys;
  std::copy_n(derived, keys.mac.size(), keys.mac.begin());
  keys.mark = boost::endian::load_little_u32(derived + keys.mac.size());
  sodium_memzero(purpose, sizeof purpose);
  sodium_memzero(derived, sizeof derived);
  return keys;
}

ContextSeal::Mac ContextSeal::mac(const Keys& keys, const Key& key, std::string_view body) {
  // The length of the key comes first, so that no other key and body make the same bytes.
  char length[4];
  put_number(static_cast<std::uint32_t>(key.encoded().size()), length);
  crypto_generichash_state state;
  Mac mac;
  crypto_generichash_init(&state, keys.mac.data(), keys.mac.size(), mac.size());
  for (const std::string_view part : {std::string_view(length, sizeof length), key.encoded(), body}) {
    crypto_generichash_update(&state, bytes_of(part), part.size());
  }
  crypto_generichash_final(&state, mac.data(), mac.size());
  return mac;
}

std::string ContextSeal::seal(const Key& key, const Context& context) const {
  std::string token(kHeadBytes, '\0');
  token[0] = static_cast<char>(kVersion);
  put_number(keys_.front().mark, token.data() + kSecretMarkAt);
  put_number(mark_of(key), token.data() + kKeyMarkAt);
  token += encode_context(context);
  const Mac made = mac(keys_.front(), key, token);
  token.append(reinterpret_cast<const char*>(made.data()), made.size());
  return token;
}

Result<Context> ContextSeal::open(const Key& key, std::string_view token) const {
  if (token.empty()) return Context{};
  const auto refuse = [](const std::string& why) {
    return fail("the context is refused: " + why + "; read the key, and send the context of that answer");
  };
  if (token.size() > kBytesMax) return refuse("it is longer than any context");
  if (const std::string bad = bad_form(token); !bad.empty()) return refuse(bad);
  const auto keys = std::ranges::find(keys_, number_at(token, kSecretMarkAt), &Keys::mark);
  if (keys == keys_.end()) return refuse("another cluster gave it out, or this one under a secret that has ended");
  if (number_at(token, kKeyMarkAt) != mark_of(key)) return refuse("it belongs to another key");
  const std::string_view body = token.substr(0, token.size() - kMacBytes);
  const Mac right = mac(*keys, key, body);
  // The comparison takes the same time wherever the bytes differ.
  if (crypto_verify_16(right.data(), bytes_of(token.substr(body.size()))) != 0) {
    return refuse("its MAC is wrong, so it was changed or forged");
  }
  auto context = decode_context(body.substr(kHeadBytes));
  if (!context) return refuse(context.error().what);
  return context;
}

}  // namespace dkv
