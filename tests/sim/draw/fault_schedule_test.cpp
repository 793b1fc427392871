#include "sim/draw/fault_schedule.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "sim/draw/fault_draw.h"
#include "sim/faults/catalogue.h"
#include "sim/network/network.h"
#include "sim/scenario/load.h"
#include "tests/catch.h"

namespace dkv::sim {
namespace {

Scenario star_of(std::uint32_t nodes) {
  Scenario made;
  for (std::uint32_t i = 0; i < nodes; ++i) {
    Member member;
    member.id = i;
    member.name = "n" + std::to_string(i + 1);
    made.cluster.members.push_back(member);
    made.network.topology.links.push_back({member.name, "hub", kMillisecond});
  }
  made.network.topology.places = {"hub"};
  return made;
}

// A dense palette of all kinds.
Scenario stormy(std::uint32_t nodes) {
  Scenario made = star_of(nodes);
  Palette palette;
  palette.every_ns = 200 * kMillisecond;
  palette.for_least_ns = 100 * kMillisecond;
  palette.for_most_ns = 3 * kSecond;
  palette.at_once_max = 4;
  for (const FaultTraits& traits : fault_catalogue()) palette.kinds.emplace_back(traits.kind, 1);
  made.palette = palette;
  return made;
}

std::string text(const Schedule& schedule, const Scenario& of) {
  return write_schedule(schedule, of);
}

TEST_CASE("a schedule is a function of scenario and seed") {
  const Scenario storm = stormy(5);
  REQUIRE(text(draw_schedule(storm, 3), storm) == text(draw_schedule(storm, 3), storm));
  REQUIRE(text(draw_schedule(storm, 3), storm) != text(draw_schedule(storm, 4), storm));
}

TEST_CASE("without a palette the timed faults stay as they are, but for their ends") {
  Scenario timed = star_of(3);
  Fault crash;
  crash.kind = FaultKind::kCrash;
  crash.groups = {{1}};
  crash.at_ns = 5 * kSecond;
  timed.faults.push_back(crash);
  crash.at_ns = 19 * kSecond;
  crash.for_ns = 30 * kSecond;
  crash.groups = {{2}};
  timed.faults.push_back(crash);
  const Schedule schedule = draw_schedule(timed, 1);
  REQUIRE(schedule.size() == 2);
  REQUIRE(schedule[0].for_ns == 0);
  REQUIRE(schedule[1].for_ns == kSecond);
  REQUIRE_FALSE(schedule[1].random);
}

TEST_CASE("drawn faults ascend, are well formed, and end by the end of the run") {
  for (const std::uint32_t nodes : {1u, 2u, 3u, 4u, 5u, 7u, 12u}) {
    const Scenario storm = stormy(nodes);
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      TimeNs last = 0;
      for (const Fault& fault : draw_schedule(storm, seed)) {
        REQUIRE(fault.random);
        REQUIRE(fault.at_ns >= last);
        last = fault.at_ns;
        const FaultTraits& traits = traits_of(fault.kind);
        REQUIRE((fault.for_ns == 0) == traits.strikes_once);
        REQUIRE(fault.at_ns + fault.for_ns <= storm.run_ns);
        std::set<NodeId> seen;
        for (const auto& group : fault.groups) {
          REQUIRE_FALSE(group.empty());
          REQUIRE(std::is_sorted(group.begin(), group.end()));
          for (const NodeId node : group) {
            REQUIRE(node < nodes);
            REQUIRE(seen.insert(node).second);
          }
        }
        if (fault.kind == FaultKind::kPartition) REQUIRE(fault.groups.size() == 2);
        if (fault.kind == FaultKind::kOneWay) REQUIRE(fault.groups.size() == 2);
        if (traits.place == FaultPlace::kNodes) REQUIRE(fault.groups.size() == 1);
        if (fault.kind == FaultKind::kClockSkew) {
          REQUIRE(fault.skew_ns != 0);
          REQUIRE(std::abs(fault.skew_ns) <= kSecond);
        }
        if (fault.kind == FaultKind::kClockJump) {
          REQUIRE(std::abs(fault.skew_ns) >= 54 * kSecond);
          REQUIRE(std::abs(fault.skew_ns) <= 60 * 366 * 24 * 3600 * kSecond);
        }
        const auto has = [&](FaultStrength strength) {
          return std::ranges::find(traits.strengths, strength) != traits.strengths.end();
        };
        const bool rated = has(FaultStrength::kRate);
        REQUIRE((fault.rate_ppm != 0) == rated);
        const bool delayed = has(FaultStrength::kDelay) || has(FaultStrength::kDelayIfStated);
        REQUIRE((fault.delay.greatest() != 0) == delayed);
        REQUIRE(fault.delay_text.empty() == !delayed);
      }
    }
  }
}

TEST_CASE("no node is taken away twice at a time, be it by a drawn or by a timed fault") {
  Scenario storm = stormy(4);
  Fault crash;
  crash.kind = FaultKind::kCrash;
  crash.groups = {{0, 3}};
  crash.at_ns = 10 * kSecond;
  storm.faults.push_back(crash);  // until the heal
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    std::map<NodeId, TimeNs> away_until, skewed_until;
    std::map<std::string, TimeNs> link_until;
    for (const Fault& fault : draw_schedule(storm, seed)) {
      const TimeNs until = fault.for_ns == 0 ? storm.run_ns : fault.at_ns + fault.for_ns;
      if (fault.kind == FaultKind::kLinkDown) {
        REQUIRE(fault.at_ns >= link_until[fault.from]);
        link_until[fault.from] = until;
      }
      const bool skew = traits_of(fault.kind).holds == FaultHolds::kClock;
      if (!traits_of(fault.kind).takes_away() && !skew) continue;
      for (const NodeId node : fault.groups[0]) {
        TimeNs& held = (skew ? skewed_until : away_until)[node];
        REQUIRE(fault.at_ns >= held);
        held = until;
      }
    }
  }
}

TEST_CASE("not more faults are on at once than the palette says") {
  Scenario storm = stormy(5);
  storm.palette->kinds = {{FaultKind::kPause, 1}, {FaultKind::kDelay, 1}};  // one entry a draw
  for (const std::uint32_t most : {1u, 2u, 3u}) {
    storm.palette->at_once_max = most;
    std::size_t greatest = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const Schedule schedule = draw_schedule(storm, seed);
      for (const Fault& fault : schedule) {
        const auto on = std::count_if(schedule.begin(), schedule.end(), [&](const Fault& other) {
          return other.at_ns <= fault.at_ns && fault.at_ns < other.at_ns + other.for_ns;
        });
        greatest = std::max(greatest, static_cast<std::size_t>(on));
      }
    }
    REQUIRE(greatest == most);
  }
}

TEST_CASE("kinds come by their weights, about one fault each period") {
  Scenario calm = star_of(5);
  calm.run_ns = 1'000 * kSecond;
  Palette palette;
  palette.every_ns = kSecond;
  palette.for_least_ns = palette.for_most_ns = 100 * kMillisecond;
  palette.kinds = {{FaultKind::kDelay, 3}, {FaultKind::kCrash, 1}};
  calm.palette = palette;
  const Schedule schedule = draw_schedule(calm, 5);
  REQUIRE(schedule.size() > 980);
  REQUIRE(schedule.size() <= 1'000);
  const auto crashes = std::count_if(schedule.begin(), schedule.end(),
                                     [](const Fault& fault) { return fault.kind == FaultKind::kCrash; });
  REQUIRE(std::abs(crashes - 250) < 50);
}

// Shrinking and the comparison of runs depend on this.
TEST_CASE("the draws of one turn of the palette depend on no other turn") {
  Scenario longer = stormy(5);
  longer.palette->at_once_max = 64;
  longer.palette->kinds = {{FaultKind::kPartition, 1}, {FaultKind::kLoss, 1}, {FaultKind::kClog, 2}};
  Scenario shorter = longer;
  shorter.run_ns = 10 * kSecond;
  const Schedule all = draw_schedule(longer, 8);
  const Schedule half = draw_schedule(shorter, 8);
  REQUIRE(half.size() > 30);
  std::size_t same = 0;
  for (const Fault& fault : half) {
    if (fault.at_ns > 7 * kSecond) break;  // later ones are cut short by the end
    REQUIRE(write_fault(fault, longer) == write_fault(all[same], longer));
    ++same;
  }
  REQUIRE(same > 20);
}

TEST_CASE("partitions of every shape are drawn") {
  const Scenario five = star_of(5);
  std::set<std::string> shapes;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const auto faults = draw_fault(five, FaultKind::kPartition, kSecond, 3 * kSecond, Stream(1, Purpose::kFaults, i));
    REQUIRE_FALSE(faults.empty());
    const auto& groups = faults[0].groups;
    const std::size_t in_groups = groups[0].size() + groups[1].size();
    if (faults.size() > 1 && faults[1].at_ns == faults[0].at_ns) {
      shapes.insert("ring");
      // Each node still reaches a majority, and no two reach the same one.
      Network network(five, 1);
      for (std::size_t f = 0; f < faults.size(); ++f) network.begin(f, faults[f]);
      std::set<std::string> views;
      for (NodeId from = 0; from < 5; ++from) {
        std::string view;
        for (NodeId to = 0; to < 5; ++to) view += network.open(from, to) && network.open(to, from) ? 'o' : '.';
        REQUIRE(std::count(view.begin(), view.end(), 'o') == 3);
        views.insert(view);
      }
      REQUIRE(views.size() == 5);
    } else if (faults.size() > 1) {
      shapes.insert("flapping");
      for (std::size_t f = 1; f < faults.size(); ++f) {
        REQUIRE(faults[f].groups == groups);
        REQUIRE(faults[f].at_ns > faults[f - 1].at_ns + faults[f - 1].for_ns);
        REQUIRE(faults[f].at_ns + faults[f].for_ns <= 3 * kSecond);
      }
    } else if (in_groups == 5) {
      shapes.insert(std::min(groups[0].size(), groups[1].size()) == 1 ? "alone" : "sides");
    } else if (in_groups == 4) {
      shapes.insert("bridge");
    } else if (in_groups == 2) {
      shapes.insert("pair");
    }
  }
  REQUIRE(shapes == std::set<std::string>{"alone", "bridge", "flapping", "pair", "ring", "sides"});
}

TEST_CASE("a cluster of one node, or without links, gets only the faults that it has room for") {
  Scenario one = star_of(1);
  for (const FaultKind kind : {FaultKind::kPartition, FaultKind::kOneWay, FaultKind::kLoss, FaultKind::kClog}) {
    REQUIRE(draw_fault(one, kind, 0, kSecond, Stream(1, Purpose::kFaults)).empty());
  }
  REQUIRE(draw_fault(one, FaultKind::kCrash, 0, kSecond, Stream(1, Purpose::kFaults)).size() == 1);
  REQUIRE(draw_fault(one, FaultKind::kLinkDown, 0, kSecond, Stream(1, Purpose::kFaults)).size() == 1);
  one.network.topology = {};
  REQUIRE(draw_fault(one, FaultKind::kLinkDown, 0, kSecond, Stream(1, Purpose::kFaults)).empty());
}

TEST_CASE("a drawn schedule can be written to a file and read back, delays and all") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Scenario storm = stormy(5);
    const Schedule schedule = draw_schedule(storm, seed);
    const std::string written = text(schedule, storm);
    const auto read = load_schedule_text(written, "drawn.yaml", storm);
    REQUIRE(read.has_value());
    REQUIRE(text(*read, storm) == written);
    REQUIRE(read->size() == schedule.size());
    for (std::size_t i = 0; i < schedule.size(); ++i) {
      for (std::uint64_t random = 1; random < 20; ++random) {
        const std::uint64_t at = random * (~std::uint64_t{0} / 20);
        REQUIRE((*read)[i].delay.at(at) == schedule[i].delay.at(at));
      }
    }
  }
}

TEST_CASE("a power loss may come while a disk is slow or fails its syncs, but not twice at once") {
  Scenario storm = stormy(3);
  storm.palette->kinds = {{FaultKind::kPowerLoss, 1}, {FaultKind::kSlowDisk, 1}, {FaultKind::kFailSync, 1}};
  std::map<FaultKind, int> met;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Schedule schedule = draw_schedule(storm, seed);
    for (const Fault& loss : schedule) {
      if (loss.kind != FaultKind::kPowerLoss) continue;
      for (const Fault& other : schedule) {
        const bool same = std::ranges::find_first_of(loss.groups[0], other.groups[0]) != loss.groups[0].end();
        if (&other == &loss || !same) continue;
        if (other.at_ns <= loss.at_ns && loss.at_ns < other.at_ns + other.for_ns) ++met[other.kind];
      }
    }
  }
  REQUIRE(met[FaultKind::kSlowDisk] > 20);
  REQUIRE(met[FaultKind::kFailSync] > 20);
  REQUIRE(met[FaultKind::kPowerLoss] == 0);
}

}  // namespace
}  // namespace dkv::sim
