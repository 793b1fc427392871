#include "sim/oracle/findings.h"

#include "tests/sim/oracle/rig.h"

using namespace dkv;
using namespace dkv::sim;

TEST_CASE("findings keep the first hundred, and beyond them the first of each invariant") {
  Findings findings;
  for (int i = 0; i < 150; ++i) findings.add({.breach = Breach::kLost, .at_ns = i, .node = 0, .key = "k"});
  CHECK(findings.violations.size() == Oracle::kViolationsMax);
  CHECK_FALSE(findings.wanted(Invariant::kNoLostWrite));
  CHECK(findings.wanted(Invariant::kConvergence));
  for (int i = 0; i < 3; ++i) findings.add({.breach = Breach::kReplicasDiffer, .at_ns = 1000 + i, .key = "k"});
  CHECK(findings.violations.size() == Oracle::kViolationsMax + 1);
  CHECK(findings.violations.back().invariant == Invariant::kConvergence);
  CHECK(findings.violations.back().at_ns == 1000);
  CHECK_FALSE(findings.wanted(Invariant::kConvergence));
  CHECK(findings.violation_count == 153);
  CHECK(findings.count_of(Invariant::kConvergence) == 3);
}

TEST_CASE("a flood of broken acknowledgements does not hide that the writes are lost, nor that nothing converged") {
  OracleRig rig;
  for (int i = 0; i < 150; ++i) rig.done(rig.put());  // acknowledged, and on no disk
  CHECK(rig.oracle.violations().size() == Oracle::kViolationsMax);
  rig.judge(/*timed_out=*/true);
  CHECK_THAT(rig.verdict(), ContainsSubstring("I1"));
  CHECK_THAT(rig.verdict(), ContainsSubstring("I3"));
  CHECK(rig.oracle.violation_count() > 150);
}
