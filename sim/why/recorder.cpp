#include "sim/why/recorder.h"

#include <algorithm>

#include "engine/core/assert.h"

namespace dkv::why {
namespace {

// Limits of a record. A run that is worth a chain is far below them.
constexpr std::size_t kChangesMax = 200'000;
constexpr std::size_t kSaidMax = 100'000;
constexpr std::size_t kOperationsMax = 20'000;

}  // namespace

Recorder::Recorder(sim::World& world, Follow follow) : world_(world), follow_(std::move(follow)) {
  DKV_ASSERT(world.events() == 0);
  record_.keys = follow_.keys;
  now_ = {0, 0};
  serving_.resize(world.node_count(), 0);
  heard_.resize(std::size_t{world.node_count()} * world.node_count(), 0);
  for (NodeId node = 0; node < world.node_count(); ++node) {
    for (std::uint32_t key = 0; key < record_.keys.size(); ++key) {
      slots_.push_back({.key = key, .node = node});
      const sim::World& seen = world_;
      for (const NodeId owner : seen.placement().primaries(seen.placement().partition(record_.keys[key].hash()))) {
        if (owner != node) slots_.push_back({.key = key, .node = node, .owner = owner});
      }
    }
  }
}

bool Recorder::step() {
  at_node_ = kNoNode;
  const bool more = world_.step(this);
  at_node_ == kNoNode ? look_at_all() : look_at(at_node_);
  being_coordinated_ = 0;
  if (const sim::Oracle* oracle = world_.judge()) {
    const auto& stale = oracle->stale_reads();
    while (stale_seen_ < stale.size()) record_.stale.push_back({stale[stale_seen_++], now_});
  }
  return more;
}

Record Recorder::take() {
  record_.end = now_;
  for (auto& [serial, operation] : operations_) record_.operations.push_back(std::move(operation));
  operations_.clear();
  return std::move(record_);
}

std::uint32_t Recorder::index_of(const Key& key) const noexcept {
  const auto found = std::ranges::find(record_.keys, key);
  return static_cast<std::uint32_t>(found - record_.keys.begin());
}

// --- The states of the followed keys.

void Recorder::look_at(NodeId node) {
  for (Slot& slot : slots_) {
    if (slot.node == node) look(slot);
  }
}

void Recorder::look_at_all() {
  for (Slot& slot : slots_) look(slot);
}

void Recorder::look(Slot& slot) {
  const Key& key = record_.keys[slot.key];
  const Node* node = world_.node(slot.node);
  const sim::Image& image = world_.image(slot.node);
  ObjectPtr process, disk;
  if (slot.owner == kNoNode) {
    if (node) process = node->store().peek(key);
    if (const ObjectPtr* found = image.find(key)) disk = *found;
  } else {
    const HintTable::Hint* hint = node ? node->hints().find(slot.owner, key) : nullptr;
    if (hint) process = hint->object;
    if (const sim::Image::Hint* found = image.find_hint(slot.owner, key)) disk = found->object;
  }
  if (!(process == slot.process) && !equal(process, slot.process)) changed(slot, false, slot.process, process);
  if (!(disk == slot.disk) && !equal(disk, slot.disk)) changed(slot, true, slot.disk, disk);
  slot.process = std::move(process);
  slot.disk = std::move(disk);
}

void Recorder::changed(const Slot& slot, bool on_disk, const ObjectPtr& before, const ObjectPtr& after) {
  if (record_.changes.size() >= kChangesMax) {
    ++record_.left_off;
    return;
  }
  Change change{.when = now_,
                .key = slot.key,
                .node = slot.node,
                .owner = slot.owner,
                .on_disk = on_disk,
                .serving = serving_[slot.node] != 0,
                .before = before,
                .after = after,
                .origin = origin_};
  record_.changes.push_back(std::move(change));
}

// --- The events.

void Recorder::on_event(const sim::EventView& view) {
  now_ = {view.number, view.at_ns};
  at_node_ = view.node;
  origin_ = {.kind = view.kind, .from = view.from, .sent_ns = view.sent_ns};
  if (view.kind == sim::EventKind::kRequest) begin_operation(view);
  if (view.kind == sim::EventKind::kConnectionRefused) {
    if (Operation* operation = open_of(view.detail)) {
      operation->refused_connection = now_;
      operation->refused_by = view.answered_by;
    }
  }
  if (view.message) message_arrives(view);
}

// The operation with this token, which begins now if it is not known.
Operation& Recorder::open_operation(std::uint64_t token, const ClientRequest& request) {
  const auto session = static_cast<std::uint32_t>(token >> 32);
  const auto known = open_.find(session);
  if (known != open_.end() && operations_.at(known->second).token != token) open_.erase(known);
  if (!open_.contains(session)) {
    const std::string* name = world_.clients().session_name(session);
    Operation made{.token = token, .session = session, .key = request.key, .tag = request.tag};
    made.who = name && !name->empty() ? *name : "client " + std::to_string(session);
    made.kind = static_cast<sim::OperationKind>(request.kind);
    made.value = std::string(request.value.view().substr(0, 40));
    made.blind = made.write() && request.context.seen.empty();
    made.mode = request.mode;
    made.need = request.need;
    made.need_primary = request.need_primary;
    operations_.emplace(++next_serial_, std::move(made));
    open_[session] = next_serial_;
  }
  return operations_.at(open_.at(session));
}

void Recorder::begin_operation(const sim::EventView& view) {
  Operation& operation = open_operation(view.detail, *view.request);
  operation.via = view.node;
  if (view.taken != sim::EventView::Taken::kNow) return;
  operation.asked = now_;
  being_coordinated_ = open_.at(operation.session);
}

void Recorder::on_operation(const sim::OperationView& view) {
  const auto found = open_.find(view.session);
  const bool failed = !view.reply || view.reply->outcome != Outcome::kDone;
  if (failed) ++record_.failed;
  if (found == open_.end()) return;  // its request never arrived anywhere
  const Serial serial = found->second;
  Operation& operation = operations_.at(serial);
  open_.erase(found);
  operation.finished = now_;
  operation.due_ns = view.due_ns;
  operation.started_ns = view.started_ns;
  operation.gave_up = view.reply == nullptr;
  if (view.step) operation.step_line = view.step->expect.line;
  if (view.reply) {
    operation.outcome = view.reply->outcome;
    operation.reason = view.reply->reason;
    operation.acks = view.reply->acks;
    operation.answer = view.reply->object;
  }
  if (!keep(operation, view)) return drop(serial);
  if (++kept_ <= kOperationsMax) return;
  ++record_.left_off;
  drop(serial);
}

bool Recorder::keep(const Operation& operation, const sim::OperationView& view) const {
  if (index_of(operation.key) < record_.keys.size()) return true;
  if (!operation.done()) return follow_.failed;
  const TimeNs took_ns = view.finished_ns - view.due_ns;
  if (operation.kind == sim::OperationKind::kGet) {
    const auto live = [](const ObjectPtr& object) {
      return object ? std::ranges::count(object->siblings(), false, &Sibling::tombstone) : 0;
    };
    if (follow_.siblings_most > 0 && live(operation.answer) > follow_.siblings_most) return true;
    return follow_.gets_slower_ns >= 0 && took_ns > follow_.gets_slower_ns;
  }
  return operation.kind == sim::OperationKind::kPut && follow_.puts_slower_ns >= 0 && took_ns > follow_.puts_slower_ns;
}

void Recorder::drop(Serial serial) {
  if (const auto ops = ops_.find(serial); ops != ops_.end()) {
    for (const auto& op : ops->second) by_op_.erase(op);
    ops_.erase(ops);
  }
  operations_.erase(serial);
  if (being_coordinated_ == serial) being_coordinated_ = 0;
}

// --- Faults, nodes and their observations.

void Recorder::on_fault(const sim::Fault& fault, bool begins, TimeNs now_ns) {
  if (!begins) {
    const auto span = fault_spans_.find(fault_number_);
    if (span != fault_spans_.end() && !record_.faults[span->second].ends.happened()) {
      record_.faults[span->second].ends = {now_.event, now_ns};
    }
    return;
  }
  fault_spans_[fault_number_] = record_.faults.size();
  record_.faults.push_back({.fault = fault, .begins = {now_.event, now_ns}, .ends = {}});
}

void Recorder::on_node(NodeId node, sim::NodeChange change, TimeNs) {
  if (change == sim::NodeChange::kStarted) {
    std::fill_n(heard_.begin() + static_cast<std::ptrdiff_t>(node * serving_.size()), serving_.size(), 0);
  }
  if (change != sim::NodeChange::kPaused && change != sim::NodeChange::kResumed) serving_[node] = 0;
  record_.nodes.push_back({node, change, now_});
}

void Recorder::on_observation(NodeId node, const Observation& observation, TimeNs) {
  if (observation.what == Observed::kServing) serving_[node] = 1;
  const auto add = [&](std::vector<Said>& list) {
    if (list.size() < kSaidMax) {
      list.push_back({node, observation, now_});
    } else {
      ++record_.left_off;
    }
  };
  switch (observation.what) {
    case Observed::kPeerReachable:
    case Observed::kPeerUnreachable:
    case Observed::kStorageFailed:
    case Observed::kRecovered:
    case Observed::kServing: add(record_.peers); break;
    default: break;
  }
  const bool followed = !observation.key.empty() && index_of(observation.key) < record_.keys.size();
  if (followed || follow_.observed == observation.what) add(record_.said);
}

void Recorder::on_violation(const sim::Violation& violation) {
  record_.violations.push_back({violation, now_});
}

const Operation* Record::write(WriteTag tag) const noexcept {
  const auto found =
      std::ranges::find_if(operations, [tag](const Operation& one) { return one.write() && one.tag == tag; });
  return found == operations.end() ? nullptr : &*found;
}

}  // namespace dkv::why
