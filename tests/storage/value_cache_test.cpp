#include "engine/storage/value_cache.h"

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <list>

#include "tests/catch.h"

namespace dkv {
namespace {

constexpr CachePolicy kPolicies[] = {CachePolicy::kLru, CachePolicy::kS3Fifo};

Key cache_key(std::uint64_t number) {
  return *Key::make("b", std::to_string(100'000 + number));  // all of one length
}

ObjectPtr object_of(std::size_t value_bytes) {
  Sibling sibling{.dot = {{{1, 2}, 3}, 1}, .value = Blob(std::string(value_bytes, 'v'))};
  return Object::make(VersionVector().with(sibling.dot), {&sibling, 1});
}

std::uint64_t cost_of(std::size_t value_bytes) {
  return ValueCache::cost_bytes(cache_key(0), *object_of(value_bytes));
}

// Finds the key, and puts the object if the key is absent, as a store does.
bool hit_or_put(ValueCache& cache, const Key& key, const ObjectPtr& object) {
  if (cache.find(key)) return true;
  cache.put(key, object);
  return false;
}

std::vector<bool> contents(const ValueCache& cache, std::uint64_t keys) {
  std::vector<bool> here;
  for (std::uint64_t i = 0; i < keys; ++i) here.push_back(cache.peek(cache_key(i)) != nullptr);
  return here;
}

void check_same(const ValueCache& a, const ValueCache& b, std::uint64_t keys) {
  CHECK(contents(a, keys) == contents(b, keys));
  CHECK(a.bytes() == b.bytes());
  CHECK(a.size() == b.size());
  CHECK(a.stats().hits == b.stats().hits);
  CHECK(a.stats().misses == b.stats().misses);
  CHECK(a.stats().evictions == b.stats().evictions);
}

// A random mixture of all calls over some keys. It is a function of the seed.
void churn(ValueCache& cache, std::uint64_t seed, int calls, std::uint64_t keys) {
  for (int i = 0; i < calls; ++i) {
    const std::uint64_t draw = mix64(seed * 0x9e3779b97f4a7c15ULL + static_cast<std::uint64_t>(i));
    const Key key = cache_key(std::min(draw % keys, draw / keys % keys));
    if (draw >> 60 == 0) {
      cache.erase(key);
    } else if (draw >> 60 < 4) {
      cache.put(key, object_of(draw >> 32 & 0xff));
    } else {
      hit_or_put(cache, key, object_of(draw >> 32 & 0xff));
    }
  }
}

TEST_CASE("a key that was put is found, one that was not or was erased is a miss, and a peek leaves no trace") {
  for (const CachePolicy policy : kPolicies) {
    ValueCache cache(100'000, policy, 0);
    const ObjectPtr object = object_of(10);
    CHECK(cache.find(cache_key(1)) == nullptr);
    cache.put(cache_key(1), object);
    REQUIRE(cache.find(cache_key(1)) != nullptr);
    CHECK(*cache.find(cache_key(1)) == object);
    CHECK(*cache.peek(cache_key(1)) == object);
    CHECK(cache.peek(cache_key(2)) == nullptr);
    CHECK(cache.stats().hits == 2);
    CHECK(cache.stats().misses == 1);
    CHECK(cache.size() == 1);
    cache.erase(cache_key(2));
    cache.erase(cache_key(1));
    CHECK(cache.peek(cache_key(1)) == nullptr);
    CHECK(cache.size() == 0);
    CHECK(cache.bytes() == 0);
    CHECK(cache.stats().evictions == 0);
  }
}

TEST_CASE("an entry costs its key, its values and their containers") {
  std::vector<Sibling> siblings{{.dot = {{{1, 2}, 3}, 1}, .value = Blob("four")},
                                {.dot = {{{2, 2}, 3}, 1}, .value = Blob("sixsix")}};
  const auto seen = VersionVector().with(siblings[0].dot).with(siblings[1].dot);
  const ObjectPtr two = Object::make(seen, siblings);
  CHECK(ValueCache::cost_bytes(*Key::make("b", "key"), *two) ==
        ValueCache::kEntryBytes + 5 + 10 + 2 * ValueCache::kSiblingBytes + 2 * ValueCache::kDotBytes);
}

TEST_CASE("replacing a value adjusts the bytes, and the value is the new one") {
  for (const CachePolicy policy : kPolicies) {
    ValueCache cache(100'000, policy, 0);
    cache.put(cache_key(1), object_of(1000));
    cache.put(cache_key(2), object_of(50));
    CHECK(cache.bytes() == cost_of(1000) + cost_of(50));
    const ObjectPtr smaller = object_of(10);
    cache.put(cache_key(1), smaller);
    CHECK(cache.bytes() == cost_of(10) + cost_of(50));
    CHECK(*cache.find(cache_key(1)) == smaller);
    cache.put(cache_key(1), object_of(3000));
    CHECK(cache.bytes() == cost_of(3000) + cost_of(50));
    CHECK(cache.size() == 2);
  }
}

TEST_CASE("an object above a tenth of the budget is not kept, and removes the key's older object") {
  for (const CachePolicy policy : kPolicies) {
    ValueCache cache(10 * cost_of(500), policy, 0);
    cache.put(cache_key(1), object_of(500));
    cache.put(cache_key(2), object_of(501));
    CHECK(contents(cache, 3) == std::vector<bool>{false, true, false});
    cache.put(cache_key(1), object_of(501));
    CHECK(cache.size() == 0);
    CHECK(cache.bytes() == 0);
    ValueCache none(0, policy, 0);
    none.put(cache_key(1), object_of(0));
    CHECK(none.size() == 0);
  }
}

TEST_CASE("lru evicts the entry used longest ago, whether by finding or by putting") {
  ValueCache cache(10 * cost_of(100), CachePolicy::kLru, 0);
  for (std::uint64_t i = 0; i < 10; ++i) cache.put(cache_key(i), object_of(100));
  CHECK(cache.stats().evictions == 0);
  cache.find(cache_key(0));
  cache.put(cache_key(1), object_of(100));
  CHECK(cache.peek(cache_key(2)) != nullptr);  // a peek does not count as a use
  for (std::uint64_t i = 10; i < 18; ++i) {
    cache.put(cache_key(i), object_of(100));
    CHECK(cache.peek(cache_key(i - 8)) == nullptr);
    CHECK(cache.size() == 10);
  }
  CHECK(cache.peek(cache_key(0)) != nullptr);
  cache.put(cache_key(18), object_of(100));
  CHECK(cache.peek(cache_key(0)) == nullptr);
  CHECK(cache.peek(cache_key(1)) != nullptr);
  CHECK(cache.stats().evictions == 9);
}

TEST_CASE("s3-fifo evicts unused entries first, and treats one that returns soon as a main one") {
  ValueCache cache(100 * cost_of(100), CachePolicy::kS3Fifo, 0);
  const ObjectPtr object = object_of(100);
  for (std::uint64_t i = 0; i < 100; ++i) cache.put(cache_key(i), object);
  for (std::uint64_t i = 0; i < 50; ++i) {
    cache.find(cache_key(i));
    cache.find(cache_key(i));
  }
  for (std::uint64_t i = 100; i < 140; ++i) cache.put(cache_key(i), object);
  for (std::uint64_t i = 0; i < 90; ++i) REQUIRE((cache.peek(cache_key(i)) != nullptr) == (i < 50));
  cache.put(cache_key(60), object);  // evicted recently, so it goes into the main queue
  for (std::uint64_t i = 1000; i < 1100; ++i) cache.put(cache_key(i), object);
  CHECK(cache.peek(cache_key(60)) != nullptr);
  CHECK(cache.peek(cache_key(1000)) == nullptr);
}

TEST_CASE("a scan leaves the hot keys alone by default, and flushes them under lru") {
  const ObjectPtr object = object_of(100);
  std::size_t hot_hits[2] = {};
  for (const CachePolicy policy : {CachePolicy::kLru, kCachePolicyDefault}) {
    ValueCache cache(1000 * cost_of(100), policy, 0);
    for (int round = 0; round < 5; ++round) {
      for (std::uint64_t i = 0; i < 500; ++i) hit_or_put(cache, cache_key(i), object);
    }
    for (std::uint64_t i = 10'000; i < 20'000; ++i) hit_or_put(cache, cache_key(i), object);
    for (std::uint64_t i = 0; i < 500; ++i) {
      hot_hits[policy == kCachePolicyDefault ? 1 : 0] += cache.find(cache_key(i)) != nullptr ? 1 : 0;
    }
  }
  CHECK(hot_hits[0] == 0);
  CHECK(hot_hits[1] == 500);
}

TEST_CASE("the default hits more often than lru on a zipfian load, with scans and without") {
  constexpr std::uint64_t kKeys = 10'000;
  std::vector<double> up_to;
  for (std::uint64_t rank = 1; rank <= kKeys; ++rank) {
    up_to.push_back((up_to.empty() ? 0 : up_to.back()) + std::pow(static_cast<double>(rank), -0.99));
  }
  std::vector<Key> keys;
  for (std::uint64_t i = 0; i < kKeys; ++i) keys.push_back(cache_key(i));
  const ObjectPtr object = object_of(100);
  for (const std::uint64_t scan_every : {0u, 500u}) {
    ValueCache lru(kKeys / 50 * cost_of(100), CachePolicy::kLru, 0);
    ValueCache standard(kKeys / 50 * cost_of(100), kCachePolicyDefault, 0);
    std::uint64_t lru_hits = 0;
    std::uint64_t standard_hits = 0;
    for (std::uint64_t i = 1; i <= 60'000; ++i) {
      const double at = static_cast<double>(mix64(i * 0x9e3779b97f4a7c15ULL) >> 11) * 0x1p-53 * up_to.back();
      const auto rank = static_cast<std::size_t>(std::ranges::lower_bound(up_to, at) - up_to.begin());
      lru_hits += hit_or_put(lru, keys[rank], object) ? 1 : 0;
      standard_hits += hit_or_put(standard, keys[rank], object) ? 1 : 0;
      for (std::uint64_t k = 0; scan_every != 0 && i % scan_every == 0 && k < 1000; ++k) {
        const Key& scanned = keys[(i + k) % kKeys];
        hit_or_put(lru, scanned, object);
        hit_or_put(standard, scanned, object);
      }
    }
    CAPTURE(scan_every, lru_hits, standard_hits);
    CHECK(standard_hits > lru_hits + 60'000 * (scan_every == 0 ? 5 : 12) / 100);
  }
}

TEST_CASE("no hash salt changes the contents of a cache, and a copy continues as the original") {
  for (const CachePolicy policy : kPolicies) {
    ValueCache one(60 * cost_of(100), policy, 0);
    ValueCache two(60 * cost_of(100), policy, 0x123456789abcdefULL);
    churn(one, 1, 5000, 300);
    churn(two, 1, 5000, 300);
    check_same(one, two, 300);
    CHECK(one.stats().evictions > 1000);
    ValueCache copy = one;
    churn(one, 2, 5000, 300);
    check_same(copy, two, 300);  // calls of the original have not changed it
    churn(copy, 2, 5000, 300);
    check_same(one, copy, 300);
    two = copy;
    churn(two, 3, 500, 300);
    churn(copy, 3, 500, 300);
    check_same(two, copy, 300);
  }
}

TEST_CASE("two keys with one hash are never taken for each other") {
  const Key a = *Key::decode(std::string_view("\x09\x39\x42\xea\x7b\x73\x82\x67\xd5\x9f\x3d\x80\x5c\xf9\x75\xae", 16));
  const Key b = *Key::decode(std::string_view("\x09\x38\x42\xea\x7b\x73\x82\x67\x70\x27\x65\xdd\xb5\xc7\xb7\xa3", 16));
  REQUIRE(a.hash() == b.hash());
  REQUIRE_FALSE(a == b);
  for (const CachePolicy policy : kPolicies) {
    ValueCache cache(100'000, policy, 0);
    const ObjectPtr object = object_of(10);
    cache.put(a, object_of(20));
    CHECK(cache.find(b) == nullptr);
    cache.erase(b);
    CHECK(cache.peek(a) != nullptr);
    cache.put(b, object);
    CHECK(*cache.find(b) == object);
    CHECK((*cache.find(a))->value_bytes() == 20);
    CHECK(cache.size() == 2);
    cache.erase(a);
    CHECK(cache.find(a) == nullptr);
    CHECK(*cache.find(b) == object);
    CHECK(cache.bytes() == ValueCache::cost_bytes(b, *object));
  }
}

// The policies as the paper describes them: plain lists that are searched from one end to the other.
struct Model {
  struct Entry {
    Key key;
    ObjectPtr object;
    int uses = 0;
    std::uint64_t cost() const { return ValueCache::cost_bytes(key, *object); }
  };
  using Queue = std::list<Entry>;  // newest first

  std::uint64_t budget = 0;
  CachePolicy policy = CachePolicy::kLru;
  Queue small;
  Queue main;
  GhostTable ghosts;

  static std::uint64_t bytes_of(const Queue& queue) {
    std::uint64_t sum = 0;
    for (const Entry& entry : queue) sum += entry.cost();
    return sum;
  }
  std::uint64_t bytes() const { return bytes_of(small) + bytes_of(main); }
  std::size_t size() const { return small.size() + main.size(); }

  Entry* use(const Key& key) {
    for (Queue* queue : {&small, &main}) {
      const auto found = std::ranges::find(*queue, key, &Entry::key);
      if (found == queue->end()) continue;
      if (policy == CachePolicy::kLru) queue->splice(queue->begin(), *queue, found);
      found->uses = std::min(found->uses + 1, 3);
      return &*found;
    }
    return nullptr;
  }
  void erase(const Key& key) {
    const auto same = [&](const Entry& entry) { return entry.key == key; };
    small.remove_if(same);
    main.remove_if(same);
  }
  void make_room(std::uint64_t wanted) {
    while (bytes() + wanted > budget) {
      if (policy == CachePolicy::kLru) {
        main.pop_back();
      } else if (bytes_of(small) > budget / 10 || main.empty()) {
        if (small.back().uses >= 2) {
          main.splice(main.begin(), small, std::prev(small.end()));
          main.front().uses = 0;
        } else {
          ghosts.add(mix64(small.back().key.hash()), size());
          small.pop_back();
        }
      } else if (main.back().uses > 0) {
        --main.back().uses;
        main.splice(main.begin(), main, std::prev(main.end()));
      } else {
        main.pop_back();
      }
    }
  }
  void put(const Key& key, const ObjectPtr& object) {
    Entry fresh{key, object};
    if (fresh.cost() > budget / 10) return erase(key);
    if (Entry* known = use(key)) {
      known->object = object;
      return make_room(0);
    }
    const bool to_main = policy == CachePolicy::kLru || ghosts.take(mix64(key.hash()), size());
    make_room(fresh.cost());
    (to_main ? main : small).push_front(fresh);
  }
};

TEST_CASE("after any calls a cache equals a plain model of its policy, within its budget") {
  REQUIRE(rc::check([] {
    const CachePolicy policy = *rc::gen::element(CachePolicy::kLru, CachePolicy::kS3Fifo);
    const auto budget = static_cast<std::uint64_t>(*rc::gen::inRange(3000, 20'000));
    ValueCache cache(budget, policy, *rc::gen::arbitrary<std::uint64_t>());
    Model model{.budget = budget, .policy = policy};
    const auto calls =
        *rc::gen::resize(600, rc::gen::container<std::vector<std::tuple<int, int, int>>>(rc::gen::tuple(
                                  rc::gen::inRange(0, 10), rc::gen::inRange(0, 60), rc::gen::inRange(0, 700))));
    for (const auto& [call, number, bytes] : calls) {
      const Key key = cache_key(static_cast<std::uint64_t>(call % 2 == 0 ? number : number / 6));
      if (call == 0) {
        cache.erase(key);
        model.erase(key);
      } else if (call < 5) {
        const ObjectPtr object = object_of(static_cast<std::size_t>(bytes));
        cache.put(key, object);
        model.put(key, object);
      } else {
        const ObjectPtr* found = cache.find(key);
        const Model::Entry* expected = model.use(key);
        RC_ASSERT((found != nullptr) == (expected != nullptr));
        if (found) RC_ASSERT(*found == expected->object);
      }
      RC_ASSERT(cache.bytes() <= budget);
      RC_ASSERT(cache.bytes() == model.bytes());
      RC_ASSERT(cache.size() == model.size());
    }
  }));
}

}  // namespace
}  // namespace dkv
