#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sim/faults/fault.h"

// The catalogue of faults: one row for each kind. The reader, the writer, the swarm, the story, the time line and the
// debugger ask it. It holds data only. Faults of the network are carried out in sim/network, those of nodes in
// sim/world/fault_driver.cpp.
namespace dkv::sim {

// Where a fault acts.
enum class FaultLayer : std::uint8_t {
  kNetwork,
  kProcess,
  kDisk,
  kClock,
  kCluster,  // which machine is which member
};
inline constexpr std::size_t kFaultLayers = 5;

// The thing that a fault holds while it is on. Two faults may not hold the same thing of a node (or a link) at a time,
// and a process that is down cannot be paused.
enum class FaultHolds : std::uint8_t { kNothing, kDown, kPaused, kClock, kReads, kLink };

// Which nodes or links a fault hits, and which fields of Fault say so.
enum class FaultPlace : std::uint8_t {
  kSets,       // groups: two or more sets of nodes that can't talk to each other
  kDirection,  // groups: from the first set to the second one, or to everybody else
  kLinks,      // groups: none for all links, one for all links of these nodes, more for the links between the sets
  kEnds,       // from, to: a link of the topology
  kNodes,      // groups[0]
  kCopy,       // groups[0], and in groups[1] the one node that they become like
};

// How strong it is, and which field of Fault says so.
enum class FaultStrength : std::uint8_t {
  kRate,           // rate_ppm
  kDelay,          // delay, delay_text
  kDelayIfStated,  // the same; without it 1 to 20 ms
  kSkew,           // skew_ns
  kMoment,         // to_ns; the world keeps what it needs of that moment
};

// What a fault of the network does to messages.
enum class NetworkEffect : std::uint8_t { kNone, kCut, kHold, kLose, kRepeat, kOvertake, kDelay, kReroute };

// Whether and how often the swarm draws the kind (sim/draw/swarm.cpp).
struct SwarmShare {
  enum class Set : std::uint8_t { kNever, kGeneral, kDisk };  // each set has random numbers of its own
  Set set = Set::kNever;
  std::uint8_t place = 0;        // of its random numbers in the set; no other kind ever gets this place
  std::uint8_t percent = 0;      // of the swarm's scenarios have the kind
  std::uint8_t weight_most = 0;  // its weight among the kinds: 1 to this
  std::string_view never_because = {};
};

// Random strengths (sim/draw/fault_draw.cpp). Each is drawn for the kinds that have it.
struct DrawnStrengths {
  std::span<const std::uint32_t> rates_ppm = {};
  std::span<const TimeNs> delays_ns = {};  // typical ones
  TimeNs skew_most_ns = 0;                 // ahead or behind
  bool moment = false;                     // before the fault begins
  bool first_node_only = false;            // all faults of the kind hit node 0
};

// The words of the story (sim/story/faults.cpp). "[is|are]" is the first for one node and the second for several.
// {disk}, {rate}, {by}, {skew}, {links}, {way}, {sides}, {bridge}, {ends}, {moment}, {source} stand for what the fault
// says.
struct FaultStory {
  std::string_view begins;              // follows the names of the nodes, or "network"
  std::string_view ends;                // empty: something else tells of the end, or there is none
  std::string_view why;                 // it matters; told the first time only
  std::string_view why_under_lww = {};  // in place of `why` under last-write-wins
};

struct FaultTraits {
  FaultKind kind = FaultKind::kPartition;
  std::string_view word;  // in scenarios, traces and on screen; ends with a null byte
  FaultLayer layer = FaultLayer::kNetwork;
  FaultHolds holds = FaultHolds::kNothing;
  bool strikes_once = false;  // over as soon as it has begun
  bool needs_disk = false;    // it breaks a disk, which not every backend uses
  bool repeats = false;       // `flap` and `rolling` may use it
  FaultPlace place = FaultPlace::kNodes;
  std::span<const FaultStrength> strengths = {};  // in the order in which they are written
  std::string_view mapping = {};  // the mapping that describes it in a scenario; empty: its place alone does
  NetworkEffect effect = NetworkEffect::kNone;
  DrawnStrengths drawn = {};
  SwarmShare swarm = {};
  FaultStory story = {};

  bool takes_away() const noexcept { return holds == FaultHolds::kDown || holds == FaultHolds::kPaused; }
};

// Every kind once. A palette lists kinds in this order, which decides the faults that a seed draws: new kinds go to the
// end.
std::span<const FaultTraits> fault_catalogue() noexcept;
const FaultTraits& traits_of(FaultKind kind) noexcept;

inline bool strikes_once(FaultKind kind) noexcept {
  return traits_of(kind).strikes_once;
}
inline const char* fault_name(FaultKind kind) noexcept {
  return traits_of(kind).word.data();
}

}  // namespace dkv::sim
