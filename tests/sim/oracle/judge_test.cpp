// I1, I3 and I4 at the end.
#include "tests/sim/oracle/rig.h"

namespace dkv::sim {
namespace {

TEST_CASE("siblings of concurrent writers are all there at the end") {
  OracleRig rig;
  const WriteTag a = rig.put(), b = rig.put();
  rig.store_all({a, b});
  rig.done(a);
  rig.done(b);
  CHECK(rig.converged());
  rig.judge();
  CHECK(rig.verdict() == "");
  CHECK(rig.oracle.counters().siblings_final_max == 2);
}

TEST_CASE("each bucket is judged by its own conflict policy") {
  constexpr auto kSiblings = ConflictPolicy::kSiblings;
  constexpr auto kLast = ConflictPolicy::kLastWriteWins;
  for (const auto& [cluster, bucket] : {std::pair(kSiblings, kLast), std::pair(kLast, kSiblings)}) {
    // Both versions are kept: right only for siblings.
    OracleRig both(cluster, 5, 3, bucket);
    const WriteTag a = both.put(), b = both.put();
    both.store_all({a, b});
    both.done(a);
    both.done(b);
    both.judge();
    CHECK(both.verdict() == (bucket == kLast ? "I1" : ""));
    // One gives way to the other, whose writer had not seen it: right only for last-write-wins.
    OracleRig one(cluster, 5, 3, bucket);
    const WriteTag first = one.put_everywhere({});
    one.put_everywhere({});
    one.judge();
    CHECK((one.verdict() == "") == (bucket == kLast));
    CHECK(first == 1);
  }
}

TEST_CASE("an acknowledged write that is nowhere is lost, and the finding reads well") {
  OracleRig rig;
  rig.now_ns = 12'344 * kMillisecond;
  const WriteTag a = rig.put({}, {.session = 4, .need = 2});
  rig.store(rig.primary(0), {a});
  rig.store(rig.primary(1), {a});
  rig.done(a);
  const WriteTag b = rig.put();
  rig.store_all({b});  // overwrites, without having seen a
  rig.done(b, 3, 3);
  rig.judge();
  REQUIRE(rig.verdict() == "I1 I1 I1");  // both nodes drop it, and it is missing at the end
  const std::string everywhere =
      rig.name(rig.primary(0)) + "," + rig.name(rig.primary(1)) + "," + rig.name(rig.primary(2));
  CHECK(rig.detail(2) == "acknowledged put #1 by session 4 at 12.345s (w=2) is missing from " + everywhere +
                             " at the end; nothing that replaced it had seen it");
  CHECK(rig.oracle.violations()[2].key == "key 0");
  CHECK(rig.oracle.counters().lost_acknowledged == 1);
}

TEST_CASE("a context that covers more than its client saw loses a write") {
  OracleRig rig;
  // Both blind, through one coordinator: its version vector after the second is {actor: 2}, which covers the first.
  const WriteTag x = rig.put(), y = rig.put();
  rig.dots[x].counter = 1;
  rig.dots[y].counter = 2;
  rig.store_all({x, y});
  rig.done(x);
  const Seen seen = rig.done(y);
  const WriteTag z = rig.put(seen);
  rig.store_all({z});
  rig.done(z, 3, 3);
  rig.judge();
  CHECK(rig.verdict() == "I1 I1 I1 I1");
  CHECK_THAT(rig.detail(3), ContainsSubstring("put #1") && ContainsSubstring("is missing"));
}

TEST_CASE("a write acknowledged without a copy anywhere is lost") {
  OracleRig rig;
  rig.done(rig.put());
  rig.judge();
  CHECK(rig.verdict() == "I5 I1");
  CHECK_THAT(rig.detail(1), ContainsSubstring("no node ever stored it"));
}

TEST_CASE("a write of unknown outcome may be there or not") {
  OracleRig rig;
  Seen seen;
  rig.put_everywhere({}, &seen);
  const WriteTag visible = rig.put(seen), vanished = rig.put(seen);
  rig.store_all({visible});
  rig.finish(visible, Outcome::kUnknown);
  rig.give_up(vanished);
  rig.judge();
  CHECK(rig.verdict() == "");
}

TEST_CASE("an acknowledged write may be replaced by an unacknowledged one that is there") {
  OracleRig rig;
  Seen seen;
  rig.put_everywhere({}, &seen);
  const WriteTag unknown = rig.put(seen);
  rig.store_all({unknown});
  rig.give_up(unknown);
  rig.judge();
  CHECK(rig.verdict() == "");
}

TEST_CASE("an acknowledged write replaced by an unacknowledged one that was itself replaced is fine") {
  OracleRig rig;
  Seen seen;
  rig.put_everywhere({}, &seen);
  const WriteTag unknown = rig.put(seen);
  rig.store_all({unknown});
  rig.give_up(unknown);
  rig.put_everywhere(rig.read({unknown}));
  rig.judge();
  CHECK(rig.verdict() == "");
}

TEST_CASE("an acknowledged write replaced by an unacknowledged one that is gone is lost") {
  OracleRig rig;
  Seen seen;
  rig.put_everywhere({}, &seen);
  const WriteTag unknown = rig.put(seen);
  rig.store_all({unknown});
  rig.give_up(unknown);
  rig.lose_all();
  rig.judge();
  REQUIRE(rig.verdict() == "I1");
  CHECK_THAT(rig.detail(),
             ContainsSubstring("put #1") && ContainsSubstring("put #2") && ContainsSubstring("never acknowledged"));
}

TEST_CASE("a chain of lost writes is one finding, about the last of them") {
  OracleRig rig;
  Seen seen;
  for (int i = 0; i < 5; ++i) rig.put_everywhere(seen, &seen);
  rig.lose_all();
  rig.judge();
  REQUIRE(rig.verdict() == "I1");
  CHECK_THAT(rig.detail(), ContainsSubstring("put #5"));
}

TEST_CASE("a replaced version that is still beside its successor is reported") {
  OracleRig rig;
  Seen seen;
  const WriteTag old = rig.put({});
  rig.store(rig.primary(0), {old});
  rig.store(rig.primary(1), {old});
  seen = rig.done(old);
  const WriteTag successor = rig.put(seen);
  rig.store_all({old, successor});
  rig.done(successor, 3, 3);
  rig.judge();
  REQUIRE(rig.verdict() == "I1");
  CHECK_THAT(rig.detail(), ContainsSubstring("put #1") && ContainsSubstring("replaced by put #2"));
}

TEST_CASE("a value that an acknowledged delete had seen must not be there at the end") {
  OracleRig rig;
  Seen seen;
  const WriteTag value = rig.put_everywhere({}, &seen);
  const WriteTag removal = rig.put(seen, {.remove = true, .need = 1});
  rig.store(rig.primary(0), {removal});
  rig.done(removal, 1, 1);
  rig.store(rig.primary(0), {value});
  rig.judge();
  // The node goes back and drops the delete. At the end the delete is missing, and the value exists.
  CHECK(rig.verdict() == "I4 I1 I1 I4");
  CHECK(rig.oracle.counters().resurrected == 2);
}

TEST_CASE("a value that is still there because its delete was never acknowledged is fine") {
  OracleRig rig;
  Seen seen;
  rig.put_everywhere({}, &seen);
  rig.give_up(rig.put(seen, {.remove = true, .need = 2}));
  rig.judge();
  CHECK(rig.verdict() == "");
}

TEST_CASE("primaries that differ at the end of the time are named with their states") {
  OracleRig rig;
  const WriteTag a = rig.put();
  rig.store(rig.primary(0), {a});
  rig.store(rig.primary(1), {a});
  rig.done(a);
  CHECK_FALSE(rig.converged());
  rig.judge(true);
  REQUIRE(rig.verdict() == "I3");
  CHECK_THAT(rig.detail(), ContainsSubstring(rig.name(rig.primary(0)) + " holds #1") &&
                               ContainsSubstring(rig.name(rig.primary(2)) + " holds nothing"));
}

TEST_CASE("a replaced version on a replica that lags is a matter of convergence, not of loss") {
  OracleRig rig;
  Seen seen;
  rig.put_everywhere({}, &seen);
  const WriteTag next = rig.put(seen);
  rig.store(rig.primary(0), {next});
  rig.store(rig.primary(1), {next});
  rig.done(next);
  rig.judge(true);
  CHECK(rig.verdict() == "I3");
}

TEST_CASE("a write that waits in a hint when the time runs out is late, not lost") {
  OracleRig rig;
  const WriteTag a = rig.put({}, {.need = 1});
  rig.hint(rig.fallback(), rig.primary(0), {a});
  rig.done(a, 1, 0);
  rig.judge(true);
  CHECK(rig.verdict() == "I3");
}

TEST_CASE("time that ran out is a finding even when the disks agree by then") {
  OracleRig rig;
  rig.put_everywhere({});
  rig.judge(true);
  CHECK(rig.verdict() == "I3");
}

TEST_CASE("converged looks at every key again after a difference is gone") {
  OracleRig rig;
  const WriteTag a = rig.put({}, {.key_index = 0, .need = 1});
  const WriteTag b = rig.put({}, {.key_index = 3, .need = 1});
  CHECK(rig.converged());
  rig.store(rig.primary(0, 3), rig.record({b}, 3));
  CHECK_FALSE(rig.converged());
  rig.store(rig.primary(0, 0), rig.record({a}, 0));
  rig.store_all({b}, 3);
  CHECK_FALSE(rig.converged());
  rig.store_all({a}, 0);
  CHECK(rig.converged());
}

TEST_CASE("last-write-wins discards an acknowledged write in favour of a later one, and counts it") {
  OracleRig rig(ConflictPolicy::kLastWriteWins);
  const WriteTag early = rig.put(), late = rig.put();
  rig.store(rig.primary(0), {early});
  rig.store(rig.primary(1), {early});
  rig.done(early);
  rig.store_all({late});
  rig.done(late, 3, 3);
  rig.judge();
  CHECK(rig.verdict() == "");
  CHECK(rig.oracle.counters().discarded_by_lww == 1);
  REQUIRE(rig.oracle.discarded().size() == 1);
  CHECK_THAT(rig.oracle.discarded()[0].detail, ContainsSubstring("gave way to put #2"));
}

TEST_CASE("a write that last-write-wins discards counts, also when the other write began after the acknowledgement") {
  OracleRig rig(ConflictPolicy::kLastWriteWins);
  const WriteTag early = rig.put();
  rig.store_all({early});
  rig.done(early, 3, 3);
  const WriteTag late = rig.put();
  rig.store_all({late});
  rig.done(late, 3, 3);
  rig.judge();
  CHECK(rig.verdict() == "");
  CHECK(rig.oracle.counters().discarded_by_lww == 1);
  const std::vector<Setback> told = rig.oracle.take_setbacks();
  REQUIRE(told.size() == 1);
  CHECK(told[0].kind == SetbackKind::kDiscarded);
  CHECK(told[0].write == early);
  CHECK(told[0].by == late);
}

TEST_CASE("a write that its reader replaced is not counted as discarded by last-write-wins") {
  OracleRig rig(ConflictPolicy::kLastWriteWins);
  Seen seen;
  rig.put_everywhere({}, &seen);
  rig.put_everywhere(seen);
  rig.judge();
  CHECK(rig.verdict() == "");
  CHECK(rig.oracle.counters().discarded_by_lww == 0);
}

TEST_CASE("last-write-wins does not excuse the loss of the latest write") {
  OracleRig rig(ConflictPolicy::kLastWriteWins);
  const WriteTag early = rig.put(), late = rig.put();
  rig.store(rig.primary(0), {late});
  rig.store(rig.primary(1), {late});
  rig.done(late);
  rig.store_all({early});
  rig.done(early, 3, 3);
  rig.judge();
  CHECK(rig.verdict() == "I1 I1 I1");  // two primaries go back, and it is missing at the end
}

TEST_CASE("last-write-wins leaves one version") {
  OracleRig rig(ConflictPolicy::kLastWriteWins);
  const WriteTag a = rig.put(), b = rig.put();
  rig.store_all({a, b});
  rig.done(a);
  rig.done(b);
  rig.judge();
  CHECK(rig.verdict() == "I1");
  CHECK_THAT(rig.detail(), ContainsSubstring("2 versions"));
}

TEST_CASE("a copy of the oracle continues independently") {
  OracleRig rig;
  Seen seen;
  const WriteTag a = rig.put_everywhere({}, &seen);
  Oracle copy = rig.oracle;
  rig.dots[77] = Dot{Actor{ActorId{9, 9}, 1}, 1};
  copy.appended(rig.primary(0), rig.record({77}), rig.now_ns);
  CHECK(copy.violation_count() == 1);
  CHECK(rig.oracle.violation_count() == 0);
  // Both copies give the next write the same number, and neither sees the other's.
  CHECK(copy.write_started({.seen = seen}, rig.key(), rig.now_ns) == a + 1);
  CHECK(rig.put(seen) == a + 1);
  rig.finish(a + 1, Outcome::kUnknown);
  rig.judge();
  CHECK(rig.verdict() == "");
}

TEST_CASE("an oracle that judges nothing numbers the writes and finds nothing") {
  Oracle none;
  const Key key = *Key::make(kDefaultBucket, "key");
  CHECK_FALSE(none.judges());
  CHECK(none.write_started({}, key, 0) == 1);
  CHECK(none.write_started({}, key, 0) == 2);
  CHECK(none.write_finished(1, nullptr, 0).empty());
  CHECK(none.read_finished(none.read_started({}, key, 0), nullptr, 0).empty());
  none.durable(0, {.key = key}, 0);
  none.recovered_wrongly(0, {}, "nobody listens", 0);
  none.judge({}, true, 0);
  CHECK(none.converged({}));
  CHECK(none.violations().empty());
  CHECK(none.violation_count() == 0);
  CHECK(none.history_of(key).empty());
  Oracle copy = none;
  CHECK(copy.write_started({}, key, 0) == 3);
}

}  // namespace
}  // namespace dkv::sim
