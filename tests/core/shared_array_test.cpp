#include "engine/core/shared_array.h"

#include <atomic>
#include <numeric>
#include <thread>
#include <vector>

#include "engine/core/blob.h"
#include "tests/catch.h"

using namespace dkv;

TEST_CASE("an empty array allocates nothing") {
  const auto array = SharedArray<int>::make(0, [](int*) { FAIL("nothing to fill"); });
  CHECK(array.empty());
  CHECK(array.size() == 0);
  CHECK(array.data() == nullptr);
  CHECK(array.begin() == array.end());
  CHECK(array.same_as(SharedArray<int>()));
}

TEST_CASE("an array holds the elements with which it was filled") {
  const auto array = SharedArray<std::uint64_t>::make(100, [](std::uint64_t* out) { std::iota(out, out + 100, 7); });
  REQUIRE(array.size() == 100);
  CHECK(array[0] == 7);
  CHECK(array[99] == 106);
  CHECK(std::accumulate(array.begin(), array.end(), std::uint64_t{0}) == 5650);
}

TEST_CASE("copies share the elements, and the last one frees them") {
  const int source[] = {1, 2, 3};
  auto first = SharedArray<int>::copy_of(source);
  auto second = first;
  CHECK(first.same_as(second));
  CHECK_FALSE(first.same_as(SharedArray<int>::copy_of(source)));
  first = SharedArray<int>();
  CHECK(first.empty());
  REQUIRE(second.size() == 3);
  CHECK(second[2] == 3);
}

TEST_CASE("an array survives being assigned to itself and moved") {
  const int source[] = {4, 5};
  auto array = SharedArray<int>::copy_of(source);
  const auto& alias = array;
  array = alias;
  REQUIRE(array.size() == 2);
  auto moved = std::move(array);
  CHECK(moved[1] == 5);
  array = std::move(moved);
  CHECK(array[0] == 4);
}

TEST_CASE("elements that need a wider alignment get it") {
  struct alignas(16) Wide {
    std::uint64_t a, b;
  };
  const auto array = SharedArray<Wide>::make(3, [](Wide* out) { out[2] = {1, 2}; });
  CHECK(reinterpret_cast<std::uintptr_t>(array.data()) % 16 == 0);
  CHECK(array[2].b == 2);
}

TEST_CASE("copies may come and go on several threads") {
  const int source[] = {1, 2, 3, 4};
  const auto array = SharedArray<int>::copy_of(source);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([array, &wrong] {
      for (int i = 0; i < 2'000; ++i) {
        const auto copy = array;
        const auto another = copy;
        if (another[3] != 4) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(wrong == 0);
  CHECK(array[0] == 1);
}
