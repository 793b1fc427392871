#include "sim/scenario/vocabulary.h"

#include <array>
#include <vector>

#include "sim/faults/catalogue.h"
#include "sim/scenario/fault_fields.h"

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
constexpr Text kMix[] = {"get", "put", "blind_put", "update", "delete", "forge"};
constexpr Text kKeys[] = {"count", "pick", "skew"};
constexpr Text kStep[] = {"at",  "as",     "get", "put",   "add", "delete", "value",  "size",
                          "ttl", "bucket", "via", "blind", "r",   "w",      "quorum", "expect"};
constexpr Text kStepExpect[] = {"outcome", "value", "siblings", "found"};
constexpr Text kFlapNames[] = {"nodes", "times", "down", "up", "how"};
constexpr Text kRollingNames[] = {"nodes", "down", "up", "how"};
constexpr Text kRandomNames[] = {"every", "for", "at_once", "kinds"};
constexpr Text kCommand[] = {"at_event", "at",   "crash", "power_loss", "restart", "pause", "resume", "partition",
                             "heal",     "drop", "put",   "delete",     "value",   "via",   "bucket", "blind"};
constexpr Text kExpect[] = {"violations"};
constexpr Text kCapsule[] = {"capsule",   "build", "scenario",      "seed",       "fingerprint",
                             "violation", "set",   "scenario_text", "swarm_seed", "schedule"};
constexpr Text kSchedule[] = {"schedule"};

constexpr Word<KeyChoice> kPickWords[] = {
    {"uniform", KeyChoice::kUniform}, {"zipfian", KeyChoice::kZipfian}, {"latest", KeyChoice::kLatest}};
static_assert(names_each(kPickWords));
constexpr Word<Connect> kConnectWords[] = {{"any", Connect::kAny}, {"home", Connect::kHome}};
static_assert(names_each(kConnectWords));
constexpr auto kInvariantWords = [] {
  std::array<Text, kInvariants> codes;
  for (std::size_t i = 0; i < kInvariants; ++i) codes[i] = kInvariantList[i].code;
  return codes;
}();
constexpr Word<Compare> kCompareWords[] = {{"==", Compare::kEqual},  {"!=", Compare::kNotEqual},
                                           {"<", Compare::kLess},    {"<=", Compare::kLessEqual},
                                           {">", Compare::kGreater}, {">=", Compare::kGreaterEqual}};
static_assert(names_each(kCompareWords));

// One item of `faults`: a word for each kind, and the other keys of an item.
std::vector<Text> keys_of_a_fault() {
  std::vector<Text> keys{"at", "for"};
  for (const FaultTraits& traits : fault_catalogue()) keys.push_back(traits.word);
  keys.insert(keys.end(), {"flap", "rolling", "random", "drawn"});
  return keys;
}
const std::vector<Text> kFault = keys_of_a_fault();

std::vector<Word<FaultKind>> fault_words_if(bool repeats_only) {
  std::vector<Word<FaultKind>> words;
  for (const FaultTraits& traits : fault_catalogue()) {
    if (traits.repeats || !repeats_only) words.push_back({traits.word, traits.kind});
  }
  return words;
}

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
const KeySet kFlapKeys{"flap", kFlapNames};
const KeySet kRollingKeys{"rolling", kRollingNames};
const KeySet kRandomKeys{"random", kRandomNames};
const KeySet kCommandKeys{"command", kCommand};
const KeySet kExpectKeys{"expect", kExpect};
const KeySet kCapsuleKeys{"capsule", kCapsule};
const KeySet kScheduleKeys{"schedule", kSchedule};

std::vector<const KeySet*> key_sets() {
  std::vector<const KeySet*> sets = {
      &kScenarioKeys,    &kClusterKeys, &kNodeKeys,      &kBucketKeys, &kHeartbeatKeys,    &kHintsKeys,
      &kAntiEntropyKeys, &kStorageKeys, &kNetworkKeys,   &kRuleKeys,   &kTopologyKeys,     &kLinkKeys,
      &kDiskKeys,        &kPartKeys,    &kLognormalKeys, &kParetoKeys, &kDistributionKeys, &kWorkloadKeys,
      &kExponentialKeys, &kLoadKeys,    &kMixKeys,       &kKeysKeys,   &kStepKeys,         &kStepExpectKeys,
      &kFaultKeys,       &kFlapKeys,    &kRollingKeys,   &kRandomKeys, &kCommandKeys,      &kExpectKeys,
      &kCapsuleKeys,     &kScheduleKeys};
  for (const KeySet& mapping : fault_mappings()) sets.push_back(&mapping);
  return sets;
}

std::span<const Word<FaultKind>> fault_words() {
  static const std::vector<Word<FaultKind>> kWords = fault_words_if(false);
  return kWords;
}
std::span<const Word<FaultKind>> how_words() {
  static const std::vector<Word<FaultKind>> kWords = fault_words_if(true);
  return kWords;
}
std::span<const Word<KeyChoice>> pick_words() {
  return kPickWords;
}
std::span<const Word<Connect>> connect_words() {
  return kConnectWords;
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
