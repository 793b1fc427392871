#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/types.h"
#include "sim/kernel/distribution.h"

namespace dkv::sim {

// The kinds of faults. sim/faults/catalogue.h has all their other properties. The order here has no meaning.
enum class FaultKind : std::uint8_t {
  // Network faults, between sets of nodes. A client is in the set of its home node.
  kPartition,  // groups: nodes of different groups cannot talk; a node in no group talks to all
  kOneWay,     // no message from group 0 to group 1 arrives; the way back works
  kLoss,       // rate_ppm of the messages between groups 0 and 1 (both ways) are lost; one group: on all its links
  kDuplicate,  // rate_ppm arrive twice
  kReorder,    // rate_ppm take `delay` longer, so that later messages overtake them
  kDelay,      // each message takes `delay` longer
  kClog,       // messages from group 0 to group 1 wait, and arrive when the fault ends
  kLinkDown,   // the link of the topology between the places `from` and `to` is cut; routes avoid it if they can
  // Processes.
  kCrash,      // the process dies; bytes that the operating system has survive. Restarts when the fault ends
  kPowerLoss,  // the machine dies; bytes that were not synced are lost. Restarts when the fault ends
  kPause,      // the process stands still (a long garbage collection, SIGSTOP) and then continues
  kSlow,       // each event is handled `delay` later
  kWipe,       // power loss, and the disk comes back empty
  // Disk and clock.
  kSlowDisk,     // each request to the disk takes `delay` longer
  kClockSkew,    // the wall clock is off by skew_ns
  kClockJump,    // the same; drawn by far, and back and forth
  kFailSync,     // syncs fail, and the bytes that they should have written out are marked clean
  kReadErrors,   // rate_ppm of reads fail
  kBitRot,       // strikes once: bits of a durable place flip
  kMisdirected,  // strikes once: the bytes of a sector are written to another place
  kStalledDisk,  // no request to the disk finishes
  kDiskFull,     // the disk has no space left
  // Operators.
  kDiskRollback,  // the machine stops, and its disk returns to its durable state at to_ns. Starts when the fault ends
  kDiskClone,     // the machine stops, and its disk becomes a copy of that of groups[1]. Starts when the fault ends
};
inline constexpr std::size_t kFaultKinds = 24;  // the catalogue does not compile with another number

// One fault as data: a schedule of faults can be printed, edited, replayed and shrunk.
struct Fault {
  TimeNs at_ns = 0;
  TimeNs for_ns = 0;  // 0: until the heal
  FaultKind kind = FaultKind::kPartition;
  std::vector<std::vector<NodeId>> groups;  // faults outside the network: groups[0] are the nodes that are hit
  std::string from, to;                     // kLinkDown: names of places
  std::uint32_t rate_ppm = 0;
  Distribution delay;
  std::string delay_text;  // the delay as a scenario writes it
  TimeNs skew_ns = 0;
  TimeNs to_ns = 0;     // kDiskRollback: a moment of the run, at or before at_ns
  bool random = false;  // drawn from a palette
};

using Schedule = std::vector<Fault>;  // ascending by at_ns

// A source of random faults. About one begins in each `every_ns` and lasts for_least_ns..for_most_ns; its kind is
// drawn by weight. The order of the kinds decides which one a random number selects.
struct Palette {
  TimeNs every_ns = 5 * kSecond;
  TimeNs for_least_ns = 500 * kMillisecond;
  TimeNs for_most_ns = 5 * kSecond;
  std::uint32_t at_once_max = 2;
  std::vector<std::pair<FaultKind, std::uint32_t>> kinds;  // with relative weights
};

}  // namespace dkv::sim
