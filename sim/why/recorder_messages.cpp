// The messages of operations, and the messages that bring states of followed keys.
#include <algorithm>

#include "sim/why/recorder.h"

namespace dkv::why {
namespace {

constexpr std::size_t kTransfersMax = 100'000;

}  // namespace

void Recorder::message_arrives(const sim::EventView& view) {
  const Message& message = *view.message;
  origin_.message = message_name(message);
  const auto arrive = [&](Contact* contact) {
    if (!contact || contact->arrived.happened()) return;
    if (view.taken == sim::EventView::Taken::kLater) {
      contact->held_back = true;
      return;
    }
    contact->arrived = now_;
    contact->nobody = view.taken == sim::EventView::Taken::kNobody;
  };
  const bool taken = view.taken == sim::EventView::Taken::kNow;
  if (taken && std::holds_alternative<Heartbeat>(message)) {
    std::uint8_t& known = heard_[view.node * serving_.size() + view.from];
    if (known == 0) record_.heard.push_back({view.node, view.from, now_});
    known = 1;
  } else if (const auto* put = std::get_if<ReplicaPut>(&message)) {
    origin_.reason = put->reason;
    origin_.carried = put->object;
    if (put->op != kNoOp) arrive(contact_of(view.from, put->op, view.node));
    Transfer* transfer =
        view.taken == sim::EventView::Taken::kLater ? nullptr : transfer_of(view.from, view.node, *put);
    if (transfer) {
      transfer->arrived = now_;
      transfer->nobody = view.taken == sim::EventView::Taken::kNobody;
    }
  } else if (const auto* get = std::get_if<ReplicaGet>(&message)) {
    arrive(contact_of(view.from, get->op, view.node));
  } else if (const auto* ack = std::get_if<ReplicaPutAck>(&message)) {
    Contact* contact = taken ? contact_of(view.node, ack->op, view.from) : nullptr;
    if (contact && !contact->answer_arrived.happened()) {
      contact->answer_arrived = now_;
      contact->stored = ack->stored;
    }
    Transfer* transfer = taken ? answered_transfer(view.node, ack->op) : nullptr;
    if (transfer && !transfer->answer_arrived.happened()) transfer->answer_arrived = now_;
  } else if (const auto* reply = std::get_if<ReplicaGetReply>(&message)) {
    Contact* contact = taken ? contact_of(view.node, reply->op, view.from) : nullptr;
    if (contact && !contact->answer_arrived.happened()) {
      contact->answer_arrived = now_;
      contact->answer = reply->object;
    }
  } else if (const auto* forward = std::get_if<Forward>(&message)) {
    const auto found = by_op_.find({view.from, forward->op});
    if (found == by_op_.end()) return;
    arrive(&operations_.at(found->second).forward);
    if (taken) being_coordinated_ = found->second;
  } else if (const auto* back = std::get_if<ForwardReply>(&message)) {
    Operation* operation = taken ? operation_of(view.node, back->op) : nullptr;
    if (operation && !operation->forward.answer_arrived.happened()) operation->forward.answer_arrived = now_;
  } else if (const auto* objects = std::get_if<AntiEntropyObjects>(&message)) {
    for (const AntiEntropyObjects::Entry& entry : objects->objects) {
      if (index_of(entry.key) < record_.keys.size()) origin_.carried = entry.object;
    }
  }
}

void Recorder::on_turn(NodeId node, std::span<const Effect> effects, TimeNs) {
  // A start outside an event is a part of the event that caused it.
  for (const Effect& effect : effects) {
    if (const auto* send = std::get_if<Send>(&effect)) {
      sent(node, *send);
    } else if (const auto* append = std::get_if<Append>(&effect)) {
      // The coordinator has minted the dot of a write.
      if (being_coordinated_ == 0 || append->record.space != KeySpace::kObjects) continue;
      Operation& operation = operations_.at(being_coordinated_);
      if (operation.write() && append->record.key == operation.key && !operation.coordinated.happened()) {
        operation.coordinated = now_;
        operation.coordinator = node;
        operation.contacts.push_back({.node = node, .own = true, .asked = now_});
      }
    } else if (const auto* reply = std::get_if<Reply>(&effect)) {
      Operation* operation = open_of(reply->token);
      if (operation && !operation->replied.happened()) {
        operation->replied = now_;
        if (operation->coordinator == kNoNode) operation->coordinator = reply->reply.coordinator;
      }
    }
  }
}

void Recorder::sent(NodeId from, const Send& send) {
  const auto answer = [&](Contact* contact) {
    if (contact && !contact->answered.happened()) contact->answered = now_;
  };
  if (const auto* put = std::get_if<ReplicaPut>(&send.message)) {
    const bool of_write = put->reason == CopyReason::kWrite || put->reason == CopyReason::kHint;
    if (of_write && put->op != kNoOp) ask(from, put->op, send.to, put->hint_for);
    if (of_write || index_of(put->key) >= record_.keys.size()) return;
    if (record_.transfers.size() >= kTransfersMax) {
      ++record_.left_off;
      return;
    }
    record_.transfers.push_back({.from = from,
                                 .to = send.to,
                                 .reason = put->reason,
                                 .key = put->key,
                                 .op = put->op,
                                 .object = put->object,
                                 .sent = now_});
  } else if (const auto* get = std::get_if<ReplicaGet>(&send.message)) {
    ask(from, get->op, send.to, kNoNode);
  } else if (const auto* ack = std::get_if<ReplicaPutAck>(&send.message)) {
    answer(contact_of(send.to, ack->op, from));
    if (Transfer* transfer = answered_transfer(send.to, ack->op)) transfer->answered = now_;
  } else if (const auto* reply = std::get_if<ReplicaGetReply>(&send.message)) {
    answer(contact_of(send.to, reply->op, from));
  } else if (const auto* forward = std::get_if<Forward>(&send.message)) {
    if (being_coordinated_ == 0) return;
    by_op_[{from, forward->op}] = being_coordinated_;
    ops_[being_coordinated_].emplace_back(from, forward->op);
    Operation& operation = operations_.at(being_coordinated_);
    operation.forwarded = now_;
    operation.forwarded_to = send.to;
    operation.forward = {.node = send.to, .asked = now_};
  } else if (const auto* back = std::get_if<ForwardReply>(&send.message)) {
    Operation* operation = operation_of(send.to, back->op);
    if (operation && !operation->replied.happened()) {
      operation->replied = now_;
      operation->forward.answered = now_;
      if (operation->coordinator == kNoNode) operation->coordinator = from;
    }
  }
}

void Recorder::ask(NodeId coordinator, OpId op, NodeId node, NodeId stands_in_for) {
  auto found = by_op_.find({coordinator, op});
  if (found == by_op_.end()) {
    if (being_coordinated_ == 0) return;
    found = by_op_.emplace(std::pair(coordinator, op), being_coordinated_).first;
    ops_[being_coordinated_].emplace_back(coordinator, op);
  }
  Operation& operation = operations_.at(found->second);
  if (!operation.coordinated.happened()) {
    operation.coordinated = now_;
    operation.coordinator = coordinator;
    if (const Node* process = world_.node(coordinator)) operation.own_state = process->store().peek(operation.key);
  }
  operation.contacts.push_back({.node = node, .stands_in_for = stands_in_for, .asked = now_});
}

void Recorder::on_lost(const sim::Flight& flight, TimeNs) {
  if (flight.message) lost(flight.from, flight.to, *flight.message);
  if (flight.request) {
    Operation& operation = open_operation(flight.token, *flight.request);
    operation.via = flight.to;
    operation.home = world_.clients().home(flight.token);
    operation.request_lost = now_;
  }
  if (Operation* operation = flight.reply ? open_of(flight.token) : nullptr) {
    operation->home = world_.clients().home(flight.token);
    operation->reply_lost = now_;
  }
}

void Recorder::lost(NodeId from, NodeId to, const Message& message) {
  const auto at = [&](Contact* contact, Moment Contact::* which) {
    if (contact && !(contact->*which).happened()) contact->*which = now_;
  };
  if (const auto* put = std::get_if<ReplicaPut>(&message)) {
    if (put->op != kNoOp) at(contact_of(from, put->op, to), &Contact::lost);
    if (Transfer* transfer = transfer_of(from, to, *put)) transfer->lost = now_;
  } else if (const auto* get = std::get_if<ReplicaGet>(&message)) {
    at(contact_of(from, get->op, to), &Contact::lost);
  } else if (const auto* ack = std::get_if<ReplicaPutAck>(&message)) {
    at(contact_of(to, ack->op, from), &Contact::answer_lost);
    if (Transfer* transfer = answered_transfer(to, ack->op)) transfer->answer_lost = now_;
  } else if (const auto* reply = std::get_if<ReplicaGetReply>(&message)) {
    at(contact_of(to, reply->op, from), &Contact::answer_lost);
  } else if (const auto* forward = std::get_if<Forward>(&message)) {
    if (Operation* operation = operation_of(from, forward->op)) at(&operation->forward, &Contact::lost);
  } else if (const auto* back = std::get_if<ForwardReply>(&message)) {
    if (Operation* operation = operation_of(to, back->op)) at(&operation->forward, &Contact::answer_lost);
  }
}

Operation* Recorder::operation_of(NodeId coordinator, OpId op) {
  const auto found = by_op_.find({coordinator, op});
  return found == by_op_.end() ? nullptr : &operations_.at(found->second);
}

Contact* Recorder::contact_of(NodeId coordinator, OpId op, NodeId node) {
  Operation* operation = operation_of(coordinator, op);
  if (!operation) return nullptr;
  const auto last = std::find_if(operation->contacts.rbegin(), operation->contacts.rend(),
                                 [&](const Contact& contact) { return contact.node == node && !contact.own; });
  return last == operation->contacts.rend() ? nullptr : &*last;
}

Transfer* Recorder::transfer_of(NodeId from, NodeId to, const ReplicaPut& put) {
  const auto last = std::find_if(record_.transfers.rbegin(), record_.transfers.rend(), [&](const Transfer& one) {
    return one.from == from && one.to == to && one.op == put.op && one.reason == put.reason && one.key == put.key &&
           !one.arrived.happened() && !one.lost.happened();
  });
  return last == record_.transfers.rend() ? nullptr : &*last;
}

Transfer* Recorder::answered_transfer(NodeId sender, OpId op) {
  if (op == kNoOp) return nullptr;
  const auto last = std::find_if(record_.transfers.rbegin(), record_.transfers.rend(),
                                 [&](const Transfer& one) { return one.from == sender && one.op == op; });
  return last == record_.transfers.rend() ? nullptr : &*last;
}

Operation* Recorder::open_of(std::uint64_t token) {
  const auto found = open_.find(static_cast<std::uint32_t>(token >> 32));
  if (found == open_.end()) return nullptr;
  Operation& operation = operations_.at(found->second);
  return operation.token == token ? &operation : nullptr;
}

}  // namespace dkv::why
