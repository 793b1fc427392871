#include "tests/sim/scenario/text.h"

namespace dkv::sim {

namespace {

Fault only_fault(const std::string& fault, const std::string& head = "") {
  const Scenario scenario = load_good(head + "faults:\n  - " + fault + "\n");
  REQUIRE(scenario.faults.size() == 1);
  return scenario.faults[0];
}

using Groups = std::vector<std::vector<NodeId>>;

constexpr const char* kTwoCentres =
    "cluster: {nodes: [{name: a, datacenter: east}, {name: b, datacenter: east}, {name: c, datacenter: west}]}\n";

}  // namespace

TEST_CASE("a partition names its sides, and 'rest' is everyone else") {
  const Fault fault = only_fault("{at: 5s, for: 2s, partition: [[n1, n2], rest]}");
  CHECK(fault.kind == FaultKind::kPartition);
  CHECK(fault.at_ns == 5 * kSecond);
  CHECK(fault.for_ns == 2 * kSecond);
  CHECK(fault.groups == Groups{{0, 1}, {2, 3, 4}});
  CHECK_FALSE(fault.random);
  CHECK(only_fault("{at: 0s, partition: [n1, [n2], [n4]]}").groups == Groups{{0}, {1}, {3}});
  CHECK(only_fault("{at: 0s, partition: [n1, n2]}").for_ns == 0);
}

TEST_CASE("a data centre stands for its nodes") {
  CHECK(only_fault("{at: 1s, partition: [east, west]}", kTwoCentres).groups == Groups{{0, 1}, {2}});
  CHECK(only_fault("{at: 1s, crash: east}", kTwoCentres).groups == Groups{{0, 1}});
  CHECK(only_fault("{at: 1s, pause: all}", kTwoCentres).groups == Groups{{0, 1, 2}});
}

TEST_CASE("faults of the network arrive") {
  CHECK(only_fault("{at: 1s, one_way: {from: n1, to: rest}}").groups == Groups{{0}, {1, 2, 3, 4}});
  CHECK(only_fault("{at: 1s, clog: {from: n1}}").groups == Groups{{0}});
  const Fault loss = only_fault("{at: 1s, loss: {between: [n1, [n2, n3]], rate: 5%}}");
  CHECK(loss.kind == FaultKind::kLoss);
  CHECK(loss.groups == Groups{{0}, {1, 2}});
  CHECK(loss.rate_ppm == 50'000);
  CHECK(only_fault("{at: 1s, duplicate: {rate: 5%}}").groups.empty());
  CHECK(only_fault("{at: 1s, duplicate: {of: n3, rate: 5%}}").groups == Groups{{2}});
  const Fault reorder = only_fault("{at: 1s, reorder: {of: all, rate: 50%}}");
  CHECK(reorder.delay.greatest() == 20 * kMillisecond);
  CHECK(reorder.delay_text == "{uniform: [1ms, 20ms]}");
  const Fault delay = only_fault("{at: 1s, delay: {of: n3, by: {exponential: {mean: 9ms}}}}");
  CHECK(delay.kind == FaultKind::kDelay);
  CHECK(delay.delay_text == "{exponential: {mean: 9ms}}");
  const Fault cut =
      only_fault("{at: 1s, link_down: [n1, n2]}",
                 "cluster: {nodes: 2}\nnetwork: {topology: {links: [{between: [n2, n1], latency: 1ms}]}}\n");
  CHECK(cut.from == "n1");
  CHECK(cut.to == "n2");
}

TEST_CASE("faults of processes, disks and clocks arrive") {
  CHECK(only_fault("{at: 1s, crash: n2}").groups == Groups{{1}});
  CHECK(only_fault("{at: 1s, power_loss: [n2, n1]}").groups == Groups{{1, 0}});
  CHECK(only_fault("{at: 1s, pause: [n2]}").kind == FaultKind::kPause);
  CHECK(only_fault("{at: 1s, wipe: n5}").kind == FaultKind::kWipe);
  const Fault slow = only_fault("{at: 1s, slow: {nodes: n2, by: 20ms}}");
  CHECK(slow.kind == FaultKind::kSlow);
  CHECK(slow.delay.least() == 20 * kMillisecond);
  CHECK(slow.delay_text == "20ms");
  CHECK(only_fault("{at: 1s, slow_disk: {nodes: n2, by: 1ms}}").kind == FaultKind::kSlowDisk);
  const Fault skew = only_fault("{at: 1s, clock_skew: {nodes: [n1, n3], by: -2s}}");
  CHECK(skew.skew_ns == -2 * kSecond);
  CHECK(skew.groups == Groups{{0, 2}});
}

TEST_CASE("a rollback names a moment of the run, or how long before the fault it was") {
  const Fault to = only_fault("{at: 9s, for: 1s, disk_rollback: {nodes: n2, to: 4s}}");
  CHECK(to.kind == FaultKind::kDiskRollback);
  CHECK(to.groups == Groups{{1}});
  CHECK(to.to_ns == 4 * kSecond);
  CHECK(only_fault("{at: 9s, disk_rollback: {nodes: n2, back: 4s}}").to_ns == 5 * kSecond);
  const auto of = [](const std::string& what) {
    return complaint_of("faults: [{at: 5s, disk_rollback: {nodes: n1, " + what + "}}]\n");
  };
  CHECK_THAT(of("to: 6s"), ContainsSubstring("'to' is 6s, and the fault begins at 5s"));
  CHECK_THAT(of("back: 6s"), ContainsSubstring("the run had not begun"));
  CHECK_THAT(of("to: 4s, back: 1s"), ContainsSubstring("both 'to' and 'back' in 'disk_rollback'"));
  CHECK_THAT(complaint_of("faults: [{at: 5s, disk_rollback: {nodes: n1}}]\n"),
             ContainsSubstring("the field 'to' is missing in 'disk_rollback'; write to: 5s"));
}

TEST_CASE("a clone names one source and the nodes that start on its disk") {
  const Fault clone = only_fault("{at: 9s, for: 1s, disk_clone: {from: n1, to: [n2, n3]}}");
  CHECK(clone.kind == FaultKind::kDiskClone);
  CHECK(clone.groups == Groups{{1, 2}, {0}});
  const auto of = [](const std::string& what) {
    return complaint_of("faults: [{at: 5s, disk_clone: " + what + "}]\n");
  };
  CHECK_THAT(of("{from: n1, to: [n1, n2]}"), ContainsSubstring("'to' names the node of 'from'"));
  CHECK_THAT(of("{from: n1}"), ContainsSubstring("the field 'to' is missing in 'disk_clone'"));
  CHECK_THAT(of("{from: [n1, n2], to: n3}"), ContainsSubstring("'from'"));
}

TEST_CASE("flapping is one fault for each absence of the nodes") {
  const auto faults = load_good("faults: [{at: 2s, flap: {nodes: [n3], times: 3, down: 400ms, up: 600ms}}]").faults;
  REQUIRE(faults.size() == 3);
  CHECK(faults[2].at_ns == 4 * kSecond);
  CHECK(faults[2].for_ns == 400 * kMillisecond);
  CHECK(faults[2].kind == FaultKind::kPartition);
  CHECK(faults[2].groups == Groups{{2}, {0, 1, 3, 4}});
  const auto crashes =
      load_good("faults: [{at: 2s, flap: {nodes: all, times: 2, down: 400ms, up: 1s, how: crash}}]").faults;
  CHECK(crashes[1].kind == FaultKind::kCrash);
  CHECK(crashes[1].groups == Groups{{0, 1, 2, 3, 4}});
}

TEST_CASE("a rolling fault takes one node after another") {
  const auto faults = load_good("faults: [{at: 2s, rolling: {nodes: all, down: 1s, up: 500ms}}]").faults;
  REQUIRE(faults.size() == 5);
  CHECK(faults[3].kind == FaultKind::kCrash);
  CHECK(faults[3].at_ns == 6'500 * kMillisecond);
  CHECK(faults[3].for_ns == kSecond);
  CHECK(faults[3].groups == Groups{{3}});
}

TEST_CASE("faults are put in the order of time, those of the same time in the file's order") {
  const auto faults = load_good("faults: [{at: 3s, crash: n1}, {at: 1s, crash: n2}, {at: 3s, pause: n3}]").faults;
  REQUIRE(faults.size() == 3);
  CHECK(faults[0].groups == Groups{{1}});
  CHECK(faults[1].groups == Groups{{0}});
  CHECK(faults[2].groups == Groups{{2}});
}

TEST_CASE("a palette of random faults arrives") {
  const Scenario scenario =
      load_good("faults: [{random: {every: 2s, for: [100ms, 3s], at_once: 3, kinds: {crash: 1, partition: 4}}}]");
  CHECK(scenario.faults.empty());
  REQUIRE(scenario.palette);
  CHECK(scenario.palette->every_ns == 2 * kSecond);
  CHECK(scenario.palette->for_least_ns == 100 * kMillisecond);
  CHECK(scenario.palette->for_most_ns == 3 * kSecond);
  CHECK(scenario.palette->at_once_max == 3);
  REQUIRE(scenario.palette->kinds.size() == 2);
  CHECK(scenario.palette->kinds[0] == std::pair{FaultKind::kPartition, 4u});
  CHECK(scenario.palette->kinds[1] == std::pair{FaultKind::kCrash, 1u});
}

TEST_CASE("faults one after the other are valid: a node crashes when it is back, two nodes are down together") {
  CHECK(complaints_of("faults: [{at: 1s, for: 1s, crash: n1}, {at: 2s, pause: n1}, {at: 2s, crash: n2}]").empty());
  CHECK(complaints_of("faults: [{at: 1s, for: 5s, partition: [n1, rest]}, {at: 2s, crash: n1}]").empty());
}

TEST_CASE("a node that is down can't crash, lose power, be wiped or pause") {
  CHECK(complaint_of("faults:\n  - {at: 1s, for: 3s, crash: [n1, n2]}\n  - {at: 2s, power_loss: n2}\n") ==
        "story.yaml:3:5: power_loss at 2s: node 'n2' is down (line 2, until 4s) already; "
        "begin later, or shorten the other fault with 'for'");
  CHECK_THAT(complaint_of("faults:\n  - {at: 2s, wipe: n2}\n  - {at: 1s, pause: n2}\n"),
             ContainsSubstring("story.yaml:2:5: wipe at 2s: node 'n2' is paused (line 3, until the heal) already"));
  CHECK_THAT(complaint_of("faults:\n  - {at: 1s, flap: {nodes: n2, times: 3, down: 1s, up: 1s, how: crash}}\n"
                          "  - {at: 3500ms, for: 1s, crash: n2}\n"),
             ContainsSubstring("node 'n2' is down"));
}

TEST_CASE("a clock has one skew at a time, and a link goes down once") {
  CHECK_THAT(
      complaint_of("faults: [{at: 1s, clock_skew: {nodes: n1, by: 1s}}, {at: 2s, clock_skew: {nodes: n1, by: 2s}}]"),
      ContainsSubstring("clock_skew at 2s: node 'n1' has a skewed clock (line 1, until the heal) already"));
  CHECK_THAT(complaint_of("cluster: {nodes: 2}\nnetwork: {topology: {links: [{between: [n1, n2], latency: 1ms}]}}\n"
                          "faults: [{at: 1s, link_down: [n1, n2]}, {at: 2s, link_down: [n2, n1]}]"),
             ContainsSubstring("link_down at 2s: the link between 'n1' and 'n2' is down"));
}

TEST_CASE("a fault after the end of the run would never come") {
  CHECK(complaint_of("run: 10s\nfaults:\n  - {at: 10s, crash: n1}\n") ==
        "story.yaml:3:5: this fault begins at 10s, after the end of the run; "
        "the run ends after 10s: move the fault, or make 'run' longer");
  CHECK_THAT(complaint_of("run: 10s\nfaults: [{at: 8s, flap: {nodes: n1, times: 3, down: 500ms, up: 500ms}}]"),
             ContainsSubstring("begins at 10s"));
}

TEST_CASE("a fault must make sense by itself") {
  const auto of = [](const std::string& fault) { return complaint_of("faults:\n  - " + fault + "\n"); };
  CHECK_THAT(of("{at: 1s}"), ContainsSubstring("2:5: a fault without a kind"));
  CHECK_THAT(of("{crash: n1}"), ContainsSubstring("the field 'at' is missing in 'faults'; write at: 5s"));
  CHECK_THAT(of("{at: 1s, crash: n1, pause: n2}"), ContainsSubstring("2:25: a fault that is both 'crash' and 'pause'"));
  CHECK_THAT(of("{at: 1s, crahs: n1}"),
             ContainsSubstring("2:14: unknown key 'crahs' in 'faults'; did you mean 'crash'?"));
  CHECK_THAT(of("{at: 1s, crash: []}"), ContainsSubstring("'crash' names no node"));
  CHECK_THAT(of("{at: 1s, crash: [n1, n1]}"), ContainsSubstring("2:26: 'n1' occurs twice in 'crash'"));
  CHECK_THAT(of("{at: 1s, crash: }"), ContainsSubstring("'crash' has no value"));
  CHECK_THAT(of("{at: 1s, for: 0s, crash: n1}"), ContainsSubstring("'for' is '0s', which is out of range"));
  CHECK_THAT(of("{at: 1s, partition: [[n1, n2]]}"), ContainsSubstring("a partition with 1 sets of nodes"));
  CHECK_THAT(of("{at: 1s, partition: [[n1, n2], [n2, n3]]}"), ContainsSubstring("2:36: node 'n2' is on both sides"));
  CHECK_THAT(of("{at: 1s, partition: [rest, rest]}"), ContainsSubstring("'rest' occurs twice"));
  CHECK_THAT(of("{at: 1s, partition: [all, rest]}"), ContainsSubstring("'rest' is empty"));
  CHECK_THAT(of("{at: 1s, one_way: {from: n1, to: n1}}"), ContainsSubstring("node 'n1' is on both sides"));
  CHECK_THAT(of("{at: 1s, one_way: {to: n1}}"), ContainsSubstring("the field 'from' is missing in 'one_way'"));
  CHECK_THAT(of("{at: 1s, loss: {of: n1}}"), ContainsSubstring("the field 'rate' is missing in 'loss'"));
  CHECK_THAT(of("{at: 1s, loss: {of: n1, rate: 5%, by: 1ms}}"),
             ContainsSubstring("'by' in 'loss'; it belongs to reorder, delay"));
  CHECK_THAT(of("{at: 1s, loss: {of: n1, between: [n1, n2], rate: 5%}}"), ContainsSubstring("both 'between' and 'of'"));
  CHECK_THAT(of("{at: 1s, delay: {of: n1, by: 1ms, rate: 5%}}"),
             ContainsSubstring("'rate' in 'delay'; it belongs to loss, duplicate, reorder"));
  CHECK_THAT(of("{at: 1s, delay: {of: n1}}"), ContainsSubstring("the field 'by' is missing in 'delay'"));
  CHECK_THAT(of("{at: 1s, link_down: [n1, n2]}"), ContainsSubstring("network.topology has no links"));
  CHECK_THAT(of("{at: 1s, link_down: [n1, moon]}"), ContainsSubstring("unknown place 'moon'"));
  CHECK_THAT(of("{at: 1s, slow: {nodes: n1}}"), ContainsSubstring("the field 'by' is missing in 'slow'"));
  CHECK_THAT(of("{at: 1s, clock_skew: {nodes: n1, by: 2}}"), ContainsSubstring("'2' has no unit"));
  CHECK_THAT(of("{at: 1s, for: 2s, flap: {nodes: n1, times: 2, down: 1s, up: 1s}}"),
             ContainsSubstring("'for' is not allowed here"));
  CHECK_THAT(of("{at: 1s, flap: {nodes: all, times: 2, down: 1s, up: 1s}}"),
             ContainsSubstring("no node on the other side"));
  CHECK_THAT(of("{at: 1s, flap: {nodes: n1, down: 1s, up: 1s}}"), ContainsSubstring("the field 'times' is missing"));
  CHECK_THAT(of("{at: 1s, random: {kinds: {crash: 1}}}"), ContainsSubstring("'at' is not allowed here"));
  CHECK_THAT(of("{random: {every: 1s}}"), ContainsSubstring("the field 'kinds' is missing in 'random'"));
  CHECK_THAT(of("{random: {kinds: {crsh: 1}}}"), ContainsSubstring("did you mean 'crash'?"));
  CHECK_THAT(of("{random: {kinds: {}}}"), ContainsSubstring("'kinds' is empty"));
  CHECK_THAT(of("{random: {kinds: {link_down: 1}}}"), ContainsSubstring("'link_down' without a topology"));
  CHECK_THAT(of("{random: {for: [4s, 1s], kinds: {crash: 1}}}"),
             ContainsSubstring("'for' begins at '4s', after its end"));
  CHECK_THAT(of("{random: {kinds: {crash: 1}}}\n  - {random: {kinds: {crash: 1}}}"),
             ContainsSubstring("a second 'random'"));
}

TEST_CASE("a few items can't make more faults than a run can hold") {
  std::string text = "run: 24h\nfaults:\n";
  for (int i = 0; i < 60; ++i) text += "  - {at: 1s, flap: {nodes: n1, times: 1000, down: 1ms, up: 1ms}}\n";
  CHECK_THAT(complaints_of(text), ContainsSubstring("flapping and rolling make 60000 faults of this"));
}

}  // namespace dkv::sim
