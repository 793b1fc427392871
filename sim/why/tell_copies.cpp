// The life of a version in steps.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/faults/catalogue.h"
#include "sim/story/text.h"
#include "sim/why/copies.h"
#include "sim/why/silence.h"

namespace dkv::why {
namespace {

constexpr std::size_t kSuccessorsMax = 6;

std::string place_of(const Case& about, const Copy& copy) {
  if (copy.owner == kNoNode) return "its copy of";
  return fmt::format("its hint for {} with", about.name(copy.owner));
}

// Whether an acknowledged record is safe from a power loss. Under the other policies it only counts as durable.
bool syncs_first(const Case& about) {
  return about.scenario.cluster.node.storage.sync == SyncPolicy::kAlways;
}

// Under last-write-wins the state that stays must have the later timestamp.
std::string earlier_wins(const Case& about, const Copy& copy, WriteTag tag) {
  const Key& key = about.record.keys[copy.gone->key];
  if (about.scenario.cluster.node.policy_of(key) != ConflictPolicy::kLastWriteWins) return {};
  const Sibling* old = sibling_of(copy.gone->before, tag);
  const Sibling& kept = copy.gone->after->siblings().front();
  if (!old || kept.hlc.packed >= old->hlc.packed) return {};
  return fmt::format("; the timestamp of {} is earlier, so last-write-wins must keep {}", short_name(kept.tag),
                     short_name(tag));
}

const char* fault_word(const Taking& taking) {
  return taking.fault ? sim::fault_name(taking.fault->fault.kind) : "no fault";
}

// A new state counts a version as seen, without it or a successor.
const char* dropped_by(const Change& change) {
  const bool forwarded = change.origin.message && std::string_view(change.origin.message) == Forward::kName;
  if (change.origin.kind == sim::EventKind::kRequest || forwarded) return "a coordinator drops it";
  return change.serving ? "a merge drops it" : "a start drops it";
}

// What the taking is by itself, for the cause of the chain.
void weigh_taking(const Case& about, const Copy& copy, const Taking& taking, Steps& steps) {
  const auto because = [&](Gravity gravity, std::string cause) {
    steps.because(gravity, taking.when, std::move(cause));
  };
  const bool was_durable = copy.durable.happened();
  switch (taking.taker) {
    case Taker::kSuccessor: return;
    case Taker::kLaterWins: return because(Gravity::kSetting, "last-write-wins discards it");
    case Taker::kDelivered: return because(Gravity::kSetting, "its hint counts as delivered");
    case Taker::kNotDelivered: return because(Gravity::kMistake, "a hint is given up without an acknowledgement");
    case Taker::kExpired: return because(Gravity::kSetting, "its hint expires");
    case Taker::kReaped: return because(Gravity::kSetting, "its tombstone is forgotten");
    case Taker::kDiskGone: return because(Gravity::kFault, fmt::format("a disk is gone ({})", fault_word(taking)));
    case Taker::kNotSynced:
      if (syncs_first(about) && was_durable) return because(Gravity::kMistake, "a start after a power loss finds less");
      return because(Gravity::kFault, "a power loss takes what was not synced");
    case Taker::kProcessEnded:
      if (was_durable) return because(Gravity::kMistake, "a start finds less than was durable");
      return because(Gravity::kFault, "a process ends, which held it in memory only");
    case Taker::kDamaged: return because(Gravity::kFault, "a disk is damaged");
    case Taker::kDropped: return because(Gravity::kMistake, dropped_by(*copy.gone));
    case Taker::kForgotten:
      return because(Gravity::kMistake, fmt::format("it is overwritten {}", way_of(copy.gone->origin)));
    case Taker::kErased: return because(Gravity::kMistake, "it is erased without a reason");
    case Taker::kUnknown: return;
  }
}

void tell_taking(const Case& about, const Copy& copy, WriteTag tag, const Taking& taking, Steps& steps) {
  weigh_taking(about, copy, taking, steps);
  const std::string node = about.name(copy.node), version = short_name(tag), place = place_of(about, copy);
  if (taking.fault) steps.add_fault(*taking.fault);
  const std::string from = brought_by(about, copy.gone->origin);
  const std::string whence = from.empty() ? "" : ", " + from;
  const auto say = [&](std::string text) { steps.add(taking.when, copy.node, std::move(text)); };
  switch (taking.taker) {
    case Taker::kSuccessor:
      return say(fmt::format("{} replaces {} by {}, whose writer had seen it{}", node, version, about.called(taking.by),
                             whence));
    case Taker::kLaterWins:
      return say(
          fmt::format("{} discards {} for {}, whose writer had not seen it: conflicts are resolved by "
                      "last-write-wins, and its timestamp is later{}",
                      node, version, about.called(taking.by), whence));
    case Taker::kDelivered:
      return say(fmt::format("{} erases {} {}: the owner has acknowledged it", node, place, version));
    case Taker::kNotDelivered:
      return say(
          fmt::format("{} erases {} {}{} and reports it as delivered, but this event brings no acknowledgement "
                      "of {}",
                      node, place, version, whence, about.name(copy.owner)));
    case Taker::kExpired:
      return say(fmt::format("{} erases {} {}: it is older than the time to live of a hint, {} (a setting)", node,
                             place, version, story::duration(about.scenario.cluster.node.hint_ttl_ns)));
    case Taker::kReaped: return say(fmt::format("{} forgets the tombstone {}", node, version));
    case Taker::kDiskGone:
      if (!taking.fault || taking.fault->fault.kind == sim::FaultKind::kWipe) {
        return say(fmt::format("{} loses {} {} with its disk", node, place, version));
      }
      return say(fmt::format("the disk that {} has from now on does not hold {} {}", node, place, version));
    case Taker::kNotSynced:
      return say(fmt::format("{} loses {} {}: the power loss came before the bytes were synced", node, place, version));
    case Taker::kProcessEnded:
      return say(fmt::format("{} loses {} {} with its process: it was in memory only", node, place, version));
    case Taker::kDamaged:
      return say(fmt::format("{} gives up {} {}: it cannot read it from its damaged disk", node, place, version));
    case Taker::kDropped:
      return say(fmt::format("{} drops {}{}: its new state ({}) counts {} as seen, but no version in it had seen it{}",
                             node, version, whence, about.called(copy.gone->after), version,
                             earlier_wins(about, copy, tag)));
    case Taker::kForgotten:
      return say(
          fmt::format("{} forgets {}{}: its new state ({}) does not even count it as seen, so the states were not "
                      "merged",
                      node, version, whence, about.called(copy.gone->after)));
    case Taker::kErased:
      return say(
          fmt::format("{} erases {} {}{}, and no delivery, expiry or reaping says why", node, place, version, whence));
    case Taker::kUnknown:
      return steps.add_unproven(taking.when, copy.node,
                                fmt::format("{} no longer has {}; no event shows what took it", node, version));
  }
}

// The process has begun again, and does not show what its disk holds.
void tell_hidden(const Case& about, const Copy& copy, WriteTag tag, Steps& steps) {
  const std::string what = copy.owner == kNoNode ? "its copy" : "its hint for " + about.name(copy.owner);
  const char* policy = sync_policy_name(about.scenario.cluster.node.storage.sync);
  steps.add(copy.hidden->when, copy.node,
            fmt::format("{} starts, and {} is {}, although {} {}", about.name(copy.node), what,
                        about.called(copy.hidden->after), short_name(tag),
                        syncs_first(about) ? "is on its disk"
                                           : fmt::format("counted as durable there (sync: {}, so its bytes may never "
                                                         "have been synced)",
                                                         policy)));
  if (syncs_first(about)) steps.because(Gravity::kMistake, copy.hidden->when, "a start finds less than was durable");
}

// The node got a version that it had not minted.
void tell_taken(const Case& about, const Copy& copy, WriteTag tag, Steps& steps) {
  const std::string from = brought_by(about, copy.taken->origin);
  const std::string what = copy.owner == kNoNode
                               ? fmt::format("{} stores {}", about.name(copy.node), short_name(tag))
                               : fmt::format("{} stands in for {} and stores {} as a hint", about.name(copy.node),
                                             about.name(copy.owner), short_name(tag));
  std::string durable = "; it is never durable there";
  if (copy.durable.happened()) {
    const std::string when = copy.durable.event == copy.taken->when.event
                                 ? "at once"
                                 : fmt::format("{} event {}", syncs_first(about) ? "at" : "from", copy.durable.event);
    durable = syncs_first(about) ? fmt::format("; durable {}", when)
                                 : fmt::format("; it counts as durable {} (sync: {})", when,
                                               sync_policy_name(about.scenario.cluster.node.storage.sync));
  }
  steps.add(copy.taken->when, copy.node, what + (from.empty() ? "" : ", " + from) + durable);
}

void tell_request(const Case& about, const Operation& write, Steps& steps) {
  const std::string key = story::shown(write.key.key(), 24);
  std::string what = write.kind == sim::OperationKind::kDelete ? "delete " + key : "put " + key;
  if (write.kind == sim::OperationKind::kPut && is_text(write.value)) {
    what = fmt::format("put {} into {}", story::shown(write.value, 20), key);
  }
  steps.add_request(
      write.asked, write.via,
      fmt::format("{} asks {} to {}: {} ({}){}", write.who, about.name(write.via), what, short_name(write.tag),
                  about.quorum_of(write), write.blind ? ", without a context" : ""));
  if (write.forwarded.happened()) {
    steps.add(write.forwarded, write.via,
              fmt::format("{} holds no copy of the key, and forwards the request to {}", about.name(write.via),
                          about.name(write.forwarded_to)));
  }
}

void tell_answer(const Case& about, const Operation& write, const std::vector<Copy>& copies, Steps& steps) {
  if (!write.replied.happened() || write.coordinator == kNoNode) return;
  std::vector<std::string> durable, hints, before;
  for (const Copy& copy : copies) {
    if (copy.durable_at(write.replied.event)) {
      (copy.owner == kNoNode ? durable : hints).push_back(about.name(copy.node));
    } else if (copy.durable.by(write.replied)) {
      before.push_back(about.name(copy.node));
    }
  }
  std::string where = "no disk holds it at this moment";
  if (!before.empty()) where += fmt::format(", and it was durable on {} before", story::listed(before));
  const char* durable_word = syncs_first(about) ? "it is durable" : "it counts as durable";
  if (!durable.empty()) where = fmt::format("{} on {}", durable_word, story::listed(durable));
  if (!hints.empty()) {
    where = fmt::format("{} as a hint on {}", durable.empty() ? durable_word : where + ", and", story::listed(hints));
  }
  if (write.outcome == Outcome::kDone) {
    steps.add(
        write.replied, write.coordinator,
        fmt::format("{} acknowledges {} after {} (w={}); {}", about.name(write.coordinator), short_name(write.tag),
                    story::counted(write.acks.total, "copy", "copies"), write.need, where));
  } else {
    steps.add(write.replied, write.coordinator,
              fmt::format("{} answers {} ({}); {}", about.name(write.coordinator), outcome_name(write.outcome),
                          reason_text(write.reason), where));
  }
}

}  // namespace

const char* way_of(const Origin& origin) {
  const std::string_view message = origin.message ? origin.message : "";
  if (origin.kind == sim::EventKind::kRequest || message == Forward::kName) return "by its coordinator";
  if (origin.kind != sim::EventKind::kMessage) return "by the node itself";
  if (message == ReapForget::kName) return "by reaping";
  const bool copy = message == ReplicaPut::kName && origin.reason != CopyReason::kReadRepair &&
                    origin.reason != CopyReason::kAntiEntropy;
  return copy ? "by a copy of a write" : "by a repair";
}

std::string brought_by(const Case& about, const Origin& origin) {
  const std::string from = origin.from == kNoNode ? "" : about.name(origin.from);
  switch (origin.kind) {
    case sim::EventKind::kRequest: return "as the coordinator";
    case sim::EventKind::kTimer: return "on a timer";
    case sim::EventKind::kMessage: break;
    default: return {};
  }
  const std::string_view message = origin.message ? origin.message : "";
  if (message == AntiEntropyObjects::kName) return fmt::format("from {} by anti-entropy", from);
  if (message == ReapForget::kName) return fmt::format("because {} proves that nothing older is left", from);
  if (message == ReplicaGetReply::kName) return fmt::format("from the answer of {}, by read repair", from);
  if (message == Forward::kName) return fmt::format("as the coordinator of a request that {} forwards", from);
  if (message != ReplicaPut::kName) return fmt::format("with a message from {}", from);
  switch (origin.reason) {
    case CopyReason::kWrite:
    case CopyReason::kHint: return fmt::format("from {}, the coordinator", from);
    case CopyReason::kHintDelivery: return fmt::format("from a hint that {} delivers", from);
    case CopyReason::kReadRepair: return fmt::format("from {} by read repair", from);
    case CopyReason::kAntiEntropy: return fmt::format("from {} by anti-entropy", from);
  }
  return {};
}

std::vector<WriteTag> tell_copies(const Case& about, const Key& key, WriteTag tag, EventNumber upto, Steps& steps) {
  const std::vector<Copy> copies = copies_of(about, key, tag);
  std::vector<WriteTag> successors;
  Moment last_gone;
  bool left = false;
  for (const Copy& copy : copies) {
    if (copy.taken->when.event > upto) continue;
    tell_taken(about, copy, tag, steps);
    if (copy.hidden && copy.hidden->when.event <= upto) tell_hidden(about, copy, tag, steps);
    if (!copy.gone || copy.gone->when.event > upto) {
      left = true;
      continue;
    }
    const Taking taking = taking_of(about, copy, tag);
    tell_taking(about, copy, tag, taking, steps);
    const Moment gone =
        copy.off_disk.happened() && copy.off_disk.event > copy.gone->when.event ? copy.off_disk : copy.gone->when;
    if (gone.event >= last_gone.event) last_gone = gone;
    if (taking.by != 0 && std::ranges::find(successors, taking.by) == successors.end()) successors.push_back(taking.by);
  }
  if (!left && last_gone.happened()) {
    steps.add(last_gone, kNoNode, fmt::format("from here on no node holds {}", short_name(tag)));
  }
  return successors;
}

void tell_copies_at(const Case& about, const Key& key, WriteTag tag, NodeId node, EventNumber upto, Steps& steps) {
  for (const Copy& copy : copies_of(about, key, tag)) {
    if (copy.node != node || copy.taken->when.event > upto) continue;
    tell_taken(about, copy, tag, steps);
    if (copy.gone && copy.gone->when.event <= upto) tell_taking(about, copy, tag, taking_of(about, copy, tag), steps);
  }
}

void tell_write(const Case& about, WriteTag tag, EventNumber upto, Steps& steps) {
  std::vector<WriteTag> open{tag};
  std::set<WriteTag> told{tag};
  while (!open.empty()) {
    const WriteTag next = open.front();
    open.erase(open.begin());
    const Operation* write = about.record.write(next);
    if (!write) {
      steps.add_unproven({0, 0}, kNoNode, fmt::format("the request of {} is not in the record", short_name(next)));
      continue;
    }
    tell_request(about, *write, steps);
    tell_answer(about, *write, copies_of(about, write->key, next), steps);
    for (const WriteTag successor : tell_copies(about, write->key, next, upto, steps)) {
      const std::vector<Copy> copies = copies_of(about, write->key, successor);
      const bool there = std::ranges::any_of(copies, [&](const Copy& copy) { return copy.held_at(upto); });
      if (there || told.size() >= kSuccessorsMax || !told.insert(successor).second) continue;
      open.push_back(successor);  // it stands for the first one, and it went as well
    }
  }
}

void tell_never_held(const Case& about, const Operation& write, Steps& steps) {
  const std::vector<Copy> copies = copies_of(about, write.key, write.tag);
  const Sibling* version = copies.empty() ? nullptr : sibling_of(copies.front().taken->after, write.tag);
  for (const NodeId node : about.primaries(write.key)) {
    const bool had =
        std::ranges::any_of(copies, [&](const Copy& copy) { return copy.node == node && copy.owner == kNoNode; });
    if (had) continue;
    const Silent silent = silence_of(about, write, node, about.record.end);
    tell_silence(about, silent, node, steps);
    const auto contact = std::ranges::find(write.contacts, node, &Contact::node);
    if (silent.how != Silence::kNone || contact == write.contacts.end()) continue;
    const Moment when = contact->own ? contact->asked : contact->arrived;
    if (!when.happened()) continue;
    const ObjectPtr state = about.state_at(write.key, node, when.event);
    const std::string text = fmt::format("{} {} #{} and does not store it: it holds {}", about.name(node),
                                         contact->own ? "coordinates" : "gets", write.tag, about.called(state));
    if (state && version && state->seen().covers(version->dot)) {
      steps.add(when, node, text + ", which counts it as seen already");
    } else {
      steps.add_unproven(when, node, text + ", and no event says why");
    }
  }
}

void tell_first_denial(const Case& about, const Key& key, WriteTag tag, Steps& steps) {
  const std::uint32_t index = about.index_of(key);
  const Sibling* version = nullptr;
  for (const Change& change : about.record.changes) {
    if (change.key == index && !version) version = sibling_of(change.after, tag);
  }
  if (!version) return;
  for (const Change& change : about.record.changes) {
    if (change.key != index || !change.after || !change.after->seen().covers(version->dot)) continue;
    const bool explained = std::ranges::any_of(change.after->siblings(), [&](const Sibling& sibling) {
      return sibling.tag == tag || about.history.contains(sibling.tag, tag);
    });
    if (explained) continue;
    const std::string from = brought_by(about, change.origin);
    const auto twin = std::ranges::find_if(change.after->siblings(),
                                           [&](const Sibling& sibling) { return sibling.dot == version->dot; });
    if (twin != change.after->siblings().end()) {
      steps.because(Gravity::kMistake, change.when, "another write has its dot");
      steps.add(
          change.when, change.node,
          fmt::format("{} stores {} under the dot {}:{} (epoch:counter){}; {} has the same dot, so nodes take one "
                      "for the other",
                      about.name(change.node), about.called(twin->tag), version->dot.actor.epoch, version->dot.counter,
                      from.empty() ? "" : ", " + from, short_name(tag)));
      return;
    }
    steps.because(Gravity::kMistake, change.when, dropped_by(change));
    steps.add(change.when, change.node,
              fmt::format("this is the first state that counts {} as seen without it or a successor: {} holds {}{}",
                          short_name(tag), about.name(change.node), about.called(change.after),
                          from.empty() ? "" : ", " + from));
    return;
  }
}

void tell_end(const Case& about, const Key& key, Steps& steps) {
  std::vector<std::string> texts;
  for (const NodeId node : about.primaries(key)) {
    const ObjectPtr* found = about.world.image(node).find(key);
    texts.push_back(fmt::format("{} holds {}", about.name(node), about.called(found ? *found : ObjectPtr())));
  }
  for (NodeId node = 0; node < about.world.node_count(); ++node) {
    for (const NodeId owner : about.primaries(key)) {
      if (const auto* hint = about.world.image(node).find_hint(owner, key)) {
        texts.push_back(fmt::format("{} still has a hint for {} with {}", about.name(node), about.name(owner),
                                    about.called(hint->object)));
      }
    }
  }
  steps.add(about.record.end, kNoNode, "at the end " + story::listed(texts));
}

}  // namespace dkv::why
