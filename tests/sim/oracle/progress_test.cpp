// I12: answers during a run.
#include "tests/sim/oracle/rig.h"

using namespace dkv;
using namespace dkv::sim;

TEST_CASE("an honest request that is called bad violates I12") {
  OracleRig rig;
  const WriteTag tag = rig.put();
  const ClientReply bad{.outcome = Outcome::kRefused, .reason = Reason::kBadRequest};
  rig.oracle.write_finished(tag, &bad, rig.now_ns);
  REQUIRE(rig.oracle.violations().size() == 1);
  CHECK(rig.oracle.violations()[0].breach == Breach::kCalledBad);
  CHECK(rig.oracle.violations()[0].writes == std::vector<WriteTag>{tag});
  const Oracle::ReadId read = rig.begin_read();
  rig.oracle.read_finished(read, &bad, rig.now_ns);
  REQUIRE(rig.oracle.violations().size() == 2);
  CHECK(rig.oracle.violations()[1].invariant == Invariant::kProgress);
}

TEST_CASE("an operation that enough nodes acknowledged is not unknown") {
  OracleRig rig;
  const WriteTag few = rig.put(), primaries = rig.put({}, {.need = 2, .primary_need = 2}), enough = rig.put();
  rig.store_all({few, primaries, enough});
  const auto unknown = [&](WriteTag tag, std::uint8_t primary, std::uint8_t fallback) {
    const ClientReply reply{.outcome = Outcome::kUnknown,
                            .reason = Reason::kTimedOut,
                            .acks = {.total = static_cast<std::uint8_t>(primary + fallback),
                                     .primary = primary,
                                     .fallback = fallback,
                                     .need = 2}};
    rig.oracle.write_finished(tag, &reply, rig.now_ns);
  };
  unknown(few, 1, 0);
  CHECK(rig.oracle.violations().empty());
  unknown(enough, 2, 0);
  REQUIRE(rig.oracle.violations().size() == 1);
  CHECK(rig.oracle.violations()[0].breach == Breach::kUnknownThoughDone);
}
