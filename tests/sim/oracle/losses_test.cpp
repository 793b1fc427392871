// A missing write is excused only with a proof.
#include "tests/sim/oracle/rig.h"

namespace dkv::sim {
namespace {

TEST_CASE("a write is excused after a wipe of all its durable copies, and the last disk is named") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.store(rig.primary(0), {tag});
  rig.store(rig.primary(1), {tag});
  rig.done(tag);
  rig.wipe(rig.primary(0));
  rig.wipe(rig.primary(1));
  rig.judge();
  CHECK(rig.verdict() == "");
  REQUIRE(rig.oracle.excused().size() == 1);
  CHECK(rig.oracle.excused()[0].node == rig.primary(1));
  CHECK(rig.oracle.excused()[0].key == "key 0");
  CHECK_THAT(rig.oracle.excused()[0].detail, ContainsSubstring("acknowledged put #1 by session 0 at 1.001s (w=2)") &&
                                                 ContainsSubstring(rig.name(rig.primary(1))));
  CHECK(rig.oracle.counters().lost_acknowledged == 0);
}

TEST_CASE("a write with a copy left after a wipe is not excused when that copy vanishes") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.store(rig.primary(0), {tag});
  rig.store(rig.primary(1), {tag});
  rig.done(tag);
  rig.wipe(rig.primary(0));
  rig.sync(rig.primary(1), rig.record({}));  // lost without an excuse
  rig.judge();
  CHECK(rig.verdict() == "I1");
  CHECK(rig.oracle.excused().empty());
}

TEST_CASE("a copy in a hint keeps a write from being excused") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.store(rig.primary(0), {tag});
  rig.hint(rig.fallback(), rig.primary(1), {tag});
  rig.done(tag, 2, 1);
  rig.wipe(rig.primary(0));
  rig.observe(rig.fallback(), Observed::kHintSent, rig.primary(1));
  rig.observe(rig.fallback(), Observed::kHintDelivered, rig.primary(1));
  rig.store(rig.fallback(), rig.hint_record(rig.primary(1), {}));
  rig.judge();
  CHECK(rig.verdict() == "I8 I1");
  CHECK(rig.oracle.excused().empty());
}

TEST_CASE("a hint that expires with the last copy excuses it, one that expires beside others does not") {
  OracleRig rig;
  const WriteTag tag = rig.put({}, {.need = 1});
  rig.hint(rig.fallback(), rig.primary(0), {tag});
  rig.done(tag, 1, 0);
  rig.observe(rig.fallback(), Observed::kHintExpired, rig.primary(0));
  rig.store(rig.fallback(), rig.hint_record(rig.primary(0), {}));
  rig.judge();
  CHECK(rig.verdict() == "");
  REQUIRE(rig.oracle.excused().size() == 1);
  CHECK_THAT(rig.oracle.excused()[0].detail, ContainsSubstring("a hint for " + rig.name(rig.primary(0))));
  CHECK(rig.oracle.counters().hints_expired == 1);

  OracleRig other;
  const WriteTag kept = other.put({}, {.need = 1});
  other.store(other.primary(1), {kept});
  other.hint(other.fallback(), other.primary(0), {kept});
  other.done(kept, 2, 1);
  other.observe(other.fallback(), Observed::kHintExpired, other.primary(0));
  other.store(other.fallback(), other.hint_record(other.primary(0), {}));
  other.sync(other.primary(1), other.record({}));
  other.judge();
  CHECK(other.verdict() == "I1");
}

TEST_CASE("a target that is wiped between its acknowledgement and the hint's removal takes the blame") {
  OracleRig rig;
  const WriteTag tag = rig.put({}, {.need = 1});
  rig.hint(rig.fallback(), rig.primary(0), {tag});
  rig.done(tag, 1, 0);
  rig.observe(rig.fallback(), Observed::kHintSent, rig.primary(0));
  rig.store(rig.primary(0), {tag});
  rig.wipe(rig.primary(0));
  rig.observe(rig.fallback(), Observed::kHintDelivered, rig.primary(0));
  rig.store(rig.fallback(), rig.hint_record(rig.primary(0), {}));
  rig.judge();
  CHECK(rig.verdict() == "");
  REQUIRE(rig.oracle.excused().size() == 1);
  CHECK_THAT(rig.oracle.excused()[0].detail, ContainsSubstring("disk was emptied meanwhile"));
}

TEST_CASE("a replaced write is lost with its replacement, and one line reports both") {
  OracleRig rig(ConflictPolicy::kSiblings, 3, 1);
  Seen seen;
  rig.put_everywhere({}, &seen, {.need = 1});
  rig.put_everywhere(seen, nullptr, {.need = 1});
  rig.wipe(rig.primary(0));
  rig.judge();
  CHECK(rig.verdict() == "");
  CHECK(rig.oracle.excused().size() == 1);
}

TEST_CASE("a write that was replaced only by an unacknowledged one is excused with it") {
  OracleRig rig(ConflictPolicy::kSiblings, 3, 1);
  Seen seen;
  rig.put_everywhere({}, &seen, {.need = 1});
  const WriteTag unknown = rig.put(seen);
  rig.store(rig.primary(0), {unknown});
  rig.give_up(unknown);
  rig.wipe(rig.primary(0));
  rig.judge();
  CHECK(rig.verdict() == "");
  CHECK(rig.oracle.excused().size() == 1);
}

TEST_CASE("a replaced write that outlives the loss of its successor is no resurrection") {
  OracleRig rig;
  Seen seen;
  const WriteTag value = rig.put_everywhere({}, &seen);
  const WriteTag removal = rig.put(seen, {.remove = true, .need = 1});
  rig.store(rig.primary(0), {removal});
  rig.done(removal, 1, 1);
  rig.wipe(rig.primary(0));
  rig.store(rig.primary(0), {value});
  rig.judge();
  CHECK(rig.verdict() == "");
  REQUIRE(rig.oracle.excused().size() == 1);
  CHECK_THAT(rig.oracle.excused()[0].detail, ContainsSubstring("delete #2"));
}

TEST_CASE("a copy that turns up durable after the loss takes the excuse back") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.store(rig.primary(0), {tag});
  rig.store(rig.primary(1), {tag});
  rig.done(tag);
  rig.wipe(rig.primary(0));
  rig.wipe(rig.primary(1));
  rig.store(rig.primary(2), {tag});  // a message was still under way
  rig.sync(rig.primary(2), rig.record({}));
  rig.judge();
  CHECK(rig.verdict() == "I1");
}

TEST_CASE("a write that no node had synced when the power went is excused, and the last node is named") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.store(rig.primary(0), {tag});
  rig.store(rig.primary(1), {tag});
  rig.done(tag);
  rig.fall_back(rig.primary(0), rig.record({}));
  rig.fall_back(rig.primary(1), rig.record({}));
  rig.judge();
  CHECK(rig.verdict() == "");
  REQUIRE(rig.oracle.excused().size() == 1);
  CHECK_THAT(rig.oracle.excused()[0].detail,
             ContainsSubstring(rig.name(rig.primary(1)) + ", which had not synced it when it lost power"));
}

TEST_CASE("a write is not excused when the node that kept it through the power loss loses it") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.store(rig.primary(0), {tag});
  rig.store(rig.primary(1), {tag});
  rig.done(tag);
  rig.fall_back(rig.primary(0), rig.record({}));
  rig.sync(rig.primary(1), rig.record({}));
  rig.judge();
  CHECK(rig.verdict() == "I1");
  CHECK(rig.oracle.excused().empty());
}

TEST_CASE("a delete that one node has lost does not let others bring the value back") {
  OracleRig rig;
  Seen seen;
  const WriteTag value = rig.put_everywhere({}, &seen);
  const WriteTag removal = rig.put(seen, {.remove = true, .need = 2});
  for (std::uint32_t place = 0; place < 3; ++place) rig.store(rig.primary(place), {removal});
  rig.done(removal, 3, 3);
  rig.fall_back(rig.primary(0), rig.record({value}));
  rig.store(rig.primary(1), {value});
  rig.store(rig.primary(2), {value});
  rig.judge();
  CHECK_THAT(rig.verdict(), ContainsSubstring("I4"));
}

TEST_CASE("a node that acknowledged a write and lost it with the power was honest") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  rig.store(rig.primary(0), {tag});
  rig.store(rig.primary(1), {tag});
  rig.fall_back(rig.primary(0), rig.record({}));
  rig.done(tag);
  rig.store_all({tag});
  rig.judge();
  CHECK(rig.verdict() == "");

  OracleRig other;
  other.fall_back(other.primary(0), other.record({}));
  const WriteTag later = other.put();
  other.store(other.primary(1), {later});
  other.done(later);
  CHECK(other.verdict() == "I5");
}

TEST_CASE("hints that a power loss takes and brings back are accounted for") {
  OracleRig rig;
  const WriteTag tag = rig.put({}, {.need = 1});
  rig.hint(rig.fallback(), rig.primary(0), {tag});
  rig.done(tag, 1, 0);
  rig.fall_back(rig.fallback(), rig.hint_record(rig.primary(0), {}));
  CHECK(rig.oracle.counters().hints_lost == 1);
  rig.fall_back(rig.fallback(), rig.hint_record(rig.primary(0), {tag}));  // the erasure is lost
  CHECK(rig.oracle.counters().hints_made == 2);
  rig.fall_back(rig.fallback(), rig.hint_record(rig.primary(0), {}));
  rig.judge();
  CHECK(rig.verdict() == "");
  CHECK(rig.oracle.excused().size() == 1);
}

TEST_CASE("a destroyed write is not asked of later reads") {
  OracleRig rig;
  rig.put_everywhere({});
  for (std::uint32_t place = 0; place < 3; ++place) rig.wipe(rig.primary(place));
  rig.read({});
  CHECK(rig.oracle.counters().stale_reads == 0);
}

TEST_CASE("an older disk excuses writes that only the newer disk had, and its own writes count") {
  OracleRig rig;
  const WriteTag kept = rig.put({}, {.need = 1});
  rig.store(rig.primary(0), {kept});
  const WriteTag gone = rig.put(rig.done(kept, 1, 1), {.need = 1});
  rig.store(rig.primary(0), {gone});
  rig.done(gone, 1, 1);
  rig.replace(rig.primary(0), {rig.record({kept})});
  rig.store(rig.primary(1), {kept});
  rig.store(rig.primary(2), {kept});
  rig.judge();
  CHECK(rig.verdict() == "");
  REQUIRE(rig.oracle.excused().size() == 1);
  CHECK_THAT(rig.oracle.excused()[0].detail, ContainsSubstring("whose disk was replaced"));
}

TEST_CASE("a hint that was on a replaced disk is lost with it, and one that is on the other disk is made") {
  OracleRig rig;
  const WriteTag tag = rig.put({}, {.need = 1});
  rig.hint(rig.fallback(), rig.primary(1), {tag});
  rig.replace(rig.fallback(), {});
  CHECK(rig.oracle.counters().hints_lost == 1);
  rig.replace(rig.fallback(), {rig.hint_record(rig.primary(1), {tag})});
  CHECK(rig.oracle.counters().hints_made == 2);
  CHECK_FALSE(rig.converged());
}

TEST_CASE("the erasure of a hint that was on its way to the disk when it was copied needs no reason after a rollback") {
  OracleRig rig;
  const WriteTag tag = rig.put_everywhere({});
  rig.hint(rig.fallback(), rig.primary(1), {tag});
  const Record erasure = rig.hint_record(rig.primary(1), {});
  rig.replace(rig.fallback(), {rig.hint_record(rig.primary(1), {tag})}, {erasure});
  rig.oracle.restarted(rig.fallback(), {{erasure}});
  rig.sync(rig.fallback(), erasure);
  rig.judge();
  CHECK(rig.verdict() == "");
  CHECK(rig.oracle.counters().hints_made == 2);
  CHECK(rig.oracle.counters().hints_lost == 2);
}

TEST_CASE("a replaced version that comes back with an older disk is excused, and the result says so") {
  OracleRig rig;
  Seen seen;
  const WriteTag first = rig.put_everywhere({}, &seen);
  const WriteTag second = rig.put_everywhere(seen);
  rig.replace(rig.primary(0), {rig.record({first})});
  rig.store(rig.primary(1), {first, second});  // the second write's clock has forgotten the first by now
  REQUIRE(rig.verdict() == "");
  rig.store(rig.primary(2), {first, second});
  CHECK(rig.verdict() == "");
  REQUIRE(rig.oracle.not_judged().size() == 1);
  CHECK_THAT(rig.oracle.not_judged()[0].why, ContainsSubstring("which was put back"));
}

TEST_CASE("a node may drop a version that an older disk has brought back, when its delete was forgotten") {
  OracleRig rig;
  Seen seen;
  const WriteTag value = rig.put_everywhere({}, &seen);
  const WriteTag removed = rig.put(seen, {.remove = true, .need = 2});
  rig.store_all({removed});
  rig.done(removed);
  for (std::uint32_t place = 0; place < 3; ++place) rig.store(rig.primary(place), rig.record({}));
  rig.replace(rig.primary(0), {rig.record({value})});
  const WriteTag next = rig.put();
  rig.store(rig.primary(0), {next});
  CHECK(rig.verdict() == "");
}

}  // namespace
}  // namespace dkv::sim
