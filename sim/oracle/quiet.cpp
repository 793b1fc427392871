#include "sim/oracle/quiet.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "sim/oracle/findings.h"

namespace dkv::sim {
namespace {

// Observations that an idle node may report. A round of anti-entropy that finds a difference is judged by its
// messages.
bool may_be_observed(Observed what) {
  switch (what) {
    case Observed::kPeerReachable:
    case Observed::kPeerUnreachable:
    case Observed::kAntiEntropyStarted:
    case Observed::kAntiEntropyDiffered:
    case Observed::kAntiEntropyRepaired:
    case Observed::kTombstoneReaped:
    case Observed::kClockApart:
    case Observed::kClockAgrees: return true;
    case Observed::kLaterLifeTold:
    case Observed::kServing:
    case Observed::kHintStored:
    case Observed::kHintRefused:
    case Observed::kHintSent:
    case Observed::kHintDelivered:
    case Observed::kHintSuperseded:
    case Observed::kHintExpired:
    case Observed::kReadRepaired:
    case Observed::kFallbackUsed:
    case Observed::kRequestForwarded:
    case Observed::kStorageFailed:
    case Observed::kRecovered:
    case Observed::kDamageFound:
    case Observed::kHintLost:
    case Observed::kStaleDropped: return false;
  }
  return false;
}

}  // namespace

void Quiet::disturbed(NodeId node, const Key& key, std::string detail, TimeNs at_ns) {
  if (violations_.size() == kKept) return;
  violations_.push_back({.invariant = Invariant::kQuiet,
                         .breach = Breach::kNotQuiet,
                         .at_ns = at_ns,
                         .node = node,
                         .key = key.empty() ? std::string() : key_text(key),
                         .detail = "all replicas are equal and there is no load, but " + std::move(detail)});
}

bool Quiet::differs_by_reaping(PartitionId partition) const {
  return std::ranges::any_of(reaped_, [&](const Key& key) { return placement_->partition(key.hash()) == partition; });
}

void Quiet::on_turn(NodeId node, std::span<const Effect> effects, TimeNs at_ns) {
  for (const Effect& effect : effects) {
    if (const auto* send = std::get_if<Send>(&effect)) {
      on_message(node, *send, at_ns);
    } else if (const auto* observation = std::get_if<Observation>(&effect)) {
      on_observation(node, *observation, at_ns);
    } else if (const auto* append = std::get_if<Append>(&effect)) {
      const Record& record = append->record;
      if (record.space == KeySpace::kHints) disturbed(node, record.key, "the node writes a hint", at_ns);
    } else if (std::holds_alternative<Reply>(effect)) {
      disturbed(node, {}, "the node answers a client", at_ns);
    }
  }
}

void Quiet::on_observation(NodeId node, const Observation& observation, TimeNs at_ns) {
  if (observation.what == Observed::kTombstoneReaped) reaped_.insert(observation.key);
  if (may_be_observed(observation.what)) return;
  disturbed(node, observation.key, fmt::format("the node reports {}", observed_name(observation.what)), at_ns);
}

void Quiet::on_message(NodeId node, const Send& send, TimeNs at_ns) {
  const Message& message = send.message;
  if (std::holds_alternative<Heartbeat>(message) || std::holds_alternative<AntiEntropyRoots>(message) ||
      std::holds_alternative<TombstonesAsk>(message) || std::holds_alternative<TombstonesHeld>(message) ||
      std::holds_alternative<TombstonesReap>(message)) {
    return;
  }
  Key key;
  bool reaping = false;
  if (const auto* leaves = std::get_if<AntiEntropyLeaves>(&message)) {
    reaping = std::ranges::all_of(leaves->partitions,
                                  [&](const auto& theirs) { return differs_by_reaping(theirs.partition); });
  } else if (const auto* keys = std::get_if<AntiEntropyKeys>(&message)) {
    reaping = differs_by_reaping(keys->partition);
  } else if (const auto* objects = std::get_if<AntiEntropyObjects>(&message)) {
    const auto wanted = std::ranges::find_if(objects->wanted, [&](const Key& one) { return !reaped_.contains(one); });
    const auto sent = std::ranges::find_if(objects->objects, [&](const AntiEntropyObjects::Entry& entry) {
      return !reaped_.contains(entry.key) || !entry.object->deleted();
    });
    if (wanted != objects->wanted.end()) key = *wanted;
    if (sent != objects->objects.end()) key = sent->key;
    reaping = wanted == objects->wanted.end() && sent == objects->objects.end();
  } else if (const auto* put = std::get_if<ReplicaPut>(&message)) {
    key = put->key;
  }
  if (!reaping)
    disturbed(node, key, fmt::format("the node sends {} to node {}", message_name(message), send.to), at_ns);
}

}  // namespace dkv::sim
