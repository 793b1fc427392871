#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/placement.h"
#include "engine/core/types.h"
#include "engine/node/config.h"
#include "engine/protocol/client.h"
#include "engine/settings/settings.h"
#include "sim/faults/fault.h"
#include "sim/kernel/distribution.h"
#include "sim/scenario/command.h"

namespace dkv::sim {

inline constexpr std::uint32_t kNodesMax = 128;  // the oracles keep one bit for each node
inline constexpr std::uint32_t kClientsMax = 4096;
inline constexpr std::uint32_t kKeysMax = 10'000'000;

// The kinds of messages. Each can have its own latency.
enum class Leg : std::uint8_t { kClient, kWrite, kRead, kReply, kHeartbeat, kHint, kRepair, kAntiEntropy };
inline constexpr std::size_t kLegs = enumerators<Leg>();
const char* leg_name(Leg leg) noexcept;

struct ClusterSpec : QuorumSettings {
  std::vector<Member> members;  // ids 0..n-1 in order
  NodeConfig node;              // each node gets its own id and the placement; the rest is the same for all

  // Segments are small, so that short runs seal and merge some, and write snapshots.
  ClusterSpec() {
    node.storage.segment_bytes = 256u << 10;
    node.storage.cache_bytes = 16u << 20;
    node.storage.scan_bytes = 64u << 10;
  }
};

// A link between two places. A place is a node, by its name, or a switch or router.
struct TopologyLink {
  std::string a, b;
  TimeNs latency_ns = 0;  // one way
};
struct TopologySpec {
  std::vector<std::string> places;  // besides the nodes
  std::vector<TopologyLink> links;  // empty: every node reaches every other directly, with no base latency
};

// Settings for messages from one set of nodes to another, of some legs. Rules may not overlap.
struct LinkRule {
  std::vector<NodeId> from, to;
  bool both_ways = true;
  std::vector<Leg> legs;  // empty: all
  std::optional<Distribution> latency;
  std::optional<std::uint32_t> loss_ppm;
};

struct NetworkSpec {
  Distribution latency = Distribution::uniform(200 * kMicrosecond, 800 * kMicrosecond);  // added to the route's
  std::uint32_t loss_ppm = 0;
  std::uint32_t duplicate_ppm = 0;
  std::uint32_t reorder_ppm = 0;
  Distribution reorder_delay = Distribution::uniform(1 * kMillisecond, 20 * kMillisecond);
  std::vector<LinkRule> rules;
  TopologySpec topology;
};

struct DiskSpec {
  Distribution sync = Distribution::uniform(100 * kMicrosecond, 400 * kMicrosecond);
  Distribution read = Distribution::uniform(20 * kMicrosecond, 120 * kMicrosecond);
};

enum class KeyChoice : std::uint8_t { kUniform, kZipfian, kLatest };
enum class LoadShape : std::uint8_t {
  kClosed,  // each client sends its next request when it has its answer and has paused for `think`
  kOpen,    // requests arrive at rate_per_s in all, independent of the answers
};
// How a client chooses the node for a request.
enum class Connect : std::uint8_t {
  kAny,   // a random one for each operation
  kHome,  // its home node
};

// Operations of the random load, by relative weight.
struct Mix {
  std::uint32_t get = 50;
  std::uint32_t put = 50;       // with the session's context of the key, if it has one
  std::uint32_t blind_put = 0;  // with no context
  std::uint32_t update = 0;     // get, then put with its context
  std::uint32_t remove = 0;     // get, then delete with its context
  std::uint32_t forge = 0;      // get, then put with a forged context, which must be refused
};

enum class StepKind : std::uint8_t {
  kGet,
  kPut,     // value, with the session's context for the key unless blind
  kAdd,     // get, then put the union of all siblings' items and `value` (items are separated by commas)
  kDelete,  // with the session's context unless blind
};
// The expected result of a scripted step. Fields that are not set are not checked.
struct StepExpect {
  std::optional<Outcome> outcome;
  std::optional<std::string> value;       // the only sibling's value
  std::optional<std::uint32_t> siblings;  // number of live siblings in the answer
  std::optional<bool> found;
  int line = 0;  // in the scenario file
};
// One scripted operation of a named session.
struct Step {
  TimeNs at_ns = 0;
  std::string session;
  StepKind kind = StepKind::kGet;
  std::string bucket{kDefaultBucket};
  std::string key;
  std::string value;
  std::uint32_t value_bytes = 0;  // kPut: the value is filled up to this size; see filled_value()
  TimeNs ttl_ns = 0;              // as in ClientRequest
  bool blind = false;
  std::optional<NodeId> via;  // the session moves to this node; not set: it stays
  std::optional<std::uint8_t> need;
  std::optional<QuorumMode> mode;
  StepExpect expect;
};

struct WorkloadSpec {
  std::uint32_t clients = 0;
  LoadShape shape = LoadShape::kClosed;
  std::uint32_t rate_per_s = 200;                                     // kOpen
  Distribution think = Distribution::exponential(50 * kMillisecond);  // kClosed
  Mix mix;
  std::uint32_t keys = 100;
  KeyChoice choice = KeyChoice::kUniform;
  std::uint32_t zipf_thousandths = 990;
  std::uint32_t value_bytes = 100;
  TimeNs ttl_ns = 0;  // of the load's puts, as in ClientRequest
  Connect connect = Connect::kAny;
  TimeNs start_ns = 0;
  std::vector<Step> steps;  // ascending by at_ns within each session
};

// A metric of the result and a bound for it, for example stale_reads == 0.
enum class Compare : std::uint8_t { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };
struct Expectation {
  std::string metric;  // one of metric_names() in sim/verdict/result.h
  Compare compare = Compare::kEqual;
  double number = 0;
  std::string text;  // as written
  int line = 0;
};

// The checked content of a scenario file.
struct Scenario {
  std::string name;  // the name of the file without folder and extension
  std::string about;
  std::uint64_t seed = 1;
  TimeNs run_ns = 20 * kSecond;          // the duration of the workload and the faults
  TimeNs heal_within_ns = 60 * kSecond;  // the time after the heal in which everything must converge
  ClusterSpec cluster;
  NetworkSpec network;
  DiskSpec disk;
  WorkloadSpec workload;
  Schedule faults;                 // timed
  std::optional<Palette> palette;  // random ones
  Commands commands;               // ascending by at_event
  std::vector<Expectation> expect;
  std::vector<std::string> expected_violations;  // invariants that this scenario breaks on purpose, for example "I1"
};

}  // namespace dkv::sim
