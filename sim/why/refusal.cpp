#include <fmt/format.h>

#include <algorithm>

#include "sim/story/text.h"
#include "sim/why/questions.h"
#include "sim/why/silence.h"

namespace dkv::why {
namespace {

void tell_request_of(const Case& about, const Operation& operation, Steps& steps) {
  steps.add(operation.asked, operation.via,
            fmt::format("{} asks {} to {} {} ({})", operation.who, about.name(operation.via),
                        sim::operation_name(operation.kind), story::shown(operation.key.key(), 24),
                        about.quorum_of(operation)));
  if (operation.forwarded.happened()) {
    steps.add(operation.forwarded, operation.via,
              fmt::format("{} holds no copy of the key, and forwards the request to {} alone",
                          about.name(operation.via), about.name(operation.forwarded_to)));
  }
}

// The outcome is not known to depend on other nodes.
bool is_own_reason(Reason reason) {
  return reason != Reason::kTooFewReplicas && reason != Reason::kTimedOut && reason != Reason::kNoReachablePrimary &&
         reason != Reason::kNone;
}

void tell_own_reason(const Case& about, const Operation& operation, Steps& steps) {
  const NodeId node = operation.coordinator != kNoNode ? operation.coordinator : operation.via;
  const Moment at = operation.replied.happened() ? operation.replied : operation.finished;
  steps.add(at, node, fmt::format("{} refuses it by itself: {}", about.name(node), reason_text(operation.reason)));
  const bool disk = operation.reason == Reason::kStorageFull || operation.reason == Reason::kStorageFailed;
  const bool start = operation.reason == Reason::kNotReady;
  for (const FaultSpan* span : about.node_faults(node, at.event)) {
    if (disk) steps.add_fault(*span);
  }
  if (!start) return;
  if (const NodeStep* step = about.last_step(node, at)) {
    steps.add(step->when, node,
              fmt::format("{} starts, and does not serve before it has read its disk", about.name(node)));
  }
}

}  // namespace

void explain_refusal(const Case& about, const Operation& operation, Steps& steps) {
  const Moment end = operation.replied.happened() ? operation.replied : operation.finished;
  if (operation.refused_connection.happened() && operation.refused_by != kNoNode) {
    const NodeId down = operation.refused_by;
    for (const FaultSpan* span : about.node_faults(down, operation.refused_connection.event)) steps.add_fault(*span);
    steps.add(operation.refused_connection, down,
              fmt::format("{} finds no process at {}", operation.who, about.name(down)));
  }
  if (operation.asked.happened()) tell_request_of(about, operation, steps);
  const std::string outcome =
      operation.gave_up
          ? fmt::format("{} gives up without an answer", operation.who)
          : fmt::format("{} is told: {} ({}), with {} of {} needed", operation.who, outcome_name(operation.outcome),
                        reason_text(operation.reason), operation.acks.total, operation.need);
  if (is_own_reason(operation.reason) && !operation.gave_up) {
    tell_own_reason(about, operation, steps);
    return steps.add(operation.finished, operation.via, outcome);
  }
  if (operation.forwarded.happened() && !operation.coordinated.by(end)) {
    tell_silence(about, silence_of(about, operation, operation.forwarded_to, end), operation.forwarded_to, steps);
  } else if (operation.asked.happened()) {
    for (const NodeId node : about.primaries(operation.key)) {
      const Silent silent = silence_of(about, operation, node, end);
      // A request that is refused at once asks no node, and not for the sake of the nodes that can be reached.
      if (silent.how == Silence::kAskedElsewhere && operation.contacts.empty()) continue;
      tell_silence(about, silent, node, steps);
    }
    for (const Contact& contact : operation.contacts) {
      if (contact.stands_in_for == kNoNode) continue;
      tell_silence(about, silence_of(about, operation, contact.node, end), contact.node, steps);
    }
    const bool others = about.world.node_count() > about.scenario.cluster.replicas;
    if (others && operation.mode == QuorumMode::kStrict) {
      steps.add(end, operation.via, "the quorum is strict (a setting), so no node may stand in for a silent replica");
    } else if (!others) {
      steps.add(end, operation.via, "there are only as many nodes as replicas, so none can stand in");
    }
  }
  steps.add(operation.finished, operation.via, outcome);
}

}  // namespace dkv::why
