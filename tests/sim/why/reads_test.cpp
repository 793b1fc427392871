// Chains of gets that missed a write: who answered, who held the write, and why the two did not meet.
#include "tests/sim/why/rig.h"

namespace dkv::why {
namespace {

TEST_CASE("with r=1 the one replica that answers has missed the write behind a partition") {
  const auto run = rig::explained(R"(run: 16s
cluster: {nodes: 3, n: 3, r: 2, w: 2, anti_entropy: off, hints: {ttl: 1ms}}
workload:
  steps:
    - {at: 1s, as: ann, via: n1, put: page, value: old}
    - {at: 4s, as: ann, via: n1, put: page, value: new}
    - {at: 12s, as: bob, via: n3, get: page, r: 1, expect: {value: new}}
faults: [{at: 2s, for: 8s, partition: [[n1, n2], [n3]]}]
)");
  const Chain& chain = run.first(About::kExpectation);
  rig::check_events(chain, run.result);
  CHECK(chain.proven());
  rig::check_tells(chain,
                   {"is split: n1, n2 | n3", "ann asks n1 to put \"new\"", "the network loses the message of n1 to n3",
                    "it is durable on n1 and n2", "bob asks n3 for \"page\" (r=1 of n=3", "n3 reads its own copy: #1",
                    "n1 holds #2", "n2 holds #2", "r=1 and w=2 of n=3", "bob is shown #1, and not #2"});
  // There are three nodes and three replicas: no node can stand in.
  CHECK_FALSE(rig::mentions(chain, "stand"));
  CHECK_FALSE(rig::mentions(chain, "hint"));
}

TEST_CASE("a copy that is still on its way is named, and no fault is blamed") {
  const auto run = rig::explained(R"(run: 3s
cluster: {nodes: 3, w: 2}
network: {rules: [{from: n1, to: n3, legs: [write], latency: 400ms}]}
workload:
  steps:
    - {at: 1s, as: ann, via: n1, put: x, value: mine}
    - {at: 1100ms, as: ann, via: n3, get: x, r: 1}
)",
                                  true);
  const Chain& chain = run.first(About::kStaleRead);
  rig::check_events(chain, run.result);
  CHECK(chain.proven());
  rig::check_tells(chain, {"the message of n1 to n3 is still on its way at 1.100s", "n3 reads its own copy: nothing",
                           "ann is shown nothing, and not #1"});
  CHECK_FALSE(rig::mentions(chain, "fault ("));
}

TEST_CASE("copies on stand-ins count for the write, and the read asks the replicas that missed it") {
  const auto run = rig::explained(R"(run: 12s
cluster: {nodes: 5, n: 3, r: 2, w: 2, read_repair: false, anti_entropy: off}
workload:
  steps:
    - {at: 1s, as: ann, via: n3, put: cart, value: old}
    - {at: 6s, as: ann, via: n3, put: cart, value: new}
    - {at: 7s, as: bob, via: n2, get: cart}
faults: [{at: 3s, for: 8s, partition: [[n1, n3, n4], [n2, n5]]}]
)",
                                  true);
  const Chain& chain = run.first(About::kStaleRead);
  rig::check_events(chain, run.result);
  CHECK(chain.proven());
  rig::check_tells(chain, {"is split: n1, n3, n4 | n2, n5", "ann asks n3 to put \"new\"", "and stores #2 as a hint",
                           "n3 acknowledges #2", "bob asks n2 for \"cart\"", "n2 reads its own copy: #1",
                           "n5 answers with #1", "were from stand-ins", "bob is shown #1, and not #2"});
}

TEST_CASE("a hint that expires leaves its owner behind, and the settings that would have repaired it are named") {
  const auto run = rig::explained(R"(run: 25s
heal_within: 5s
cluster: {nodes: 5, n: 3, r: 2, w: 2, read_repair: false, anti_entropy: off, hints: {ttl: 5s}}
workload:
  steps:
    - {at: 1s, as: ann, via: n3, put: cart, value: old}
    - {at: 4s, as: ann, via: n3, put: cart, value: new}
faults: [{at: 3s, for: 10s, power_loss: n2}]
)");
  const Chain& chain = run.first(About::kViolation);
  CHECK(chain.code == "I3");
  rig::check_events(chain, run.result);
  CHECK(chain.proven());
  rig::check_tells(
      chain, {"fault (n2): loses power", "ann asks n3 to put \"new\"", "n2 is down when the message of n3 arrives",
              "stands in for n2 and stores #2 as a hint", "it is older than the time to live of a hint, 5 s",
              "read repair is off (a setting)", "anti-entropy is off (a setting)", "n2 holds #1"});
}

TEST_CASE("siblings are explained by what their writers had seen") {
  const auto run = rig::explained(R"(run: 4s
cluster: {nodes: 3}
workload:
  steps:
    - {at: 1s, as: ann, via: n1, put: x, value: A}
    - {at: 2s, as: bob, via: n2, put: x, value: B, blind: true}
    - {at: 3s, as: cid, via: n3, get: x, expect: {siblings: 1}}
)");
  const Chain& chain = run.first(About::kExpectation);
  rig::check_events(chain, run.result);
  CHECK(chain.proven());
  rig::check_tells(
      chain, {"ann asks n1 to put \"A\"", "bob asks n2 to put \"B\": #2, without a context, so it replaces nothing",
              "cid is shown #1 and #2"});
}

}  // namespace
}  // namespace dkv::why
