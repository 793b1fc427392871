#include <fmt/format.h>

#include "sim/story/text.h"
#include "sim/story/words.h"

namespace dkv::story {
namespace {

using sim::Fault;
using sim::FaultKind;
using sim::Scenario;

std::string group(const Fault& fault, std::size_t index, const Scenario& scenario) {
  return index < fault.groups.size() ? joined(node_names(scenario, fault.groups[index]), 6) : "?";
}

std::string how_long(const Fault& fault) {
  return fault.for_ns == 0 ? ", until the heal" : ", for " + duration(fault.for_ns);
}

std::string ppm(std::uint32_t parts) {
  return fmt::format("{:.4g}%", static_cast<double>(parts) / 1e4);
}

// "between n1 and n2" or "on all links of n1 and n2".
std::string links(const Fault& fault, const Scenario& scenario) {
  if (fault.groups.size() >= 2) {
    return fmt::format("between {} and {}", group(fault, 0, scenario), group(fault, 1, scenario));
  }
  if (fault.groups.size() == 1 && fault.groups[0].size() < scenario.cluster.members.size()) {
    return "among " + group(fault, 0, scenario);
  }
  return "on all links";
}

FaultWords partition(const Fault& fault, const Scenario& scenario) {
  std::string sides;
  std::size_t inside = 0;
  for (std::size_t i = 0; i < fault.groups.size(); ++i) {
    sides += (i == 0 ? "" : " | ") + group(fault, i, scenario);
    inside += fault.groups[i].size();
  }
  const std::size_t outside = scenario.cluster.members.size() - std::min(inside, scenario.cluster.members.size());
  const std::string bridge = outside == 0 ? ""
                                          : fmt::format(" ({} still {} all sides)", counted(outside, "node"),
                                                        outside == 1 ? "reaches" : "reach");
  return {"network", fmt::format("is split: {}{}{}", sides, bridge, how_long(fault)),
          fmt::format("the split {} is mended", sides),
          "nobody can tell a dead peer from one behind the cut, so each side decides alone what it still accepts"};
}

FaultWords network_fault(const Fault& fault, const Scenario& scenario) {
  const std::string where = links(fault, scenario);
  const std::string time = how_long(fault);
  switch (fault.kind) {
    case FaultKind::kPartition: return partition(fault, scenario);
    case FaultKind::kOneWay: {
      const std::string way = fmt::format("from {} to {}", group(fault, 0, scenario), group(fault, 1, scenario));
      return {"network", fmt::format("nothing arrives {} any more; the way back works{}", way, time),
              fmt::format("messages {} arrive again", way),
              "hearing a peer does not mean being heard: only an answer proves that both directions work"};
    }
    case FaultKind::kLoss:
      return {"network", fmt::format("loses {} of the messages {}{}", ppm(fault.rate_ppm), where, time),
              fmt::format("no longer loses messages {}", where),
              "a request that nobody answered may have been carried out all the same"};
    case FaultKind::kDuplicate:
      return {"network", fmt::format("delivers {} of the messages {} twice{}", ppm(fault.rate_ppm), where, time),
              fmt::format("delivers messages {} once again", where),
              "an answer counted twice would make a quorum out of one node"};
    case FaultKind::kReorder:
      return {"network",
              fmt::format("holds {} of the messages {} back by {} and so lets others overtake them{}",
                          ppm(fault.rate_ppm), where, fault.delay_text, time),
              fmt::format("keeps the usual order {}", where),
              "old news may come after new news: versions must decide, never the order of arrival"};
    case FaultKind::kDelay:
      return {"network", fmt::format("messages {} take {} longer{}", where, fault.delay_text, time),
              fmt::format("messages {} are as fast as before", where),
              "for whoever waits, a late answer and none look the same"};
    case FaultKind::kClog: {
      const std::string way = fmt::format("from {} to {}", group(fault, 0, scenario), group(fault, 1, scenario));
      return {"network", fmt::format("messages {} pile up on the way{}", way, time),
              fmt::format("messages {} arrive all at once", way),
              "what waits arrives late and in one burst, when its senders have long given up on it"};
    }
    default:
      return {"network", fmt::format("the link {} - {} is down{}", fault.from, fault.to, time),
              fmt::format("the link {} - {} is up", fault.from, fault.to),
              "messages take another, longer way where the topology has one"};
  }
}

// Short names stand in the column; many nodes are named in the text.
std::string hit_column(const Fault& fault, const Scenario& scenario, std::string& prefix) {
  const std::string names = group(fault, 0, scenario);
  if (columns_of(names) <= 9) return names;
  prefix = names + ": ";
  return "nodes";
}

// What strikes once has no end to tell.
FaultWords disk_fault(const Fault& fault, const std::string& who, const std::string& prefix, bool many) {
  const std::string time = how_long(fault);
  const auto words = [&](const std::string& begins, const std::string& ends, const char* why) {
    return FaultWords{who, prefix + begins, ends.empty() ? ends : prefix + ends, why};
  };
  const std::string disk = many ? "their disks" : "its disk";
  switch (fault.kind) {
    case FaultKind::kFailSync:
      return words(
          fmt::format("{} fail{} every sync{}", disk, many ? "" : "s", time),
          fmt::format("{} sync{} again", disk, many ? "" : "s"),
          "after a failed sync the system may drop the bytes and call the next sync a success, so trying again "
          "proves nothing: a store that wants to be honest must stop and read what is really there");
    case FaultKind::kReadErrors:
      return words(fmt::format("{} of what {} read{} comes back as an error{}", ppm(fault.rate_ppm), disk,
                               many ? "" : "s", time),
                   fmt::format("{} can be read again", disk),
                   "an unreadable value is not a missing one: the other replicas still have it");
    case FaultKind::kBitRot:
      return words(fmt::format("a few bits rot on {}, and nobody notices yet", disk), "",
                   "disks lie silently: only a checksum tells, and only when somebody reads that place");
    case FaultKind::kMisdirected:
      return words(fmt::format("{} put{} a sector in the wrong place: one record is overwritten, and another one never "
                               "written",
                               disk, many ? "" : "s"),
                   "", "every sector reads back without an error; only a record that knows its own checksum can tell");
    case FaultKind::kStalledDisk:
      return words(fmt::format("{} hang{}: nothing that was asked of {} ends{}", disk, many ? "" : "s",
                               many ? "them" : "it", time),
                   fmt::format("{} go{} on, and all that had piled up ends at once", disk, many ? "" : "es"),
                   "the process lives and answers heartbeats, so nobody calls it dead, yet it can promise nothing");
    default:
      return words(fmt::format("{} {} full{}", disk, many ? "are" : "is", time),
                   fmt::format("there is room on {} again", disk),
                   "a write that finds no room is refused before anything happens, so its client knows for certain; "
                   "reads need no room");
  }
}

}  // namespace

FaultWords words_of(const Fault& fault, const Scenario& scenario) {
  if (fault.kind <= FaultKind::kLinkDown) return network_fault(fault, scenario);
  std::string prefix;
  const std::string who = hit_column(fault, scenario, prefix);
  const bool many = !fault.groups.empty() && fault.groups[0].size() > 1;
  const std::string time = how_long(fault);
  const auto words = [&](std::string begins, std::string ends, const char* why) {
    return FaultWords{who, prefix + std::move(begins) + time, prefix + std::move(ends), why};
  };
  switch (fault.kind) {
    case FaultKind::kCrash:
      return words(many ? "crash" : "crashes", "", "what its disk was handed survives, what it kept in memory is gone");
    case FaultKind::kPowerLoss:
      return words(many ? "lose power" : "loses power", "",
                   "what was not synced is gone: this is why an acknowledgement waits for the disk");
    case FaultKind::kWipe:
      return words(many ? "lose power and their disks" : "loses power and its disk", "",
                   "its copies are gone for good; the others must carry the data, and later fill it up again");
    case FaultKind::kPause:
      return words(many ? "stand still" : "stands still", many ? "go on" : "goes on",
                   "like a long garbage collection: it does not answer, and does not know that time passes");
    case FaultKind::kSlow:
      return words(fmt::format("handle{} every event {} later", many ? "" : "s", fault.delay_text),
                   many ? "are as fast as before" : "is as fast as before",
                   "slow hurts more than dead: a dead node is soon left out, a slow one is waited for");
    case FaultKind::kSlowDisk:
      return words(fmt::format("sync{} take{} {} longer", many ? "s" : "ing", many ? "" : "s", fault.delay_text),
                   many ? "disks are as fast as before" : "its disk is as fast as before",
                   "a write is acknowledged when it is durable, so a slow disk makes a slow replica");
    case FaultKind::kFailSync:
    case FaultKind::kReadErrors:
    case FaultKind::kBitRot:
    case FaultKind::kMisdirected:
    case FaultKind::kStalledDisk:
    case FaultKind::kDiskFull: return disk_fault(fault, who, prefix, many);
    default:
      return words(fmt::format("{} {} {}", many ? "have clocks" : "has a clock",
                               duration(fault.skew_ns < 0 ? -fault.skew_ns : fault.skew_ns),
                               fault.skew_ns < 0 ? "behind" : "ahead"),
                   many ? "clocks are right again" : "its clock is right again",
                   scenario.cluster.node.policy == ConflictPolicy::kLastWriteWins
                       ? "under last-write-wins the clock decides which of two concurrent writes survives"
                       : "versions are ordered by what their writers had seen, so a wrong clock must not matter");
  }
}

}  // namespace dkv::story
