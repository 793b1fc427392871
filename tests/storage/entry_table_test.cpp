#include "engine/storage/entry_table.h"

#include <map>
#include <random>
#include <string>

#include "tests/catch.h"

namespace dkv {
namespace {

Key key(std::uint32_t number) {
  return *Key::make(kDefaultBucket, "k" + std::to_string(number));
}

EntryPtr entry(const Key& key, std::uint32_t segment) {
  return EntryPtr::make({.place = {segment, 7, 40}}, key.encoded(), "state");
}

std::map<std::string, std::uint32_t> contents(const EntryTable& table) {
  std::map<std::string, std::uint32_t> found;
  table.each([&](const EntryPtr& held) { CHECK(found.emplace(std::string(held.key()), held.place().segment).second); });
  return found;
}

}  // namespace

TEST_CASE("a table of entries equals a map after any sets and removals") {
  std::mt19937 random(5);
  for (const std::uint64_t salt : {std::uint64_t{0}, std::uint64_t{0x123456789abcdef0}}) {
    EntryTable table(0, salt);
    std::map<std::string, std::uint32_t> model;
    for (std::uint32_t step = 1; step <= 20'000; ++step) {
      const Key name = key(static_cast<std::uint32_t>(random() % 700));
      const auto held = model.find(std::string(name.encoded()));
      const std::uint32_t before = held == model.end() ? 0 : held->second;
      const auto segment_of = [](const EntryPtr& found) { return found ? found.place().segment : 0; };
      REQUIRE(segment_of(table.find(name)) == before);
      // Long stretches of growth and of shrinking, so that cells move up behind erased ones.
      if (random() % 10 < (step / 4000 % 2 == 0 ? 8u : 2u)) {
        REQUIRE(segment_of(table.set(name, entry(name, step))) == before);
        model[std::string(name.encoded())] = step;
      } else {
        REQUIRE(segment_of(table.remove(name)) == before);
        model.erase(std::string(name.encoded()));
      }
      REQUIRE(table.size() == model.size());
    }
    CHECK(contents(table) == model);
  }
}

TEST_CASE("a copy of a table shares its entries and owes it nothing") {
  EntryTable first(0, 1);
  for (std::uint32_t i = 0; i < 100; ++i) first.set(key(i), entry(key(i), i + 1));
  const EntryTable copy(first);
  CHECK(copy.find(key(5)) == first.find(key(5)));
  for (std::uint32_t i = 0; i < 100; ++i) first.set(key(i), entry(key(i), 1000));
  first.remove(key(7));
  CHECK(copy.find(key(7)).place().segment == 8);
  CHECK(contents(copy).size() == 100);
}

TEST_CASE("keys of one partition spread over its table, although the upper bits of their hashes are the same") {
  constexpr unsigned kSkipBits = 8;
  EntryTable table(kSkipBits, 0);
  table.reserve(1000);
  std::uint32_t held = 0;
  for (std::uint32_t i = 0; held < 1000; ++i) {
    if (key(i).hash() >> (64 - kSkipBits) != 3) continue;
    ++held;
    table.set(key(i), entry(key(i), i + 1));
    CHECK(table.find(key(i)).place().segment == i + 1);
  }
  // Entries that are put in the order of their hashes come out in that order, except a few that collided.
  std::uint32_t ascending = 0;
  std::uint64_t last = 0;
  table.each([&](const EntryPtr& each) {
    ascending += each.key_hash() >= last ? 1 : 0;
    last = each.key_hash();
  });
  CHECK(ascending > 700);
}

TEST_CASE("a table that expected too many entries returns the memory") {
  EntryTable table(0, 0);
  table.reserve(100'000);
  const std::size_t roomy = table.bytes();
  for (std::uint32_t i = 0; i < 100; ++i) table.set(key(i), entry(key(i), i + 1));
  CHECK(table.bytes() == roomy);
  table.fit();
  CHECK(table.bytes() < roomy / 100);
  for (std::uint32_t i = 0; i < 100; ++i) CHECK(table.find(key(i)).place().segment == i + 1);
}

}  // namespace dkv
