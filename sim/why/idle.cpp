// I7: what a node of the idle copy does, and the states that make it do so. The copy is played again, from the end of
// the run. Its events have no numbers of their own: all steps stand at the last event of the run.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "sim/oracle/findings.h"
#include "sim/story/text.h"
#include "sim/why/questions.h"
#include "sim/world/after_end.h"

namespace dkv::why {
namespace {

constexpr std::size_t kTurnsToldMax = 8;

// A message or a hint of the idle copy.
struct Idling {
  TimeNs at_ns = 0;
  NodeId node = kNoNode;
  NodeId other = kNoNode;
  std::string what;                    // "sends AntiEntropyKeys to n2"
  std::optional<PartitionId> subject;  // the partition that it is about
  Key key;                             // empty: none
  std::string states;                  // of that key, or of that partition, at both nodes at this moment
};

class Witness final : public sim::Observer {
 public:
  Witness(const Case& about, const sim::World& copy, const sim::Violation& found)
      : about_(about), copy_(copy), found_(found) {
    for (NodeId node = 0; node < copy.node_count(); ++node) reads_.push_back(reads_of(node));
  }

  void on_turn(NodeId node, std::span<const Effect> effects, TimeNs at_ns) override {
    if (at_ns > found_.at_ns) return;
    for (const Effect& effect : effects) {
      if (const auto* send = std::get_if<Send>(&effect)) {
        sends(node, *send, at_ns);
      } else if (const auto* append = std::get_if<Append>(&effect)) {
        if (append->record.space != KeySpace::kHints) continue;
        note({.at_ns = at_ns,
              .node = node,
              .other = append->record.owner,
              .what = "writes a hint",
              .subject = {},
              .key = append->record.key,
              .states = {}});
      } else if (const auto* said = std::get_if<Observation>(&effect)) {
        if (said->key.empty()) continue;
        note({.at_ns = at_ns,
              .node = node,
              .other = said->peer,
              .what = fmt::format("reports \"{}\"", observed_name(said->what)),
              .subject = {},
              .key = said->key,
              .states = {}});
      }
    }
    const std::uint64_t reads = reads_of(node);
    if (reads != reads_[node]) {
      note({.at_ns = at_ns,
            .node = node,
            .other = kNoNode,
            .what = "reads a value from its disk",
            .subject = {},
            .key = {},
            .states = {}});
    }
    reads_[node] = reads;
  }

  const std::vector<Idling>& all() const noexcept { return all_; }

 private:
  std::uint64_t reads_of(NodeId node) const {
    const Node* process = copy_.node(node);
    return process ? process->store().stats().reads : 0;
  }

  void sends(NodeId node, const Send& send, TimeNs at_ns) {
    const Message& message = send.message;
    Idling one{.at_ns = at_ns, .node = node, .other = send.to, .what = {}, .subject = {}, .key = {}, .states = {}};
    one.what = fmt::format("sends {} to {}", message_name(message), about_.name(send.to));
    if (const auto* put = std::get_if<ReplicaPut>(&message)) {
      one.key = put->key;
      one.what += put->reason == CopyReason::kHintDelivery ? ", to deliver a hint" : ", to repair it";
    } else if (const auto* keys = std::get_if<AntiEntropyKeys>(&message)) {
      one.subject = keys->partition;
    } else if (const auto* leaves = std::get_if<AntiEntropyLeaves>(&message)) {
      if (!leaves->partitions.empty()) one.subject = leaves->partitions.front().partition;
    } else if (const auto* objects = std::get_if<AntiEntropyObjects>(&message)) {
      if (!objects->wanted.empty()) one.key = objects->wanted.front();
      if (!objects->objects.empty()) one.key = objects->objects.front().key;
    } else if (!std::holds_alternative<ReplicaGet>(message)) {
      return;
    }
    note(std::move(one));
  }

  void note(Idling one) {
    if (!one.key.empty()) one.states = states_of(one.key, one.node, one.other);
    if (one.subject) one.states = difference_in(*one.subject, one.node, one.other);
    all_.push_back(std::move(one));
  }

  ObjectPtr state(const Key& key, NodeId node) const {
    const Node* process = node < copy_.node_count() ? copy_.node(node) : nullptr;
    return process ? process->store().peek(key) : ObjectPtr();
  }

  // "n1 holds #3 and n2 holds #3, under different clocks".
  std::string states_of(const Key& key, NodeId a, NodeId b) const {
    const ObjectPtr here = state(key, a);
    std::string text = fmt::format("{} holds {}", about_.name(a), about_.called(here));
    if (b >= copy_.node_count() || b == a) return text;
    const ObjectPtr there = state(key, b);
    text += fmt::format(", {} holds {}", about_.name(b), about_.called(there));
    if (const Node* process = copy_.node(a)) {
      if (const auto* hint = process->hints().find(b, key)) {
        text += fmt::format(", and the hint for {} holds {}", about_.name(b), about_.called(hint->object));
      }
    }
    if (equal(here, there)) return text + "; the two states are equal";
    const bool same = sim::tags_of(here) == sim::tags_of(there);
    return text + (same ? "; the same versions under different clocks" : "");
  }

  // The first key of the partition that the two nodes hold in different states, or that they are equal.
  std::string difference_in(PartitionId partition, NodeId a, NodeId b) const {
    std::set<Key> keys;
    for (const NodeId node : {a, b}) {
      for (const Key& key : copy_.image(node).object_keys()) {
        if (copy_.placement().partition(key.hash()) == partition) keys.insert(key);
      }
    }
    for (const Key& key : keys) {
      if (equal(state(key, a), state(key, b))) continue;
      return fmt::format("they differ in {}: {}", story::shown(key.key(), 24), states_of(key, a, b));
    }
    const Node *left = copy_.node(a), *right = copy_.node(b);
    if (!left || !right) return {};
    const bool same = left->store().tree(partition).root() == right->store().tree(partition).root();
    return fmt::format("both hold the same states of all {} keys of partition {}, and their trees {}", keys.size(),
                       partition, same ? "are equal" : "differ all the same");
  }

  const Case& about_;
  const sim::World& copy_;
  const sim::Violation& found_;
  std::vector<std::uint64_t> reads_;
  std::vector<Idling> all_;
};

bool concerns(const Idling& one, const sim::Violation& found) {
  if (one.node == found.node) return found.other == kNoNode || one.other == found.other || one.other == kNoNode;
  return one.other == found.node && (found.other == kNoNode || one.node == found.other);
}

}  // namespace

void explain_idle(const Case& about, const Found& found, Steps& steps) {
  const sim::Violation& violation = found.violation;
  const EventNumber event = about.record.end.event;
  std::string unrest;
  const std::unique_ptr<sim::World> copy = sim::AfterEnd::idle_copy(about.world, unrest);
  if (!copy && unrest.empty()) {
    return steps.add_unproven(about.record.end, violation.node, "the copy of the cluster does not come to rest again");
  }
  if (!copy) {
    steps.add(about.record.end, kNoNode, "a copy of the cluster goes on without clients; " + unrest);
    return steps.because(Gravity::kFinding, {event, 0}, "work that never ends");
  }
  steps.add({event, copy->now()}, kNoNode,
            "from here on a copy of the cluster idles: no request is in progress, and the trees of all replicas are "
            "equal");
  Witness witness(about, *copy, violation);
  sim::AfterEnd::idle(*copy, witness);
  std::vector<const Idling*> told;
  for (const Idling& one : witness.all()) {
    if (concerns(one, violation)) told.push_back(&one);
  }
  // The beginning of what the nodes say to each other is the cause; the rest are its answers.
  const std::size_t count = std::min(told.size(), kTurnsToldMax);
  for (std::size_t i = 0; i < count; ++i) {
    const Idling& one = *told[i];
    std::string text = fmt::format("{} {}", about.name(one.node), one.what);
    if (!one.key.empty()) text += fmt::format(", for {}", story::shown(one.key.key(), 24));
    if (!one.states.empty()) text += ": " + one.states;
    steps.add({event, one.at_ns}, one.node, std::move(text));
  }
  if (told.size() > count) {
    steps.add({event, told[count]->at_ns}, violation.node, fmt::format("and {} more of the same", told.size() - count));
  }
  if (told.empty()) {
    steps.add_unproven({event, violation.at_ns}, violation.node,
                       "no message, hint or report of the copy shows what it does; its disk and its operations are "
                       "looked at when the copy ends");
  } else {
    steps.because(Gravity::kFinding, {event, 0},
                  "an idle node " + std::string(told.front()->what.substr(0, told.front()->what.find(" to "))));
  }
}

}  // namespace dkv::why
