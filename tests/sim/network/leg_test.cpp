#include "sim/network/leg.h"

#include "tests/catch.h"

using namespace dkv;
using namespace dkv::sim;

TEST_CASE("a copy travels as the traffic that it was sent for") {
  const auto leg = [](CopyReason reason) { return leg_of(Message(ReplicaPut{.reason = reason})); };
  CHECK(leg(CopyReason::kWrite) == Leg::kWrite);
  CHECK(leg(CopyReason::kHint) == Leg::kHint);
  CHECK(leg(CopyReason::kHintDelivery) == Leg::kHint);
  CHECK(leg(CopyReason::kReadRepair) == Leg::kRepair);
  CHECK(leg(CopyReason::kAntiEntropy) == Leg::kAntiEntropy);
}

TEST_CASE("requests, answers, heartbeats and anti-entropy each have their leg") {
  CHECK(leg_of(Message(ReplicaGet{})) == Leg::kRead);
  CHECK(leg_of(Message(ReplicaPutAck{})) == Leg::kReply);
  CHECK(leg_of(Message(ReplicaGetReply{})) == Leg::kReply);
  CHECK(leg_of(Message(ForwardReply{})) == Leg::kReply);
  CHECK(leg_of(Message(Heartbeat{})) == Leg::kHeartbeat);
  CHECK(leg_of(Message(AntiEntropyRoots{})) == Leg::kAntiEntropy);
  CHECK(leg_of(Message(AntiEntropyLeaves{})) == Leg::kAntiEntropy);
  CHECK(leg_of(Message(AntiEntropyKeys{})) == Leg::kAntiEntropy);
  CHECK(leg_of(Message(AntiEntropyObjects{})) == Leg::kAntiEntropy);
  CHECK(leg_of(Message(TombstonesAsk{})) == Leg::kAntiEntropy);
  CHECK(leg_of(Message(TombstonesHeld{})) == Leg::kAntiEntropy);
  CHECK(leg_of(Message(TombstonesReap{})) == Leg::kAntiEntropy);
  static_assert(std::variant_size_v<Message> == 14, "a new message needs a leg, and a line here");
}

TEST_CASE("a forwarded request travels as the request that it is") {
  const auto leg = [](RequestKind kind) {
    Forward forward;
    forward.request.kind = kind;
    return leg_of(Message(forward));
  };
  CHECK(leg(RequestKind::kGet) == Leg::kRead);
  CHECK(leg(RequestKind::kPut) == Leg::kWrite);
  CHECK(leg(RequestKind::kDelete) == Leg::kWrite);
}
