#pragma once

#include <cstdint>
#include <string_view>

namespace dkv {

// XXH3 of the bytes. Keys are placed on the ring by it and files contain it, so it must never differ between
// machines, compilers or releases.
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0) noexcept;

// A bijective scramble of 64 bits (the finaliser of splitmix64).
constexpr std::uint64_t mix64(std::uint64_t x) noexcept {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9ULL;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebULL;
  x ^= x >> 31;
  return x;
}

// Folds value into a running hash; the order of the values matters.
constexpr std::uint64_t hash_combine(std::uint64_t running, std::uint64_t value) noexcept {
  return mix64(running + 0x9e3779b97f4a7c15ULL + value) ^ (running << 1 | running >> 63);
}

}  // namespace dkv
