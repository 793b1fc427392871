#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/core/object.h"
#include "engine/core/quorum.h"
#include "engine/protocol/client.h"
#include "engine/settings/words.h"
#include "engine/storage/storage.h"
#include "sim/faults/fault.h"
#include "sim/scenario/scenario.h"
#include "sim/verdict/invariants.h"

// Every word that a scenario file may contain. Tests compare the loader, the JSON Schema and the reference with these
// tables.
namespace dkv::sim {

extern const KeySet kScenarioKeys, kClusterKeys, kNodeKeys, kNetworkKeys, kRuleKeys, kTopologyKeys, kLinkKeys,
    kDiskKeys, kDistributionKeys, kExponentialKeys, kLognormalKeys, kParetoKeys, kPartKeys, kWorkloadKeys, kLoadKeys,
    kMixKeys, kKeysKeys, kStepKeys, kStepExpectKeys, kFaultKeys, kFlapKeys, kRollingKeys, kRandomKeys, kCommandKeys,
    kExpectKeys, kCapsuleKeys, kScheduleKeys;
// All sets, including the mappings that describe faults (sim/scenario/fault_fields.h).
std::vector<const KeySet*> key_sets();

std::span<const Word<FaultKind>> fault_words();
std::span<const Word<FaultKind>> how_words();  // the effects of a flapping or rolling fault on its nodes
std::span<const Word<Leg>> leg_words();
std::span<const Word<KeyChoice>> pick_words();
std::span<const Word<Connect>> connect_words();
// "I1" and so on, in the order of Invariant.
std::span<const std::string_view> invariant_words();
std::span<const Word<Compare>> compare_words();

// The words of an enumeration, with its name in the schema ($defs) and in the reference.
struct WordSet {
  std::string_view name;
  std::vector<std::string_view> words;
};
std::vector<WordSet> word_sets();

}  // namespace dkv::sim
