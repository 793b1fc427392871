#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/verdict/result.h"
#include "sim/why/chain.h"
#include "sim/why/recorder.h"
#include "sim/world/world.h"

namespace dkv::why {

struct Question {
  // Also explains what is no failure: expected violations, stale reads, scripted operations that were not done,
  // excused losses, and writes that last-write-wins discarded.
  bool all = false;
  // Explains the first failure only: the first violation, or else the first failed expectation.
  bool first_only = false;
};

// The limits of an explanation: findings of each kind, and keys that are followed.
inline constexpr std::size_t kChainsOfAKindMax = 10;
inline constexpr std::size_t kKeysFollowedMax = 32;

// Whether there is something to explain.
bool has_questions(const sim::RunResult& result, const Question& question);

// Explains the findings of a run that has ended with this result. Plays the run again with the same arguments; the
// result must be of them. The chains are in the order in which the summary shows the findings: violations, failed
// expectations, then the others.
std::vector<Chain> explain(std::shared_ptr<const sim::Scenario> scenario, std::uint64_t seed,
                           std::shared_ptr<const sim::Schedule> schedule, const sim::WorldOptions& options,
                           const sim::RunResult& result, const Question& question = {});

// --- The two halves of it, for who plays the run in slices (inquiry.h).
// The parts of the run that must be recorded to explain the result.
Follow follow_of(const sim::Scenario& scenario, const sim::RunResult& result, const Question& question);
// world: the ended run of the record.
std::vector<Chain> explain_record(const sim::World& world, const Record& record, const sim::RunResult& result,
                                  const Question& question);

}  // namespace dkv::why
