// I11.
#include "tests/sim/oracle/rig.h"

namespace dkv::sim {
namespace {

WriteTag put_for(OracleRig& rig, TimeNs ttl_ns) {
  return rig.put_everywhere({}, nullptr, {.ttl_ns = ttl_ns, .need = 2});
}

TEST_CASE("a value that is shown while it lives and gone after it is as it should be") {
  OracleRig rig;
  const WriteTag tag = put_for(rig, 5 * kSecond);
  rig.read({tag});
  rig.wait(5 * kSecond);
  rig.expire(tag);
  rig.read({tag});
  CHECK(rig.verdict() == "");
}

TEST_CASE("a value that is shown after its end is a violation") {
  OracleRig rig;
  const WriteTag tag = put_for(rig, 5 * kSecond);
  rig.wait(6 * kSecond);
  rig.read({tag});
  CHECK(rig.verdict() == "I11");
  CHECK_THAT(rig.detail(), ContainsSubstring("a time to live of 5.000s"));
}

TEST_CASE("a value that disappears before its end is a violation, and so is one that has no end") {
  OracleRig rig;
  const WriteTag tag = put_for(rig, 5 * kSecond);
  rig.wait(2 * kSecond);
  rig.expire(tag);
  rig.read({tag});
  CHECK(rig.verdict() == "I11");
  OracleRig other;
  const WriteTag for_ever = put_for(other, 0);
  other.wait(100 * kSecond);
  other.expire(for_ever);
  other.read({for_ever});
  CHECK(other.verdict() == "I11");
  CHECK_THAT(other.detail(), ContainsSubstring("although it never expires"));
}

TEST_CASE("clocks that are off move both ends by as much, and no further") {
  OracleRig rig;
  rig.oracle.clock_skewed(-kSecond);
  rig.oracle.clock_skewed(500 * kMillisecond);
  const WriteTag tag = put_for(rig, 5 * kSecond);
  rig.wait(6 * kSecond);
  rig.read({tag});
  CHECK(rig.verdict() == "");
  rig.wait(2 * kSecond);
  rig.read({tag});
  CHECK(rig.verdict() == "I11");
}

TEST_CASE("a write without an answer may have come late: its end is not known") {
  OracleRig rig;
  const WriteTag tag = rig.put({}, {.ttl_ns = kSecond, .need = 2});
  rig.store_all({tag});
  rig.give_up(tag);
  rig.wait(60 * kSecond);
  rig.read({tag});
  CHECK(rig.verdict() == "");
}

}  // namespace
}  // namespace dkv::sim
