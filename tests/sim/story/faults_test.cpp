#include "sim/faults/catalogue.h"
#include "sim/story/words.h"
#include "tests/sim/scenario/text.h"

namespace dkv::story {
namespace {

using sim::Fault;
using sim::FaultTraits;
using sim::Scenario;

const std::string kCluster =
    "cluster: {nodes: [n1, n2, n3]}\n"
    "network: {topology: {places: [east, west], links: [{between: [east, west], latency: 1ms}, "
    "{between: [n1, east], latency: 1ms}, {between: [n2, east], latency: 1ms}, {between: [n3, west], latency: "
    "1ms}]}}\n";

// The words of the only fault.
FaultWords words(const std::string& fault, const std::string& head = kCluster) {
  const Scenario scenario = sim::load_good(head + "faults: [" + fault + "]\n");
  return words_of(scenario.faults.at(0), scenario);
}

Fault sample(const FaultTraits& traits, std::vector<std::vector<NodeId>> groups) {
  Fault fault;
  fault.kind = traits.kind;
  fault.groups = std::move(groups);
  fault.from = "east";
  fault.to = "west";
  fault.delay_text = "9ms";
  return fault;
}

TEST_CASE("every fault has words for its beginning and a reason, for one node and for several") {
  const Scenario scenario = sim::load_good(kCluster);
  for (const FaultTraits& traits : sim::fault_catalogue()) {
    CAPTURE(traits.word);
    for (const auto& groups : {std::vector<std::vector<NodeId>>{{0}, {1}}, {{0, 1}, {2}}}) {
      const FaultWords told = words_of(sample(traits, groups), scenario);
      CHECK(told.who == (traits.layer == sim::FaultLayer::kNetwork ? "network"
                         : groups[0].size() == 1                   ? "n1"
                                                                   : "n1, n2"));
      CHECK(told.begins.size() > 5);
      CHECK(told.why.size() > 5);
      CHECK(told.begins.find_first_of("{}[]") == std::string::npos);
      CHECK(told.ends.find_first_of("{}[]") == std::string::npos);
      CHECK((told.begins.find("until the heal") != std::string::npos) == !traits.strikes_once);
      // No start follows a clone: it is refused.
      const bool told_elsewhere =
          traits.kind != sim::FaultKind::kDiskClone && (traits.strikes_once || traits.holds == sim::FaultHolds::kDown);
      CHECK(told.ends.empty() == told_elsewhere);
    }
  }
}

TEST_CASE("a fault of the network names its sides, its links or its way") {
  CHECK(words("{at: 1s, for: 5s, partition: [n1, [n2]]}").begins ==
        "is split: n1 | n2 (1 node still reaches all sides), for 5 s");
  CHECK(words("{at: 1s, loss: {of: n1, rate: 2.5%}}").begins == "loses 2.5% of the messages among n1, until the heal");
  CHECK(words("{at: 1s, delay: {by: 9ms}}").ends == "messages on all links are as fast as before");
  CHECK(words("{at: 1s, clog: {from: n1, to: n2}}").ends == "the held messages from n1 to n2 arrive all at once");
  CHECK(words("{at: 1s, clog: {from: n1}}").ends == "the held messages from n1 to all other nodes arrive all at once");
  CHECK(words("{at: 1s, link_down: [east, west]}").ends == "the link east - west is up");
}

TEST_CASE("a fault of several nodes names them before the fault") {
  CHECK(words("{at: 1s, crash: n1}").begins == "crashes, until the heal");
  CHECK(words("{at: 1s, crash: all}").begins == "n1, n2, n3: crash, until the heal");
  CHECK(words("{at: 1s, stalled_disk: all}").begins ==
        "n1, n2, n3: their disks hang: no request to them ends, until the heal");
}

TEST_CASE("the meaning of a wrong clock depends on the conflict policy") {
  const std::string skew = "{at: 1s, clock_skew: {nodes: n1, by: -2s}}";
  const FaultWords siblings = words(skew);
  CHECK(siblings.begins == "has a clock 2 s behind, until the heal");
  CHECK(siblings.why.starts_with("versions are ordered"));
  CHECK(words(skew, "cluster: {nodes: 3, conflicts: lww}\n").why.starts_with("under last-write-wins"));
}

}  // namespace
}  // namespace dkv::story
