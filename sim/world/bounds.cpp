// I13: after a run has converged, a copy of its world has the time to collapse the clocks of its keys.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/oracle/findings.h"
#include "sim/world/after_end.h"
#include "sim/world/world.h"

namespace dkv::sim {
namespace {

constexpr std::uint64_t kKeysJudged = 4096;
constexpr TimeNs kBoundsStepNs = 100 * kMillisecond;
// A node sweeps that many keys at a time. A collapse takes a round of questions and about ten eras, and one begins
// again when damage is found meanwhile.
constexpr std::uint64_t kKeysSwept = 4096;
constexpr TimeNs kBoundsWithinNs = 30 * kSecond;
constexpr TimeNs kReapEveryMaxNs = 60 * kSecond;
// Bounds the cost of the judgement. A copy is played only while a clock is too long.
constexpr std::uint64_t kBoundsEventsLeast = 50'000;
constexpr std::uint64_t kBoundsEventsShare = 4;

}  // namespace

// The reason why clocks need not become short: no proof is possible.
const char* AfterEnd::why_no_bounds() const {
  const NodeConfig& config = copy_.scenario_->cluster.node;
  if (config.reap_every_ns == 0) return "not promised here, because nothing is reaped";
  if (storage_traits(config.storage).may_fall_back()) {
    return "not promised here, because a power loss may take what was acknowledged";
  }
  if (config.reap_every_ns > kReapEveryMaxNs) return "not promised here, because reaping waits for too long";
  for (const Machine& machine : copy_.machines_) {
    if (!machine.node || machine.node->phase() != Node::Phase::kServing)
      return "not promised here, because a member stays away";
    if (!machine.node->store().accepts(0)) return "not promised here, because a disk stays full";
  }
  return nullptr;
}

AfterEnd::LongClock AfterEnd::long_clock() const {
  const std::vector<Key>& all = copy_.clients_.keys();
  const std::size_t every = all.size() / kKeysJudged + 1;
  const std::size_t replicas = copy_.scenario_->cluster.replicas;
  for (std::size_t i = 0; i < all.size(); i += every) {
    for (const NodeId node : copy_.placement_->primaries(copy_.placement_->partition(all[i].hash()))) {
      const Machine& machine = copy_.machines_[node];
      const ObjectPtr state = machine.node ? machine.node->store().peek(all[i]) : ObjectPtr();
      if (state && state->seen().size() > 2 * replicas + state->siblings().size()) return {all[i], node, state};
    }
  }
  return {};
}

void AfterEnd::judge_bounds() {
  const auto cannot = [&](const char* why) { run_.oracle_.cannot_judge(Invariant::kBounds, why); };
  LongClock found = long_clock();
  if (!found.state) return;
  if (const char* why = why_no_bounds()) return cannot(why);
  calm_down();
  std::uint64_t events_left = std::max(kBoundsEventsLeast, copy_.events_ / kBoundsEventsShare);
  const NodeConfig& config = copy_.scenario_->cluster.node;
  const auto sweeps = static_cast<TimeNs>(copy_.clients_.keys().size() / kKeysSwept + 3);
  const TimeNs end_ns = copy_.now_ns_ + kBoundsWithinNs + config.unreachable_after_ns + 40 * config.heartbeat_every_ns +
                        sweeps * config.reap_every_ns + copy_.scenario_->cluster.request_timeout_ns;
  while (found.state && copy_.now_ns_ < end_ns) {
    const TimeNs look_ns = copy_.now_ns_ + kBoundsStepNs;
    if (!play_until(look_ns, nullptr, events_left)) return cannot("the clocks took too many events");
    copy_.now_ns_ = look_ns;
    found = long_clock();
  }
  if (!found.state) return;
  if (const char* why = why_no_bounds()) return cannot(why);
  const VersionVector& seen = found.state->seen();
  run_.oracle_.report(
      {.invariant = Invariant::kBounds,
       .breach = Breach::kLongClock,
       .at_ns = run_.now_ns_,
       .node = found.node,
       .key = key_text(found.key),
       .detail =
           fmt::format("all is healed and equal, but at {} the clock of {} keeps {} entries and {} isolated dots, "
                       "for {} replicas and {} siblings",
                       copy_.scenario_->cluster.members[found.node].name, key_text(found.key), seen.entries().size(),
                       seen.isolated().size(), copy_.scenario_->cluster.replicas, found.state->siblings().size()),
       .writes = tags_of(found.state)});
}

}  // namespace dkv::sim
