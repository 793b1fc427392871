// Chains of writes that went: from the request to the moment when the last copy went, and what took it.
#include "tests/sim/why/rig.h"

namespace dkv::why {
namespace {

TEST_CASE("a write that one disk held alone goes with that disk") {
  const auto run = rig::explained(R"(run: 12s
cluster: {nodes: 3, r: 1, w: 1}
workload:
  steps:
    - {at: 1s, as: ann, via: n1, put: basket, value: bread}
    - {at: 4s, as: ann, via: n1, put: basket, value: butter}
faults:
  - {at: 3s, for: 6s, partition: [[n1], rest]}
  - {at: 6s, for: 1s, wipe: n1}
)",
                                  true);
  const Chain& chain = run.first(About::kExcused);
  rig::check_events(chain, run.result);
  CHECK(chain.proven());
  rig::check_tells(chain, {"fault (network): is split: n1 | n2, n3", "ann asks n1 to put \"butter\"", "n1 stores #2",
                           "the network loses the message of n1 to n2", "n1 acknowledges #2 after 1 copy (w=1)",
                           "it is durable on n1", "fault (n1): loses power and its disk",
                           "n1 loses its copy of #2 with its disk", "from here on no node holds #2", "at the end n"});
}

TEST_CASE("last-write-wins discards a write whose client was told that it is done") {
  const auto run = rig::explained(R"(run: 4s
cluster: {nodes: 3, conflicts: lww}
workload:
  steps:
    - {at: 1s, as: ann, via: n1, put: x, value: A, blind: true}
    - {at: 1s, as: bob, via: n2, put: x, value: B, blind: true}
)",
                                  true);
  const Chain& chain = run.first(About::kDiscarded);
  rig::check_events(chain, run.result);
  CHECK(chain.proven());
  rig::check_tells(chain, {"without a context", "discards #2", "whose writer had not seen it",
                           "from here on no node holds #2", "at the end n"});
  CHECK(rig::mentions(chain, "last-write-wins"));
}

TEST_CASE("a write that never was on a disk goes with the power") {
  const auto run = rig::explained(R"(seed: 2
run: 8s
cluster: {nodes: 3, r: 1, w: 1, storage: {sync: never}}
workload:
  steps:
    - {at: 2s, as: ann, via: n1, put: basket, value: bread}
faults:
  - {at: 1s, for: 5s, partition: [[n1], rest]}
  - {at: 3s, for: 1s, power_loss: n1}
)",
                                  true);
  const Chain& chain = run.first(About::kExcused);
  rig::check_events(chain, run.result);
  rig::check_tells(chain, {"is split", "n1 stores #1", "it counts as durable on n1", "fault (n1): loses power",
                           "the power loss came before the bytes were synced", "from here on no node holds #1"});
}

// Under this policy a record counts as durable before its bytes are synced, and a power loss may take them.
TEST_CASE("a start that finds less under sync: never does not claim that the disk holds the rest") {
  const auto run = rig::explained(R"(seed: 3
run: 12s
cluster: {nodes: 3, r: 1, w: 1, read_repair: false, anti_entropy: off, hints: {ttl: 1ms}, storage: {sync: never}}
workload: {clients: 3, load: {rate: 40/s}, mix: {get: 50, update: 50}, keys: 4, value: 300B}
faults: [{random: {every: 1500ms, for: [300ms, 900ms], kinds: {partition: 1, power_loss: 3, crash: 1}}}]
expect: [stale_reads == 0]
)");
  bool told = false;
  for (const Chain& chain : run.chains) {
    INFO(rig::text_of(chain));
    CHECK_FALSE(rig::mentions(chain, "is on its disk"));
    told = told || rig::mentions(chain, "counted as durable there (sync: never");
  }
  CHECK(told);
}

}  // namespace
}  // namespace dkv::why
