#include "sim/network/network.h"

#include <algorithm>
#include <string>
#include <vector>

#include "tests/catch.h"

namespace dkv::sim {
namespace {

constexpr std::uint32_t kNodes = 5;

Scenario scenario(std::uint32_t nodes = kNodes) {
  Scenario made;
  for (std::uint32_t i = 0; i < nodes; ++i) {
    Member member;
    member.id = i;
    member.name = "n" + std::to_string(i + 1);
    made.cluster.members.push_back(member);
  }
  made.network.latency = Distribution::uniform(200'000, 800'000);
  return made;
}

Fault fault(FaultKind kind, std::vector<std::vector<NodeId>> groups) {
  Fault made;
  made.kind = kind;
  made.groups = std::move(groups);
  return made;
}

struct SendTally {
  int delivered = 0, lost = 0, held = 0, twice = 0;
  TimeNs least = kSecond * 1'000, greatest = 0;
};
SendTally send_many(Network& network, NodeId from, NodeId to, int count = 1'000, Leg leg = Leg::kWrite) {
  SendTally tally;
  for (int i = 0; i < count; ++i) {
    const Network::Verdict verdict = network.send(from, to, leg);
    if (verdict.fate == Network::Fate::kLost) ++tally.lost;
    if (verdict.fate == Network::Fate::kHeld) ++tally.held;
    if (verdict.fate != Network::Fate::kDelivered) {
      REQUIRE(verdict.copies == 0);
      continue;
    }
    ++tally.delivered;
    REQUIRE((verdict.copies == 1 || verdict.copies == 2));
    if (verdict.copies == 2) ++tally.twice;
    for (int copy = 0; copy < verdict.copies; ++copy) {
      tally.least = std::min(tally.least, verdict.after_ns[copy]);
      tally.greatest = std::max(tally.greatest, verdict.after_ns[copy]);
    }
  }
  return tally;
}

// The open links as text: one line for each sender.
std::string openness(const Network& network, std::uint32_t nodes = kNodes) {
  std::string text;
  for (NodeId from = 0; from < nodes; ++from) {
    for (NodeId to = 0; to < nodes; ++to) text += network.open(from, to) ? 'o' : '.';
    text += ' ';
  }
  return text;
}
const std::string kAllOpen = "ooooo ooooo ooooo ooooo ooooo ";

TEST_CASE("a quiet network delivers everything once, within its latency") {
  Network network(scenario(), 1);
  const SendTally tally = send_many(network, 0, 1);
  REQUIRE(tally.delivered == 1'000);
  REQUIRE(tally.twice == 0);
  REQUIRE(tally.least >= 200'000);
  REQUIRE(tally.least < 210'000);
  REQUIRE(tally.greatest <= 800'000);
  REQUIRE(tally.greatest > 790'000);
  REQUIRE_FALSE(network.any_fault());
}

TEST_CASE("between a node and its own clients nothing is lost and little time passes") {
  Scenario rough = scenario();
  rough.network.loss_ppm = 1'000'000;
  Network network(rough, 1);
  network.begin(0, fault(FaultKind::kPartition, {{0}, {1, 2, 3, 4}}));
  network.begin(1, fault(FaultKind::kClog, {{0}}));
  const SendTally tally = send_many(network, 0, 0, 100, Leg::kClient);
  REQUIRE(tally.delivered == 100);
  REQUIRE(tally.least == 100'000);
  REQUIRE(tally.greatest == 100'000);
  REQUIRE(network.open(0, 0));
}

TEST_CASE("a partition separates groups, and a node outside all groups reaches every node") {
  Network network(scenario(), 1);
  const Fault partition = fault(FaultKind::kPartition, {{0, 1}, {2, 3}});
  network.begin(4, partition);
  REQUIRE(openness(network) == "oo..o oo..o ..ooo ..ooo ooooo ");
  REQUIRE(send_many(network, 0, 2).lost == 1'000);
  REQUIRE(send_many(network, 0, 4).delivered == 1'000);
  REQUIRE(network.any_fault());
  network.end(4, partition);
  REQUIRE(openness(network) == kAllOpen);
  REQUIRE_FALSE(network.any_fault());
}

TEST_CASE("a one-way fault leaves the way back open") {
  Network network(scenario(), 1);
  const Fault one_way = fault(FaultKind::kOneWay, {{0}, {1, 2}});
  network.begin(0, one_way);
  REQUIRE(openness(network) == "o..oo ooooo ooooo ooooo ooooo ");
  network.end(0, one_way);
  const Fault to_all = fault(FaultKind::kOneWay, {{3}});
  network.begin(1, to_all);
  REQUIRE(openness(network) == "ooooo ooooo ooooo ...o. ooooo ");
}

TEST_CASE("overlapping faults compose, and their ends in any order restore exactly") {
  const std::vector<Fault> faults = {fault(FaultKind::kPartition, {{0, 1}, {2, 3, 4}}),
                                     fault(FaultKind::kPartition, {{0, 1}, {2, 3, 4}}),
                                     fault(FaultKind::kPartition, {{1}, {0, 2}}),
                                     fault(FaultKind::kOneWay, {{4}, {0}}),
                                     fault(FaultKind::kClog, {{0}, {1}}),
                                     fault(FaultKind::kClog, {{3}})};
  std::vector<std::size_t> order = {0, 1, 2, 3, 4, 5};
  do {
    Network network(scenario(), 1);
    for (std::size_t i = 0; i < faults.size(); ++i) network.begin(i, faults[i]);
    std::vector<bool> ended(faults.size(), false);
    for (const std::size_t i : order) {
      network.end(i, faults[i]);
      ended[i] = true;
      // The network is in the same state as without the faults that ended.
      Network fresh(scenario(), 1);
      for (std::size_t j = 0; j < faults.size(); ++j) {
        if (!ended[j]) fresh.begin(j, faults[j]);
      }
      REQUIRE(openness(network) == openness(fresh));
    }
    REQUIRE(openness(network) == kAllOpen);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("a clog holds messages, and a message on a path both cut and clogged is lost") {
  Network network(scenario(), 1);
  const Fault clog = fault(FaultKind::kClog, {{0}, {1}});
  network.begin(0, clog);
  REQUIRE(send_many(network, 0, 1).held == 1'000);
  REQUIRE(send_many(network, 1, 0).delivered == 1'000);
  REQUIRE(send_many(network, 0, 2).delivered == 1'000);
  REQUIRE_FALSE(network.open(0, 1));
  network.begin(1, fault(FaultKind::kPartition, {{0}, {1}}));
  REQUIRE(send_many(network, 0, 1).lost == 1'000);
  network.end(0, clog);
  REQUIRE(send_many(network, 0, 1).lost == 1'000);
}

TEST_CASE("loss takes its share, on its links only, and adds up over faults") {
  Network network(scenario(), 1);
  Fault loss = fault(FaultKind::kLoss, {{0}, {1, 2}});
  loss.rate_ppm = 200'000;
  network.begin(0, loss);
  REQUIRE(std::abs(send_many(network, 0, 1, 10'000).lost - 2'000) < 200);
  REQUIRE(std::abs(send_many(network, 2, 0, 10'000).lost - 2'000) < 200);
  REQUIRE(send_many(network, 1, 2, 10'000).lost == 0);
  REQUIRE(send_many(network, 0, 3, 10'000).lost == 0);
  REQUIRE(network.open(0, 1));
  Fault more = fault(FaultKind::kLoss, {{1}});
  more.rate_ppm = 500'000;
  network.begin(1, more);
  REQUIRE(std::abs(send_many(network, 0, 1, 10'000).lost - 6'000) < 250);
  REQUIRE(std::abs(send_many(network, 4, 1, 10'000).lost - 5'000) < 250);
  REQUIRE(send_many(network, 3, 4, 10'000).lost == 0);
  Fault all = fault(FaultKind::kLoss, {});
  all.rate_ppm = 1'000'000;
  network.begin(2, all);
  REQUIRE(send_many(network, 3, 4).lost == 1'000);
}

TEST_CASE("duplicates arrive twice, each in its own time") {
  Network network(scenario(), 1);
  Fault duplicate = fault(FaultKind::kDuplicate, {{0}});
  duplicate.rate_ppm = 300'000;
  network.begin(0, duplicate);
  int equal = 0, twice = 0;
  for (int i = 0; i < 10'000; ++i) {
    const Network::Verdict verdict = network.send(0, 1, Leg::kRead);
    if (verdict.copies != 2) continue;
    ++twice;
    if (verdict.after_ns[0] == verdict.after_ns[1]) ++equal;
  }
  REQUIRE(std::abs(twice - 3'000) < 250);
  REQUIRE(equal < 10);
  REQUIRE(send_many(network, 2, 1).twice == 0);
}

TEST_CASE("delays add up, and reordering holds its share back") {
  Network network(scenario(), 1);
  Fault delay = fault(FaultKind::kDelay, {{0}, {1}});
  delay.delay = Distribution::constant(5 * kMillisecond);
  network.begin(0, delay);
  network.begin(1, delay);
  SendTally tally = send_many(network, 1, 0);
  REQUIRE(tally.least >= 10'200'000);
  REQUIRE(tally.greatest <= 10'800'000);
  network.end(0, delay);
  network.end(1, delay);
  Fault reorder = fault(FaultKind::kReorder, {});
  reorder.rate_ppm = 100'000;
  reorder.delay = Distribution::constant(50 * kMillisecond);
  network.begin(2, reorder);
  int late = 0;
  for (int i = 0; i < 10'000; ++i) late += network.send(0, 1, Leg::kWrite).after_ns[0] > 50 * kMillisecond ? 1 : 0;
  REQUIRE(std::abs(late - 1'000) < 150);
}

TEST_CASE("the scenario's own rates hold on every link") {
  Scenario rough = scenario();
  rough.network.loss_ppm = 100'000;
  rough.network.duplicate_ppm = 50'000;
  rough.network.reorder_ppm = 20'000;
  rough.network.reorder_delay = Distribution::constant(kSecond);
  Network network(rough, 1);
  const SendTally tally = send_many(network, 3, 2, 20'000);
  REQUIRE(std::abs(tally.lost - 2'000) < 200);
  REQUIRE(std::abs(tally.twice - 900) < 150);
  REQUIRE(tally.greatest > kSecond);
}

TEST_CASE("a rule overrides latency and loss for its links and legs") {
  Scenario ruled = scenario();
  ruled.network.loss_ppm = 1'000'000;
  LinkRule slow;
  slow.from = {0};
  slow.to = {1, 2};
  slow.legs = {Leg::kAntiEntropy, Leg::kRepair};
  slow.latency = Distribution::constant(kSecond);
  slow.loss_ppm = 0;
  LinkRule one_way;
  one_way.from = {3};
  one_way.to = {4};
  one_way.both_ways = false;
  one_way.loss_ppm = 0;
  ruled.network.rules = {slow, one_way};
  Network network(ruled, 1);
  for (const auto& [from, to] : {std::pair<NodeId, NodeId>{0, 1}, {1, 0}, {0, 2}}) {
    const SendTally tally = send_many(network, from, to, 100, Leg::kAntiEntropy);
    REQUIRE(tally.delivered == 100);
    REQUIRE(tally.least == kSecond);
    REQUIRE(send_many(network, from, to, 100, Leg::kWrite).lost == 100);
  }
  REQUIRE(send_many(network, 1, 2, 100, Leg::kAntiEntropy).lost == 100);
  const SendTally tally = send_many(network, 3, 4);
  REQUIRE(tally.delivered == 1'000);
  REQUIRE(tally.greatest <= 800'000);
  REQUIRE(send_many(network, 4, 3).lost == 1'000);
}

TEST_CASE("messages take the route's latency on top, and a cut link cuts off the places behind it") {
  Scenario routed = scenario(3);
  routed.network.topology = {{"s"},
                             {{"n1", "s", kMillisecond}, {"n2", "s", 2 * kMillisecond}, {"n3", "s", 4 * kMillisecond}}};
  Network network(routed, 1);
  SendTally tally = send_many(network, 0, 2);
  REQUIRE(tally.least >= 5'200'000);
  REQUIRE(tally.greatest <= 5'800'000);
  Fault cut;
  cut.kind = FaultKind::kLinkDown;
  cut.from = "s";
  cut.to = "n3";
  network.begin(0, cut);
  network.begin(1, cut);
  network.end(0, cut);
  REQUIRE(openness(network, 3) == "oo. oo. ..o ");
  REQUIRE(send_many(network, 0, 2).lost == 1'000);
  REQUIRE(send_many(network, 0, 1).delivered == 1'000);
  network.end(1, cut);
  REQUIRE(send_many(network, 2, 0).delivered == 1'000);
}

std::vector<TimeNs> latencies(Network& network, NodeId from, NodeId to, int count) {
  std::vector<TimeNs> tally;
  for (int i = 0; i < count; ++i) {
    network.send(2, 3, Leg::kWrite);  // disturbed in some of the tests
    tally.push_back(network.send(from, to, Leg::kWrite).after_ns[0]);
  }
  return tally;
}

TEST_CASE("a fault on one link does not shift the latencies of the others, nor the draws of another fault") {
  Network quiet(scenario(), 9);
  const std::vector<TimeNs> wanted = latencies(quiet, 0, 1, 500);
  for (const FaultKind kind : {FaultKind::kLoss, FaultKind::kDuplicate, FaultKind::kReorder, FaultKind::kDelay,
                               FaultKind::kPartition, FaultKind::kClog}) {
    Network network(scenario(), 9);
    Fault disturbing = fault(kind, {{2}, {3}});
    disturbing.rate_ppm = 500'000;
    disturbing.delay = Distribution::uniform(1, 1'000);
    network.begin(0, disturbing);
    REQUIRE(latencies(network, 0, 1, 500) == wanted);
  }
  const auto losses = [](bool other) {
    Network network(scenario(), 9);
    Fault loss = fault(FaultKind::kLoss, {{0}, {1}});
    loss.rate_ppm = 300'000;
    network.begin(7, loss);
    loss.groups = {};
    loss.rate_ppm = 100'000;
    if (other) network.begin(3, loss);
    std::string fates;
    for (int i = 0; i < 300; ++i) fates += network.send(0, 1, Leg::kWrite).fate == Network::Fate::kLost ? 'x' : 'o';
    return fates;
  };
  const std::string alone = losses(false);
  const std::string both = losses(true);
  int more = 0;
  for (std::size_t i = 0; i < alone.size(); ++i) {
    if (alone[i] == 'x') REQUIRE(both[i] == 'x');
    if (alone[i] != both[i]) ++more;
  }
  REQUIRE(more > 5);
}

TEST_CASE("a copy of a network continues like the original, and another seed does not") {
  Network network(scenario(), 9);
  Fault loss = fault(FaultKind::kLoss, {});
  loss.rate_ppm = 100'000;
  network.begin(0, loss);
  send_many(network, 0, 1, 100);
  Network copy = network;
  REQUIRE(latencies(network, 0, 1, 100) == latencies(copy, 0, 1, 100));
  copy.end(0, loss);
  REQUIRE(network.any_fault());
  Network other(scenario(), 10);
  Network again(scenario(), 9);
  REQUIRE(latencies(other, 0, 1, 100) != latencies(again, 0, 1, 100));
}

TEST_CASE("the network takes its own kinds of faults and no others") {
  REQUIRE(Network::handles(FaultKind::kPartition));
  REQUIRE(Network::handles(FaultKind::kLinkDown));
  REQUIRE_FALSE(Network::handles(FaultKind::kCrash));
  REQUIRE_FALSE(Network::handles(FaultKind::kSlow));
  REQUIRE_FALSE(Network::handles(FaultKind::kSlowDisk));
}

}  // namespace
}  // namespace dkv::sim
