// I1, I2 and I4 as records appear.
#include "tests/sim/oracle/rig.h"

namespace dkv::sim {
namespace {

TEST_CASE("a write may replace the versions that its writer had seen, on every replica") {
  OracleRig rig;
  Seen seen;
  const WriteTag first = rig.put_everywhere({}, &seen);
  const WriteTag second = rig.put_everywhere(seen);
  rig.judge();
  REQUIRE(rig.verdict() == "");
  CHECK(first + 1 == second);
}

TEST_CASE("a version that no client wrote is reported") {
  OracleRig rig;
  rig.put_everywhere({});
  rig.dots[999] = Dot{Actor{ActorId{1, 1}, 1}, 1};
  rig.append(rig.primary(0), rig.record({999}));
  REQUIRE(rig.verdict().starts_with("I1"));
  CHECK_THAT(rig.detail(), ContainsSubstring("no client wrote"));
}

TEST_CASE("a version under another key is reported") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.put({}, {.key_index = 1, .need = 2});
  rig.append(rig.primary(0, 1), rig.record({tag}, 1));
  REQUIRE(rig.verdict() == "I1");
  CHECK_THAT(rig.detail(), ContainsSubstring("written to key 0"));
}

TEST_CASE("a key that no client wrote is reported") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.append(rig.primary(0, 5), rig.record({tag}, 5));
  REQUIRE(rig.verdict() == "I1");
}

TEST_CASE("a refused write that is stored later is reported once") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.finish(tag, Outcome::kRefused);
  rig.store_all({tag});
  REQUIRE(rig.verdict() == "I1");
  CHECK_THAT(rig.detail(), ContainsSubstring("refused"));
}

TEST_CASE("a refusal of a write that was stored already is reported") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.append(rig.primary(0), rig.record({tag}));
  rig.finish(tag, Outcome::kRefused);
  REQUIRE(rig.verdict() == "I1");
}

TEST_CASE("a refused write that never appears is no loss") {
  OracleRig rig;
  rig.finish(rig.put(), Outcome::kRefused);
  rig.judge();
  REQUIRE(rig.verdict() == "");
}

TEST_CASE("a planted bug is found: a dot that is issued again after a crash names two writes") {
  OracleRig rig;
  const WriteTag first = rig.put();
  rig.store(rig.primary(1), {first});  // the copy left before the local sync
  rig.append(rig.primary(0), rig.record({first}));
  rig.power_loss(rig.primary(0));
  const WriteTag second = rig.put();
  rig.dots[second] = rig.dots[first];  // the node forgot that it had issued it, and is still in the same epoch
  rig.store(rig.primary(0), {second});
  REQUIRE(rig.verdict() == "I2");
  CHECK_THAT(rig.detail(), ContainsSubstring("put #1") && ContainsSubstring("put #2"));
}

TEST_CASE("the same counter in another epoch, of another actor or of another key is another dot") {
  OracleRig rig;
  const Dot dot{Actor{ActorId{1, 2}, 1}, 5};
  const WriteTag a = rig.put(), b = rig.put(), c = rig.put(), d = rig.put({}, {.key_index = 1, .need = 2});
  rig.dots[a] = dot;
  rig.dots[b] = {Actor{dot.actor.id, 2}, 5};
  rig.dots[c] = {Actor{ActorId{1, 3}, 1}, 5};
  rig.dots[d] = dot;
  rig.append(rig.primary(0), rig.record({a, b, c}));
  rig.append(rig.primary(0, 1), rig.record({d}, 1));
  REQUIRE(rig.verdict() == "");
}

TEST_CASE("a write may have two dots, but each of them is its own") {
  OracleRig rig;
  const WriteTag a = rig.put();
  rig.append(rig.primary(0), rig.record({a}));
  rig.dots[a].counter = 77;
  rig.append(rig.primary(1), rig.record({a}));
  REQUIRE(rig.verdict() == "");
  const WriteTag b = rig.put();
  rig.dots[b].counter = 77;
  rig.append(rig.primary(2), rig.record({b}));
  REQUIRE(rig.verdict() == "I2");
}

TEST_CASE("a planted bug is found: a read repair that overwrites a newer version brings a replaced one back") {
  OracleRig rig;
  Seen seen;
  const WriteTag first = rig.put_everywhere({}, &seen);
  const WriteTag second = rig.put(seen);
  rig.store(rig.primary(0), {second});
  rig.append(rig.primary(0), rig.record({first}));
  REQUIRE(rig.verdict().starts_with("I4"));
  CHECK_THAT(rig.detail(), ContainsSubstring("had replaced put #1") && ContainsSubstring("by put #2"));
  CHECK(rig.oracle.counters().resurrected == 1);
}

TEST_CASE("a planted bug is found: a read repair that overwrites a concurrent version drops it without a successor") {
  OracleRig rig;
  const WriteTag a = rig.put(), b = rig.put();
  rig.store(rig.primary(0), {a, b});
  rig.append(rig.primary(0), rig.record({a}));
  REQUIRE(rig.verdict() == "I1");
  CHECK_THAT(rig.detail(), ContainsSubstring("dropped put #2") && ContainsSubstring("without a successor"));
}

TEST_CASE("a removed value that returns beside its tombstone is a resurrection") {
  OracleRig rig;
  Seen seen;
  const WriteTag value = rig.put_everywhere({}, &seen);
  const WriteTag removal = rig.put_everywhere(seen, nullptr, {.remove = true, .need = 2});
  rig.append(rig.primary(2), rig.record({value, removal}));
  REQUIRE(rig.verdict() == "I4");
  CHECK_THAT(rig.detail(), ContainsSubstring("by delete #2"));
}

TEST_CASE("a node that lost unsynced data may store a replaced version again") {
  OracleRig rig;
  Seen seen;
  const WriteTag first = rig.put_everywhere({}, &seen);
  const WriteTag second = rig.put(seen);
  rig.append(rig.primary(0), rig.record({second}));
  rig.power_loss(rig.primary(0));
  rig.append(rig.primary(0), rig.record({first}));
  REQUIRE(rig.verdict() == "");
}

TEST_CASE("a process crash loses nothing, so an old version after it is a resurrection") {
  OracleRig rig;
  Seen seen;
  const WriteTag first = rig.put_everywhere({}, &seen);
  const WriteTag second = rig.put(seen);
  rig.append(rig.primary(0), rig.record({second}));
  rig.oracle.stopped(rig.primary(0), false);
  rig.append(rig.primary(0), rig.record({first}));
  REQUIRE(rig.verdict().starts_with("I4"));
}

TEST_CASE("a power loss does not excuse a return from behind the durable state") {
  OracleRig rig;
  Seen seen;
  const WriteTag first = rig.put_everywhere({}, &seen);
  const WriteTag second = rig.put(seen);
  rig.store(rig.primary(0), {second});
  rig.power_loss(rig.primary(0));
  rig.append(rig.primary(0), rig.record({first}));
  REQUIRE(rig.verdict().starts_with("I4"));
}

TEST_CASE("a wiped node may store a replaced version again") {
  OracleRig rig;
  Seen seen;
  const WriteTag first = rig.put_everywhere({}, &seen);
  const WriteTag second = rig.put_everywhere(seen);
  rig.wipe(rig.primary(0));
  rig.store(rig.primary(0), {first});
  rig.store(rig.primary(0), {second});
  rig.judge();
  REQUIRE(rig.verdict() == "");
}

TEST_CASE("last-write-wins may drop a concurrent earlier write from a node, not a later one") {
  OracleRig rig(ConflictPolicy::kLastWriteWins);
  const WriteTag early = rig.put(), late = rig.put();
  rig.store(rig.primary(0), {early});
  rig.store(rig.primary(0), {late});
  REQUIRE(rig.verdict() == "");
  rig.store(rig.primary(1), {late});
  rig.store(rig.primary(1), {early});
  REQUIRE(rig.verdict() == "I1");
}

TEST_CASE("a broken run's findings are all counted and the first hundred kept") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.dots[999] = Dot{Actor{ActorId{1, 1}, 1}, 1};
  for (int i = 0; i < 250; ++i) rig.append(rig.primary(0), rig.record({tag, 999}));
  CHECK(rig.oracle.violation_count() == 250);
  CHECK(rig.oracle.violations().size() == Oracle::kViolationsMax);
}

}  // namespace
}  // namespace dkv::sim
