#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/types.h"
#include "sim/kernel/distribution.h"

namespace dkv::sim {

// What can go wrong. sim/faults/catalogue.h says everything else about each kind; the order here means nothing.
enum class FaultKind : std::uint8_t {
  // Network. Between sets of nodes; clients share the fate of the node that they live beside.
  kPartition,  // groups: nodes of different groups can't talk; a node in no group talks to all
  kOneWay,     // from group 0 to group 1 nothing arrives; the way back works
  kLoss,       // rate_ppm of messages between group 0 and group 1 (both ways) vanish; one group: among all its links
  kDuplicate,  // rate_ppm arrive twice
  kReorder,    // rate_ppm are delayed by `delay` on top and so overtaken
  kDelay,      // `delay` is added to each message
  kClog,       // messages from group 0 to group 1 wait, and arrive when the fault ends
  kLinkDown,   // the topology's link between the places `from` and `to` is cut; routes go round it where they can
  // Processes.
  kCrash,      // the process dies; what it wrote to the operating system survives. Restarts when the fault ends
  kPowerLoss,  // the machine dies: what was not synced is lost. Restarts when the fault ends
  kPause,      // the process stands still (a long garbage collection, SIGSTOP) and then goes on
  kSlow,       // each event is handled `delay` later
  kWipe,       // power loss, and the disk comes back empty
  // Disk and clock.
  kSlowDisk,     // `delay` is added to each request to the disk
  kClockSkew,    // the wall clock is off by skew_ns
  kFailSync,     // syncs fail, and what they should have written out is marked clean
  kReadErrors,   // rate_ppm of reads fail
  kBitRot,       // once, when it begins: bits of a durable place flip
  kMisdirected,  // once, when it begins: a sector's bytes went over another place
  kStalledDisk,  // nothing that the disk was asked for ends
  kDiskFull,     // no space is left
  // Operators.
  kDiskRollback,  // the machine stops, its disk becomes what was durable on it at to_ns, and it starts at the end
  kDiskClone,     // the machine stops, its disk becomes a copy of that of groups[1], and it starts at the end
};
inline constexpr std::size_t kFaultKinds = 23;  // the catalogue does not compile with another number

// One fault, as data: a schedule of these can be printed, edited, replayed and cut smaller.
struct Fault {
  TimeNs at_ns = 0;
  TimeNs for_ns = 0;  // 0: until the heal
  FaultKind kind = FaultKind::kPartition;
  std::vector<std::vector<NodeId>> groups;  // faults outside the network: groups[0] are the nodes hit
  std::string from, to;                     // kLinkDown: names of places
  std::uint32_t rate_ppm = 0;
  Distribution delay;
  std::string delay_text;  // the delay as a scenario writes it, for printing
  TimeNs skew_ns = 0;
  TimeNs to_ns = 0;     // kDiskRollback: a moment of the run, not after at_ns
  bool random = false;  // drawn from a palette
};

using Schedule = std::vector<Fault>;  // ascending by at_ns

// A source of random faults: about one each `every_ns`, each lasting for_least_ns..for_most_ns, of kinds drawn by
// weight. The order of the kinds decides which one a random number means.
struct Palette {
  TimeNs every_ns = 5 * kSecond;
  TimeNs for_least_ns = 500 * kMillisecond;
  TimeNs for_most_ns = 5 * kSecond;
  std::uint32_t at_once_max = 2;
  std::vector<std::pair<FaultKind, std::uint32_t>> kinds;  // with relative weights
};

}  // namespace dkv::sim
