#pragma once

namespace dkv {

// Begins to bring a line of memory near; address may be anything.
inline void prefetch_line(const void* address) noexcept {
  __builtin_prefetch(address);
  // GCC takes a function that does nothing but prefetch for a pure one, and drops the calls.
  asm volatile("" : : "r"(address));
}

}  // namespace dkv
