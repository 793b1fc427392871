#include "sim/scenario/vocabulary.h"

#include <array>
#include <vector>

namespace dkv::sim {

namespace {

using Text = std::string_view;

constexpr Text kScenario[] = {"about", "seed",     "run",    "heal_within", "cluster", "network",
                              "disk",  "workload", "faults", "commands",    "expect"};
constexpr Text kClusterOwn[] = {"nodes"};
constexpr auto kCluster = with_shared_cluster_keys(kClusterOwn);
constexpr Text kNode[] = {"name", "host", "rack", "datacenter", "weight"};
constexpr Text kNetwork[] = {"latency", "loss", "duplicate", "reorder", "reorder_by", "rules", "topology"};
constexpr Text kRule[] = {"from", "to", "both_ways", "legs", "latency", "loss"};
constexpr Text kTopology[] = {"places", "links"};
constexpr Text kLink[] = {"between", "latency"};
constexpr Text kDisk[] = {"sync", "read"};
constexpr Text kDistribution[] = {"uniform", "exponential", "lognormal", "pareto", "mixture", "table"};
constexpr Text kExponential[] = {"mean"};
constexpr Text kLognormal[] = {"median", "p99"};
constexpr Text kPareto[] = {"least", "alpha", "cap"};
constexpr Text kPart[] = {"weight", "latency"};
constexpr Text kWorkload[] = {"clients", "load", "mix", "keys", "value", "ttl", "connect", "start", "steps"};
constexpr Text kLoad[] = {"rate", "think"};
constexpr Text kMix[] = {"get", "put", "blind_put", "update", "delete"};
constexpr Text kKeys[] = {"count", "pick", "skew"};
constexpr Text kStep[] = {"at",     "as",  "get",   "put", "add", "delete", "value", "ttl",
                          "bucket", "via", "blind", "r",   "w",   "quorum", "expect"};
constexpr Text kStepExpect[] = {"outcome", "value", "siblings", "found"};
constexpr Text kFault[] = {
    "at",           "for",       "partition",  "one_way",   "loss",        "duplicate", "reorder",
    "delay",        "clog",      "link_down",  "crash",     "power_loss",  "pause",     "slow",
    "wipe",         "slow_disk", "clock_skew", "fail_sync", "read_errors", "bit_rot",   "misdirected_write",
    "stalled_disk", "disk_full", "flap",       "rolling",   "random",      "drawn"};
constexpr Text kDirection[] = {"from", "to"};
constexpr Text kLinksFault[] = {"between", "of", "rate", "by"};
constexpr Text kNodesBy[] = {"nodes", "by"};
constexpr Text kNodesRate[] = {"nodes", "rate"};
constexpr Text kFlapNames[] = {"nodes", "times", "down", "up", "how"};
constexpr Text kRollingNames[] = {"nodes", "down", "up", "how"};
constexpr Text kRandomNames[] = {"every", "for", "at_once", "kinds"};
constexpr Text kCommand[] = {"at_event", "crash", "power_loss", "restart", "pause", "resume", "partition", "heal",
                             "drop",     "put",   "delete",     "value",   "via",   "bucket", "blind"};
constexpr Text kExpect[] = {"violations"};
constexpr Text kCapsule[] = {"capsule",   "build", "scenario",      "seed",       "fingerprint",
                             "violation", "set",   "scenario_text", "swarm_seed", "schedule"};
constexpr Text kSchedule[] = {"schedule"};

constexpr Word<FaultKind> kFaultWords[] = {{"partition", FaultKind::kPartition},
                                           {"one_way", FaultKind::kOneWay},
                                           {"loss", FaultKind::kLoss},
                                           {"duplicate", FaultKind::kDuplicate},
                                           {"reorder", FaultKind::kReorder},
                                           {"delay", FaultKind::kDelay},
                                           {"clog", FaultKind::kClog},
                                           {"link_down", FaultKind::kLinkDown},
                                           {"crash", FaultKind::kCrash},
                                           {"power_loss", FaultKind::kPowerLoss},
                                           {"pause", FaultKind::kPause},
                                           {"slow", FaultKind::kSlow},
                                           {"wipe", FaultKind::kWipe},
                                           {"slow_disk", FaultKind::kSlowDisk},
                                           {"clock_skew", FaultKind::kClockSkew},
                                           {"fail_sync", FaultKind::kFailSync},
                                           {"read_errors", FaultKind::kReadErrors},
                                           {"bit_rot", FaultKind::kBitRot},
                                           {"misdirected_write", FaultKind::kMisdirected},
                                           {"stalled_disk", FaultKind::kStalledDisk},
                                           {"disk_full", FaultKind::kDiskFull}};
constexpr Word<Leg> kLegWords[] = {{"client", Leg::kClient}, {"write", Leg::kWrite},         {"read", Leg::kRead},
                                   {"reply", Leg::kReply},   {"heartbeat", Leg::kHeartbeat}, {"hint", Leg::kHint},
                                   {"repair", Leg::kRepair}, {"sync", Leg::kAntiEntropy}};
constexpr Word<KeyChoice> kPickWords[] = {
    {"uniform", KeyChoice::kUniform}, {"zipfian", KeyChoice::kZipfian}, {"latest", KeyChoice::kLatest}};
constexpr Word<Connect> kConnectWords[] = {{"any", Connect::kAny}, {"home", Connect::kHome}};
constexpr Word<Outcome> kOutcomeWords[] = {
    {"done", Outcome::kDone}, {"refused", Outcome::kRefused}, {"unknown", Outcome::kUnknown}};
constexpr Word<FlapHow> kHowWords[] = {{"partition", FlapHow::kPartition},
                                       {"pause", FlapHow::kPause},
                                       {"crash", FlapHow::kCrash},
                                       {"power_loss", FlapHow::kPowerLoss}};
constexpr Text kInvariantWords[] = {"I1", "I2", "I3", "I4", "I5", "I6", "I8", "I10", "I11"};
constexpr Word<Compare> kCompareWords[] = {{"==", Compare::kEqual},  {"!=", Compare::kNotEqual},
                                           {"<", Compare::kLess},    {"<=", Compare::kLessEqual},
                                           {">", Compare::kGreater}, {">=", Compare::kGreaterEqual}};

template <typename T>
WordSet set_of(Text name, std::span<const Word<T>> words) {
  WordSet set{name, {}};
  for (const Word<T>& word : words) set.words.push_back(word.word);
  return set;
}

}  // namespace

const KeySet kScenarioKeys{"scenario", kScenario};
const KeySet kClusterKeys{"cluster", kCluster};
const KeySet kNodeKeys{"node", kNode};
const KeySet kNetworkKeys{"network", kNetwork};
const KeySet kRuleKeys{"rule", kRule};
const KeySet kTopologyKeys{"topology", kTopology};
const KeySet kLinkKeys{"link", kLink};
const KeySet kDiskKeys{"disk", kDisk};
const KeySet kDistributionKeys{"distribution", kDistribution};
const KeySet kExponentialKeys{"exponential", kExponential};
const KeySet kLognormalKeys{"lognormal", kLognormal};
const KeySet kParetoKeys{"pareto", kPareto};
const KeySet kPartKeys{"part", kPart};
const KeySet kWorkloadKeys{"workload", kWorkload};
const KeySet kLoadKeys{"load", kLoad};
const KeySet kMixKeys{"mix", kMix};
const KeySet kKeysKeys{"keys", kKeys};
const KeySet kStepKeys{"step", kStep};
const KeySet kStepExpectKeys{"step_expect", kStepExpect};
const KeySet kFaultKeys{"fault", kFault};
const KeySet kDirectionKeys{"direction", kDirection};
const KeySet kLinksFaultKeys{"links_fault", kLinksFault};
const KeySet kNodesByKeys{"nodes_by", kNodesBy};
const KeySet kNodesRateKeys{"nodes_rate", kNodesRate};
const KeySet kFlapKeys{"flap", kFlapNames};
const KeySet kRollingKeys{"rolling", kRollingNames};
const KeySet kRandomKeys{"random", kRandomNames};
const KeySet kCommandKeys{"command", kCommand};
const KeySet kExpectKeys{"expect", kExpect};
const KeySet kCapsuleKeys{"capsule", kCapsule};
const KeySet kScheduleKeys{"schedule", kSchedule};

std::span<const KeySet* const> key_sets() {
  static constexpr const KeySet* kSets[] = {
      &kScenarioKeys,    &kClusterKeys,      &kNodeKeys,        &kBucketKeys,    &kHeartbeatKeys, &kHintsKeys,
      &kAntiEntropyKeys, &kStorageKeys,      &kNetworkKeys,     &kRuleKeys,      &kTopologyKeys,  &kLinkKeys,
      &kDiskKeys,        &kDistributionKeys, &kExponentialKeys, &kLognormalKeys, &kParetoKeys,    &kPartKeys,
      &kWorkloadKeys,    &kLoadKeys,         &kMixKeys,         &kKeysKeys,      &kStepKeys,      &kStepExpectKeys,
      &kFaultKeys,       &kDirectionKeys,    &kLinksFaultKeys,  &kNodesByKeys,   &kNodesRateKeys, &kFlapKeys,
      &kRollingKeys,     &kRandomKeys,       &kCommandKeys,     &kExpectKeys,    &kCapsuleKeys,   &kScheduleKeys};
  return kSets;
}

std::span<const Word<FaultKind>> fault_words() {
  return kFaultWords;
}
std::span<const Word<Leg>> leg_words() {
  return kLegWords;
}
std::span<const Word<KeyChoice>> pick_words() {
  return kPickWords;
}
std::span<const Word<Connect>> connect_words() {
  return kConnectWords;
}
std::span<const Word<Outcome>> outcome_words() {
  return kOutcomeWords;
}
std::span<const Word<FlapHow>> how_words() {
  return kHowWords;
}
std::span<const std::string_view> invariant_words() {
  return kInvariantWords;
}
std::span<const Word<Compare>> compare_words() {
  return kCompareWords;
}

std::vector<WordSet> word_sets() {
  return {set_of("quorum", quorum_words()),
          set_of("conflicts", conflict_words()),
          set_of("backend", backend_words()),
          set_of("cache_policy", cache_policy_words()),
          set_of("dictionaries", off_on_words()),
          set_of("sync", sync_words()),
          set_of("leg", leg_words()),
          set_of("pick", pick_words()),
          set_of("connect", connect_words()),
          set_of("outcome", outcome_words()),
          set_of("how", how_words()),
          set_of("fault_kind", fault_words()),
          {"invariant", {std::begin(kInvariantWords), std::end(kInvariantWords)}}};
}

}  // namespace dkv::sim
