// What became of versions, and why a node has none.
#include "tests/viz/run.h"
#include "viz/model/key.h"
#include "viz/model/versions.h"

using namespace dkv;
using namespace dkv::viz;
using namespace dkv::viz::kit;

namespace {

using End = VersionNode::End;

Key key_of(const std::string& name) {
  return Key::make(kDefaultBucket, name).value();
}

const VersionNode& with_tag(const VersionGraph& graph, WriteTag tag) {
  for (const VersionNode& node : graph.nodes) {
    if (node.tag == tag) return node;
  }
  FAIL("no version " << tag);
  return graph.nodes.front();
}

// The node of a running process without the key.
Holder holder_at(Session& session, NodeId node, const std::string& key) {
  auto holders = holders_of(session.world(), key_of(key));
  explain_absences(session.branch(), session.world(), key_of(key), session.keys().find(key_of(key)), holders);
  for (const Holder& one : holders) {
    if (one.node == node && one.owner == kNoNode) return one;
  }
  FAIL("no holder " << node);
  return {};
}

}  // namespace

TEST_CASE("a version that was replaced and one that last-write-wins discarded are told apart, with dot and writer") {
  const auto text = [](const std::string& policy) {
    return R"(about: two writers
run: 3s
cluster: {nodes: 3, n: 3, r: 2, w: 2, conflicts: )" +
           policy + R"(}
workload:
  steps:
    - {at: 100ms, as: alice, via: n1, put: cart, value: milk}
    - {at: 500ms, as: alice, via: n1, put: cart, value: eggs}
    - {at: 900ms, as: bob, via: n2, put: cart, value: ham, blind: true}
)";
  };
  const auto lww = world_at(text("lww"), 2 * kSecond);
  const VersionGraph graph = version_graph(lww, key_of("cart"), 40);
  REQUIRE(graph.nodes.size() == 3);
  CHECK(with_tag(graph, 1).end == End::kReplaced);
  CHECK_THAT(with_tag(graph, 1).end_words, ContainsSubstring("replaced by " + with_tag(graph, 2).dot));
  CHECK(with_tag(graph, 2).end == End::kDiscarded);
  CHECK_THAT(with_tag(graph, 2).end_words, ContainsSubstring("for " + with_tag(graph, 3).dot));
  CHECK_FALSE(with_tag(graph, 1).dot.empty());
  CHECK(with_tag(graph, 3).end == End::kHeld);
  CHECK(with_tag(graph, 3).holders.size() == 3);

  const auto siblings = world_at(text("siblings"), 2 * kSecond);
  CHECK(with_tag(version_graph(siblings, key_of("cart"), 40), 2).end == End::kHeld);
}

TEST_CASE("a version whose disks were wiped is lost, and the words name the last disk") {
  const auto world = world_at(R"(about: all disks go
run: 4s
cluster: {nodes: 3, n: 3, r: 2, w: 2}
workload:
  steps:
    - {at: 100ms, as: alice, via: n1, put: cart, value: milk}
faults:
  - {at: 1s, for: 500ms, wipe: [n1, n2, n3]}
)",
                              3 * kSecond);
  const VersionGraph graph = version_graph(world, key_of("cart"), 40);
  CHECK(with_tag(graph, 1).end == End::kLost);
  CHECK_THAT(with_tag(graph, 1).end_words, ContainsSubstring("emptied"));
}

TEST_CASE("a version is on a disk while its nodes are down, and in a hint while its primaries miss it") {
  const std::string text = R"(about: down
run: 4s
cluster: {nodes: 3, n: 3, r: 2, w: 2}
workload:
  steps:
    - {at: 100ms, as: alice, via: n1, put: cart, value: milk}
faults:
  - {at: 1s, for: 2s, crash: [n1, n2, n3]}
)";
  const VersionGraph down = version_graph(world_at(text, 2 * kSecond), key_of("cart"), 40);
  CHECK(with_tag(down, 1).end == End::kDisk);
  CHECK_THAT(with_tag(down, 1).end_words, ContainsSubstring("n1"));
  const VersionGraph up = version_graph(world_at(text, 3'900 * kMillisecond), key_of("cart"), 40);
  CHECK(with_tag(up, 1).end == End::kHeld);
}

TEST_CASE("a write that no node has stored yet says so") {
  const auto world = world_at(R"(about: slow
run: 4s
cluster: {nodes: 3, n: 3, r: 2, w: 2}
network: {latency: 400ms}
workload:
  steps:
    - {at: 100ms, as: alice, via: n1, put: cart, value: milk, blind: true}
)",
                              100 * kMillisecond);
  const VersionGraph graph = version_graph(world, key_of("cart"), 40);
  REQUIRE(graph.nodes.size() == 1);
  CHECK(graph.nodes[0].end == End::kNotStored);
}

TEST_CASE("a node that lost a record says how, and only one that never had it has never heard of it") {
  Session session(source_of(R"(about: a wiped node that nobody repairs
run: 6s
cluster: {nodes: 3, n: 3, r: 2, w: 2, anti_entropy: off, read_repair: false}
workload:
  steps:
    - {at: 100ms, as: alice, via: n1, put: cart, value: milk}
    - {at: 4s, as: alice, via: n2, put: late, value: eggs}
faults:
  - {at: 1s, for: 500ms, wipe: [n3]}
)"),
                  counted());
  session.seek_time(3 * kSecond);
  session.finish();
  const Holder gone = holder_at(session, 2, "cart");
  CHECK(gone.absence == Holder::Absence::kDiskGone);
  CHECK(gone.absence_ns == kSecond);
  CHECK_THAT(absence_words(gone), ContainsSubstring("lost it with its disk"));
  CHECK(holder_at(session, 0, "cart").absence == Holder::Absence::kNone);
  CHECK(holder_at(session, 2, "late").absence == Holder::Absence::kNever);
  session.seek_time(900 * kMillisecond);
  session.finish();
  CHECK(holder_at(session, 2, "cart").absence == Holder::Absence::kNone);
}
