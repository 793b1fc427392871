// Properties that hold for any bytes that a client presents as its context.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/assert.h"
#include "engine/gateway/context_seal.h"

namespace dkv::testing {

// Opens the bytes as a token, and decodes them as the content of one: a mutation never finds a right MAC, so the fuzzer
// would not reach the content otherwise. Aborts when the results contradict each other. True when the content is valid.
inline bool check_context(std::string_view bytes) {
  static const ContextSeal kSeal("fuzz", {});
  static const Key kKey = *Key::make(kDefaultBucket, "k");
  if (const auto opened = kSeal.open(kKey, bytes); opened && !bytes.empty()) {
    DKV_ASSERT(kSeal.seal(kKey, *opened) == bytes);
  } else if (!opened) {
    DKV_ASSERT(opened.error().what.starts_with("the context is refused: "));
  }
  const auto context = decode_context(bytes);
  if (!context) {
    DKV_ASSERT(!context.error().what.empty());
    return false;
  }
  DKV_ASSERT(encode_context(*context) == bytes);
  const std::string token = kSeal.seal(kKey, *context);
  DKV_ASSERT(token.size() <= ContextSeal::kBytesMax);
  DKV_ASSERT(kSeal.open(kKey, token) == *context);
  return true;
}

}  // namespace dkv::testing
