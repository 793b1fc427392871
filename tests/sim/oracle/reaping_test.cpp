// I4 when tombstones are forgotten.
#include "tests/sim/oracle/rig.h"

namespace dkv::sim {
namespace {

// A value that was written everywhere and deleted everywhere, or almost.
struct Deleted {
  OracleRig rig;
  WriteTag value = 0;
  WriteTag removed = 0;
  Seen seen;

  explicit Deleted(std::uint32_t copies = 3) {
    value = rig.put_everywhere({}, &seen);
    removed = rig.put(seen, {.remove = true, .need = 2});
    for (std::uint32_t place = 0; place < copies; ++place) rig.store(rig.primary(place), {removed});
    seen = rig.done(removed);
  }
  void forget(std::uint32_t place) { rig.store(rig.primary(place), rig.record({})); }
};

TEST_CASE("a tombstone that all replicas hold may be forgotten") {
  Deleted story;
  for (std::uint32_t place = 0; place < 3; ++place) story.forget(place);
  story.rig.read({}, 2);
  story.rig.judge();
  REQUIRE(story.rig.verdict() == "");
}

TEST_CASE("a tombstone that is forgotten while a replica still holds a replaced version is reported") {
  Deleted story(2);
  story.forget(0);
  REQUIRE(story.rig.verdict() == "I4");
  CHECK_THAT(story.rig.detail(), ContainsSubstring("forgets the tombstone") && ContainsSubstring("still holds put #1"));
}

TEST_CASE("a tombstone that is forgotten while a hint holds a replaced version is reported") {
  Deleted story;
  story.rig.hint(story.rig.fallback(), story.rig.primary(2), {story.value});
  story.forget(0);
  REQUIRE(story.rig.verdict() == "I4");
  CHECK_THAT(story.rig.detail(), ContainsSubstring("a hint on"));
}

TEST_CASE("a value that comes back after its tombstone was forgotten is reported at once, and at the end") {
  Deleted story;
  for (std::uint32_t place = 0; place < 3; ++place) story.forget(place);
  story.rig.store(story.rig.primary(1), {story.value});
  REQUIRE(story.rig.verdict() == "I4");
  CHECK_THAT(story.rig.detail(), ContainsSubstring("forgotten too early"));
  story.rig.store_all({story.value});
  story.rig.judge();
  CHECK(story.rig.oracle.counters().resurrected >= 2);
}

TEST_CASE("a tombstone that comes back from a replica which had not forgotten it yet is fine") {
  Deleted story;
  story.forget(0);
  story.rig.store(story.rig.primary(0), {story.removed});
  for (std::uint32_t place = 0; place < 3; ++place) story.forget(place);
  story.rig.judge();
  REQUIRE(story.rig.verdict() == "");
}

// Seed 2811: a replica that still had the tombstone wrote a sibling. Its hint brought both to a replica that had
// forgotten the tombstone.
TEST_CASE("a hint with a tombstone that its target has forgotten is delivered all the same") {
  Deleted story;
  OracleRig& rig = story.rig;
  const WriteTag beside = rig.put();
  rig.store(rig.primary(1), {story.removed, beside});
  rig.hint(rig.fallback(), rig.primary(0), {story.removed, beside});
  story.forget(0);
  rig.store(rig.primary(0), {beside});
  rig.observe(rig.fallback(), Observed::kHintSent, rig.primary(0));
  rig.observe(rig.fallback(), Observed::kHintDelivered, rig.primary(0));
  rig.hint(rig.fallback(), rig.primary(0), {});
  CHECK(rig.verdict() == "");
}

TEST_CASE("a live version must not be forgotten") {
  OracleRig rig;
  rig.put_everywhere({});
  rig.store(rig.primary(0), rig.record({}));
  REQUIRE(rig.verdict().starts_with("I1"));
  CHECK_THAT(rig.detail(), ContainsSubstring("which no client has deleted"));
}

TEST_CASE("a write after the reaping counts as any other") {
  Deleted story;
  for (std::uint32_t place = 0; place < 3; ++place) story.forget(place);
  const WriteTag next = story.rig.put_everywhere({});
  story.rig.judge();
  REQUIRE(story.rig.verdict() == "");
  for (std::uint32_t place = 0; place < 3; ++place) story.forget(place);
  REQUIRE(story.rig.verdict().starts_with("I1"));
  CHECK(next == 3);
}

}  // namespace
}  // namespace dkv::sim
