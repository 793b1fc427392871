#include <rapidcheck.h>

#include <vector>

#include "engine/core/object.h"
#include "tests/catch.h"
#include "tests/core/random_history.h"

using namespace dkv;
using test::play_random_history;
using test::ReplicaModel;

namespace {

ConflictPolicy any_policy() {
  return *rc::gen::element(ConflictPolicy::kSiblings, ConflictPolicy::kLastWriteWins);
}

}  // namespace

TEST_CASE("merge is commutative, associative and idempotent over states that puts and merges lead to") {
  REQUIRE(rc::check([] {
    const ConflictPolicy policy = any_policy();
    ReplicaModel model(3, policy);
    play_random_history(model);
    const ObjectPtr& a = model.object(0);
    const ObjectPtr& b = model.object(1);
    const ObjectPtr& c = model.object(2);
    RC_ASSERT(equal(merge(a, b, policy), merge(b, a, policy)));
    RC_ASSERT(equal(merge(merge(a, b, policy), c, policy), merge(a, merge(b, c, policy), policy)));
    RC_ASSERT(equal(merge(a, a, policy), a));
    const ObjectPtr ab = merge(a, b, policy);
    RC_ASSERT(merge(ab, a, policy).get() == ab.get());
    RC_ASSERT(merge(ab, b, policy).get() == ab.get());
    if (a && b) RC_ASSERT(ab->seen() == a->seen().merged(b->seen()));
  }));
}

TEST_CASE("the siblings that a replica keeps are the maximal writes of its causal history") {
  REQUIRE(rc::check([] {
    ReplicaModel model(4, ConflictPolicy::kSiblings);
    play_random_history(model, [](const ReplicaModel& now, std::uint32_t changed) {
      RC_ASSERT(now.kept(changed) == now.maximal(changed));
    });
  }));
}

TEST_CASE("last-write-wins ends at the latest write for every order of merges, even with clocks that jump backwards") {
  REQUIRE(rc::check([] {
    ReplicaModel model(3, ConflictPolicy::kLastWriteWins);
    play_random_history(
        model, [](const ReplicaModel& now, std::uint32_t changed) { RC_ASSERT(now.kept(changed).size() <= 1); });
    RC_PRE(model.latest() != 0);
    std::vector<std::uint32_t> order{0, 1, 2};
    ObjectPtr reference;
    do {
      ObjectPtr merged;
      for (const std::uint32_t replica : order) {
        merged = merge(merged, model.object(replica), ConflictPolicy::kLastWriteWins);
      }
      RC_ASSERT(merged->siblings().size() == 1);
      RC_ASSERT(merged->siblings()[0].tag == model.latest());
      if (!reference) reference = merged;
      RC_ASSERT(equal(merged, reference));
    } while (std::ranges::next_permutation(order).found);
  }));
}

TEST_CASE("replicas that exchange states until nothing is new agree, under both policies") {
  REQUIRE(rc::check([] {
    ReplicaModel model(4, any_policy());
    play_random_history(model);
    for (int round = 0; round < 2; ++round) {
      for (std::uint32_t i = 0; i < 4; ++i) model.merge(i, (i + 1) % 4);
      for (std::uint32_t i = 4; i > 0; --i) model.merge(i - 1, i % 4);
    }
    for (std::uint32_t i = 1; i < 4; ++i) RC_ASSERT(equal(model.object(0), model.object(i)));
  }));
}

TEST_CASE("a replica's clock only grows, for any sequence of updates") {
  REQUIRE(rc::check([] {
    ReplicaModel model(3, any_policy());
    std::vector<VersionVector> before(3);
    play_random_history(model, [&](const ReplicaModel& now, std::uint32_t changed) {
      if (!now.object(changed)) return;
      RC_ASSERT(now.object(changed)->seen().covers(before[changed]));
      before[changed] = now.object(changed)->seen();
    });
  }));
}
