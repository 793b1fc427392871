#include <fmt/format.h>

#include <algorithm>

#include "sim/story/text.h"
#include "sim/why/questions.h"
#include "sim/why/silence.h"

namespace dkv::why {
namespace {

void tell_request_of(const Case& about, const Operation& operation, Steps& steps) {
  steps.add_request(operation.asked, operation.via,
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

// The network lost a message of the client or to it.
void tell_lost_at_client(const Case& about, const Operation& operation, bool request, Steps& steps) {
  const Moment when = request ? operation.request_lost : operation.reply_lost;
  const NodeId from = request ? operation.home : operation.via, to = request ? operation.via : operation.home;
  const auto faults = about.link_faults(from, to, when.event);
  for (const FaultSpan* span : faults) steps.add_fault(*span);
  const std::string text =
      request ? fmt::format("the network loses the request of {} to {}", operation.who, about.name(operation.via))
              : fmt::format("the network loses the answer of {} to {}", about.name(operation.via), operation.who);
  if (!faults.empty()) {
    steps.add(when, operation.via, text);
  } else if (about.loses_by_setting()) {
    steps.add(when, operation.via, text + " (its loss rate is a setting)");
  } else {
    steps.add_unproven(when, operation.via, text + "; no fault that was on explains it");
  }
}

// The process of a node ended or stood still while it worked on the operation. False when it did not.
bool tell_end_of(const Case& about, const Operation& operation, NodeId node, Moment end, Steps& steps) {
  bool told = false;
  for (const Said& said : about.record.peers) {
    const bool during = said.when.event >= operation.asked.event && said.when.by(end);
    if (said.node != node || said.what.what != Observed::kStorageFailed || !during) continue;
    for (const FaultSpan* span : about.node_faults(node, said.when.event)) steps.add_fault(*span);
    steps.add(said.when, node, fmt::format("{} stops, because its disk has failed", about.name(node)));
    told = true;
  }
  for (const NodeStep& step : about.record.nodes) {
    const bool during = step.when.event >= operation.asked.event && step.when.by(end);
    if (step.node != node || !during || step.change == sim::NodeChange::kResumed ||
        step.change == sim::NodeChange::kStarted) {
      continue;
    }
    for (const FaultSpan* span : about.node_faults(node, step.when.event)) steps.add_fault(*span);
    steps.add(step.when, node,
              step.change == sim::NodeChange::kPaused
                  ? fmt::format("{} stands still before it has answered", about.name(node))
                  : fmt::format("the process of {} ends before it has answered", about.name(node)));
    told = true;
  }
  return told;
}

}  // namespace

void explain_refusal(const Case& about, const Operation& operation, Steps& steps) {
  const Moment end = operation.replied.happened() ? operation.replied : operation.finished;
  steps.because(Gravity::kSetting, end, operation.gave_up ? "no answer" : reason_text(operation.reason));
  if (operation.refused_connection.happened() && operation.refused_by != kNoNode) {
    const NodeId down = operation.refused_by;
    for (const FaultSpan* span : about.node_faults(down, operation.refused_connection.event)) steps.add_fault(*span);
    steps.add(operation.refused_connection, down,
              fmt::format("{} finds no process at {}", operation.who, about.name(down)));
  }
  if (operation.request_lost.happened()) tell_lost_at_client(about, operation, true, steps);
  if (operation.reply_lost.happened()) tell_lost_at_client(about, operation, false, steps);
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
    bool silence = false;
    for (const NodeId node : about.primaries(operation.key)) {
      const Silent silent = silence_of(about, operation, node, end);
      // A request that is refused at once asks no node, and not for the sake of the nodes that can be reached.
      if (silent.how == Silence::kAskedElsewhere && operation.contacts.empty()) continue;
      tell_silence(about, silent, node, steps);
      if (silent.how != Silence::kNone) weigh_silence(silent, steps);
      silence = silence || silent.how != Silence::kNone;
    }
    if (!operation.replied.happened()) {
      silence = tell_end_of(about, operation, operation.via, end, steps) || silence;
      const NodeId other = operation.coordinator;
      if (other != kNoNode && other != operation.via)
        silence = tell_end_of(about, operation, other, end, steps) || silence;
    }
    if (!silence && !operation.reply_lost.happened()) {
      steps.add_unproven(end, operation.via, "no event says which replica is silent, and why");
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
