#pragma once

namespace dkv {

// Prints the broken invariant to standard error and aborts. It stays on in release builds: a store with a broken
// invariant must stop before it spreads the damage.
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line) noexcept;

}  // namespace dkv

#define DKV_ASSERT(expression)                                  \
  (__builtin_expect(static_cast<bool>(expression), 1) ? void(0) \
                                                      : ::dkv::assertion_failed(#expression, __FILE__, __LINE__))
