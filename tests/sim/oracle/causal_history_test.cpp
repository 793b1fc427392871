#include "sim/oracle/causal_history.h"

#include <set>
#include <vector>

#include "sim/kernel/rng.h"
#include "tests/catch.h"

namespace dkv::sim {
namespace {

Seen seen_of(const std::vector<WriteTag>& tags) {
  Seen seen;
  for (const WriteTag tag : tags) CausalHistory::see(seen, tag);
  return seen;
}

// A small random generator of its own, so that the test never changes.
struct Draw {
  std::uint64_t state;
  std::uint64_t below(std::uint64_t bound) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state >> 33) % bound;
  }
};

// Compares the history with explicit sets of the writes that each write had seen, for random sessions and keys.
void compare_with_explicit_sets(std::uint64_t seed, std::uint32_t keys, std::uint32_t writes, std::uint32_t sessions,
                                std::uint32_t blind_percent, std::uint32_t read_percent) {
  Draw draw{seed * 77 + 5};
  CausalHistory history;
  std::vector<std::set<WriteTag>> explicit_histories(1);
  std::vector<std::uint32_t> key_of(1);
  std::vector<std::vector<WriteTag>> of_key(keys);
  std::vector<std::vector<std::vector<WriteTag>>> context(sessions, std::vector<std::vector<WriteTag>>(keys));
  for (std::uint32_t i = 0; i < writes; ++i) {
    const std::uint64_t key = draw.below(keys);
    const std::uint64_t session = draw.below(sessions);
    std::vector<WriteTag>& seen = context[session][key];
    if (draw.below(100) < read_percent && !of_key[key].empty()) {
      seen.clear();
      const std::uint64_t count = 1 + draw.below(5);
      for (std::uint64_t s = 0; s < count; ++s) {
        const std::uint64_t back = draw.below(std::min<std::uint64_t>(of_key[key].size(), 12));
        const WriteTag shown = of_key[key][of_key[key].size() - 1 - back];
        if (std::find(seen.begin(), seen.end(), shown) == seen.end()) seen.push_back(shown);
      }
    }
    if (draw.below(100) < blind_percent) seen.clear();
    const WriteTag tag = history.add(static_cast<std::uint32_t>(key), seen_of(seen));
    std::set<WriteTag> all;
    for (const WriteTag parent : seen) {
      all.insert(parent);
      all.insert(explicit_histories[parent].begin(), explicit_histories[parent].end());
    }
    explicit_histories.push_back(all);
    key_of.push_back(static_cast<std::uint32_t>(key));
    of_key[key].push_back(tag);
    seen = {tag};
  }
  std::uint64_t wrong = 0;
  for (WriteTag later = 1; later <= writes; ++later) {
    for (const WriteTag other : of_key[key_of[later]]) {
      if (history.contains(later, other) != explicit_histories[later].contains(other)) ++wrong;
    }
  }
  REQUIRE(wrong == 0);
}

TEST_CASE("a write has seen the writes in its context and their predecessors, and nothing else") {
  CausalHistory history;
  const WriteTag a = history.add(0, {});
  const WriteTag b = history.add(0, {});
  const WriteTag c = history.add(0, seen_of({a}));
  const WriteTag d = history.add(0, seen_of({a}));
  const WriteTag e = history.add(0, seen_of({b, c}));
  CHECK(history.contains(c, a));
  CHECK_FALSE(history.contains(c, b));
  CHECK_FALSE(history.contains(d, c));
  CHECK(history.contains(e, a));
  CHECK(history.contains(e, b));
  CHECK_FALSE(history.contains(e, d));
  CHECK_FALSE(history.contains(e, e));
  CHECK_FALSE(history.contains(a, e));
  CHECK(history.is_or_contains(e, e));
  REQUIRE(history.parent_count(e) == 2);
  CHECK(history.parent(e, 0) == b);
  CHECK(history.parent(e, 1) == c);
  CHECK(history.parent_count(a) == 0);
}

TEST_CASE("the history agrees with explicit sets over random sessions") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    compare_with_explicit_sets(seed, 1, 600, 8, 5, 50);    // one hot key
    compare_with_explicit_sets(seed, 3, 600, 40, 30, 20);  // many chains
    compare_with_explicit_sets(seed, 2, 600, 5, 80, 10);   // nearly all blind
    compare_with_explicit_sets(seed, 2, 600, 20, 0, 0);    // sessions that never read
  }
}

TEST_CASE("the history of several hundred chains is exact") {
  compare_with_explicit_sets(99, 1, 3'000, 30, 50, 40);
}

TEST_CASE("a load of reads and modifications stays on one chain and needs no memory for it") {
  CausalHistory history;
  Seen seen;
  for (int i = 0; i < 100'000; ++i) {
    const WriteTag tag = history.add(0, seen);
    seen = seen_of({tag});
  }
  CHECK(history.chain_count(0) == 1);
  CHECK(history.block_count() <= 1);
  CHECK(history.contains(100'000, 1));
}

TEST_CASE("blind writes need a chain each and no memory for it") {
  CausalHistory history;
  for (int i = 0; i < 100'000; ++i) history.add(0, {});
  CHECK(history.chain_count(0) == 100'000);
  CHECK(history.block_count() <= 1);
  CHECK_FALSE(history.contains(100'000, 1));
}

TEST_CASE("a hot key of 100,000 writes, half of them blind, stays within 400 bytes a write") {
  CausalHistory history;
  Draw draw{3};
  std::vector<WriteTag> siblings;
  for (int i = 0; i < 100'000; ++i) {
    const bool blind = draw.below(2) == 0;
    const WriteTag tag = history.add(0, blind ? Seen() : seen_of(siblings));
    if (!blind) siblings.clear();
    siblings.push_back(tag);
  }
  CHECK(history.block_count() * 32 < 100'000 * 400);
  const WriteTag last = history.add(0, seen_of(siblings));
  std::uint64_t unseen = 0;
  for (WriteTag tag = 1; tag < last; ++tag) unseen += history.contains(last, tag) ? 0 : 1;
  CHECK(unseen == 0);
}

TEST_CASE("sessions that contend for a key share as many chains as there are contenders") {
  CausalHistory history;
  Draw draw{11};
  std::vector<WriteTag> siblings;
  for (int round = 0; round < 5'000; ++round) {
    // Up to four sessions read the same siblings and write.
    const Seen seen = seen_of(siblings);
    siblings.clear();
    const std::uint64_t writers = 1 + draw.below(4);
    for (std::uint64_t w = 0; w < writers; ++w) siblings.push_back(history.add(0, seen));
  }
  CHECK(history.chain_count(0) <= 12);
}

}  // namespace
}  // namespace dkv::sim
