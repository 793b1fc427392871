#include "engine/core/version_vector.h"

#include <rapidcheck.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "tests/catch.h"

using namespace dkv;

namespace {

Actor actor(std::uint64_t number) {
  return {{0, number}, 0};
}

using Model = std::set<std::pair<std::uint64_t, std::uint64_t>>;  // the dots themselves: actor, counter

// Some runs of dots from counter 1, and some dots beyond gaps.
Model arbitrary_model() {
  const auto runs = *rc::gen::container<std::vector<std::pair<std::uint64_t, std::uint64_t>>>(
      rc::gen::pair(rc::gen::inRange<std::uint64_t>(0, 6), rc::gen::inRange<std::uint64_t>(1, 5)));
  const auto dots = *rc::gen::container<std::vector<std::pair<std::uint64_t, std::uint64_t>>>(
      rc::gen::pair(rc::gen::inRange<std::uint64_t>(0, 8), rc::gen::inRange<std::uint64_t>(1, 9)));
  Model model(dots.begin(), dots.end());
  for (const auto& [number, up_to] : runs) {
    for (std::uint64_t counter = 1; counter <= up_to; ++counter) model.emplace(number, counter);
  }
  return model;
}

VersionVector vector_of(const Model& model) {
  VersionVector vector;
  for (const auto& [number, counter] : model) vector = vector.with({actor(number), counter});
  return vector;
}

}  // namespace

TEST_CASE("a version vector answers as the set of its dots would") {
  REQUIRE(rc::check([] {
    const Model a = arbitrary_model();
    const Model b = arbitrary_model();
    const VersionVector va = vector_of(a);
    const VersionVector vb = vector_of(b);
    for (std::uint64_t number = 0; number < 9; ++number) {
      std::uint64_t unbroken = 0, highest = 0;
      for (std::uint64_t counter = 1; counter < 11; ++counter) {
        const bool in = a.contains({number, counter});
        RC_ASSERT(va.covers(Dot{actor(number), counter}) == in);
        if (in && unbroken + 1 == counter) unbroken = counter;
        if (in) highest = counter;
      }
      RC_ASSERT(va.counter(actor(number)) == unbroken);
      RC_ASSERT(va.highest(actor(number)) == highest);
    }
    RC_ASSERT(va.covers(vb) == std::ranges::includes(a, b));
    RC_ASSERT((va == vb) == (a == b));
    RC_ASSERT(va.empty() == a.empty());
    Model both = a;
    both.insert(b.begin(), b.end());
    RC_ASSERT(va.merged(vb) == vector_of(both));
    RC_ASSERT(vb.merged(va) == vector_of(both));
  }));
}

TEST_CASE("the order in which dots are added leaves no trace, and the form is always the shortest") {
  REQUIRE(rc::check([] {
    const Model model = arbitrary_model();
    std::vector<std::pair<std::uint64_t, std::uint64_t>> dots(model.begin(), model.end());
    VersionVector vector;
    while (!dots.empty()) {
      const auto next = *rc::gen::inRange<std::size_t>(0, dots.size());
      const VersionVector before = vector;
      vector = vector.with({actor(dots[next].first), dots[next].second});
      dots.erase(dots.begin() + static_cast<std::ptrdiff_t>(next));
      RC_ASSERT(vector.covers(before));
      RC_ASSERT(VersionVector::is_shortest_form(vector.entries(), vector.isolated()));
    }
    RC_ASSERT(vector == vector_of(model));
    RC_ASSERT(VersionVector::from_sorted(vector.entries(), vector.isolated()) == vector);
  }));
}

TEST_CASE("a form that is not the shortest is recognised") {
  const std::vector<Dot> one{{actor(1), 3}};
  const auto shortest = [&](std::vector<Dot> entries, std::vector<Dot> isolated) {
    return VersionVector::is_shortest_form(entries, isolated);
  };
  CHECK(shortest(one, {{actor(1), 5}, {actor(1), 6}, {actor(2), 2}}));
  CHECK_FALSE(shortest(one, {{actor(1), 4}}));
  CHECK_FALSE(shortest(one, {{actor(1), 2}}));
  CHECK_FALSE(shortest(one, {{actor(2), 1}}));
  CHECK_FALSE(shortest(one, {{actor(1), 6}, {actor(1), 5}}));
  CHECK_FALSE(shortest(one, {{actor(1), 5}, {actor(1), 5}}));
  CHECK_FALSE(shortest({{actor(1), 0}}, {}));
  CHECK_FALSE(shortest({{actor(2), 1}, {actor(1), 1}}, {}));
  CHECK_FALSE(shortest({{actor(1), 1}, {actor(1), 2}}, {}));
}

TEST_CASE("epochs of one identity are actors of their own") {
  const Actor first{{1, 2}, 0};
  const Actor second{{1, 2}, 1};
  const VersionVector vector = VersionVector::from_sorted(std::vector<Dot>{{first, 5}});
  CHECK(vector.covers(Dot{first, 5}));
  CHECK_FALSE(vector.covers(Dot{second, 1}));
  CHECK(vector.with({second, 1}).entries().size() == 2);
}

TEST_CASE("a merge that adds nothing shares the entries of the side that knows more") {
  const VersionVector less = VersionVector().with({actor(1), 1});
  const VersionVector more = less.with({actor(2), 1});
  CHECK(less.merged(more).entries().data() == more.entries().data());
  CHECK(more.merged(less).entries().data() == more.entries().data());
  CHECK(more.with({actor(2), 1}).entries().data() == more.entries().data());
}

TEST_CASE("an empty vector covers itself and no dot") {
  const VersionVector empty;
  CHECK(empty.empty());
  CHECK(empty.covers(empty));
  CHECK_FALSE(empty.covers(Dot{actor(1), 1}));
  CHECK_FALSE(empty.covers(VersionVector().with({actor(1), 1})));
}
