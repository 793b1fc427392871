#include "engine/storage/ghost_table.h"

#include <algorithm>

#include "engine/core/hash.h"
#include "tests/catch.h"

namespace dkv {
namespace {

std::uint64_t hash_of(std::uint64_t number) {
  return mix64(number * 0x9e3779b97f4a7c15ULL + 1);
}

TEST_CASE("an empty table knows no hash, not even zero") {
  GhostTable table;
  CHECK_FALSE(table.take(0, 100));
  table.add(hash_of(1), 100);
  CHECK_FALSE(table.take(0, 100));
  table.add(hash_of(2), 0);  // to remember nothing
  CHECK_FALSE(table.take(hash_of(2), 0));
}

TEST_CASE("a hash is taken once") {
  GhostTable table;
  table.add(hash_of(1), 100);
  CHECK(table.take(hash_of(1), 100));
  CHECK_FALSE(table.take(hash_of(1), 100));
}

TEST_CASE("a hash is remembered for as many additions as the capacity says") {
  GhostTable table;
  table.add(hash_of(0), 5);
  for (std::uint64_t i = 1; i < 5; ++i) table.add(hash_of(i), 5);
  GhostTable copy = table;
  CHECK(table.take(hash_of(0), 5));
  copy.add(hash_of(5), 5);
  CHECK_FALSE(copy.take(hash_of(0), 5));
  CHECK(copy.take(hash_of(1), 5));
}

TEST_CASE("nearly all recent additions are remembered, and almost no older or unknown ones") {
  for (const std::uint64_t capacity : {10u, 1000u, 20'000u}) {
    GhostTable table;
    for (std::uint64_t i = 0; i < capacity * 5; ++i) table.add(hash_of(i), std::min(capacity, i + 1));  // it grows
    std::uint64_t early = 0;
    std::uint64_t wrong = 0;
    for (std::uint64_t i = capacity * 4; i < capacity * 5; ++i) early += table.take(hash_of(i), capacity) ? 0 : 1;
    for (std::uint64_t i = 0; i < capacity * 4; ++i) wrong += table.take(hash_of(i), capacity) ? 1 : 0;
    CAPTURE(capacity, early, wrong);
    CHECK(early <= capacity / 25);
    CHECK(wrong <= capacity / 200);
    GhostTable full;
    for (std::uint64_t i = 0; i < capacity * 5; ++i) full.add(hash_of(i), capacity);
    std::uint64_t stranger = 0;
    for (std::uint64_t i = 0; i < 10'000; ++i) stranger += full.take(hash_of(i + (1u << 30)), capacity) ? 1 : 0;
    CHECK(stranger <= 20);
  }
}

}  // namespace
}  // namespace dkv
