// I6 and stale reads.
#include "sim/oracle/causal_history.h"
#include "tests/sim/oracle/rig.h"

namespace dkv::sim {
namespace {

Oracle::WriteStart strict(std::uint8_t primaries, std::uint32_t session = 0) {
  return {.session = session, .need = primaries, .primary_need = primaries};
}

TEST_CASE("a read of the latest versions is neither stale nor a violation") {
  OracleRig rig;
  const WriteTag a = rig.put(), b = rig.put();
  rig.store_all({a, b});
  rig.done(a);
  rig.done(b);
  const Seen seen = rig.read({a, b}, 2);
  CHECK(CausalHistory::saw(seen, a));
  CHECK(CausalHistory::saw(seen, b));
  CHECK(rig.verdict() == "");
  CHECK(rig.oracle.counters().reads_judged == 1);
  CHECK(rig.oracle.counters().stale_reads == 0);
}

TEST_CASE("a session that is not shown its own write is a violation where primaries must overlap") {
  OracleRig rig;
  Seen seen;
  const WriteTag first = rig.put_everywhere({}, &seen, strict(2));
  rig.put_everywhere(seen, nullptr, strict(2));
  rig.read({first}, 2);
  REQUIRE(rig.verdict() == "I6");
  CHECK_THAT(rig.detail(), ContainsSubstring("its own put #2"));
  CHECK(rig.oracle.counters().stale_reads == 1);
}

TEST_CASE("a write whose primaries need not overlap with the read's may be missing: stale, no violation") {
  OracleRig rig;
  Seen seen;
  const WriteTag first = rig.put_everywhere({}, &seen, strict(1));
  rig.put_everywhere(seen, nullptr, strict(1));
  rig.read({first}, 2);
  rig.read({first}, 0);
  CHECK(rig.verdict() == "");
  CHECK(rig.oracle.counters().stale_reads == 2);
}

TEST_CASE("a stale read is kept with the write that it missed") {
  OracleRig rig;
  Seen seen;
  const WriteTag first = rig.put_everywhere({}, &seen, strict(1));
  const WriteTag second = rig.put_everywhere(seen, nullptr, strict(1));
  rig.read({first}, 0, 7);
  rig.read({second}, 0, 7);
  REQUIRE(rig.oracle.stale_reads().size() == 1);
  CHECK(rig.oracle.stale_reads()[0].missed == second);
  CHECK(rig.oracle.stale_reads()[0].session == 7);
  CHECK(rig.oracle.stale_reads()[0].write_need == 1);
}

TEST_CASE("only the first hundred stale reads are kept, and all are counted") {
  OracleRig rig;
  Seen seen;
  const WriteTag first = rig.put_everywhere({}, &seen, strict(1));
  rig.put_everywhere(seen, nullptr, strict(1));
  for (int i = 0; i < 150; ++i) rig.read({first}, 0);
  CHECK(rig.oracle.counters().stale_reads == 150);
  CHECK(rig.oracle.stale_reads().size() == Oracle::kStaleReadsMax);
}

TEST_CASE("a read that went back behind an earlier read is a violation where primaries must overlap") {
  OracleRig rig;
  Seen seen;
  const WriteTag first = rig.put_everywhere({}, &seen, strict(2, 1));
  const WriteTag second = rig.put_everywhere(seen, nullptr, strict(2, 1));
  rig.read({second}, 2, 9);
  rig.read({first}, 2, 9);
  REQUIRE(rig.verdict() == "I6");
}

TEST_CASE("nothing found counts as an empty history") {
  OracleRig rig;
  rig.read({}, 2);
  CHECK(rig.oracle.counters().stale_reads == 0);
  rig.put_everywhere({}, nullptr, strict(2));
  rig.read({}, 2);
  CHECK(rig.verdict() == "I6");
  CHECK(rig.oracle.counters().stale_reads == 1);
}

TEST_CASE("a write that was acknowledged after the read began need not be shown") {
  OracleRig rig;
  Seen seen;
  const WriteTag first = rig.put_everywhere({}, &seen, strict(2));
  const Oracle::ReadId read = rig.begin_read(2);
  rig.put_everywhere(seen, nullptr, strict(2));
  rig.end_read(read, {first});
  CHECK(rig.verdict() == "");
  CHECK(rig.oracle.counters().stale_reads == 0);
}

TEST_CASE("a version that a late write replaced must still be shown") {
  OracleRig rig;
  Seen seen;
  const WriteTag first = rig.put_everywhere({}, &seen, strict(2));
  rig.put_everywhere(seen, &seen, strict(2));
  const Oracle::ReadId read = rig.begin_read(2);
  rig.put_everywhere(seen, nullptr, strict(2));
  rig.end_read(read, {first});
  CHECK(rig.verdict() == "I6");
  CHECK_THAT(rig.detail(), ContainsSubstring("put #2"));
}

TEST_CASE("a write that replaced the missing one shows it, acknowledged or not") {
  OracleRig rig;
  Seen seen;
  rig.put_everywhere({}, &seen, strict(2));
  const WriteTag pending = rig.put(seen, strict(2));
  rig.read({pending}, 2);
  CHECK(rig.verdict() == "");
  CHECK(rig.oracle.counters().stale_reads == 0);
}

TEST_CASE("a primary that lost its disk cannot keep its earlier promise") {
  OracleRig rig;
  const WriteTag tag = rig.put_everywhere({}, nullptr, strict(2));
  rig.wipe(rig.primary(0));
  rig.read({}, 2);
  CHECK(rig.verdict() == "");
  CHECK(rig.oracle.counters().stale_reads == 1);
  CHECK(tag == 1);
}

TEST_CASE("an unfinished or failed read shows nothing and is not judged") {
  OracleRig rig;
  rig.put_everywhere({}, nullptr, strict(2));
  CHECK(rig.oracle.read_finished(rig.begin_read(2), nullptr, rig.now_ns).empty());
  const ClientReply failed{.outcome = Outcome::kUnknown};
  CHECK(rig.oracle.read_finished(rig.begin_read(2), &failed, rig.now_ns).empty());
  CHECK(rig.verdict() == "");
  CHECK(rig.oracle.counters().reads_judged == 0);
}

TEST_CASE("a read that shows a version that no client wrote is a violation") {
  OracleRig rig;
  rig.put_everywhere({});
  rig.dots[50] = Dot{Actor{ActorId{3, 3}, 1}, 1};
  rig.read({1, 50});
  REQUIRE(rig.verdict() == "I1");
}

TEST_CASE("under last-write-wins a read is stale when its write was over before a later one began") {
  OracleRig rig(ConflictPolicy::kLastWriteWins);
  const WriteTag first = rig.put_everywhere({}), second = rig.put_everywhere({});
  rig.read({second});
  CHECK(rig.oracle.counters().stale_reads == 0);
  rig.read({first});
  CHECK(rig.oracle.counters().stale_reads == 1);
  rig.read({});
  CHECK(rig.oracle.counters().stale_reads == 2);
  CHECK(rig.verdict() == "");
}

TEST_CASE("under last-write-wins overlapping primaries must show the winner or a later one") {
  OracleRig rig(ConflictPolicy::kLastWriteWins);
  const WriteTag first = rig.put_everywhere({}, nullptr, strict(2));
  const WriteTag second = rig.put_everywhere({}, nullptr, strict(2));
  rig.read({second}, 2);
  REQUIRE(rig.verdict() == "");
  rig.read({first}, 2);
  REQUIRE(rig.verdict() == "I6");
}

TEST_CASE(
    "under last-write-wins a clock that runs behind loses its write to an older one, and only the number says so") {
  OracleRig rig(ConflictPolicy::kLastWriteWins);
  const WriteTag winner = rig.put_everywhere({}, nullptr, strict(2));
  const WriteTag slow = rig.put({}, strict(2));
  rig.times[slow] = 0;
  rig.times[winner] = 5;
  rig.append(rig.fallback(), rig.hint_record(rig.primary(0), {slow}));
  rig.done(slow);
  rig.read({winner}, 2);
  CHECK(rig.oracle.counters().stale_reads == 1);
}

TEST_CASE("a put has afterwards seen itself, and the siblings in its answer") {
  OracleRig rig;
  const WriteTag other = rig.put_everywhere({});
  const WriteTag tag = rig.put();
  rig.store_all({other, tag});
  const ClientReply reply{
      .outcome = Outcome::kDone, .acks = {.total = 3, .primary = 3}, .object = rig.state({other, tag})};
  const Seen seen = rig.oracle.write_finished(tag, &reply, rig.now_ns);
  CHECK(CausalHistory::saw(seen, tag));
  CHECK(CausalHistory::saw(seen, other));
  const WriteTag blind = rig.put();
  rig.store_all({other, tag, blind});
  const Seen alone = rig.done(blind, 3, 3);
  CHECK(CausalHistory::saw(alone, blind));
  CHECK_FALSE(CausalHistory::saw(alone, other));
}

TEST_CASE("a read need not show a write that gave way to one which has expired and is forgotten") {
  OracleRig rig(ConflictPolicy::kLastWriteWins);
  rig.put_everywhere({}, nullptr, strict(2, 2));
  const WriteTag late = rig.put();
  rig.store_all({late});
  rig.expire(late);
  rig.store_all({late});
  rig.finish(late, Outcome::kUnknown);
  rig.read({}, 2);
  REQUIRE(rig.verdict() == "I6");  // the tombstone is there, and a read without it misses both
  OracleRig other(ConflictPolicy::kLastWriteWins);
  other.put_everywhere({}, nullptr, strict(2, 2));
  const WriteTag last = other.put({}, {.remove = true, .need = 2});
  other.store_all({last});
  other.finish(last, Outcome::kUnknown);
  for (std::uint32_t place = 0; place < 3; ++place) other.store(other.primary(place), other.record({}));
  other.read({}, 2);
  CHECK(other.verdict() == "");
}

}  // namespace
}  // namespace dkv::sim
