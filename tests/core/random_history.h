#pragma once

#include <rapidcheck.h>

#include <tuple>
#include <vector>

#include "tests/core/replica_model.h"

namespace dkv::test {

// Drives a model with random operations: puts with no, a fresh or a stale context from any replica, deletes, and
// merges of two replicas. Wall clocks may jump to any time. check(model, replica) runs after each step on the replica
// that changed. Contexts come from reads and from the answers to puts.
template <typename Check>
void play_random_history(ReplicaModel& model, Check check) {
  using Step = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>;  // kind, replica, other, clock
  const auto steps = *rc::gen::scale(
      3.0, rc::gen::container<std::vector<Step>>(rc::gen::tuple(
               rc::gen::inRange<std::uint32_t>(0, 8), rc::gen::inRange<std::uint32_t>(0, model.replicas()),
               rc::gen::inRange<std::uint32_t>(0, 10'000), rc::gen::inRange<std::uint32_t>(0, 50))));
  std::vector<ReplicaModel::Token> tokens;  // all that clients have read so far
  for (const auto& [kind, replica, other, clock_ms] : steps) {
    const TimeNs wall_ns = clock_ms * kMillisecond;
    if (kind == 0) {
      model.put(replica, {}, wall_ns);
    } else if (kind == 1) {
      model.put(replica, model.read(replica), wall_ns);
    } else if (kind == 2) {
      model.put(replica, model.read(other % model.replicas()), wall_ns);
    } else if (kind == 3 && !tokens.empty()) {
      model.put(replica, tokens[other % tokens.size()], wall_ns, other % 3 == 0);
    } else if (kind == 4) {
      tokens.push_back(model.read(replica));
    } else {
      model.merge(replica, other % model.replicas());
    }
    if (kind <= 3) tokens.push_back(model.answer());
    check(model, replica);
  }
}

inline void play_random_history(ReplicaModel& model) {
  play_random_history(model, [](const ReplicaModel&, std::uint32_t) {});
}

}  // namespace dkv::test
