// I8, and hints that wait at the end (I3).
#include <fmt/format.h>

#include <algorithm>

#include "sim/why/copies.h"
#include "sim/why/questions.h"

namespace dkv::why {
namespace {

// The deliveries of hints by the node, up to this event.
void tell_deliveries(const Case& about, const Key& key, NodeId node, EventNumber upto, Steps& steps) {
  for (const Transfer& one : about.record.transfers) {
    if (one.from != node || one.reason != CopyReason::kHintDelivery || !(one.key == key)) continue;
    if (one.sent.event > upto) continue;
    const std::string from = about.name(one.from), to = about.name(one.to);
    steps.add(one.sent, one.from, fmt::format("{} sends its hint ({}) to {}", from, about.called(one.object), to));
    const Moment end{upto, 0};
    if (one.lost.by(end) || one.answer_lost.by(end)) {
      const bool answer = !one.lost.by(end);
      const Moment when = answer ? one.answer_lost : one.lost;
      for (const FaultSpan* span :
           about.link_faults(answer ? one.to : one.from, answer ? one.from : one.to, when.event)) {
        steps.add_fault(*span);
      }
      steps.add(when, one.to,
                answer ? fmt::format("the network loses the acknowledgement of {}", to)
                       : fmt::format("the network loses that message"));
    } else if (one.nobody && one.arrived.by(end)) {
      for (const FaultSpan* span : about.node_faults(one.to, one.arrived.event)) steps.add_fault(*span);
      steps.add(one.arrived, one.to, fmt::format("{} is down when the hint arrives", to));
    } else if (one.answer_arrived.by(end)) {
      steps.add(one.answer_arrived, one.from, fmt::format("the acknowledgement of {} arrives at {}", to, from));
    } else if (one.arrived.by(end)) {
      steps.add(one.arrived, one.to, fmt::format("{} gets the hint, and its acknowledgement has not arrived", to));
    }
  }
}

}  // namespace

// I8: the hint and its owner. A finding of the end has no event of its own: it gets the whole life of the hint.
void explain_hint(const Case& about, const Found& found, const Key& key, Steps& steps) {
  constexpr std::size_t kChangesMax = 12;
  const std::vector<WriteTag>& tags = found.violation.writes;
  if (!tags.empty()) tell_write(about, tags.front(), found.when.event, steps);
  tell_deliveries(about, key, found.violation.node, found.when.event, steps);
  const bool at_end = found.when.event == about.record.end.event;
  std::vector<const Change*> changes;
  for (const Change& change : about.record.changes) {
    const bool its_hint = change.node == found.violation.node && change.owner != kNoNode &&
                          (found.violation.other == kNoNode || change.owner == found.violation.other);
    const bool then = change.when.event == found.when.event || (at_end && about.record.keys[change.key] == key);
    if (its_hint && then) changes.push_back(&change);
  }
  if (changes.size() > kChangesMax) {
    changes.erase(changes.begin(), changes.end() - static_cast<std::ptrdiff_t>(kChangesMax));
  }
  for (const Change* change : changes) {
    const std::string from = brought_by(about, change->origin);
    steps.add(change->when, change->node,
              fmt::format("the hint of {} for {} {}changes from {} to {}{}", about.name(change->node),
                          about.name(change->owner), change->on_disk ? "on the disk " : "",
                          about.called(change->before), about.called(change->after), from.empty() ? "" : ", " + from));
  }
  if (!changes.empty()) {
    const Change& last = *changes.back();
    const char* what = !last.after ? "a hint goes" : last.before ? "a hint is replaced" : "a hint appears";
    steps.because(Gravity::kFinding, last.when, fmt::format("{} {}", what, way_of(last.origin)));
  }
}

// I3: a hint that still waits at the end. How far its deliveries came.
void explain_waiting_hint(const Case& about, const Found& found, const Key& key, Steps& steps) {
  const Transfer* last = nullptr;
  for (const Transfer& one : about.record.transfers) {
    const bool its = one.from == found.violation.node && one.reason == CopyReason::kHintDelivery && one.key == key;
    if (its) last = &one;
  }
  const NodeId node = found.violation.node;
  if (!last) {
    steps.because(Gravity::kMistake, {0, 0}, "a hint is never sent");
    return steps.add(about.record.end, node, fmt::format("{} never sends its hint", about.name(node)));
  }
  steps.because(Gravity::kMistake, {0, 0},
                last->answer_arrived.happened() ? "a hint is acknowledged and kept"
                : last->arrived.happened()      ? "a hint arrives and is not acknowledged"
                                                : "a hint does not arrive");
}

}  // namespace dkv::why
