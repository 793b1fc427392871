#include "sim/oracle/quiet.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "sim/oracle/findings.h"

namespace dkv::sim {
namespace {

// The observations that an idle node may report. A round of anti-entropy that finds a difference is judged by its
// messages.
constexpr Observed kMayBeObserved[] = {
    Observed::kPeerReachable,       Observed::kPeerUnreachable,     Observed::kAntiEntropyStarted,
    Observed::kAntiEntropyDiffered, Observed::kAntiEntropyRepaired, Observed::kTombstoneReaped,
    Observed::kClockCollapsed,      Observed::kClockApart,          Observed::kClockAgrees};

}  // namespace

void Quiet::disturbed(NodeId node, const Key& key, std::string detail, TimeNs at_ns, const ObjectPtr& object,
                      NodeId other) {
  if (violations_.size() == kKept) return;
  violations_.push_back({.invariant = Invariant::kQuiet,
                         .breach = Breach::kNotQuiet,
                         .at_ns = at_ns,
                         .node = node,
                         .key = key.empty() ? std::string() : key_text(key),
                         .detail = "all replicas are equal and there is no load, but " + std::move(detail),
                         .writes = tags_of(object),
                         .other = other});
}

std::string Quiet::name(NodeId node) const {
  return node < placement_->members().size() ? placement_->members()[node].name : fmt::format("node {}", node);
}

bool Quiet::differs_by_reaping(PartitionId partition) const {
  const auto in_it = [&](const Key& key) { return placement_->partition(key.hash()) == partition; };
  return std::ranges::any_of(reaped_, in_it) || std::ranges::any_of(collapsed_, in_it);
}

void Quiet::on_turn(NodeId node, std::span<const Effect> effects, TimeNs at_ns) {
  for (const Effect& effect : effects) {
    if (const auto* send = std::get_if<Send>(&effect)) {
      on_message(node, *send, at_ns);
    } else if (const auto* observation = std::get_if<Observation>(&effect)) {
      on_observation(node, *observation, at_ns);
    } else if (const auto* append = std::get_if<Append>(&effect)) {
      const Record& record = append->record;
      if (record.space != KeySpace::kHints) continue;
      disturbed(node, record.key, "the node writes a hint for " + name(record.owner), at_ns, record.object,
                record.owner);
    } else if (std::holds_alternative<Reply>(effect)) {
      disturbed(node, {}, "the node answers a client", at_ns);
    }
  }
}

void Quiet::on_observation(NodeId node, const Observation& observation, TimeNs at_ns) {
  if (observation.what == Observed::kTombstoneReaped) reaped_.insert(observation.key);
  if (observation.what == Observed::kClockCollapsed) collapsed_.insert(observation.key);
  if (observation.what == Observed::kAntiEntropyRepaired && collapsed_.contains(observation.key)) readers_.insert(node);
  if (std::ranges::count(kMayBeObserved, observation.what) > 0) return;
  disturbed(node, observation.key, fmt::format("the node reports {}", observed_name(observation.what)), at_ns, {},
            observation.peer);
}

void Quiet::on_message(NodeId node, const Send& send, TimeNs at_ns) {
  const Message& message = send.message;
  // A heartbeat of an earlier life may come late, and LaterLife answers it.
  if (std::holds_alternative<Heartbeat>(message) || std::holds_alternative<LaterLife>(message) ||
      std::holds_alternative<AntiEntropyRoots>(message) || std::holds_alternative<ReapAsk>(message) ||
      std::holds_alternative<ReapHeld>(message) || std::holds_alternative<ReapForget>(message)) {
    return;
  }
  Key key;
  ObjectPtr object;
  bool reaping = false;
  if (const auto* leaves = std::get_if<AntiEntropyLeaves>(&message)) {
    reaping = std::ranges::all_of(leaves->partitions,
                                  [&](const auto& theirs) { return differs_by_reaping(theirs.partition); });
  } else if (const auto* keys = std::get_if<AntiEntropyKeys>(&message)) {
    reaping = differs_by_reaping(keys->partition);
  } else if (const auto* objects = std::get_if<AntiEntropyObjects>(&message)) {
    const auto wanted = std::ranges::find_if(
        objects->wanted, [&](const Key& one) { return !reaped_.contains(one) && !collapsed_.contains(one); });
    const auto sent = std::ranges::find_if(objects->objects, [&](const AntiEntropyObjects::Entry& entry) {
      const bool tombstone = reaped_.contains(entry.key) && entry.object->deleted();
      return !tombstone && !collapsed_.contains(entry.key);
    });
    if (wanted != objects->wanted.end()) key = *wanted;
    if (sent != objects->objects.end()) {
      key = sent->key;
      object = sent->object;
    }
    reaping = wanted == objects->wanted.end() && sent == objects->objects.end();
  } else if (const auto* put = std::get_if<ReplicaPut>(&message)) {
    key = put->key;
    object = put->object;
  }
  if (reaping) return;
  disturbed(node, key, fmt::format("the node sends {} to {}", message_name(message), name(send.to)), at_ns, object,
            send.to);
}

}  // namespace dkv::sim
