#include "sim/why/silence.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/faults/catalogue.h"
#include "sim/story/text.h"

namespace dkv::why {
namespace {

using sim::FaultKind;
using sim::NetworkEffect;

const FaultSpan* with_effect(const std::vector<const FaultSpan*>& spans, std::initializer_list<NetworkEffect> effects) {
  for (const FaultSpan* span : spans) {
    const NetworkEffect effect = sim::traits_of(span->fault.kind).effect;
    if (std::find(effects.begin(), effects.end(), effect) != effects.end()) return span;
  }
  return nullptr;
}

const FaultSpan* of_kinds(const std::vector<const FaultSpan*>& spans, std::initializer_list<FaultKind> kinds) {
  for (const FaultSpan* span : spans) {
    if (std::find(kinds.begin(), kinds.end(), span->fault.kind) != kinds.end()) return span;
  }
  return nullptr;
}

const FaultSpan* that_holds(const std::vector<const FaultSpan*>& spans, sim::FaultHolds holds) {
  for (const FaultSpan* span : spans) {
    if (sim::traits_of(span->fault.kind).holds == holds) return span;
  }
  return nullptr;
}

// A message on this way was lost at this moment.
void lost(const Case& about, NodeId from, NodeId to, Silent& silent) {
  silent.fault = with_effect(about.link_faults(from, to, silent.when.event),
                             {NetworkEffect::kCut, NetworkEffect::kLose, NetworkEffect::kReroute});
  silent.by_setting = !silent.fault && about.loses_by_setting();
}

// A message on this way was sent then, and had not arrived at the moment.
void on_its_way(const Case& about, NodeId from, NodeId to, Moment sent, Silent& silent) {
  silent.fault = with_effect(about.link_faults(from, to, sent.event),
                             {NetworkEffect::kHold, NetworkEffect::kDelay, NetworkEffect::kOvertake});
  const auto longer = silent.fault ? std::vector<const FaultSpan*>() : about.detours(from, to, sent.event);
  if (!longer.empty()) silent.fault = longer.front();
  silent.by_setting = !silent.fault;  // the latency of the network
}

// The beginning of the node's life at this moment.
Moment life_of(const Case& about, NodeId node, Moment at) {
  Moment begins{0, 0};
  for (const NodeStep& step : about.record.nodes) {
    if (step.when.event > at.event) break;
    if (step.node == node && step.change == sim::NodeChange::kStarted) begins = step.when;
  }
  return begins;
}

// Nothing is sent to a peer that the node has not heard in its own life.
bool not_heard_yet(const Case& about, NodeId coordinator, NodeId node, Moment began, Silent& silent) {
  const Moment life = life_of(about, coordinator, began);
  const bool heard = std::ranges::any_of(about.record.heard, [&](const Heard& one) {
    return one.node == coordinator && one.from == node && one.when.event >= life.event && one.when.by(began);
  });
  if (heard) return false;
  silent.how = Silence::kNotAsked;
  silent.when = began;
  silent.by_start = true;
  silent.text = fmt::format("{} has started at {} (event {}) and not heard {} since, so it does not ask it",
                            about.name(coordinator), story::clock_time(life.at_ns), life.event, about.name(node));
  return true;
}

// The coordinator believed that it could not reach the node.
void not_asked(const Case& about, NodeId coordinator, NodeId node, Moment began, Silent& silent) {
  if (not_heard_yet(about, coordinator, node, began, silent)) return;
  const Moment life = life_of(about, coordinator, began);
  const Said* last = nullptr;
  for (const Said& said : about.record.peers) {
    if (said.when.event > began.event) break;
    if (said.node != coordinator || said.what.peer != node || said.when.event < life.event) continue;
    if (said.what.what == Observed::kPeerUnreachable || said.what.what == Observed::kPeerReachable) last = &said;
  }
  if (!last || last->what.what != Observed::kPeerUnreachable) {
    silent.how = Silence::kAskedElsewhere;
    silent.when = began;
    silent.text = fmt::format("{} did not ask {}", about.name(coordinator), about.name(node));
    return;
  }
  silent.how = Silence::kNotAsked;
  silent.when = last->when;
  silent.text =
      fmt::format("{} holds {} for unreachable, so it does not ask it", about.name(coordinator), about.name(node));
  const EventNumber event = last->when.event;
  silent.fault = with_effect(about.link_faults(node, coordinator, event),
                             {NetworkEffect::kCut, NetworkEffect::kHold, NetworkEffect::kLose, NetworkEffect::kDelay,
                              NetworkEffect::kReroute});
  if (!silent.fault) {
    silent.fault = with_effect(about.link_faults(coordinator, node, event),
                               {NetworkEffect::kCut, NetworkEffect::kHold, NetworkEffect::kLose, NetworkEffect::kDelay,
                                NetworkEffect::kReroute});
  }
  const auto on_node = about.node_faults(node, event);
  if (!silent.fault) silent.fault = that_holds(on_node, sim::FaultHolds::kDown);
  if (!silent.fault) silent.fault = that_holds(on_node, sim::FaultHolds::kPaused);
  if (!silent.fault) silent.fault = of_kinds(on_node, {FaultKind::kSlow});
}

const Contact* contact_with(const Operation& operation, NodeId node) {
  const auto last = std::find_if(operation.contacts.rbegin(), operation.contacts.rend(),
                                 [node](const Contact& contact) { return contact.node == node; });
  return last == operation.contacts.rend() ? nullptr : &*last;
}

// It has the message and has not answered: its disk is at work, or its process stands still.
void working(const Case& about, const Operation& operation, const Contact& contact, Moment at, Silent& silent) {
  const NodeId node = contact.node;
  silent.how = Silence::kWorking;
  silent.when = contact.own ? contact.asked : contact.arrived;
  const auto on = about.node_faults(node, at.event);
  silent.fault = of_kinds(on, {FaultKind::kStalledDisk, FaultKind::kFailSync, FaultKind::kSlowDisk,
                               FaultKind::kReadErrors, FaultKind::kPause, FaultKind::kSlow});
  if (!silent.fault) silent.fault = that_holds(on, sim::FaultHolds::kDown);
  silent.text = fmt::format("{} {} and had not {} by {}", about.name(node), contact.own ? "began" : "has the message",
                            operation.write() ? "synced its copy" : "read its copy", story::clock_time(at.at_ns));
}

// The message of the contact, and its answer.
Silent silence_in(const Case& about, const Operation& operation, const Contact& contact, NodeId asker, Moment at) {
  Silent silent;
  const NodeId node = contact.node;
  const std::string name = about.name(node), from = about.name(asker);
  if (contact.answer_arrived.by(at)) {
    if (!operation.write() || contact.stored || &contact == &operation.forward) return silent;
    silent.how = Silence::kRefused;
    silent.when = contact.answer_arrived;
    silent.fault = of_kinds(about.node_faults(node, silent.when.event), {FaultKind::kDiskFull});
    silent.text = fmt::format("{} answers that it has not stored the copy", name);
    return silent;
  }
  if (contact.lost.by(at)) {
    silent.how = Silence::kRequestLost;
    silent.when = contact.lost;
    lost(about, asker, node, silent);
    silent.text = fmt::format("the network loses the message of {} to {}", from, name);
    return silent;
  }
  if (contact.own) {
    // Its own copy counts when the others do not make up the sum of the answer. Later there is no sum.
    const auto others = std::ranges::count_if(
        operation.contacts, [&](const Contact& one) { return !one.own && one.stored && one.answer_arrived.by(at); });
    const bool counted = operation.replied.happened() && at.event <= operation.replied.event && !operation.gave_up;
    if (!counted || operation.acks.total > others) return silent;
    working(about, operation, contact, at, silent);
    return silent;
  }
  if (!contact.arrived.by(at)) {
    silent.how = contact.held_back ? Silence::kHeldBack : Silence::kRequestOnItsWay;
    silent.when = contact.asked;
    if (contact.held_back) {
      silent.fault = of_kinds(about.node_faults(node, at.event), {FaultKind::kPause, FaultKind::kSlow});
      silent.text = fmt::format("the message of {} is at {}, whose process does not take it", from, name);
      return silent;
    }
    on_its_way(about, asker, node, contact.asked, silent);
    silent.text =
        fmt::format("the message of {} to {} is still on its way at {}", from, name, story::clock_time(at.at_ns));
    return silent;
  }
  if (contact.nobody) {
    silent.how = Silence::kDown;
    silent.when = contact.arrived;
    silent.fault = that_holds(about.node_faults(node, contact.arrived.event), sim::FaultHolds::kDown);
    silent.text = fmt::format("{} is down when the message of {} arrives", name, from);
    return silent;
  }
  if (!contact.answered.by(at)) {
    working(about, operation, contact, at, silent);
    return silent;
  }
  silent.when = contact.answer_lost.by(at) ? contact.answer_lost : contact.answered;
  if (contact.answer_lost.by(at)) {
    silent.how = Silence::kAnswerLost;
    lost(about, node, asker, silent);
    silent.text = fmt::format("the network loses the answer of {} to {}", name, from);
    return silent;
  }
  silent.how = Silence::kAnswerOnItsWay;
  on_its_way(about, node, asker, contact.answered, silent);
  silent.text =
      fmt::format("the answer of {} to {} is still on its way at {}", name, from, story::clock_time(at.at_ns));
  return silent;
}

}  // namespace

Silent silence_of(const Case& about, const Operation& operation, NodeId node, Moment at) {
  if (operation.forwarded.happened() && node == operation.forwarded_to && !operation.coordinated.by(at)) {
    return silence_in(about, operation, operation.forward, operation.via, at);
  }
  const NodeId asker = operation.coordinator != kNoNode ? operation.coordinator : operation.via;
  if (const Contact* contact = contact_with(operation, node)) {
    return silence_in(about, operation, *contact, asker, at);
  }
  Silent silent;
  if (node == asker) return silent;
  const Moment began = operation.coordinated.happened() ? operation.coordinated : operation.asked;
  not_asked(about, asker, node, began, silent);
  return silent;
}

void tell_silence(const Case&, const Silent& silent, NodeId node, Steps& steps) {
  if (silent.how == Silence::kNone) return;
  if (silent.fault) steps.add_fault(*silent.fault);
  if (silent.proven()) {
    std::string text = silent.text;
    if (silent.by_setting) {
      const bool loss = silent.how == Silence::kRequestLost || silent.how == Silence::kAnswerLost;
      text += loss ? " (its loss rate is a setting)" : " (no fault delays it: the latency is a setting)";
    }
    steps.add(silent.when, node, text);
  } else {
    steps.add_unproven(silent.when, node, silent.text + "; no fault that was on explains it");
  }
}

namespace {

constexpr const char* kWords[] = {"answers",
                                  "is held for unreachable",
                                  "is not asked",
                                  "is not reached: messages are lost",
                                  "is not reached in time",
                                  "is down",
                                  "stands still",
                                  "is slow to answer",
                                  "refuses the copy",
                                  "answers, and its answers are lost",
                                  "answers too late"};

}  // namespace

void weigh_silence(const Silent& silent, Steps& steps) {
  const char* fault = silent.fault        ? sim::fault_name(silent.fault->fault.kind)
                      : silent.by_setting ? "a setting"
                                          : "no fault";
  steps.because(Gravity::kFinding, silent.when,
                fmt::format("a node {} ({})", kWords[static_cast<std::size_t>(silent.how)], fault));
}

std::string silence_group(const Case& about, const Silent& silent, NodeId node) {
  std::string text = fmt::format("{} {}", about.name(node), kWords[static_cast<std::size_t>(silent.how)]);
  if (silent.fault) text += fmt::format(" ({})", sim::fault_name(silent.fault->fault.kind));
  if (!silent.proven()) text += " (the reason is not proved)";
  return text;
}

}  // namespace dkv::why
