// Chains of operations that were not done, and of numbers that such operations decide.
#include "tests/sim/why/rig.h"

namespace dkv::why {
namespace {

TEST_CASE("a strict quorum refuses a write behind a partition, and each silence has its fault") {
  const auto run = rig::explained(R"(run: 10s
cluster: {nodes: 5, n: 3, r: 2, w: 3, quorum: strict}
workload: {steps: [{at: 6s, as: ann, via: n3, put: cart, value: bread, expect: {outcome: done}}]}
faults: [{at: 2s, for: 6s, partition: [[n1, n3, n4], [n2, n5]]}]
)");
  const Chain& chain = run.first(About::kExpectation);
  rig::check_events(chain, run.result);
  CHECK(chain.proven());
  rig::check_tells(chain, {"is split: n1, n3, n4 | n2, n5", "n3 holds n2 for unreachable", "ann asks n3 to put",
                           "the quorum is strict (a setting)", "ann is told: refused"});
  CHECK(rig::mentions(chain, "n3 holds n5 for unreachable"));
}

TEST_CASE("a request that is forwarded to a dead node waits in vain while nothing tells that it is dead") {
  const auto run = rig::explained(R"(run: 12s
cluster: {nodes: 5, n: 3, r: 2, w: 2}
workload: {steps: [{at: 4s, as: ann, via: n1, put: cart, value: eggs, expect: {outcome: done}}]}
faults: [{at: 3s, for: 6s, power_loss: n3}]
)");
  const Chain& chain = run.first(About::kExpectation);
  rig::check_events(chain, run.result);
  CHECK(chain.proven());
  rig::check_tells(chain,
                   {"fault (n3): loses power", "n1 holds no copy of the key, and forwards the request to n3 alone",
                    "n3 is down when the message of n1 arrives", "ann is told: unknown (timed out)"});
}

TEST_CASE("a node that has just started asks no peer before it has heard it") {
  const auto run = rig::explained(R"(run: 2s
cluster: {nodes: 3}
network: {latency: 5ms}
workload: {steps: [{at: 3ms, as: ann, via: n1, put: cart, value: eggs, expect: {outcome: done}}]}
)");
  const Chain& chain = run.first(About::kExpectation);
  rig::check_events(chain, run.result);
  CHECK(chain.proven());
  rig::check_tells(chain, {"ann asks n1 to put", "and not heard n", "ann is told: refused"});
}

TEST_CASE("a coordinator that dies before it answers is named") {
  const auto run = rig::explained(R"(run: 6s
cluster: {nodes: 3, n: 3, r: 2, w: 2}
network: {latency: 20ms}
workload: {steps: [{at: 3s, as: ann, via: n1, put: cart, value: eggs, expect: {outcome: done}}]}
faults: [{at: 3015ms, for: 2s, crash: n1}]
)");
  const Chain& chain = run.first(About::kExpectation);
  rig::check_events(chain, run.result);
  CHECK(chain.proven());
  rig::check_tells(chain, {"ann asks n1 to put", "fault (n1): crashes", "the process of n1 ends before it has answered",
                           "ann gives up without an answer"});
}

TEST_CASE("availability is explained by the operations that were not done, grouped by their faults") {
  const auto run = rig::explained(R"(run: 10s
cluster: {nodes: 3, n: 3, r: 2, w: 3}
workload: {clients: 4, load: {rate: 40/s}, mix: {get: 50, put: 50}, keys: {count: 20}}
faults: [{at: 3s, for: 4s, crash: n2}]
expect: [availability_writes >= 99]
)");
  const Chain& chain = run.first(About::kExpectation);
  rig::check_events(chain, run.result);
  rig::check_tells(chain, {"fault (n2): crashes", "operations; the first is the put of", "availability_writes is"});
  CHECK(rig::mentions(chain, "n2 is held for unreachable (crash)"));
}

TEST_CASE("a high percentile is explained by the answers that the slow operations waited for") {
  const auto run = rig::explained(R"(run: 10s
cluster: {nodes: 3, n: 3, r: 3, w: 3}
workload: {clients: 4, load: {rate: 40/s}, mix: {get: 100, put: 0}, keys: {count: 20}}
faults: [{at: 2s, for: 6s, slow: {nodes: n2, by: 50ms}}]
expect: [get_p99_ms <= 20]
)");
  const Chain& chain = run.first(About::kExpectation);
  rig::check_events(chain, run.result);
  rig::check_tells(chain, {"fault (n2): handles every event 50ms later", "get_p99_ms is"});
  CHECK(rig::mentions(chain, "the deciding answer is that of n2 (slow)"));
}

TEST_CASE("a number that no single event decides says so") {
  const auto run = rig::explained(R"(run: 2s
cluster: {nodes: 3}
expect: [messages_sent == 1]
)");
  const Chain& chain = run.first(About::kExpectation);
  rig::check_events(chain, run.result);
  CHECK_FALSE(chain.proven());
  CHECK(rig::mentions(chain, "no single events decide this number"));
}

TEST_CASE("counts of observations are explained by the first of them") {
  const auto run = rig::explained(R"(run: 14s
cluster: {nodes: 5, n: 3, r: 2, w: 2, hints: {ttl: 5s}}
workload: {steps: [{at: 4s, as: ann, via: n3, put: cart, value: eggs}]}
faults: [{at: 3s, for: 10s, crash: n2}]
expect: [hints_expired == 0]
)");
  const Chain& chain = run.first(About::kExpectation);
  rig::check_events(chain, run.result);
  CHECK(chain.proven());
  rig::check_tells(chain,
                   {"fault (n2): crashes", "reports \"hint expired\", for n2, key \"cart\"", "hints live for 5 s"});
}

}  // namespace
}  // namespace dkv::why
