#include "sim/why/case.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "sim/faults/catalogue.h"
#include "sim/faults/links.h"
#include "sim/network/topology.h"
#include "sim/story/text.h"
#include "sim/story/words.h"

namespace dkv::why {
namespace {

using sim::FaultPlace;

// The ways from one node to another, with some links of the topology down.
class Ways {
 public:
  Ways(const sim::Scenario& scenario, NodeId from, NodeId to)
      : scenario_(scenario), place_(std::size_t{from} * scenario.cluster.members.size() + to) {}

  // Topology::kUnreachable: there is none.
  TimeNs with_down(std::span<const FaultSpan* const> down, const FaultSpan* without = nullptr) const {
    sim::Topology topology(scenario_.cluster.members, scenario_.network.topology);
    for (const FaultSpan* span : down) {
      if (span != without) topology.cut(span->fault.from, span->fault.to);
    }
    return topology.routes().at(place_);
  }
  // Whether this link that is down has a part in it: it does so alone, or it would not be so without it.
  bool has_part(std::span<const FaultSpan* const> down, const FaultSpan* span) const {
    const TimeNs now = with_down(down);
    return with_down(down, span) != now || with_down({&span, 1}) == now;
  }

 private:
  const sim::Scenario& scenario_;
  std::size_t place_;
};

std::vector<const FaultSpan*> links_down(const Record& record, EventNumber event) {
  std::vector<const FaultSpan*> down;
  for (const FaultSpan& span : record.faults) {
    if (sim::traits_of(span.fault.kind).place == FaultPlace::kEnds && span.on_at(event)) down.push_back(&span);
  }
  return down;
}

}  // namespace

History::History(const sim::World& world, std::span<const Key> keys) {
  if (!world.judge()) return;
  for (const Key& key : keys) {
    for (sim::Oracle::WriteView& one : world.judge()->history_of(key)) writes_.emplace(one.tag, std::move(one));
  }
}

const sim::Oracle::WriteView* History::find(WriteTag tag) const noexcept {
  const auto found = writes_.find(tag);
  return found == writes_.end() ? nullptr : &found->second;
}

bool History::contains(WriteTag later, WriteTag earlier) const {
  if (earlier >= later) return false;
  std::set<WriteTag> reached;
  std::vector<WriteTag> open{later};
  while (!open.empty()) {
    const sim::Oracle::WriteView* write = find(open.back());
    open.pop_back();
    if (!write) continue;
    for (const WriteTag seen : write->seen) {
      if (seen == earlier) return true;
      if (seen > earlier && reached.insert(seen).second) open.push_back(seen);
    }
  }
  return false;
}

Case::Case(const sim::World& the_world, const Record& the_record)
    : world(the_world), scenario(the_world.scenario()), record(the_record), history(the_world, the_record.keys) {}

std::uint32_t Case::index_of(const Key& key) const noexcept {
  return static_cast<std::uint32_t>(std::ranges::find(record.keys, key) - record.keys.begin());
}

std::span<const NodeId> Case::primaries(const Key& key) const {
  return world.placement().primaries(world.placement().partition(key.hash()));
}

bool Case::is_primary(const Key& key, NodeId node) const {
  return std::ranges::find(primaries(key), node) != primaries(key).end();
}

std::vector<const FaultSpan*> Case::link_faults(NodeId from, NodeId to, EventNumber event) const {
  std::vector<const FaultSpan*> found;
  for (const FaultSpan& span : record.faults) {
    const bool network = sim::traits_of(span.fault.kind).layer == sim::FaultLayer::kNetwork;
    if (network && span.on_at(event) && sim::hits_link(span.fault, from, to)) found.push_back(&span);
  }
  const std::vector<const FaultSpan*> down = links_down(record, event);
  const Ways ways(scenario, from, to);
  if (down.empty() || from == to || ways.with_down(down) != sim::Topology::kUnreachable) return found;
  std::ranges::copy_if(down, std::back_inserter(found),
                       [&](const FaultSpan* span) { return ways.has_part(down, span); });
  return found;
}

std::vector<const FaultSpan*> Case::detours(NodeId from, NodeId to, EventNumber event) const {
  const std::vector<const FaultSpan*> down = links_down(record, event);
  std::vector<const FaultSpan*> found;
  const Ways ways(scenario, from, to);
  if (down.empty() || from == to || ways.with_down(down) == ways.with_down({})) return found;
  std::ranges::copy_if(down, std::back_inserter(found),
                       [&](const FaultSpan* span) { return ways.has_part(down, span); });
  return found;
}

std::vector<const FaultSpan*> Case::node_faults(NodeId node, EventNumber event) const {
  std::vector<const FaultSpan*> found;
  for (const FaultSpan& span : record.faults) {
    const bool network = sim::traits_of(span.fault.kind).layer == sim::FaultLayer::kNetwork;
    if (!network && span.on_at(event) && sim::group_of(span.fault, node) == 0) found.push_back(&span);
  }
  return found;
}

bool Case::loses_by_setting() const noexcept {
  return scenario.network.loss_ppm > 0 ||
         std::ranges::any_of(scenario.network.rules, [](const sim::LinkRule& rule) { return rule.loss_ppm > 0; });
}

const NodeStep* Case::last_step(NodeId node, Moment by) const {
  const NodeStep* last = nullptr;
  for (const NodeStep& step : record.nodes) {
    if (step.when.event > by.event) break;
    if (step.node == node) last = &step;
  }
  return last;
}

bool Case::is_down(NodeId node, Moment at) const {
  const NodeStep* last = last_step(node, at);
  if (!last) return false;
  return last->change == sim::NodeChange::kCrashed || last->change == sim::NodeChange::kLostPower ||
         last->change == sim::NodeChange::kWiped;
}

ObjectPtr Case::state_at(const Key& key, NodeId node, EventNumber event) const {
  const std::uint32_t index = index_of(key);
  ObjectPtr state;
  for (const Change& change : record.changes) {
    if (change.when.event > event) break;
    if (change.key == index && change.node == node && change.owner == kNoNode && !change.on_disk) state = change.after;
  }
  return state;
}

std::string Case::name(NodeId node) const {
  return node < scenario.cluster.members.size() ? story::node_name(scenario, node) : "no node";
}

std::string Case::who(WriteTag tag) const {
  if (const Operation* operation = record.write(tag)) return operation->who;
  const sim::Oracle::WriteView* view = history.find(tag);
  if (!view) return "a client";
  const std::string* known = world.clients().session_name(view->session);
  return known && !known->empty() ? *known : fmt::format("client {}", view->session);
}

std::string Case::called(WriteTag tag) const {
  const sim::Oracle::WriteView* view = history.find(tag);
  if (!view) return short_name(tag);
  if (view->remove) return fmt::format("{} ({}'s delete)", short_name(tag), who(tag));
  const Operation* operation = record.write(tag);
  if (!operation || !is_text(operation->value)) return fmt::format("{} ({}'s put)", short_name(tag), who(tag));
  return fmt::format("{} ({}'s put of {})", short_name(tag), who(tag), story::shown(operation->value, 20));
}

std::string Case::called(const ObjectPtr& object) const {
  if (!object) return "nothing";
  std::vector<std::string> names;
  std::set<WriteTag> tags;
  for (const Sibling& sibling : object->siblings()) tags.insert(sibling.tag);
  for (const WriteTag tag : tags) {
    const sim::Oracle::WriteView* view = history.find(tag);
    names.push_back(short_name(tag) + (view && view->remove ? " (a delete)" : ""));
  }
  return story::listed(names, 6);
}

std::string Case::nodes(std::span<const NodeId> list) const {
  return list.empty() ? "no node" : story::listed(story::node_names(scenario, list));
}

std::string Case::quorum_of(const Operation& operation) const {
  const char* letter = operation.write() ? "w" : "r";
  std::string text = fmt::format("{}={} of n={}", letter, operation.need, scenario.cluster.replicas);
  if (operation.need_primary > 0) text += fmt::format(", p{}={}", letter, operation.need_primary);
  return text + (operation.mode == QuorumMode::kStrict ? ", strict" : ", sloppy");
}

bool is_text(const std::string& value) noexcept {
  return !value.empty() && std::ranges::all_of(value, [](char c) { return c >= ' ' && c != 127; });
}

std::string short_name(WriteTag tag) {
  return fmt::format("#{}", tag);
}

const Sibling* sibling_of(const ObjectPtr& object, WriteTag tag) noexcept {
  if (!object) return nullptr;
  const auto found = std::ranges::find(object->siblings(), tag, &Sibling::tag);
  return found == object->siblings().end() ? nullptr : &*found;
}

bool holds(const ObjectPtr& object, WriteTag tag) noexcept {
  return sibling_of(object, tag) != nullptr;
}

void Steps::add_fault(const FaultSpan& span) {
  const story::FaultWords words = story::words_of(span.fault, case_.scenario);
  const bool network = sim::traits_of(span.fault.kind).layer == sim::FaultLayer::kNetwork;
  const NodeId node =
      !network && !span.fault.groups.empty() && span.fault.groups[0].size() == 1 ? span.fault.groups[0][0] : kNoNode;
  add(kFault, {span.begins, node, fmt::format("fault ({}): {}", words.who, words.begins), true});
}

void Steps::because(Gravity gravity, Moment when, std::string cause) {
  causes_.push_back({gravity, when, std::move(cause)});
}

void Steps::finish(Chain& chain, EventNumber upto) {
  const Cause* decides = nullptr;
  for (const Cause& cause : causes_) {
    if (cause.when.event > upto) continue;
    const bool graver = !decides || cause.gravity > decides->gravity ||
                        (cause.gravity == decides->gravity && cause.when.event < decides->when.event);
    if (graver) decides = &cause;
  }
  if (decides) chain.cause = decides->text;
  causes_.clear();
  std::ranges::stable_sort(steps_, {}, [](const Ranked& one) { return std::pair(one.step.when.event, one.rank); });
  for (Ranked& one : steps_) {
    Step& step = one.step;
    const bool told = std::ranges::any_of(
        chain.steps, [&](const Step& other) { return other.when.event == step.when.event && other.text == step.text; });
    if (told || step.when.event > upto) continue;
    if (chain.steps.size() < kStepsMax) {
      chain.steps.push_back(std::move(step));
    } else {
      ++chain.left_off;
    }
  }
  steps_.clear();
}

bool Chain::proven() const noexcept {
  return std::ranges::all_of(steps, &Step::proven);
}

const char* about_name(About about) noexcept {
  static constexpr const char* kNames[kAbouts] = {"violation", "expectation", "stale_read",
                                                  "refusal",   "excused",     "discarded"};
  return kNames[static_cast<std::size_t>(about)];
}

}  // namespace dkv::why
