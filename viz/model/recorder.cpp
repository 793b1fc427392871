#include "viz/model/recorder.h"

#include <utility>

#include "sim/network/message_traits.h"

namespace dkv::viz {
namespace {

OperationEnd end_of(const ClientReply* reply) {
  if (!reply) return OperationEnd::kGaveUp;
  switch (reply->outcome) {
    case Outcome::kDone: return OperationEnd::kDone;
    case Outcome::kRefused: return OperationEnd::kRefused;
    case Outcome::kUnknown: return OperationEnd::kUnknown;
  }
  return OperationEnd::kUnknown;
}

// Notes that a person looks for when dragging through time.
bool is_landmark(NoteKind kind) {
  return kind != NoteKind::kObserved && kind != NoteKind::kLost;
}

// Notes of what takes a state of a key from a node.
bool takes(NoteKind kind, std::uint8_t what) {
  if (kind == NoteKind::kNode) {
    const auto change = static_cast<sim::NodeChange>(what);
    return change == sim::NodeChange::kCrashed || change == sim::NodeChange::kLostPower ||
           change == sim::NodeChange::kWiped;
  }
  return kind == NoteKind::kObserved && (static_cast<Observed>(what) == Observed::kDamageFound ||
                                         static_cast<Observed>(what) == Observed::kTombstoneReaped);
}

}  // namespace

void Recorder::write_to(EventLog* log) noexcept {
  log_ = log;
  chunk_ = nullptr;
}

Recorder::Findings Recorder::of(Branch& branch) {
  return {&branch.violations, &branch.points, &branch.landmarks,        &branch.setbacks,
          &branch.takings,    &branch,        &branch.setbacks_left_out};
}

void Recorder::report_to(Findings findings) noexcept {
  findings_ = findings;
}

void Recorder::pass_on(story::Story* story) {
  story_ = story;
  clear_forwards();
  if (story) forward_to(*story);
}

void Recorder::after(EventNumber event) {
  event_ = event;
  chunk_ = log_ ? log_->last(event) : nullptr;
}

void Recorder::on_event(const sim::EventView& view) {
  operations_told_ = violations_told_ = setbacks_told_ = 0;
  event_ = view.number;
  last_ = {.at_ns = view.at_ns,
           .sent_ns = view.sent_ns,
           .cause = view.cause,
           .detail = view.detail,
           .node = short_node(view.node),
           .from = short_node(view.from),
           .kind = view.kind,
           .taken = view.taken};
  const Key* key = nullptr;
  if (view.message) {
    last_.message = static_cast<std::uint8_t>(view.message->index());
    last_.leg = sim::leg_of(*view.message);
    key = sim::key_of(*view.message);
  } else if (is_message(last_.kind)) {
    last_.leg = sim::Leg::kClient;
    (view.request ? last_.from : last_.node) = short_node(view.client_home);
    if (!view.request) last_.from = short_node(view.answered_by);
    if (view.request) key = &view.request->key;
  }
  if (key) last_.key = keys_.number(*key);
  if (findings_.numbering && view.request && view.request->kind != RequestKind::kGet) number_write(view);
  chunk_ = log_ ? log_->open(event_) : nullptr;
  if (chunk_) chunk_->events.push_back(last_);
  Forwarding::on_event(view);
}

// A session has one operation at a time, so its writes come to nodes in their order. A request may come again, later or
// at another node.
void Recorder::number_write(const sim::EventView& view) {
  const WriteTag tag = view.request->tag;
  constexpr WriteTag kTagsMax = 1u << 26;
  if (tag == 0 || tag > kTagsMax) return;
  Branch& branch = *findings_.numbering;
  if (branch.writes.size() < tag) branch.writes.resize(tag);
  if (branch.writes[tag - 1].number != 0) return;
  const std::uint32_t session = last_.session();
  if (branch.written.size() <= session) branch.written.resize(session + 1);
  branch.writes[tag - 1] = {session, ++branch.written[session], event_};
}

void Recorder::note(NoteKind kind, TimeNs now_ns, NodeId node, std::uint8_t what, NodeId peer, std::uint64_t number,
                    const Key* key) {
  const bool landmark = findings_.landmarks && is_landmark(kind);
  const bool taking = findings_.takings && takes(kind, what) && findings_.takings->size() < kTakingsMax;
  if (!chunk_ && !landmark && !taking) return;
  const Note made{.event = event_,
                  .at_ns = now_ns,
                  .number = number,
                  .key = key && !key->empty() ? keys_.number(*key) : kNoKey,
                  .node = short_node(node),
                  .peer = short_node(peer),
                  .kind = kind,
                  .what = what};
  if (chunk_) chunk_->notes.push_back(made);
  if (taking) findings_.takings->push_back(made);
  if (landmark) findings_.landmarks->push_back(made);
}

void Recorder::on_fault_number(std::uint32_t number) {
  fault_ = number;
  Forwarding::on_fault_number(number);
}

void Recorder::on_fault(const sim::Fault& fault, bool begins, TimeNs now_ns) {
  note(begins ? NoteKind::kFaultBegins : NoteKind::kFaultEnds, now_ns,
       fault.groups.size() == 1 && fault.groups[0].size() == 1 ? fault.groups[0][0] : kNoNode,
       static_cast<std::uint8_t>(fault.kind), kNoNode, fault_);
  Forwarding::on_fault(fault, begins, now_ns);
}

void Recorder::on_node(NodeId node, sim::NodeChange change, TimeNs now_ns) {
  note(NoteKind::kNode, now_ns, node, static_cast<std::uint8_t>(change));
  Forwarding::on_node(node, change, now_ns);
}

void Recorder::on_observation(NodeId node, const Observation& observation, TimeNs now_ns) {
  note(NoteKind::kObserved, now_ns, node, static_cast<std::uint8_t>(observation.what), observation.peer,
       observation.number, &observation.key);
  Forwarding::on_observation(node, observation, now_ns);
}

void Recorder::on_operation(const sim::OperationView& view) {
  ++operations_told_;
  if (findings_.points) {
    findings_.points->push_back({.event = event_,
                                 .finished_ns = view.finished_ns,
                                 .latency_ns = view.finished_ns - view.due_ns,
                                 .kind = view.kind,
                                 .end = end_of(view.reply)});
  }
  if (chunk_) {
    OperationRecord record{.event = event_,
                           .due_ns = view.due_ns,
                           .started_ns = view.started_ns,
                           .finished_ns = view.finished_ns,
                           .tag = view.tag,
                           .value = view.value ? *view.value : Blob(),
                           .key = keys_.number(*view.key),
                           .session = view.session,
                           .via = short_node(view.via),
                           .kind = view.kind};
    record.end = end_of(view.reply);
    if (view.reply) {
      record.reason = view.reply->reason;
      for (const Sibling& sibling : view.reply->object ? view.reply->object->siblings() : std::span<const Sibling>()) {
        if (sibling.tombstone) continue;
        if (record.siblings++ != 0 || view.kind != sim::OperationKind::kGet) continue;
        record.value = sibling.value;
        record.tag = sibling.tag;
      }
    }
    chunk_->operations.push_back(std::move(record));
  }
  Forwarding::on_operation(view);
}

void Recorder::on_heal(TimeNs now_ns) {
  note(NoteKind::kHeal, now_ns);
  Forwarding::on_heal(now_ns);
}

void Recorder::on_converged(TimeNs now_ns) {
  note(NoteKind::kConverged, now_ns);
  Forwarding::on_converged(now_ns);
}

void Recorder::on_violation(const sim::Violation& violation) {
  ++violations_told_;
  if (findings_.violations) findings_.violations->push_back({event_, violation});
  Forwarding::on_violation(violation);
}

// The story has seen this event so far, so it knows the cause.
void Recorder::on_setback(const sim::Setback& setback) {
  ++setbacks_told_;
  if (findings_.setbacks && story_) {
    if (findings_.setbacks->size() < kSetbacksMax) {
      findings_.setbacks->push_back({event_, setback, story_->words_of_setback(setback)});
    } else {
      ++*findings_.setbacks_left_out;
    }
  }
  Forwarding::on_setback(setback);
}

void Recorder::on_command(const sim::Command& command, std::uint64_t number, TimeNs now_ns) {
  note(NoteKind::kCommand, now_ns, command.via, static_cast<std::uint8_t>(command.kind), kNoNode, number);
  Forwarding::on_command(command, number, now_ns);
}

void Recorder::on_lost(const sim::Flight& flight, TimeNs now_ns) {
  note(NoteKind::kLost, now_ns, flight.from, static_cast<std::uint8_t>(flight.leg), flight.to, flight.cause,
       flight.key);
  Forwarding::on_lost(flight, now_ns);
}

}  // namespace dkv::viz
