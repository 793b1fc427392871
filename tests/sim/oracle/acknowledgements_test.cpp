// I5: an answer proves the required number of durable copies.
#include "tests/sim/oracle/rig.h"

namespace dkv::sim {
namespace {

TEST_CASE("an answer after W durable copies is honest") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.store(rig.primary(0), {tag});
  rig.store(rig.primary(1), {tag});
  rig.done(tag);
  REQUIRE(rig.verdict() == "");
}

TEST_CASE("a planted bug is found: a coordinator answers before W copies are durable") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.store(rig.primary(0), {tag});
  rig.append(rig.primary(1), rig.record({tag}));  // not durable yet
  rig.done(tag);
  REQUIRE(rig.verdict() == "I5");
  CHECK_THAT(rig.detail(),
             ContainsSubstring("put #1") && ContainsSubstring("2 durable copies") && ContainsSubstring("there were 1"));
}

TEST_CASE("a planted bug is found: a coordinator counts an acknowledgement twice") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.store(rig.primary(0), {tag});
  rig.store(rig.primary(0), {tag});  // stored again on the same node: still one copy
  rig.done(tag, 2, 2);
  REQUIRE(rig.verdict() == "I5");
}

TEST_CASE("a claim of more acknowledgements than there are copies is a lie, even with W of them") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.store(rig.primary(0), {tag});
  rig.store(rig.primary(1), {tag});
  rig.done(tag, 3, 2);
  REQUIRE(rig.verdict() == "I5");
}

TEST_CASE("an answer of done with fewer acknowledgements than were asked for contradicts itself") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.store_all({tag});
  rig.done(tag, 1, 1);
  REQUIRE(rig.verdict() == "I5");
}

TEST_CASE("a hint counts as a copy, but not as one on a primary") {
  OracleRig rig;
  const WriteTag sloppy = rig.put();
  rig.store(rig.primary(0), {sloppy});
  rig.hint(rig.fallback(), rig.primary(1), {sloppy});
  rig.done(sloppy, 2, 1);
  REQUIRE(rig.verdict() == "");

  OracleRig strict;
  const WriteTag tag = strict.put({}, {.need = 2, .primary_need = 2});
  strict.store(strict.primary(0), {tag});
  strict.hint(strict.fallback(), strict.primary(1), {tag});
  strict.done(tag, 2, 2);
  REQUIRE(strict.verdict() == "I5");
}

TEST_CASE("a planted bug is found: a coordinator counts a primary and its own stand-in") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.store(rig.primary(1), {tag});
  rig.hint(rig.fallback(), rig.primary(1), {tag});
  rig.done(tag, 2, 1);
  REQUIRE(rig.verdict() == "I5");
  CHECK(rig.oracle.violations().front().breach == Breach::kPlaceTwice);
  CHECK_THAT(rig.detail(), ContainsSubstring("2 nodes held it, but only for 1 places of the preference list"));
}

TEST_CASE("stand-ins for two primaries are two places, and a stand-in that was wiped keeps its place") {
  OracleRig rig;
  const WriteTag tag = rig.put({}, {.need = 3});
  rig.store(rig.primary(0), {tag});
  rig.hint(rig.fallback(0), rig.primary(1), {tag});
  rig.hint(rig.fallback(1), rig.primary(2), {tag});
  rig.wipe(rig.fallback(1));
  rig.done(tag, 3, 1);
  REQUIRE(rig.verdict() == "");
}

TEST_CASE("a node that holds a write which had seen this one holds it") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.store(rig.primary(0), {tag});
  const Seen seen = rig.read({tag});
  const WriteTag later = rig.put(seen);
  rig.store(rig.primary(1), {later});  // the copy of the first one changed nothing there
  rig.done(tag);
  REQUIRE(rig.verdict() == "");
}

TEST_CASE("a node that holds a concurrent write only does not hold this one") {
  OracleRig rig;
  const WriteTag tag = rig.put(), other = rig.put();
  rig.store(rig.primary(0), {tag});
  rig.store(rig.primary(1), {other});
  rig.done(tag);
  REQUIRE(rig.verdict() == "I5");
}

TEST_CASE("under last-write-wins a node that holds a later concurrent write has taken this one") {
  OracleRig rig(ConflictPolicy::kLastWriteWins);
  const WriteTag tag = rig.put(), later = rig.put(), earlier = rig.put();
  rig.times[earlier] = 0;
  rig.store(rig.primary(0), {tag});
  rig.store(rig.primary(1), {later});
  rig.done(tag);
  REQUIRE(rig.verdict() == "");

  OracleRig other(ConflictPolicy::kLastWriteWins);
  const WriteTag old = other.put(), mine = other.put();
  other.store(other.primary(0), {mine});
  other.store(other.primary(1), {old});
  other.done(mine);
  REQUIRE(other.verdict() == "I5");
}

TEST_CASE("a copy that a wipe destroyed before the answer is excused") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.store(rig.primary(0), {tag});
  rig.store(rig.primary(1), {tag});
  rig.wipe(rig.primary(1));
  rig.done(tag);
  REQUIRE(rig.verdict() == "");
}

TEST_CASE("a hint that was handed over before the answer counted all the same") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  const Seen seen = rig.read({tag});
  rig.store(rig.primary(0), {tag});
  const WriteTag later = rig.put(seen);
  rig.hint(rig.fallback(), rig.primary(1), {later});
  rig.observe(rig.fallback(), Observed::kHintSent, rig.primary(1));
  rig.store(rig.primary(1), {later});
  rig.observe(rig.fallback(), Observed::kHintDelivered, rig.primary(1));
  rig.store(rig.fallback(), rig.hint_record(rig.primary(1), {}));
  rig.done(tag, 2, 2);  // the hint and its owner are one place
  REQUIRE(rig.verdict() == "");
}

TEST_CASE("an unknown outcome must not claim copies that are not there") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.store(rig.primary(0), {tag});
  rig.finish(tag, Outcome::kUnknown, 1, 1);
  REQUIRE(rig.verdict() == "");
  const WriteTag other = rig.put();
  rig.finish(other, Outcome::kUnknown, 1, 1);
  REQUIRE(rig.verdict() == "I5");
}

}  // namespace
}  // namespace dkv::sim
