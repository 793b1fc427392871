#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sim/faults/fault.h"

// The catalogue of faults: one row for each kind. The reader, the writer, the swarm, the story, the time line and the
// debugger use it. It holds data only: sim/network carries out faults of the network, and sim/world/fault_driver.cpp
// those of nodes.
namespace dkv::sim {

// The part of the world in which a fault acts.
enum class FaultLayer : std::uint8_t {
  kNetwork,
  kProcess,
  kDisk,
  kClock,
  kCluster,  // the assignment of machines to members
};
inline constexpr std::size_t kFaultLayers = 5;

// The resource that a fault holds while it is on. Two faults may not hold the same resource of a node (or a link) at
// a time, and a process that is down cannot be paused.
enum class FaultHolds : std::uint8_t { kNothing, kDown, kPaused, kClock, kReads, kLink };

// The nodes or links that a fault hits, and the fields of Fault that name them.
enum class FaultPlace : std::uint8_t {
  kSets,       // groups: two or more sets of nodes that cannot talk to each other
  kDirection,  // groups: from the first set to the second one, or to all other nodes
  kLinks,      // groups: none: all links; one: all links of these nodes; more: the links between the sets
  kEnds,       // from, to: a link of the topology
  kNodes,      // groups[0]
  kCopy,       // groups[0]: the nodes hit; groups[1]: the one node whose copies they become
};

// The strength of a fault, and the field of Fault that states it.
enum class FaultStrength : std::uint8_t {
  kRate,           // rate_ppm
  kDelay,          // delay, delay_text
  kDelayIfStated,  // the same; 1 to 20 ms when it is not stated
  kSkew,           // skew_ns
  kMoment,         // to_ns; the world keeps a copy of the state that it needs from that moment
};

// The effect of a network fault on messages.
enum class NetworkEffect : std::uint8_t { kNone, kCut, kHold, kLose, kRepeat, kOvertake, kDelay, kReroute };

// Whether and how often the swarm draws the kind (sim/draw/swarm.cpp).
struct SwarmShare {
  enum class Set : std::uint8_t { kNever, kGeneral, kDisk };  // each set has its own random numbers
  Set set = Set::kNever;
  std::uint8_t place = 0;        // index of its random numbers in the set; no other kind ever gets it
  std::uint8_t percent = 0;      // the share of the swarm's scenarios with this kind
  std::uint8_t weight_most = 0;  // its weight among the kinds is drawn from 1 to this
  std::string_view never_because = {};
};

// Random strengths (sim/draw/fault_draw.cpp). A kind uses the fields that apply to it.
struct DrawnStrengths {
  std::span<const std::uint32_t> rates_ppm = {};
  std::span<const TimeNs> delays_ns = {};  // typical delays
  TimeNs skew_most_ns = 0;                 // the largest skew, ahead or behind
  std::span<const TimeNs> skews_ns = {};   // typical skews, ahead or behind; sometimes several in turn
  bool moment = false;                     // a moment before the fault begins
  bool first_node_only = false;            // all faults of the kind hit node 0
};

// The words of the story (sim/story/faults.cpp). "[is|are]" gives the first word for one node and the second for
// several. {disk}, {rate}, {by}, {skew}, {links}, {way}, {sides}, {bridge}, {ends}, {moment} and {source} are
// replaced by texts from the fault.
struct FaultStory {
  std::string_view begins;              // follows the names of the nodes, or "network"
  std::string_view ends;                // empty: another event tells of the end, or there is none
  std::string_view why;                 // why it matters; told the first time only
  std::string_view why_under_lww = {};  // replaces `why` under last-write-wins
};

struct FaultTraits {
  FaultKind kind = FaultKind::kPartition;
  std::string_view word;  // in scenarios, traces and on screen; ends with a null byte
  FaultLayer layer = FaultLayer::kNetwork;
  FaultHolds holds = FaultHolds::kNothing;
  bool strikes_once = false;  // it ends as soon as it has begun
  bool needs_disk = false;    // it affects a disk, which not every backend uses
  bool repeats = false;       // `flap` and `rolling` may use it
  FaultPlace place = FaultPlace::kNodes;
  std::span<const FaultStrength> strengths = {};  // in the order in which they are written
  std::string_view mapping = {};  // the mapping that describes it in a scenario; empty: its place describes it fully
  NetworkEffect effect = NetworkEffect::kNone;
  DrawnStrengths drawn = {};
  SwarmShare swarm = {};
  FaultStory story = {};

  bool takes_away() const noexcept { return holds == FaultHolds::kDown || holds == FaultHolds::kPaused; }
};

// All kinds, each once. A palette lists kinds in this order, and the order decides the faults that a seed draws. So a
// new kind is added at the end.
std::span<const FaultTraits> fault_catalogue() noexcept;
const FaultTraits& traits_of(FaultKind kind) noexcept;

inline bool strikes_once(FaultKind kind) noexcept {
  return traits_of(kind).strikes_once;
}
inline const char* fault_name(FaultKind kind) noexcept {
  return traits_of(kind).word.data();
}

}  // namespace dkv::sim
