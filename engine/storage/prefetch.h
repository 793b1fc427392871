#pragma once

namespace dkv {

// Starts to load a cache line. Any address is allowed.
inline void prefetch_line(const void* address) noexcept {
  __builtin_prefetch(address);
  // Without this GCC considers a function that only prefetches as pure, and drops the calls.
  asm volatile("" : : "r"(address));
}

}  // namespace dkv
