#include "sim/clients/key_chooser.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include "engine/core/hash.h"
#include "tests/catch.h"

namespace dkv::sim {
namespace {

std::vector<int> count_picks(const KeyChooser& chooser, std::uint32_t keys, int picks) {
  Stream random(4, Purpose::kClientChoice);
  std::vector<int> counts(keys, 0);
  for (int i = 0; i < picks; ++i) ++counts[chooser.pick(random)];
  return counts;
}

TEST_CASE("uniform choice takes all keys alike") {
  for (const int count : count_picks(KeyChooser(KeyChoice::kUniform, 50, 990), 50, 100'000)) {
    REQUIRE(std::abs(count - 2'000) < 250);
  }
}

TEST_CASE("zipfian choice gives each rank its share, scattered over the keys") {
  for (const double s : {0.5, 0.99, 1.5}) {
    const KeyChooser chooser(KeyChoice::kZipfian, 1'000, static_cast<std::uint32_t>(s * 1000 + 0.5));
    const std::vector<int> by_key = count_picks(chooser, 1'000, 1'000'000);
    std::vector<int> counts = by_key;
    std::sort(counts.begin(), counts.end(), std::greater<>());
    double sum = 0;
    for (int k = 1; k <= 1'000; ++k) sum += std::pow(k, -s);
    for (const int rank : {1, 2, 3, 5, 10, 30}) {
      const double wanted = 1e6 * std::pow(rank, -s) / sum;
      REQUIRE(std::fabs(counts[static_cast<std::size_t>(rank - 1)] - wanted) < 5 * std::sqrt(wanted) + wanted * 0.02);
    }
    // The two most frequent keys are not neighbours.
    const auto first = std::max_element(by_key.begin(), by_key.end()) - by_key.begin();
    const auto second = std::find(by_key.begin(), by_key.end(), counts[1]) - by_key.begin();
    REQUIRE(std::abs(first - second) > 100);
  }
}

TEST_CASE("zipfian choice over very many keys keeps the shares of its tail") {
  constexpr std::uint32_t kKeys = 1'000'000;
  const KeyChooser chooser(KeyChoice::kZipfian, kKeys, 800);
  Stream random(4, Purpose::kClientChoice);
  // Inverts the scattering: the key of rank r is r * step.
  std::uint64_t step = std::uint64_t{kKeys} * 618 / 1000;
  while (std::gcd(step, std::uint64_t{kKeys}) != 1) ++step;
  std::vector<std::uint32_t> rank_of(kKeys);
  for (std::uint64_t rank = 0; rank < kKeys; ++rank) rank_of[rank * step % kKeys] = static_cast<std::uint32_t>(rank);
  double sum = 0, low = 0, middle = 0;
  for (std::uint32_t k = 1; k <= kKeys; ++k) {
    const double share = std::pow(k, -0.8);
    sum += share;
    if (k <= 4'096) low += share;
    if (k > 4'096 && k <= 100'000) middle += share;
  }
  int low_count = 0, middle_count = 0;
  for (int i = 0; i < 400'000; ++i) {
    const std::uint32_t rank = rank_of[chooser.pick(random)];
    if (rank < 4'096) ++low_count;
    if (rank >= 4'096 && rank < 100'000) ++middle_count;
  }
  REQUIRE(std::fabs(low_count / 400'000.0 - low / sum) < 0.005);
  REQUIRE(std::fabs(middle_count / 400'000.0 - middle / sum) < 0.005);
}

TEST_CASE("every key can be picked, and none beyond the last") {
  for (const KeyChoice choice : {KeyChoice::kUniform, KeyChoice::kZipfian, KeyChoice::kLatest}) {
    for (const std::uint32_t keys : {1u, 2u, 3u, 7u, 100u}) {
      for (const int count : count_picks(KeyChooser(choice, keys, 500), keys, 20'000)) REQUIRE(count > 0);
    }
  }
}

TEST_CASE("an exponent of 0 is uniform choice") {
  for (const int count : count_picks(KeyChooser(KeyChoice::kZipfian, 20, 0), 20, 100'000)) {
    REQUIRE(std::abs(count - 5'000) < 400);
  }
}

TEST_CASE("latest choice prefers the keys that were written last") {
  KeyChooser chooser(KeyChoice::kLatest, 500, 990);
  for (std::uint32_t key = 0; key < 500; ++key) chooser.note_written(key);
  chooser.note_written(42);
  chooser.note_written(17);
  std::vector<int> counts = count_picks(chooser, 500, 100'000);
  REQUIRE(counts[17] == *std::max_element(counts.begin(), counts.end()));
  REQUIRE(counts[42] > counts[499]);
  REQUIRE(counts[499] > counts[490]);
  REQUIRE(counts[490] > 5 * counts[3]);
  chooser.note_written(3);
  counts = count_picks(chooser, 500, 100'000);
  REQUIRE(counts[3] == *std::max_element(counts.begin(), counts.end()));
  REQUIRE(counts[17] > counts[42]);
}

TEST_CASE("a copy of a chooser remembers on its own") {
  KeyChooser chooser(KeyChoice::kLatest, 100, 990);
  chooser.note_written(5);
  KeyChooser copy = chooser;
  copy.note_written(6);
  REQUIRE(count_picks(copy, 100, 10'000)[6] > count_picks(chooser, 100, 10'000)[6] * 2);
}

TEST_CASE("choices are the same everywhere") {
  std::uint64_t hash = 0;
  for (const std::uint32_t keys : {10u, 1'000u, 50'000u}) {
    const KeyChooser chooser(KeyChoice::kZipfian, keys, 990);
    Stream random(4, Purpose::kClientChoice);
    for (int i = 0; i < 10'000; ++i) hash = hash_combine(hash, chooser.pick(random));
  }
  REQUIRE(hash == 0x62673604141ef173ULL);
}

}  // namespace
}  // namespace dkv::sim
