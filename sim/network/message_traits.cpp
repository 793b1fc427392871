// One row for each kind of message. A message without a row fails to compile.
#include "sim/network/message_traits.h"

#include <array>
#include <type_traits>
#include <utility>

#include "engine/core/assert.h"

namespace dkv::sim {
namespace {

template <class M>
using Is = std::type_identity<M>;

template <class M>
struct Row {
  MessageWords words;
  Leg (*leg)(const M&);
  const Key* (*key)(const M&) = nullptr;  // null: the message names no key, or several
};

template <Leg kLeg, class M>
Leg always(const M&) {
  return kLeg;
}

template <class M>
const Key* its_key(const M& message) {
  return &message.key;
}

Leg leg_of_copy(const ReplicaPut& put) {
  switch (put.reason) {
    case CopyReason::kWrite: return Leg::kWrite;
    case CopyReason::kHint:
    case CopyReason::kHintDelivery: return Leg::kHint;
    case CopyReason::kReadRepair: return Leg::kRepair;
    case CopyReason::kAntiEntropy: return Leg::kAntiEntropy;
  }
  return Leg::kWrite;
}

Leg leg_of_forward(const Forward& forward) {
  return forward.request.kind == RequestKind::kGet ? Leg::kRead : Leg::kWrite;
}

const Key* key_of_forward(const Forward& forward) {
  return &forward.request.key;
}

constexpr Row<ReplicaPut> row(Is<ReplicaPut>) {
  return {{"copy", "A state of a key for a replica to merge: a write, a hint or its delivery, or a repair."},
          leg_of_copy,
          its_key};
}
constexpr Row<ReplicaPutAck> row(Is<ReplicaPutAck>) {
  return {{"acknowledgement", "Says that a copy is durable, or that it could not be stored."}, always<Leg::kReply>};
}
constexpr Row<ReplicaGet> row(Is<ReplicaGet>) {
  return {{"question", "A coordinator asks a replica for its state of a key."}, always<Leg::kRead>, its_key};
}
constexpr Row<ReplicaGetReply> row(Is<ReplicaGetReply>) {
  return {{"answer", "A replica's state of the key that it was asked for, or nothing."}, always<Leg::kReply>};
}
constexpr Row<Forward> row(Is<Forward>) {
  return {{"forwarded request", "A client's request, forwarded to a replica of its key, which coordinates it."},
          leg_of_forward,
          key_of_forward};
}
constexpr Row<ForwardReply> row(Is<ForwardReply>) {
  return {{"forwarded answer", "The answer to a forwarded request, for the node that its client has asked."},
          always<Leg::kReply>};
}
constexpr Row<Heartbeat> row(Is<Heartbeat>) {
  return {{"heartbeat", "Says that the sender is alive, whether it hears the receiver, and which era it is in."},
          always<Leg::kHeartbeat>};
}
constexpr Row<AntiEntropyRoots> row(Is<AntiEntropyRoots>) {
  return {{"Merkle roots", "Anti-entropy, step 1: the roots of the partitions that both nodes hold."},
          always<Leg::kAntiEntropy>};
}
constexpr Row<AntiEntropyLeaves> row(Is<AntiEntropyLeaves>) {
  return {{"Merkle leaves", "Anti-entropy, step 2: the leaves of the partitions whose roots differ."},
          always<Leg::kAntiEntropy>};
}
constexpr Row<AntiEntropyKeys> row(Is<AntiEntropyKeys>) {
  return {{"key list", "Anti-entropy, step 3: the keys in the leaves that differ, with their digests."},
          always<Leg::kAntiEntropy>};
}
constexpr Row<AntiEntropyObjects> row(Is<AntiEntropyObjects>) {
  return {{"objects", "Anti-entropy, step 4: the states that differ, and the keys whose states the sender wants."},
          always<Leg::kAntiEntropy>};
}
constexpr Row<ReapAsk> row(Is<ReapAsk>) {
  return {
      {"question about states",
       "Reaping, step 1: asks whether the receiver holds these tombstones exactly, or these states or successors of "
       "them, and durably."},
      always<Leg::kAntiEntropy>};
}
constexpr Row<ReapHeld> row(Is<ReapHeld>) {
  return {{"states held", "Reaping, step 2: the states of the question that the sender holds durably."},
          always<Leg::kAntiEntropy>};
}
constexpr Row<ReapForget> row(Is<ReapForget>) {
  return {{"states to forget",
           "Reaping, step 3: nothing older is left anywhere, so these tombstones and entries of clocks may go."},
          always<Leg::kAntiEntropy>};
}

constexpr Row<LaterLife> row(Is<LaterLife>) {
  return {{"notice of a later life",
           "Tells the receiver that the sender has heard a later life of it than the present one."},
          always<Leg::kHeartbeat>};
}

template <std::size_t... kKind>
constexpr auto all_words(std::index_sequence<kKind...>) {
  return std::array{row(Is<std::variant_alternative_t<kKind, Message>>{}).words...};
}

}  // namespace

Leg leg_of(const Message& message) noexcept {
  return visit_message([]<class M>(const M& m) { return row(Is<M>{}).leg(m); }, message);
}

const Key* key_of(const Message& message) noexcept {
  return visit_message(
      []<class M>(const M& m) -> const Key* {
        constexpr auto key = row(Is<M>{}).key;
        return key == nullptr ? nullptr : key(m);
      },
      message);
}

const MessageWords& words_of_message(std::size_t kind) noexcept {
  static constexpr auto kWords = all_words(std::make_index_sequence<std::variant_size_v<Message>>());
  DKV_ASSERT(kind < kWords.size());
  return kWords[kind];
}

}  // namespace dkv::sim
