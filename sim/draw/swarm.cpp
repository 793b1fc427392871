#include "sim/draw/swarm.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string>
#include <utility>

#include "sim/faults/catalogue.h"
#include "sim/kernel/rng.h"

namespace dkv::sim {
namespace {

constexpr std::uint32_t kRatePerSecond = 200;

// The numbers of the knobs' streams. A new knob is added at the end.
enum class Knob : std::uint64_t {
  kNodes,
  kReplicas,
  kRead,
  kWrite,
  kReadPrimary,
  kWritePrimary,
  kMode,
  kPolicy,
  kPartitions,
  kPlaces,
  kTimeout,
  kHeartbeat,
  kSilence,
  kFallback,
  kReadRepair,
  kHintPace,
  kHintTtl,
  kHintsMax,
  kHintsInFlight,
  kSiblings,
  kAntiEntropy,
  kAntiEntropyPartitions,
  kLatency,
  kLoss,
  kDuplicate,
  kReorder,
  kRules,
  kTopology,
  kDisk,
  kClients,
  kShape,
  kMix,
  kKeys,
  kChoice,
  kZipf,
  kValue,
  kConnect,
  kFaultEvery,
  kFaultFor,
  kFaultsAtOnce,
  kFaultKinds,
  kSegment,
  kCache,
  kCachePolicy,
  kCompress,
  kMergeDead,
  kDiskRead,
  kLargeValue,
  kDiskFaultKinds,
  kTornWrites,
  kValueTtl,
  kDictionaries,
  kReaping,
  kSync,
  kLives,
  kForgeries,
};

class Swarm {
 public:
  explicit Swarm(std::uint64_t seed) : seed_(seed) {}

  Scenario draw() {
    scenario_.name = "swarm";
    scenario_.about = "a random cluster, load and palette of faults";
    scenario_.seed = seed_;
    cluster();
    replication();
    node();
    hints();
    anti_entropy();
    network();
    topology();
    disk();
    storage();
    load();
    faults();
    lives();
    return std::move(scenario_);
  }

 private:
  Stream knob(Knob which) const { return Stream(seed_, Purpose::kSwarm, static_cast<std::uint64_t>(which)); }
  std::uint32_t below(Knob which, std::uint32_t bound) const {
    return static_cast<std::uint32_t>(knob(which).below(bound));
  }
  bool percent(Knob which, std::uint32_t share) const { return below(which, 100) < share; }
  template <class T, std::size_t kCount>
  T one_of(Knob which, const T (&choices)[kCount]) const {
    return choices[knob(which).below(kCount)];
  }

  void cluster() {
    Stream random = knob(Knob::kNodes);
    const std::uint64_t size = random.below(100);
    const std::uint64_t many = random.below(5);
    const auto nodes = static_cast<std::uint32_t>(size < 4 ? 1 + size % 2 : size < 94 ? 3 + size % 5 : 8 + many);
    const bool racks = percent(Knob::kPlaces, 25);
    for (std::uint32_t i = 0; i < nodes; ++i) {
      Member member;
      member.id = i;
      member.name = "n" + std::to_string(i + 1);
      if (racks) member.rack = "rack" + std::to_string(i % 3 + 1);
      scenario_.cluster.members.push_back(std::move(member));
    }
    static constexpr std::uint32_t kPartitions[] = {8, 16, 32, 64};
    scenario_.cluster.partitions = one_of(Knob::kPartitions, kPartitions);
  }

  void replication() {
    ClusterSpec& cluster = scenario_.cluster;
    static constexpr std::uint32_t kReplicas[] = {3, 3, 3, 3, 3, 3, 1, 2, 4, 5};
    const auto nodes = static_cast<std::uint32_t>(cluster.members.size());
    const std::uint32_t n = std::min(one_of(Knob::kReplicas, kReplicas), nodes);
    cluster.replicas = n;
    // Majorities are the most frequent choice.
    const auto need = [&](Knob which) {
      const std::uint32_t any = below(which, 2 * n);
      return static_cast<std::uint8_t>(any < n ? any + 1 : n / 2 + 1);
    };
    cluster.read_need = need(Knob::kRead);
    cluster.write_need = need(Knob::kWrite);
    const auto primary = [&](Knob which, std::uint8_t most) {
      const std::uint32_t draw = below(which, 5u * (most + 1u));
      return static_cast<std::uint8_t>(draw <= most ? draw : 0);
    };
    cluster.read_primary = primary(Knob::kReadPrimary, cluster.read_need);
    cluster.write_primary = primary(Knob::kWritePrimary, cluster.write_need);
    cluster.mode = percent(Knob::kMode, 65) ? QuorumMode::kSloppy : QuorumMode::kStrict;
    cluster.node.policy = percent(Knob::kPolicy, 80) ? ConflictPolicy::kSiblings : ConflictPolicy::kLastWriteWins;
  }

  void node() {
    NodeConfig& node = scenario_.cluster.node;
    static constexpr TimeNs kTimeouts[] = {kSecond, kSecond, kSecond, 250 * kMillisecond, 3 * kSecond};
    scenario_.cluster.request_timeout_ns = one_of(Knob::kTimeout, kTimeouts);
    static constexpr TimeNs kHeartbeats[] = {100 * kMillisecond, 250 * kMillisecond, 500 * kMillisecond, kSecond};
    node.heartbeat_every_ns = one_of(Knob::kHeartbeat, kHeartbeats);
    node.unreachable_after_ns = node.heartbeat_every_ns * (2 + below(Knob::kSilence, 4));
    static constexpr TimeNs kFallbacks[] = {150 * kMillisecond, 150 * kMillisecond, 30 * kMillisecond,
                                            600 * kMillisecond, 0};
    node.fallback_after_ns = one_of(Knob::kFallback, kFallbacks);
    node.read_repair = percent(Knob::kReadRepair, 75);
    static constexpr TimeNs kReapings[] = {300 * kMillisecond, 300 * kMillisecond, kSecond, 5 * kSecond, 0};
    node.reap_every_ns = one_of(Knob::kReaping, kReapings);
    static constexpr std::uint32_t kSiblings[] = {kSiblingsMaxDefault, kSiblingsMaxDefault, kSiblingsMaxDefault, 16, 4};
    node.siblings_max = one_of(Knob::kSiblings, kSiblings);
  }

  void hints() {
    NodeConfig& node = scenario_.cluster.node;
    static constexpr TimeNs kPaces[] = {500 * kMillisecond, 500 * kMillisecond, 100 * kMillisecond, 2 * kSecond};
    node.hints_every_ns = one_of(Knob::kHintPace, kPaces);
    static constexpr TimeNs kTtls[] = {300 * kMillisecond, kSecond, 4 * kSecond};
    static constexpr std::uint32_t kMost[] = {1, 5, 30};
    static constexpr std::uint32_t kInFlight[] = {64, 64, 8, 1};
    Stream ttl = knob(Knob::kHintTtl);
    if (ttl.below(100) < 20) node.hint_ttl_ns = kTtls[ttl.below(std::size(kTtls))];
    Stream most = knob(Knob::kHintsMax);
    if (most.below(100) < 15) node.hints_max = kMost[most.below(std::size(kMost))];
    node.hints_in_flight_max = one_of(Knob::kHintsInFlight, kInFlight);
    // At least 40 hints a second for each owner: the hints of a run must be delivered in the time after the heal.
    node.hints_every_ns = std::min(node.hints_every_ns, node.hints_in_flight_max * 25 * kMillisecond);
  }

  // Always on, and quick enough to make everything equal in the time after the heal. Every pair of nodes must get
  // through all of its partitions, and a state may need a second hop.
  void anti_entropy() {
    NodeConfig& node = scenario_.cluster.node;
    static constexpr TimeNs kPaces[] = {200 * kMillisecond, 500 * kMillisecond, kSecond, 3 * kSecond};
    static constexpr std::uint32_t kAtOnce[] = {32, 32, 8};
    node.anti_entropy_partitions_max = one_of(Knob::kAntiEntropyPartitions, kAtOnce);
    const TimeNs turns = scenario_.cluster.partitions / node.anti_entropy_partitions_max + 3;
    const TimeNs slowest = 30 * kSecond / (turns * static_cast<TimeNs>(scenario_.cluster.members.size()));
    node.anti_entropy_every_ns = std::min(one_of(Knob::kAntiEntropy, kPaces), slowest);
  }

  static Distribution with_tail(std::uint32_t share, Distribution body, Distribution tail) {
    const std::pair<std::uint32_t, Distribution> parts[] = {{100 - share, std::move(body)}, {share, std::move(tail)}};
    return Distribution::mixture(parts);
  }

  void network() {
    NetworkSpec& network = scenario_.network;
    const Distribution lan = Distribution::uniform(200 * kMicrosecond, 800 * kMicrosecond);
    switch (below(Knob::kLatency, 8)) {
      case 0: network.latency = Distribution::lognormal(500 * kMicrosecond, 5 * kMillisecond); break;
      case 1: network.latency = with_tail(3, lan, Distribution::pareto(5 * kMillisecond, 1'200, kSecond)); break;
      case 2: network.latency = with_tail(20, lan, Distribution::uniform(5 * kMillisecond, 60 * kMillisecond)); break;
      case 3: network.latency = Distribution::exponential(kMillisecond); break;
      case 4: network.latency = Distribution::uniform(10 * kMillisecond, 40 * kMillisecond); break;
      case 5: network.latency = Distribution::constant(kMillisecond); break;  // many events at the same time
      default: network.latency = lan; break;
    }
    static constexpr std::uint32_t kLosses[] = {0, 0, 0, 1'000, 10'000};
    static constexpr std::uint32_t kRates[] = {0, 0, 0, 5'000, 50'000};
    network.loss_ppm = one_of(Knob::kLoss, kLosses);
    network.duplicate_ppm = one_of(Knob::kDuplicate, kRates);
    network.reorder_ppm = one_of(Knob::kReorder, kRates);
    if (percent(Knob::kRules, 10)) {
      // Heartbeats are often lost, so that healthy nodes look dead.
      LinkRule rule;
      for (const Member& member : scenario_.cluster.members) rule.from.push_back(member.id);
      rule.to = rule.from;
      rule.legs = {Leg::kHeartbeat};
      rule.loss_ppm = 300'000;
      network.rules.push_back(std::move(rule));
    }
  }

  // Sometimes two data centres, each with a switch, and with a short and a long link between them.
  void topology() {
    Stream random = knob(Knob::kTopology);
    if (random.below(100) >= 20) return;
    TopologySpec& topology = scenario_.network.topology;
    const TimeNs apart = random.between(1, 20) * kMillisecond;
    topology.places = {"east", "west", "relay"};
    for (Member& member : scenario_.cluster.members) {
      member.datacenter = member.id % 2 == 0 ? "east" : "west";
      topology.links.push_back({member.name, member.datacenter, 50 * kMicrosecond});
    }
    topology.links.push_back({"east", "west", apart});
    topology.links.push_back({"east", "relay", apart});
    topology.links.push_back({"relay", "west", 2 * apart});
  }

  void disk() {
    const Distribution fast = Distribution::uniform(100 * kMicrosecond, 400 * kMicrosecond);
    switch (below(Knob::kDisk, 6)) {
      case 0: scenario_.disk.sync = Distribution::lognormal(300 * kMicrosecond, 20 * kMillisecond); break;
      case 1:
        scenario_.disk.sync = with_tail(2, fast, Distribution::uniform(50 * kMillisecond, 500 * kMillisecond));
        break;
      case 2: scenario_.disk.sync = Distribution::uniform(3 * kMillisecond, 12 * kMillisecond); break;
      default: scenario_.disk.sync = fast; break;
    }
  }

  // Small segments, so that short runs fill, seal and merge some. Often a tiny cache, so that reads reach the disk.
  void storage() {
    StoreOptions& options = scenario_.cluster.node.storage;
    static constexpr std::uint64_t kSegments[] = {64u << 10, 64u << 10, 128u << 10, 256u << 10, 1u << 20};
    options.segment_bytes = one_of(Knob::kSegment, kSegments);
    static constexpr std::uint64_t kCaches[] = {0, 0, 4u << 10, 64u << 10, 16u << 20, 16u << 20};
    options.cache_bytes = one_of(Knob::kCache, kCaches);
    options.cache_policy = percent(Knob::kCachePolicy, 50) ? CachePolicy::kS3Fifo : CachePolicy::kLru;
    static constexpr std::uint32_t kOver[] = {50, 500, 1024, std::numeric_limits<std::uint32_t>::max()};
    options.compress_over_bytes = one_of(Knob::kCompress, kOver);
    options.dictionaries = percent(Knob::kDictionaries, 30);
    sync_policy(options);
    static constexpr std::uint32_t kDead[] = {10, 30, 50, 50, 80, 100};
    options.merge_dead_percent = one_of(Knob::kMergeDead, kDead);
    const Distribution fast = Distribution::uniform(20 * kMicrosecond, 120 * kMicrosecond);
    switch (below(Knob::kDiskRead, 5)) {
      case 0: scenario_.disk.read = Distribution::uniform(2 * kMillisecond, 15 * kMillisecond); break;
      case 1: scenario_.disk.read = with_tail(2, fast, Distribution::uniform(kMillisecond, 300 * kMillisecond)); break;
      default: scenario_.disk.read = fast; break;
    }
  }

  // Usually the policy under which nothing may be lost. Under the others, few losses could be blamed on the store.
  void sync_policy(StoreOptions& options) {
    Stream random = knob(Knob::kSync);
    const std::uint64_t draw = random.below(100);
    if (draw < 10) options.sync = SyncPolicy::kNever;
    if (draw < 10 || draw >= 20) return;
    options.sync = SyncPolicy::kInterval;
    static constexpr TimeNs kEvery[] = {20 * kMillisecond, 200 * kMillisecond, kSecond, 3 * kSecond};
    options.sync_every_ns = kEvery[random.below(std::size(kEvery))];
  }

  void load() {
    WorkloadSpec& load = scenario_.workload;
    static constexpr std::uint32_t kClients[] = {4, 10, 20, 50};
    load.clients = one_of(Knob::kClients, kClients);
    load.shape = percent(Knob::kShape, 50) ? LoadShape::kOpen : LoadShape::kClosed;
    load.rate_per_s = kRatePerSecond;
    load.think = Distribution::exponential(static_cast<TimeNs>(load.clients) * kSecond / kRatePerSecond);
    mix();
    static constexpr std::uint32_t kKeys[] = {1, 3, 10, 10, 40, 40, 100, 100, 400, 2'000};
    load.keys = one_of(Knob::kKeys, kKeys);
    static constexpr KeyChoice kChoices[] = {KeyChoice::kUniform, KeyChoice::kUniform, KeyChoice::kZipfian,
                                             KeyChoice::kLatest};
    load.choice = one_of(Knob::kChoice, kChoices);
    static constexpr std::uint32_t kExponents[] = {600, 990, 1'300};
    load.zipf_thousandths = one_of(Knob::kZipf, kExponents);
    static constexpr std::uint32_t kBytes[] = {16, 100, 100, 1'000};
    load.value_bytes = one_of(Knob::kValue, kBytes);
    static constexpr std::uint32_t kLarge[] = {2'000, 4'000, 9'000};
    Stream large = knob(Knob::kLargeValue);
    if (large.below(100) < 12) load.value_bytes = kLarge[large.below(std::size(kLarge))];
    // Some values expire within a read, and some outlive the run.
    static constexpr TimeNs kTtls[] = {50 * kMillisecond, 500 * kMillisecond, 2 * kSecond, 2 * kSecond, 60 * kSecond};
    Stream ttl = knob(Knob::kValueTtl);
    if (ttl.below(100) < 12) load.ttl_ns = kTtls[ttl.below(std::size(kTtls))];
    load.connect = percent(Knob::kConnect, 60) ? Connect::kAny : Connect::kHome;
  }

  // Reads are always on. Each kind of write is on or off. Blind writes are few, because each adds a sibling.
  void mix() {
    Stream random = knob(Knob::kMix);
    Mix& mix = scenario_.workload.mix;
    const auto weight = [&random](std::uint32_t share, std::uint32_t most) {
      const bool on = random.below(100) < share;
      const auto drawn = static_cast<std::uint32_t>(1 + random.below(most));
      return on ? drawn : 0;
    };
    mix.get = weight(100, 60);
    mix.put = weight(80, 60);
    mix.blind_put = weight(40, 8);
    mix.update = weight(60, 60);
    mix.remove = weight(50, 20);
    if (mix.put + mix.update == 0) mix.update = 30;
    Stream forgeries = knob(Knob::kForgeries);
    if (forgeries.below(100) < 15) mix.forge = static_cast<std::uint32_t>(1 + forgeries.below(10));
  }

  void faults() {
    Palette palette;
    static constexpr TimeNs kPaces[] = {400 * kMillisecond, kSecond, kSecond, 2 * kSecond, 4 * kSecond};
    palette.every_ns = one_of(Knob::kFaultEvery, kPaces);
    static constexpr TimeNs kLongest[] = {kSecond, 3 * kSecond, 3 * kSecond, 8 * kSecond};
    palette.for_least_ns = 50 * kMillisecond;
    palette.for_most_ns = one_of(Knob::kFaultFor, kLongest);
    palette.at_once_max = 1 + below(Knob::kFaultsAtOnce, 4);
    kinds_of(SwarmShare::Set::kGeneral, knob(Knob::kFaultKinds), palette);
    kinds_of(SwarmShare::Set::kDisk, knob(Knob::kDiskFaultKinds), palette);
    torn_writes(palette);
    if (!palette.kinds.empty()) scenario_.palette = std::move(palette);
  }

  // In a few runs the nodes crash again and again, one after the other, and live for a moment only.
  void lives() {
    Stream random = knob(Knob::kLives);
    if (random.below(100) >= 2) return;
    const auto nodes = scenario_.cluster.members.size();
    const TimeNs apart_ns = static_cast<TimeNs>(100 + random.below(400)) * kMillisecond;
    const TimeNs down_ns = static_cast<TimeNs>(10 + random.below(50)) * kMillisecond;
    NodeId node = 0;
    for (TimeNs at_ns = apart_ns; at_ns + down_ns < scenario_.run_ns; at_ns += apart_ns) {
      Fault crash{.at_ns = at_ns, .for_ns = down_ns, .kind = FaultKind::kCrash, .groups = {{node}}};
      scenario_.faults.push_back(std::move(crash));
      node = static_cast<NodeId>((node + 1) % nodes);
    }
  }

  // Each kind has a pair of random numbers at its own place, so a new kind changes nothing for the others.
  void kinds_of(SwarmShare::Set set, const Stream& numbers, Palette& palette) {
    for (const FaultTraits& traits : fault_catalogue()) {
      if (traits.swarm.set != set) continue;
      Stream random = numbers;
      random.skip(2u * traits.swarm.place);
      const bool on = random.below(100) < traits.swarm.percent;
      const auto weight = static_cast<std::uint32_t>(1 + random.below(traits.swarm.weight_most));
      const bool possible = traits.place != FaultPlace::kEnds || !scenario_.network.topology.links.empty();
      if (!on || !possible) continue;
      palette.kinds.emplace_back(traits.kind, weight);
      if (traits.kind == FaultKind::kDiskFull && weight > 1) fill_disks();
    }
  }

  // The effect of a full disk begins when a segment is full: until then there is the space that was set aside.
  void fill_disks() {
    StoreOptions& options = scenario_.cluster.node.storage;
    options.segment_bytes = 64u << 10;
    options.compress_over_bytes = std::numeric_limits<std::uint32_t>::max();
    options.dictionaries = false;
    scenario_.workload.value_bytes = std::max(scenario_.workload.value_bytes, 2'000u);
  }

  void torn_writes(Palette& palette) {
    // A power loss takes the bytes that a slow disk has not written yet. So some runs get many of both faults.
    Stream torn = knob(Knob::kTornWrites);
    if (torn.below(100) >= 20) return;
    for (const FaultKind kind : {FaultKind::kPowerLoss, FaultKind::kSlowDisk}) {
      const auto weight = static_cast<std::uint32_t>(4 + torn.below(8));
      std::erase_if(palette.kinds, [kind](const auto& entry) { return entry.first == kind; });
      palette.kinds.emplace_back(kind, weight);
    }
  }

  std::uint64_t seed_;
  Scenario scenario_;
};

}  // namespace

Scenario draw_swarm(std::uint64_t seed) {
  return Swarm(seed).draw();
}

}  // namespace dkv::sim
