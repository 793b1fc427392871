// I8: the fate of every hint.
#include "tests/sim/oracle/rig.h"

namespace dkv::sim {
namespace {

struct HintRig : OracleRig {
  NodeId owner = primary(2);
  NodeId keeper = fallback();
  // A sloppy write: two primaries and a hint for the third.
  WriteTag hinted(const Seen& seen = {}) {
    const WriteTag tag = put(seen);
    store(primary(0), {tag});
    store(primary(1), {tag});
    hint(keeper, owner, {tag});
    done(tag, 3, 2);
    return tag;
  }
  void deliver(WriteTag tag) {
    observe(keeper, Observed::kHintSent, owner);
    store(owner, {tag});
  }
  void erase() { store(keeper, hint_record(owner, {})); }
};

TEST_CASE("a delivered hint leaves a balanced ledger") {
  HintRig rig;
  const WriteTag tag = rig.hinted();
  CHECK_FALSE(rig.converged());
  rig.deliver(tag);
  rig.observe(rig.keeper, Observed::kHintDelivered, rig.owner);
  rig.erase();
  CHECK(rig.converged());
  rig.judge();
  CHECK(rig.verdict() == "");
  CHECK(rig.oracle.counters().hints_made == 1);
  CHECK(rig.oracle.counters().hints_delivered == 1);
}

TEST_CASE("a planted bug is found: a keeper removes a hint before its acknowledgement") {
  HintRig rig;
  rig.hinted();
  rig.observe(rig.keeper, Observed::kHintSent, rig.owner);
  rig.observe(rig.keeper, Observed::kHintDelivered, rig.owner);
  rig.erase();
  REQUIRE(rig.verdict() == "I8");
  CHECK_THAT(rig.detail(), ContainsSubstring("before its acknowledgement") && ContainsSubstring("put #1"));
}

TEST_CASE("a hint is removed too early when its target has it in memory only") {
  HintRig rig;
  const WriteTag tag = rig.hinted();
  rig.observe(rig.keeper, Observed::kHintSent, rig.owner);
  rig.append(rig.owner, rig.record({tag}));
  rig.observe(rig.keeper, Observed::kHintDelivered, rig.owner);
  REQUIRE(rig.verdict() == "I8");
}

TEST_CASE("a target that holds something that replaced the hinted write has it") {
  HintRig rig;
  const WriteTag tag = rig.hinted();
  const Seen seen = rig.read({tag});
  rig.put_everywhere(seen);
  rig.observe(rig.keeper, Observed::kHintSent, rig.owner);
  rig.observe(rig.keeper, Observed::kHintDelivered, rig.owner);
  rig.erase();
  rig.judge();
  REQUIRE(rig.verdict() == "");
}

TEST_CASE("a target whose disk was emptied after it had acknowledged is excused") {
  HintRig rig;
  const WriteTag tag = rig.hinted();
  rig.deliver(tag);
  rig.wipe(rig.owner);
  rig.observe(rig.keeper, Observed::kHintDelivered, rig.owner);
  rig.erase();
  REQUIRE(rig.verdict() == "");
}

TEST_CASE("a target whose disk was emptied before the hint was sent is not excused") {
  HintRig rig;
  rig.hinted();
  rig.wipe(rig.owner);
  rig.observe(rig.keeper, Observed::kHintSent, rig.owner);
  rig.observe(rig.keeper, Observed::kHintDelivered, rig.owner);
  REQUIRE(rig.verdict() == "I8");
}

TEST_CASE("a hint that is erased for no reason is reported") {
  HintRig rig;
  rig.hinted();
  rig.erase();
  REQUIRE(rig.verdict() == "I8");
  CHECK_THAT(rig.detail(), ContainsSubstring("neither delivered nor expired"));
}

TEST_CASE("a reason from before a power loss does not count after it") {
  HintRig rig;
  const WriteTag tag = rig.hinted();
  rig.deliver(tag);
  rig.observe(rig.keeper, Observed::kHintDelivered, rig.owner);
  rig.append(rig.keeper, rig.hint_record(rig.owner, {}));
  rig.power_loss(rig.keeper);  // the erasure never reached the disk
  rig.erase();
  REQUIRE(rig.verdict() == "I8");
}

TEST_CASE("a hint may be delivered and stored again while its erasure is not durable") {
  HintRig rig;
  const WriteTag first = rig.hinted();
  rig.deliver(first);
  rig.observe(rig.keeper, Observed::kHintDelivered, rig.owner);
  rig.append(rig.keeper, rig.hint_record(rig.owner, {}));
  const WriteTag second = rig.put(rig.read({first}));
  rig.observe(rig.keeper, Observed::kHintStored, rig.owner);
  rig.append(rig.keeper, rig.hint_record(rig.owner, {second}));
  rig.deliver(second);
  rig.observe(rig.keeper, Observed::kHintDelivered, rig.owner);
  rig.append(rig.keeper, rig.hint_record(rig.owner, {}));
  rig.sync(rig.keeper, rig.hint_record(rig.owner, {}));
  rig.sync(rig.keeper, rig.hint_record(rig.owner, {second}));
  rig.sync(rig.keeper, rig.hint_record(rig.owner, {}));
  CHECK(rig.verdict() == "");
  CHECK(rig.oracle.counters().hints_made == 2);
  CHECK(rig.oracle.counters().hints_delivered == 2);
}

// Seed 2921 of the swarm: a hint expired, was stored again, and was delivered before the slow disk had caught up. The
// oracle compared it with the versions of the expired hint.
TEST_CASE("a hint that is not durable yet is judged by the memory of the process") {
  HintRig rig;
  rig.hinted();
  rig.observe(rig.keeper, Observed::kHintExpired, rig.owner);
  rig.append(rig.keeper, rig.hint_record(rig.owner, {}));
  const WriteTag later = rig.put();
  rig.append(rig.keeper, rig.hint_record(rig.owner, {later}));
  rig.deliver(later);
  rig.observe(rig.keeper, Observed::kHintDelivered, rig.owner);
  CHECK(rig.verdict() == "");
}

TEST_CASE("a newer hint supersedes the older one that it contains") {
  HintRig rig;
  const WriteTag first = rig.hinted();
  const WriteTag second = rig.hinted(rig.read({first}));
  CHECK(rig.oracle.counters().hints_made == 2);
  CHECK(rig.oracle.counters().hints_superseded == 1);
  rig.deliver(second);
  rig.observe(rig.keeper, Observed::kHintDelivered, rig.owner);
  rig.erase();
  rig.judge();
  CHECK(rig.verdict() == "");
}

TEST_CASE("a newer hint that does not contain the older one is reported") {
  HintRig rig;
  const WriteTag first = rig.hinted();
  const WriteTag other = rig.put();
  rig.hint(rig.keeper, rig.owner, {other});
  REQUIRE(rig.verdict() == "I8");
  CHECK_THAT(rig.detail(), ContainsSubstring("does not contain it"));
  CHECK(first == 1);
}

TEST_CASE("hints lost with their disk and hints still pending are counted") {
  HintRig rig;
  const WriteTag tag = rig.hinted();
  rig.wipe(rig.keeper);
  rig.hint(rig.keeper, rig.owner, {tag});
  rig.store(rig.owner, {tag});
  rig.judge(true);
  CHECK(rig.verdict() == "I3");
  CHECK_THAT(rig.detail(), ContainsSubstring("still holds 1 hint"));
  CHECK(rig.oracle.counters().hints_made == 2);
  CHECK(rig.oracle.counters().hints_lost == 1);
  CHECK(rig.oracle.counters().hints_pending == 1);
}

TEST_CASE("a finding about a hint has its write, its keeper and its owner as data") {
  HintRig rig;
  const WriteTag tag = rig.hinted();
  rig.erase();
  REQUIRE(rig.verdict() == "I8");
  const Violation found = rig.oracle.violations().front();
  CHECK(found.breach == Breach::kHintErased);
  CHECK(found.writes == std::vector<WriteTag>{tag});
  CHECK(found.node == rig.keeper);
  CHECK(found.other == rig.owner);
  rig.judge();
  // The counts do not add up now, because of this hint.
  const Violation& counts = rig.oracle.violations().back();
  CHECK(counts.breach == Breach::kHintsUnaccounted);
  CHECK(counts.key == found.key);
  CHECK(counts.writes == found.writes);
}

TEST_CASE("when a hint is on a disk and not in the ledger, the finding about the counts names it") {
  HintRig rig;
  const WriteTag tag = rig.put();
  rig.store_all({tag});
  rig.done(tag, 3, 3);
  Image image;
  image.apply(rig.record({tag}));
  image.apply(rig.hint_record(rig.owner, {tag}));
  std::vector<const Image*> views = rig.views();
  views[rig.keeper] = &image;
  rig.oracle.judge(views, false, rig.now_ns);
  const Violation& found = rig.oracle.violations().back();
  REQUIRE(found.breach == Breach::kHintsUnaccounted);
  CHECK(found.node == rig.keeper);
  CHECK(found.other == rig.owner);
  CHECK(found.key == "key 0");
  CHECK(found.writes == std::vector<WriteTag>{tag});
  CHECK_THAT(found.detail, ContainsSubstring("that no count has"));
}

}  // namespace
}  // namespace dkv::sim
